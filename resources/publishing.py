"""What staff does to the library: verify, publish, hide and withdraw entries and help lines."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import User
from red_genero.common.states import By, append, move
from resources.models import HelpLine, Resource

SHOWN = "publicada"
HIDDEN = "oculta"
VERIFIED = "verificada"
UNVERIFIED = "por verificar"


@transaction.atomic
def publish(resource: Resource, *, by: By) -> Resource:
    """Make an entry readable, or readable again; what is to be confirmed is refused."""
    locked = _lock(resource)
    if locked.state == Resource.State.PUBLISHED:
        return locked
    if locked.verification == Resource.Verification.PENDING:
        raise ValidationError(
            "Este recurso está por confirmar. Compruebe sus datos y use «Verificar» antes de publicarlo.",
            code="unconfirmed",
        )
    locked.withdrawal_reason = ""
    move(
        locked,
        Resource.State.PUBLISHED,
        moves=Resource.MOVES,
        by=by,
        touched=("withdrawal_reason", "updated_at"),
    )
    return locked


@transaction.atomic
def withdraw(resource: Resource, *, reason: str, by: By) -> Resource:
    """Take an entry out of the lists; its page stays and shows ``reason``."""
    locked = _lock(resource)
    if locked.state == Resource.State.WITHDRAWN:
        return locked
    if not reason.strip():
        raise ValidationError(
            "Escriba el motivo del retiro; se muestra en la página del recurso.", code="no_reason"
        )
    locked.withdrawal_reason = reason.strip()
    move(
        locked,
        Resource.State.WITHDRAWN,
        moves=Resource.MOVES,
        by=by,
        reason=locked.withdrawal_reason,
        touched=("withdrawal_reason",),
    )
    return locked


@transaction.atomic
def hide(resource: Resource, *, by: By, reason: str = "") -> Resource:
    """Return a published entry to draft: its page answers like what does not exist."""
    locked = _lock(resource)
    if locked.state == Resource.State.DRAFT:
        return locked
    move(locked, Resource.State.DRAFT, moves=Resource.MOVES, by=by, reason=reason)
    return locked


@transaction.atomic
def verify(resource: Resource, *, by: By, note: str = "") -> Resource:
    """Record that somebody compared the entry with its source today; ``note`` takes the place of the former one.

    What is to be confirmed needs it: nobody else knows with what it was compared.
    """
    locked, said = _lock(resource), note.strip()
    today = timezone.localdate()
    checked = locked.verification == Resource.Verification.CHECKED
    if locked.verified_on == today and checked and said in {"", locked.verification_note}:
        return locked
    if locked.verification == Resource.Verification.PENDING and not said:
        raise ValidationError(
            "Está por confirmar: escriba con qué fuente lo comparó.", code="no_note"
        )
    locked.verified_on = today
    locked.verified_by = _user(by)
    locked.verification = Resource.Verification.CHECKED
    locked.verification_note = said or locked.verification_note
    locked.save(update_fields=["verified_on", "verified_by", "verification", "verification_note"])
    append(locked, from_state=locked.state, to_state=VERIFIED, by=by, reason=said)
    return locked


@transaction.atomic
def verify_line(line: HelpLine, *, by: By, note: str = "") -> HelpLine:
    """Record that somebody confirmed the line today, and in the history how."""
    locked = HelpLine.objects.select_for_update().get(pk=line.pk)
    today = timezone.localdate()
    if locked.verified_on == today and locked.verified_by_id is not None:
        return locked
    locked.verified_on = today
    locked.verified_by = _user(by)
    locked.save(update_fields=["verified_on", "verified_by"])
    append(locked, from_state=_shown(locked), to_state=VERIFIED, by=by, reason=note.strip())
    return locked


@transaction.atomic
def rewrite_line(line: HelpLine, *, by: By) -> bool:
    """Save an edited line; another number or channel needs a new verification.

    Returns whether the verification was dropped, and with it the line from the public pages.
    """
    before = HelpLine.objects.select_for_update().get(pk=line.pk)
    same = (before.number, before.channel) == (line.number, line.channel)
    dropped = not same and before.verified_on is not None
    if dropped:
        line.verified_on = line.verified_by = None
    line.save()
    if dropped:
        append(line, from_state=VERIFIED, to_state=UNVERIFIED, by=by)
    return dropped


@transaction.atomic
def publish_line(line: HelpLine, *, by: By) -> HelpLine:
    """Show a verified line to everybody."""
    locked = HelpLine.objects.select_for_update().get(pk=line.pk)
    if locked.verified_on is None:
        raise ValidationError(
            "Confirme la línea y use «Verificar» antes de publicarla.", code="unconfirmed"
        )
    return _show(locked, shown=True, by=by)


@transaction.atomic
def hide_line(line: HelpLine, *, by: By, reason: str = "") -> HelpLine:
    """Stop showing a line."""
    locked = HelpLine.objects.select_for_update().get(pk=line.pk)
    return _show(locked, shown=False, by=by, reason=reason)


def _show(line: HelpLine, *, shown: bool, by: By, reason: str = "") -> HelpLine:
    """Write whether the line is shown, once."""
    if line.published == shown:
        return line
    before = _shown(line)
    line.published = shown
    line.save(update_fields=["published"])
    append(line, from_state=before, to_state=_shown(line), by=by, reason=reason)
    return line


def _shown(line: HelpLine) -> str:
    """Return the line's state in one word."""
    return SHOWN if line.published else HIDDEN


def _lock(resource: Resource) -> Resource:
    """Return the entry as it is now, locked until the end of the transaction."""
    return Resource.objects.select_for_update().get(pk=resource.pk)


def _user(by: By) -> User | None:
    """Return the account that acts."""
    return by.user if isinstance(by.user, User) else None
