"""Two rows that are one person: everything of the second passes to the first, or nothing does.

Every relation that ends in a person is found by itself, so a table of tomorrow moves too. The emptied row is deleted
last: where something still hangs from it the database refuses, and the whole merge is undone. What would be lost is
asked of ``refusal`` functions; an app above registers its own::

    @merging.refusal
    def same_session(kept: Person, gone: Person) -> Iterator[str]:
        yield "…"

Lock order: solicitudes → members → people, each by key.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ForeignObjectRel, ProtectedError

from members import contacting, joining, merge_checks
from members.merge_checks import FIELDS, private_fields
from members.models import Application, DistinctPeople, Member, Person, PersonMerge, User
from red_genero.common.states import By

Refusal = Callable[[Person, Person], Iterator[str]]
REPLACED: Final = frozenset({"trainings.CalendarFeed"})
"""One per person and made anew at a press: where both have one, hers of the row that stays is kept."""
OWN_WAY: Final = frozenset(
    {"members.Member", "members.DistinctPeople", "members.MembershipInterval"}
)
"""Moved by rules of their own."""

_REFUSALS: Final[list[Refusal]] = [merge_checks.of_members]


@dataclass(frozen=True, slots=True)
class Moving:
    """One table: how many rows pass, and their first words."""

    what: str
    count: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One datum in which the two differ, and which is proposed."""

    name: str
    label: str
    kept: str
    gone: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do: why not, what passes, what has to be chosen."""

    refusals: tuple[str, ...]
    moving: tuple[Moving, ...]
    choices: tuple[Choice, ...]


def refusal(check: Refusal) -> Refusal:
    """Register a function that yields, in sentences, what a merge of these two would lose."""
    _REFUSALS.append(check)
    return check


def plan(kept: Person, gone: Person, *, by: By) -> Plan:
    """Return what the merge would do, without doing it."""
    moving = [
        Moving(
            str(relation.related_model._meta.verbose_name_plural),
            len(rows),
            tuple(str(row)[:80] for row in rows[:3]),
        )
        for relation, rows in _rows_of(gone)
    ]
    return Plan(tuple(_refusals(kept, gone, by)), tuple(moving), tuple(_choices(kept, gone)))


def merge(
    kept: Person, gone: Person, *, chosen: Mapping[str, str], reason: str, by: By
) -> PersonMerge:
    """Make them one and return the record; a second press returns the same record.

    ``chosen`` says for each datum of ``plan(…).choices`` whose value stays (``kept`` or ``gone``). Raises
    ValidationError (codes ``reason_missing``, ``would_lose``, ``choice_unknown``).
    """
    if done := PersonMerge.objects.filter(kept_id=kept.pk, gone_key=gone.pk).first():
        return done
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    try:
        with transaction.atomic():
            return _merge(kept.pk, gone.pk, chosen, reason.strip(), by)
    except (IntegrityError, ProtectedError):
        raise ValidationError(
            "No se fusionó: las dos personas tienen un registro que no puede repetirse. Revise el detalle de ambas.",
            code="would_lose",
        ) from None


def _merge(
    kept_key: int, gone_key: int, chosen: Mapping[str, str], reason: str, by: By
) -> PersonMerge:
    """Lock, check again, move, delete, record."""
    kept, gone = _locked(kept_key, gone_key)
    if refusals := list(_refusals(kept, gone, by)):
        raise ValidationError(refusals, code="would_lose")
    values = {"queda": _snapshot(kept), "fusionada": _snapshot(gone)}
    name, account = str(gone), _account(kept, gone, chosen)
    _choose(kept, gone, chosen)
    moved = _move_everything(kept, gone, chosen, by)
    if joining.open_post(kept):
        merge_checks.refuse_to_leave_posts(kept)
    gone.user = None
    gone.save(update_fields=["user"])
    kept.user = account
    kept.full_clean(exclude=["user", *private_fields()])
    kept.save()
    gone.delete()
    if not isinstance(by.user, User):
        raise ValidationError("Una fusión la hace una persona.", code="needs_a_person")
    return PersonMerge.objects.create(
        kept=kept,
        gone_key=gone_key,
        gone_name=name,
        values=values,
        moved=moved,
        reason=reason,
        merged_by=by.user,
    )


def _locked(*keys: int) -> list[Person]:
    """Return both as they are now, with their solicitudes and memberships, held until the end of the transaction.

    In the order in which the other verbs take them; a new row may still point to a person held so.
    """
    for model in (Application, Member):
        list(model.objects.select_for_update().filter(person__in=keys).order_by("pk"))
    held = Person.objects.select_for_update(no_key=True).order_by("pk").in_bulk(keys)
    if len(held) < len(keys):
        raise ValidationError("Una de las dos personas ya no existe.", code="would_lose")
    return [held[key] for key in keys]


def relations(model: type[models.Model]) -> list[ForeignObjectRel]:
    """Return every relation that ends in ``model``, without the field histories."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and isinstance(relation.related_model, type)
        and not hasattr(relation.related_model, "history_id")
        and not relation.related_model._meta.auto_created
    ]


def _rows_of(person: Person) -> Iterator[tuple[ForeignObjectRel, list[Any]]]:
    """Yield every relation with rows of hers."""
    for relation in relations(Person):
        name = relation.field.name
        rows = list(_every(relation.related_model).filter(**{name: person}).order_by("pk"))
        if rows:
            yield relation, rows


def _every(model: Any) -> models.QuerySet[Any]:
    """Return all rows of a table, past any narrowing or append-only manager."""
    return models.QuerySet(model)


