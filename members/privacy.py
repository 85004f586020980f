"""Consents and visibility: what a person lets the portal do with her data, line by line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction

from members.models import Consent, ContentArea, Invitation, Person, PrivacyNotice
from red_genero.common.states import By

NOTICE_WAITS: Final = "notice_waits"
"""The mark of a session whose owner has an aviso to read."""
CHOSEN: Final = (
    Consent.Purpose.DIRECTORY,
    Consent.Purpose.MOBILE,
    Consent.Purpose.IMAGE,
    Consent.Purpose.BULLETIN,
)


class Correction(Protocol):
    """A form of her own data, already valid."""

    def save(self) -> object:
        """Write what was typed."""


def notice_in_force() -> PrivacyNotice:
    """Return the aviso simplificado that is shown before the first datum.

    Raises ValidationError (code ``no_notice``) while none has been published.
    """
    notice = PrivacyNotice.objects.in_force(PrivacyNotice.Kind.SIMPLIFIED)
    if notice is None:
        raise ValidationError(
            "Todavía no se publica el aviso de privacidad, así que no podemos pedirle datos. "
            "Escriba al Instituto para que lo publique.",
            code="no_notice",
        )
    return notice


def publish(notice: PrivacyNotice) -> PrivacyNotice:
    """Store a new version with its fingerprint; a version is never rewritten."""
    if PrivacyNotice.objects.filter(pk=notice.pk).exists():
        raise ValidationError(
            "Un aviso publicado no se cambia: publique una versión nueva.", code="already_published"
        )
    notice.sha256 = PrivacyNotice.fingerprint(notice.body)
    notice.full_clean()
    notice.save()
    return notice


def consents(person: Person) -> dict[str, bool]:
    """Return for each purpose whether the last line of her ledger gives it."""
    state = dict.fromkeys(Consent.Purpose.values, False)
    for purpose, given in person.consents.order_by("at", "pk").values_list("purpose", "given"):
        state[purpose] = given
    return state


def unread(person: Person) -> list[PrivacyNotice]:
    """Return the avisos in force that changed since she last read one.

    Who never read any has begun nothing of her own and is asked nothing, unless the Instituto registered her. The first
    version of a kind is no change: it follows none.
    """
    lines = person.consents.filter(purpose=Consent.Purpose.NOTICE)
    known = {line.notice_id: line.at for line in lines}
    if not known and not person.invitations.filter(kind=Invitation.Kind.ENTER).exists():
        return []
    kinds = (PrivacyNotice.Kind.SIMPLIFIED, PrivacyNotice.Kind.INTEGRAL)
    in_force = [PrivacyNotice.objects.in_force(kind) for kind in kinds]
    if not known:
        return [notice for notice in in_force if notice]
    first = min(known.values())
    return [
        notice
        for notice in in_force
        if notice and notice.pk not in known and notice.published_at > first
        if PrivacyNotice.objects.filter(
            kind=notice.kind, published_at__lt=notice.published_at
        ).exists()
    ]


def asks_again(person: Person, notices: Sequence[PrivacyNotice]) -> bool:
    """Whether a purpose changed in any version between what she last read and these."""
    return any(_purpose_changed(person, notice) for notice in notices)


def _purpose_changed(person: Person, notice: PrivacyNotice) -> bool:
    """Whether this version, or one of its kind that she never saw, changed a purpose."""
    lines = person.consents.filter(purpose=Consent.Purpose.NOTICE)
    if not lines.exists():
        return True
    read = lines.filter(notice__kind=notice.kind).order_by("-notice__published_at").first()
    since = read.notice.published_at if read else lines.earliest("at").at
    newer = PrivacyNotice.objects.published().filter(kind=notice.kind, purpose_changed=True)
    return newer.filter(published_at__gt=since).exists()


def acknowledge(
    person: Person, notices: Sequence[PrivacyNotice], *, wanted: Mapping[str, bool], by: By
) -> None:
    """Record that she read these avisos and, if a purpose changed, what she answers now to each purpose.

    An answer equal to the one that stood is written again: it was given under other words.
    """
    with transaction.atomic():
        holder = Person.objects.select_for_update().get(pk=person.pk)
        if asks_again(holder, notices):
            notice = notice_in_force()
            given = consents(holder)
            for key in CHOSEN:
                if key in wanted and (wanted[key] or given[key]):
                    _write(holder, notice, key, by=by, given=wanted[key])
            if Consent.Purpose.DIRECTORY in wanted:
                holder.show_in_directory = wanted[Consent.Purpose.DIRECTORY]
                holder.save(update_fields=["show_in_directory"])
        for notice in notices:
            read_notice(holder, notice, by=by)


def read_notice(person: Person, notice: PrivacyNotice, *, by: By) -> None:
    """Record that she read this version; reading the same one again writes nothing."""
    known = person.consents.filter(purpose=Consent.Purpose.NOTICE, notice=notice)
    if not known.exists():
        _write(person, notice, Consent.Purpose.NOTICE, by=by, given=True)


def choose(person: Person, wanted: Mapping[str, bool], *, by: By) -> list[Consent]:
    """Write one line per purpose whose answer changed and return them.

    Saying no to the directory takes her out of it at once.
    """
    with transaction.atomic():
        holder = Person.objects.select_for_update().get(pk=person.pk)
        now = consents(holder)
        changed = [key for key in CHOSEN if key in wanted and wanted[key] != now[key]]
        if not changed:
            return []
        notice = notice_in_force()
        lines = [_write(holder, notice, key, by=by, given=wanted[key]) for key in changed]
        if Consent.Purpose.DIRECTORY in changed:
            holder.show_in_directory = wanted[Consent.Purpose.DIRECTORY]
            holder.save(update_fields=["show_in_directory"])
    return lines


def correct(person: Person, form: Correction, *, by: By) -> Person:
    """Save what she corrects by herself; without a mobile number nothing is left to consent to."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        form.save()
        if not Person.objects.get(pk=person.pk).mobile:
            choose(person, {Consent.Purpose.MOBILE: False}, by=by)
    return person


def show(
    person: Person,
    *,
    email: str,
    phone: str,
    in_directory: bool,
    level: bool = False,
    interests: bool = False,
    guides_in: Iterable[ContentArea] = (),
    by: By,
) -> Person:
    """Save who sees each datum of hers and what she offers; the directory goes through the ledger."""
    with transaction.atomic():
        choose(person, {Consent.Purpose.DIRECTORY: in_directory}, by=by)
        holder = Person.objects.select_for_update().get(pk=person.pk)
        holder.show_email, holder.show_phone = email, phone
        holder.show_in_directory = in_directory
        holder.show_level, holder.show_interests = level, interests
        shown = (
            "show_in_directory",
            "show_email",
            "show_phone",
            "show_level",
            "show_interests",
        )
        holder.full_clean(exclude={field.name for field in Person._meta.fields}.difference(shown))
        holder.save(update_fields=shown)
        holder.guides_in.set(guides_in)
    return holder


def _write(person: Person, notice: PrivacyNotice, purpose: str, *, by: By, given: bool) -> Consent:
    """Append one line to the ledger."""
    return Consent.objects.create(
        person=person, notice=notice, purpose=purpose, given=given, channel=by.channel
    )
