"""Cancellation: her data are blocked first, then anonymised; hours, counts and folios stay.

Locks: solicitudes → member → person → the rest.
"""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from members import (
    admitting,
    changing,
    claims,
    contacting,
    membership,
    messages,
    retention,
)
from members.models import Application, Member, Person, PrivacyPolicy, User
from members.retention import Claim, Fate
from members.signals import data_blocked
from red_genero.common import states
from red_genero.common.states import By

REASON: Final = "Cancelación de sus datos personales"
KEPT_COLUMNS: Final = frozenset(
    {
        "id",
        "user",
        "created_at",
        "blocked_at",
        "anonymised_at",
        "hidden",
        "show_in_directory",
        "contact_key",
    }
)
BLOCKED, FREED, ANONYMISED = "bloqueada", "desbloqueada", "anonimizada"


@dataclass(frozen=True, slots=True)
class Line:
    """One table of the dry run: how many rows and what becomes of them."""

    title: str
    fate: str
    why: str
    rows: int | None = None


def plan(person: Person) -> list[Line]:
    """Return what would go and what would stay, without touching anything; erased first."""
    order = [Fate.ERASED, Fate.EMPTIED, Fate.KEPT]
    made = [
        Line("Su ficha", Fate.EMPTIED, "Queda un número sin nombre al que apuntan los totales.", 1)
    ]
    if person.user_id is not None:
        why = "Se cierra y pierde su correo, su contraseña y sus roles."
        made.append(Line("Su cuenta", Fate.EMPTIED, why, 1))
    held = retention.accounts(person)
    for each in retention.claims():
        count = each.rows(person, held).count()
        if count:
            made.append(Line(each.title, each.fate, each.why, count))
    made.sort(key=lambda line: order.index(Fate(line.fate)))
    return [*made, *(Line(title, "", "") for title, _ in retention.acts())]


def block(person: Person, *, by: By) -> Person:
    """Close her account, end her membership and take her data out of every list; nothing is erased yet.

    Raises ValidationError (codes ``own_case`` and ``has_roles``).
    """
    _judge(person, by)
    with transaction.atomic():
        person = _locked(person)
        if person.blocked_at is not None:
            return person
        user = person.user
        if user is not None and (user.is_staff or user.groups.exists()):
            raise ValidationError(
                "Tiene roles en el portal: quítelos en su cuenta y vuelva a intentarlo.",
                code="has_roles",
            )
        _close_what_is_open(person, by=by)
        person.refresh_from_db()
        person.hidden, person.show_in_directory = True, False
        person.show_email = person.show_phone = Person.Visibility.NOBODY
        person.blocked_at = timezone.now()
        person.save(
            update_fields=["hidden", "show_in_directory", "show_email", "show_phone", "blocked_at"]
        )
        messages.person_blocked(person)
        if user is not None:
            claims.end_sessions(person)
            user.is_active = False
            user.save(update_fields=["is_active"])
        states.append(person, from_state="", to_state=BLOCKED, by=by, reason=REASON)
    return person


def unblock(person: Person, *, reason: str, by: By) -> Person:
    """Give her account back before her data are anonymised; her membership stays ended."""
    _judge(person, by)
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    with transaction.atomic():
        person = _locked(person)
        if person.anonymised_at is not None:
            raise ValidationError("Ya no hay datos que desbloquear.", code="already_anonymised")
        if person.blocked_at is None:
            return person
        person.blocked_at = None
        person.save(update_fields=["blocked_at"])
        if person.user is not None:
            person.user.is_active = True
            person.user.save(update_fields=["is_active"])
        states.append(person, from_state=BLOCKED, to_state=FREED, by=by, reason=reason)
    return person


def free_on(person: Person) -> datetime.date | None:
    """Return the first day on which she may be anonymised, once blocked."""
    if person.blocked_at is None:
        return None
    term = datetime.timedelta(days=PrivacyPolicy.current().blocking_days)
    return timezone.localtime(person.blocked_at).date() + term


def anonymise(person: Person, *, by: By) -> Person:
    """Erase and empty everything that identifies her; a second press changes nothing.

    Raises ValidationError (codes ``not_blocked``, ``still_blocked`` and ``own_case``).
    """
    _judge(person, by)
    with transaction.atomic():
        person = _locked(person)
        if person.anonymised_at is not None:
            return person
        first_day = free_on(person)
        if first_day is None:
            raise ValidationError("Primero bloquee los datos.", code="not_blocked")
        if timezone.localdate() < first_day:
            raise ValidationError(
                f"Sus datos siguen bloqueados hasta el {date_format(first_day)}.",
                code="still_blocked",
            )
        held = retention.accounts(person)
        for _, do in retention.acts():
            do(person)
        for each in retention.claims():
            _carry_out(each, each.rows(person, held))
        for user in User.objects.filter(pk__in=held):
            _empty_account(user)
        _empty_person(person)
        states.append(person, from_state=BLOCKED, to_state=ANONYMISED, by=by)
    return person


def _close_what_is_open(person: Person, *, by: By) -> None:
    """End what waits for her or for the Instituto."""
    member = Member.objects.filter(person=person).first()
    if member is not None:
        membership.end(member, reason=REASON, by=by)
    for application in person.applications.open():
        admitting.withdraw(application, by=by, reason=REASON)
    for change in person.changes.open():
        changing.withdraw(change, by=by)
    contacting.close_all_of(person, by=by)
    data_blocked.send(sender=Person, person=person, by=by)


def _carry_out(each: Claim, rows: QuerySet[Any]) -> None:
    """Erase, empty or keep the rows of one claim; their files go once all is written."""
    if each.fate == Fate.KEPT:
        return
    for column in each.files:
        for row in rows.exclude(**{column: ""}):
            stored = getattr(row, column)
            transaction.on_commit(lambda file=stored: file.storage.delete(file.name))  # type: ignore[misc]
    if each.fate == Fate.ERASED:
        rows.delete()
    else:
        rows.update(**each.emptied)


def _empty_account(user: User) -> None:
    """Leave an account that nobody can enter and that says nothing."""
    user.email = f"anonima-{user.pk}@anonima.invalid"
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.last_login = None
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def _empty_person(person: Person) -> None:
    """Empty every column that says something of her; statistics too."""
    for column in Person._meta.concrete_fields:
        if column.name not in KEPT_COLUMNS:
            setattr(person, column.attname, column.get_default())
    person.given_names, person.first_surname = claims.NOBODY.split(" ")
    person.anonymised_at = timezone.now()
    person.save()
    person.interests.clear()
    person.guides_in.clear()
    claims.erase_histories(person)


def _locked(person: Person) -> Person:
    """Return the row as it is now, with her solicitudes and membership, held until the end of the transaction.

    In the order in which the other verbs take them; a new row may still point to her.
    """
    for model in (Application, Member):
        list(QuerySet(model).select_for_update().filter(person=person).order_by("pk"))
    held = Person.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    return held.get(pk=person.pk)


def _judge(person: Person, by: By) -> None:
    """Nobody cancels her own data by herself: somebody answers for it."""
    if by.user is None:
        raise ValidationError("La cancelación la resuelve una persona.", code="needs_a_person")
    if person.user_id == by.user.pk:
        raise ValidationError("Son sus propios datos: lo resuelve otra persona.", code="own_case")


def blocked() -> QuerySet[Person]:
    """Return those who wait to be anonymised, the first blocked first."""
    return Person.objects.blocked().order_by("blocked_at", "pk")