def _move_everything(
    kept: Person, gone: Person, chosen: Mapping[str, str], by: By
) -> list[dict[str, Any]]:
    """Point every row at the person who stays and return what moved."""
    joining.posts(kept, gone, chosen)
    contacting.become_one(kept, gone)
    moved = []
    for relation, rows in list(_rows_of(gone)):
        label = relation.related_model._meta.label
        moved.append({"tabla": label, "renglones": [row.pk for row in rows]})
        if label == "members.Member":
            joining.memberships(kept, rows[0], repoint=_repoint, by=by)
        elif label == "members.DistinctPeople":
            _move_likenesses(kept, gone, rows)
        else:
            _move(relation, rows, kept)
    _repoint(gone, kept)
    for mine, hers in ((kept.interests, gone.interests), (kept.guides_in, gone.guides_in)):
        mine.add(*hers.all())
        hers.clear()
    return moved


def _move(relation: ForeignObjectRel, rows: list[Any], kept: Person) -> None:
    """Move the rows of one relation; the history of each tells it."""
    field = relation.field
    if relation.many_to_many:
        for row in rows:
            held = getattr(row, field.name)
            held.add(kept)
        return
    single = (
        relation.one_to_one and _every(relation.related_model).filter(**{field.name: kept}).exists()
    )
    for row in rows:
        if single and relation.related_model._meta.label in REPLACED:
            row.delete()
            continue
        setattr(row, field.name, kept)
        row.save(update_fields=[field.name])


def _move_likenesses(kept: Person, gone: Person, rows: list[DistinctPeople]) -> None:
    """Let what was found out about the second hold for the first, the smaller key first."""
    for row in rows:
        other = row.second if row.first_id == gone.pk else row.first
        first, second = sorted((kept, other), key=lambda person: person.pk)
        if DistinctPeople.objects.filter(first=first, second=second).exclude(pk=row.pk).exists():
            row.delete()
            continue
        row.first, row.second = first, second
        row.save(update_fields=["first", "second"])


def _repoint(old: models.Model, new: models.Model) -> None:
    """Let the logs, the mails and the administration's entries about ``old`` be about ``new``."""
    kind = ContentType.objects.get_for_model(old)
    noted = LogEntry.objects.filter(content_type=kind, object_id=str(old.pk))
    noted.update(object_id=str(new.pk))
    for model in merge_checks.every_model():
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                about = {field.ct_field: kind, field.fk_field: old.pk}
                _every(model).filter(**about).update(**{field.fk_field: new.pk})


def _refusals(kept: Person, gone: Person, by: By) -> Iterator[str]:
    """Yield every reason against the merge."""
    if kept.pk == gone.pk:
        yield "Es la misma persona: elija a otra."
        return
    if by.user is not None and by.user.pk in {kept.user_id, gone.user_id}:
        yield "Es su propio registro: lo debe fusionar otra persona."
    for check in _REFUSALS:
        yield from check(kept, gone)


def _choices(kept: Person, gone: Person) -> Iterator[Choice]:
    """Yield what has to be chosen; what is only in one of them is proposed."""
    for name in FIELDS:
        mine, hers = str(getattr(kept, name)), str(getattr(gone, name))
        if mine != hers:
            yield Choice(name, merge_checks.label(name), mine, hers, "kept" if mine else "gone")
    if kept.user and gone.user:
        yield Choice("account", "cuenta con la que entra", kept.user.email, gone.user.email, "kept")
    mine_open, hers_open = joining.open_post(kept), joining.open_post(gone)
    if mine_open and hers_open:
        yield Choice("assignment", "adscripción vigente", str(mine_open), str(hers_open), "kept")


def _choose(kept: Person, gone: Person, chosen: Mapping[str, str]) -> None:
    """Write the chosen values; statistics fill what is empty, and the most closed visibility holds."""
    for choice in _choices(kept, gone):
        which = chosen.get(choice.name, choice.proposed)
        if which not in {"kept", "gone"}:
            raise ValidationError(
                "Elija uno de los dos datos: %(label)s.", "choice_unknown", {"label": choice.label}
            )
        if which == "gone" and choice.name in FIELDS:
            setattr(kept, choice.name, getattr(gone, choice.name))
    for name in private_fields():
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    order = list(Person.Visibility.values)
    kept.show_email = min(kept.show_email, gone.show_email, key=order.index)
    kept.show_phone = min(kept.show_phone, gone.show_phone, key=order.index)
    kept.show_in_directory = kept.show_in_directory and gone.show_in_directory
    kept.hidden = kept.hidden or gone.hidden
    kept.show_level = kept.show_level and gone.show_level
    kept.show_interests = kept.show_interests and gone.show_interests
    kept.accepts_contact = kept.accepts_contact and gone.accepts_contact


def _account(kept: Person, gone: Person, chosen: Mapping[str, str]) -> User | None:
    """Return the account that stays; the other one is closed, never deleted."""
    if kept.user is None or gone.user is None:
        return kept.user or gone.user
    stays, closes = kept.user, gone.user
    if chosen.get("account", "kept") == "gone":
        stays, closes = closes, stays
    merge_checks.refuse_to_close(closes)
    closes.is_active = False
    closes.save(update_fields=["is_active"])
    return stays


def _snapshot(person: Person) -> dict[str, Any]:
    """Return the row, and her membership, as plain data."""
    return {
        **{
            field.attname: _plain(getattr(person, field.attname))
            for field in person._meta.concrete_fields
        },
        "membresia": joining.snapshot(person),
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
