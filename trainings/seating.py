"""What every verb over a seat shares: holding rows in the house's order, refusing, settling, leaving."""

import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection

from members.models import Member, Person
from red_genero.common import states
from red_genero.common.states import By
from trainings import eligibility, emails, filling, prioritising, quotas
from trainings.eligibility import Case, Facts
from trainings.models import Edition, Enrollment, Places

State = Enrollment.State
FETCHED: Final = ("edition", "person", "department", "moved_from")
"""Rows that the verb itself has read: nobody waits under the lock to see that they exist. That she has no other
inscripción was looked up while her membership is held; the constraints of the database stand behind."""


# Holding ----------------------------------------------------------------------------------------
def hold(enrollment: Enrollment) -> tuple[Edition, Enrollment]:
    """Lock the edición, then the inscripción, and read both again."""
    locked = Edition.objects.locked(enrollment.edition_id)
    return locked, hold_seat(enrollment, locked)


def hold_seat(enrollment: Enrollment, locked: Edition) -> Enrollment:
    """Lock an inscripción of an edición that is held already, and read it again."""
    seat = (
        Enrollment.objects.select_for_update(of=("self",))
        .select_related("person__user")
        .get(pk=enrollment.pk)
    )
    seat.edition = locked
    return seat


def hold_person(person: Person, edition: Edition) -> None:
    """Lock her row and her membership, so that no baja, cancellation of data or merge crosses an inscripción.

    The row first, as those do: the inscripción's foreign key would ask for it later, and each would wait for the other.
    """
    held = Member.objects.select_for_update(of=("person", "self"), no_key=True)
    member = held.select_related("person").filter(person=person).first()
    whose = member.person if member else _held_person(person)
    lacking = [eligibility.data_blocked(blocked=whose.blocked_at is not None)]
    if not edition.open_to_non_members:
        lacking.append(eligibility.membership(member.state if member else ""))
    eligibility.refuse(reason for reason in lacking if reason)


def _held_person(person: Person) -> Person:
    """Lock the row of who never was an integrante."""
    held = Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if held is None:
        sentence = "Su registro se unió a otro. Vuelva a entrar a la página e intente de nuevo."
        raise ValidationError(sentence, code="merged")
    return held


