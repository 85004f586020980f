"""What a merge of two people would lose, in sentences; asked before the preview and again under the locks."""

from collections.abc import Iterator
from typing import Final

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from members import formalizing, leaving_posts
from members.models import (
    Application,
    ChangeRequest,
    Designation,
    DistinctPeople,
    Member,
    Person,
    PrivacyRequest,
    UnitMember,
    User,
)

FIELDS: Final = (
    "given_names",
    "first_surname",
    "second_surname",
    "certificate_name",
    "treatment",
    "institutional_email",
    "alternate_email",
    "office_phone",
    "extension",
    "mobile",
    "employee_number",
)
"""What the personnel chooses between; the statistics are hers and are not shown."""
_ENDED: Final = Member.State.ENDED


def private_fields() -> list[str]:
    """Return the columns that nobody chooses: they fill what is empty."""
    return ["prior_training", "schooling", "gender", "gender_text", "age_range"]


def label(name: str) -> str:
    """Return a column of a person in words."""
    return str(getattr(Person._meta.get_field(name), "verbose_name", name))


def every_model() -> list[type[models.Model]]:
    """Return every table of the portal."""
    return list(apps.get_models())


def of_members(kept: Person, gone: Person) -> Iterator[str]:
    """Yield what this app would lose."""
    yield from _people(kept, gone)
    yield from _accounts(kept, gone)
    yield from _memberships(kept, gone)
    for words, waiting in (
        ("una solicitud de ingreso abierta", Application.objects.open()),
        ("un cambio en revisión", ChangeRequest.objects.open()),
        ("una solicitud ARCO en trámite", PrivacyRequest.objects.open()),
    ):
        if waiting.filter(person=kept).exists() and waiting.filter(person=gone).exists():
            yield f"Cada una tiene {words}: resuelva antes una de las dos."
    yield from _designations(kept, gone)
    yield from _units(kept, gone)


def refuse_to_close(account: User) -> None:
    """Raise ValidationError (code ``would_lose``) if closing this account would lose something."""
    if why := list(_why_open(account)):
        raise ValidationError(why, code="would_lose")


def _people(kept: Person, gone: Person) -> Iterator[str]:
    pair = sorted((kept.pk, gone.pk))
    noted = DistinctPeople.objects.filter(first_id=pair[0], second_id=pair[1]).first()
    if noted is not None:
        yield f"Se anotó que son dos personas: «{noted.note}»."
    if kept.blocked_at or gone.blocked_at or kept.anonymised_at or gone.anonymised_at:
        yield "Los datos de una de ellas están cancelados: ya no se mueven."


def _accounts(kept: Person, gone: Person) -> Iterator[str]:
    """Two accounts can become one only if one of them may be closed."""
    if kept.user is None or gone.user is None:
        return
    mine, hers = list(_why_open(kept.user)), list(_why_open(gone.user))
    if mine and hers:
        yield from mine
        yield from hers


def _why_open(account: User) -> Iterator[str]:
    """Yield why this account may not be closed."""
    if Authenticator.objects.filter(user=account).exists():
        yield f"La cuenta {account.email} tiene un segundo factor: conserve esa, o pida que lo quite."
    duties = account.is_staff or account.is_superuser or account.groups.exists()
    if duties or _entrusted(account):
        yield f"La cuenta {account.email} tiene un rol o ediciones a su cargo: conserve esa, o retíreselos."


def _entrusted(account: User) -> bool:
    """Whether rows of any app name this account among those in charge."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: account}).exists()  # noqa: SLF001
        for relation in User._meta.related_objects
        if relation.many_to_many and isinstance(relation.related_model, type)
    )


def _memberships(kept: Person, gone: Person) -> Iterator[str]:
    both = {member.person_id: member for member in Member.objects.filter(person__in=[kept, gone])}
    if len(both) < 2:
        return
    found = {both[kept.pk].state, both[gone.pk].state}
    if (len(found) == 2 and _ENDED not in found) or found == {Member.State.SUSPENDED, _ENDED}:
        yield "Una membresía está suspendida y la otra no: resuelva antes la suspensión."


def _designations(kept: Person, gone: Person) -> Iterator[str]:
    """One person in two posts: one of them would have to end."""
    standing = Designation.objects.filter(state__in=Designation.MOVES)
    if standing.filter(person=kept).exists() and standing.filter(person=gone).exists():
        yield "Cada una tiene un encargo de enlace vigente o en trámite: termine antes uno de los dos."


def _units(kept: Person, gone: Person) -> Iterator[str]:
    """One person twice in a unit: one of the two places would have to end."""
    held = UnitMember.objects.current()
    mine = held.filter(person=kept).values("unit")
    if held.filter(person=gone, unit__in=mine).exists():
        yield "Las dos forman parte de la misma Unidad de Género: termine antes una de las dos funciones."


def refuse_to_leave_posts(person: Person) -> None:
    """Raise ValidationError (code ``would_lose``) if she holds a post where the chosen adscripción is not."""
    if left := [*leaving_posts.posts_elsewhere(person), *formalizing.places_elsewhere(person)]:
        raise ValidationError(
            "La adscripción elegida no es la del encargo «%(post)s»: conserve la otra, o termine antes el encargo.",
            code="would_lose",
            params={"post": str(left[0])},
        )
