"""Propuesta: a dependencia puts women forward; each keeps a seat or a place in the queue until she decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Person, User
from red_genero.common.states import By
from trainings import eligibility, emails, enrolling, filling, seating
from trainings.eligibility import Case, Facts
from trainings.models import Edition, Enrollment, Nomination, Places, Waiver

State = Enrollment.State


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to one person: her inscripción, or why not."""

    person: Person
    enrollment: Enrollment | None
    refusals: list[str]


def nominate(edition: Edition, people: Iterable[Person], *, by: By, reason: str) -> list[Result]:
    """Put each person forward; one who cannot does not stop the others. Pressing again changes nothing.

    A free seat is kept for her until the deadline of an offer; otherwise she enters the queue. The
    paper of the dependencia stands for the visto bueno. Nobody is confirmed without her own press.
    """
    seating.need_reason(reason)
    results = []
    for person in people:
        try:
            made = _nominate(edition, person, by=by, reason=reason.strip())
        except ValidationError as refusal:
            results.append(Result(person, None, refusal.messages))
        else:
            results.append(Result(person, made, []))
    return results


def withdraw(enrollment: Enrollment, *, by: By, reason: str) -> Enrollment:
    """Take back a propuesta that she has not answered; the seat goes to the next."""
    if not Nomination.objects.filter(enrollment=enrollment).exists():
        raise ValidationError("Esta inscripción no es una propuesta.", code="not_nominated")
    with transaction.atomic():
        _, seat = seating.hold(enrollment)
        if seat.state == State.CONFIRMED:
            raise ValidationError(
                "Ya aceptó: si no va a participar, cancele su inscripción.", code="already_accepted"
            )
        return enrolling.cancel(seat, by=by, reason=reason, cause="Se retiró una propuesta")


def unanswered(seat: Enrollment) -> Nomination | None:
    """Return the propuesta about which she has not decided."""
    if seat.state not in {State.OFFERED, State.WAITING}:
        return None
    return Nomination.objects.filter(enrollment=seat).first()


def keep(seat: Enrollment, facts: Facts, by: By, *, reason: str) -> Places:
    """Keep a free seat for her until she answers, or queue her; the edición is held. Return what was free."""
    places = filling.places_of(facts.edition)
    if places.free and not places.waiting and not seating.quota_reached(seat, facts):
        seat.offer_expires_at = filling.offer_deadline(facts)
        seating.enter(seat, State.OFFERED, by, reason=reason)
    else:
        seating.queue(seat, facts.now, by, reason=reason)
    return places


def _nominate(edition: Edition, person: Person, *, by: By, reason: str) -> Enrollment:
    """Write one propuesta under the lock of the edición."""
    if not isinstance(by.user, User):
        raise ValidationError("Una propuesta la registra una persona.", code="no_author")
    if by.user.pk == person.user_id:
        raise ValidationError("No puede proponerse: inscríbase en su página.", code="own")
    with transaction.atomic():
        seating.hold_person(person, edition)
        if existing := seating.standing(edition, person):
            return _already(existing)
        locked = Edition.objects.locked(edition.pk)
        now = timezone.now()
        facts = eligibility.gather(locked, [person.pk], now=now)
        eligibility.refuse(eligibility.apply(eligibility.ALL_CHECKS, Case(facts, person.pk)))
        seat = Enrollment(
            edition=locked,
            person=person,
            department_id=facts.departments.get(person.pk),
            waived=[Waiver.APPROVAL] if locked.manager_approval else [],
            waiver_reason=reason if locked.manager_approval else "",
            requested_at=now,
        )
        filling.expire_held(locked, by=by, now=now)
        places = keep(seat, facts, by, reason=f"Propuesta de su dependencia. {reason}")
        Nomination.objects.create(enrollment=seat, reason=reason, nominated_by=by.user)
        emails.nominated(seat)
    if seat.state == State.WAITING and places.free:
        filling.fill(locked, cause="Nueva persona en lista de espera", by=by)
        seat.refresh_from_db()
    return seat


def _already(seat: Enrollment) -> Enrollment:
    """Return the propuesta that was registered before; an inscripción of her own is said aloud."""
    if not Nomination.objects.filter(enrollment=seat).exists():
        raise ValidationError(
            f"Ya tiene una inscripción en esta edición: {seat.get_state_display().lower()}.",
            code="already_enrolled",
        )
    return seat