def shared(pk: int) -> Edition:
    """Read an edición that nobody may change until the transaction ends, shared with others.

    SQLite's transaction already excludes every other writer.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Edition._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR KEY SHARE", [pk])  # noqa: S608
    return Edition.objects.select_related("course").get(pk=pk)


# Looking ----------------------------------------------------------------------------------------
def standing(edition: Edition, person: Person) -> Enrollment | None:
    """Return the inscripción that she already has here."""
    return Enrollment.objects.standing().filter(edition=edition, person=person).first()


def looks_full(edition: Edition, now: datetime.datetime) -> bool:
    """Whether every seat is held by somebody whose offer, if it is one, still runs."""
    seats = Enrollment.objects.filter(edition=edition)
    due = seats.offers_due(now).values("pk")
    return seats.exclude(pk__in=due).holding().count() >= edition.seats


def quota_reached(seat: Enrollment, facts: Facts) -> bool:
    """Whether her dependencia holds all its seats, counted while the edición is held."""
    facts.quota = quotas.count(facts.edition)
    if facts.quota is None or seat.department_id is None:
        return False
    facts.departments[seat.person_id] = seat.department_id
    case = Case(facts, seat.person_id, seat.waived)
    return bool(eligibility.apply([eligibility.department_full], case))


def under_way(edition: Edition, now: datetime.datetime) -> bool:
    """Whether the edición began, or is no longer to come."""
    return edition.state != Edition.State.PUBLISHED or now >= edition.begins_at


def is_hers(seat: Enrollment, by: By) -> bool:
    """Whether the one who acts is the person of the inscripción."""
    return by.user is not None and by.user.pk == seat.person.user_id


# Settling ---------------------------------------------------------------------------------------
def settle(
    seat: Enrollment, facts: Facts, by: By, *, reason: str = "", places: Places | None = None
) -> None:
    """Confirm if a seat is free and nobody is queued, else queue her; the edición is held.

    The caller tells her with ``tell``; an offer that Fill makes on the way tells itself. ``places`` are
    those that the caller counted under the same lock.
    """
    locked = facts.edition
    places = places or filling.places_of(locked)
    if places.free and not places.waiting and not quota_reached(seat, facts):
        enter(seat, State.CONFIRMED, by, reason=reason)
        return
    queue(seat, facts.now, by, reason=reason)
    if places.free:
        cause = "Nueva persona en lista de espera"
        filling.fill_held(locked, cause=cause, by=by, now=facts.now)
        seat.refresh_from_db(fields=["state", "offer_expires_at"])


def tell(seat: Enrollment) -> None:
    """Write to her what ``settle`` decided."""
    if seat.state == State.CONFIRMED:
        emails.enrolled_confirmed(seat)
    elif seat.state == State.WAITING:
        emails.enrolled_waiting(seat)


def queue(seat: Enrollment, now: datetime.datetime, by: By, *, reason: str = "") -> None:
    """Put her at the end of those of her priority; both are written once."""
    if seat.queued_at is None:
        seat.queued_at = now
        seat.priority = max(seat.priority, prioritising.priority_of(seat.edition, seat.person))
    enter(seat, State.WAITING, by, touched=("queued_at", "priority"), reason=reason)


def enter(
    seat: Enrollment,
    state: Enrollment.State,
    by: By,
    *,
    touched: tuple[str, ...] = (),
    reason: str = "",
) -> None:
    """Write the first state of a new inscripción, or move an old one."""
    if seat.pk:
        states.move(seat, state, moves=Enrollment.MOVES, by=by, touched=touched, reason=reason)
        return
    seat.state = state
    seat.full_clean(exclude=FETCHED, validate_unique=False, validate_constraints=False)
    seat.save()
    states.append(seat, from_state="", to_state=state, by=by, reason=reason or seat.waiver_reason)


def leave(seat: Enrollment, *, by: By, reason: str, silent: bool = False) -> None:
    """Cancel and, unless another message says so, tell her; a confirmed seat leaves her calendar."""
    had_seat = seat.state == State.CONFIRMED
    states.move(
        seat,
        State.CANCELLED,
        moves=Enrollment.MOVES,
        by=by,
        reason=reason,
        touched=seat.forget_needs(),
    )
    if not silent:
        emails.enrollment_cancelled(seat, reason=reason, had_seat=had_seat)


# Refusing ---------------------------------------------------------------------------------------
def refuse_changed(facts: Facts, waived: list[str]) -> None:
    """Refuse if the edición changed between the look and the lock."""
    checks = (*eligibility.EDITION_CHECKS, *eligibility.WINDOW_CHECKS)
    eligibility.refuse(eligibility.apply(checks, Case(facts, 0, waived)))


def refuse_own(seat: Enrollment, by: By, what: str) -> None:
    """Nobody decides over herself."""
    if is_hers(seat, by):
        raise ValidationError(f"No puede decidir sobre {what}.", code="own")


def refuse_ended(edition: Edition) -> None:
    """What ended stays as it was."""
    if edition.state in {Edition.State.CLOSED, Edition.State.CANCELLED}:
        raise ValidationError(
            "La edición ya terminó: la inscripción queda como está.", code="edition_ended"
        )


def need_reason(reason: str) -> None:
    """A motive is written before something is decided for somebody else."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo.", code="reason_required")


def allowed_waivers(person: Person, by: By, waived: list[str], reason: str) -> list[str]:
    """Return what staff waives; nobody waives for herself, nor without saying why."""
    if not waived:
        return []
    if by.user is None or by.user.pk == person.user_id:
        raise ValidationError(
            "La dispensa de requisitos la otorga el personal del Instituto.", code="own_waiver"
        )
    if not reason.strip():
        raise ValidationError("Escriba por qué se dispensa.", code="reason_required")
    return sorted(set(waived))
