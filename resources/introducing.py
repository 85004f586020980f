"""How the introduction of a topic changes: a draft that staff writes, and its publication as a new edition."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from members.models import User
from red_genero.common.states import By, append, move
from red_genero.common.text import validate_plain
from resources import markup
from resources.models import Introduction, Resource, Topic


@transaction.atomic
def open_draft(topic: Topic, *, by: By) -> Introduction:
    """Return the draft of a topic; when there is none, a new one with the words of the edition in force."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    editions = Introduction.objects.filter(topic=locked)
    draft = editions.filter(state=Introduction.State.DRAFT).first()
    if draft:
        return draft
    current = editions.published().first()
    made = Introduction.objects.create(
        topic=locked,
        number=(editions.aggregate(last=Max("number"))["last"] or 0) + 1,
        body=current.body if current else "",
        html=current.html if current else "",
        written_by=_user(by),
    )
    append(made, from_state="", to_state=made.state, by=by)
    return made


@transaction.atomic
def write(draft: Introduction, *, body: str, change_note: str = "", by: By) -> Introduction:
    """Save the words of a draft; what was published is never rewritten."""
    locked = _lock(draft)
    if locked.state != Introduction.State.DRAFT:
        raise ValidationError(
            "Una edición publicada no se cambia: use «Preparar otra edición».", code="not_a_draft"
        )
    text = body.replace("\r\n", "\n").strip()
    validate_plain(text)
    check_references(text)
    locked.body, locked.html = text, markup.to_html(text)
    locked.change_note, locked.written_by = change_note.strip(), _user(by)
    locked.full_clean(validate_unique=False, validate_constraints=False)
    locked.save(update_fields=["body", "html", "change_note", "written_by", "updated_at"])
    return locked


@transaction.atomic
def publish(draft: Introduction, *, by: By) -> Introduction:
    """Put an edition in force; the one before stays readable under a banner. Twice is harmless."""
    Topic.objects.select_for_update().get(pk=draft.topic_id)
    locked = _lock(draft)
    if locked.state == Introduction.State.PUBLISHED:
        return locked
    if not locked.body.strip():
        raise ValidationError("Escriba el texto antes de publicarlo.", code="empty")
    check_references(locked.body)
    before = Introduction.objects.published().filter(topic=locked.topic_id).first()
    if before and locked.state == Introduction.State.DRAFT:
        move(before, Introduction.State.FORMER, moves=Introduction.MOVES, by=by)
    locked.published_at = timezone.now()
    move(
        locked,
        Introduction.State.PUBLISHED,
        moves=Introduction.MOVES,
        by=by,
        reason=locked.change_note,
        touched=("published_at",),
    )
    return locked


def check_references(text: str) -> None:
    """Refuse links to entries, topics or help that do not exist."""
    asked = markup.references(text)
    known = {("recurso", key) for key in _keys(Resource, asked, "recurso")}
    known |= {("tema", key) for key in _keys(Topic, asked, "tema")} | {markup.URGENT, markup.LINES}
    unknown = sorted(f"{kind}:{key}" for kind, key in asked - known)
    if unknown:
        raise ValidationError(
            "No existe en la biblioteca: %(keys)s. Corrija la clave del enlace.",
            code="unknown_reference",
            params={"keys": ", ".join(unknown)},
        )


def _keys(
    model: type[Resource] | type[Topic], asked: set[markup.Reference], kind: str
) -> list[str]:
    """Return which of the asked keys exist."""
    wanted = [key for what, key in asked if what == kind]
    return [row.key for row in model.objects.filter(key__in=wanted)]


def _lock(edition: Introduction) -> Introduction:
    """Return the edition as it is now, locked until the end of the transaction."""
    return Introduction.objects.select_for_update().get(pk=edition.pk)


def _user(by: By) -> User | None:
    """Return the account that acts."""
    return by.user if isinstance(by.user, User) else None
