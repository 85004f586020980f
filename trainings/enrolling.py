"""Inscripción: to ask for a seat, to accept or decline an offer, to give it up."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Person
from red_genero.common import states
from red_genero.common.states import By
from trainings import approving, eligibility, emails, filling, seating
from trainings.eligibility import Case, Facts
from trainings.emails import Letter
from trainings.models import Edition, Enrollment, Waiver
from trainings.models.edition import passed

State = Enrollment.State
OWN_WISH = "A petición propia."


class SeatsGone(Exception):
    """The last seat was taken between the look and the lock: she enters without it."""


def enrol(
    edition: Edition,
    person: Person,
    *,
    by: By,
    adjustments: str = "",
    care_needs: str = "",
    manager_email: str = "",
    substitute_email: str = "",
    waived: Iterable[str] = (),
    waiver_reason: str = "",
) -> Enrollment:
    """Give ``person`` a free seat, a place in the queue, or a request to her jefatura.

    Pressing again returns the same inscripción. Raises ValidationError with every reason (codes of
    ``eligibility`` and ``approving``). ``waived`` (of ``Waiver``) lets staff excuse her, with a reason.
    """
    edition = Edition.objects.select_related("course").get(pk=edition.pk)
    if existing := seating.standing(edition, person):
        return existing
    excused = seating.allowed_waivers(person, by, list(waived), waiver_reason)
    facts = eligibility.gather(edition, [person.pk], now=timezone.now())
    asks = edition.manager_approval and Waiver.APPROVAL not in excused
    addresses = (manager_email, substitute_email) if asks else ("", "")
    _refuse_all(Case(facts, person.pk, excused), person, addresses, by, asks=asks)
    asked = Enrollment(
        edition=edition,
        person=person,
        department_id=facts.departments.get(person.pk),
        adjustments=adjustments.strip(),
        care_needs=care_needs.strip(),
        waived=excused,
        waiver_reason=waiver_reason.strip(),
        requested_at=facts.now,
    )
    if asks:
        return _request(asked, facts, by, addresses)
    if not seating.looks_full(edition, facts.now):
        try:
            return _take(asked, facts, by)
        except SeatsGone:
            asked = _unsaved(asked)
    return _wait(asked, facts, by)


def accept_offer(enrollment: Enrollment, *, by: By) -> Enrollment:
    """Turn the offered seat into hers; only she can, once, before its deadline."""
    now = timezone.now()
    with transaction.atomic():
        edition, seat = seating.hold(enrollment)
        if not seating.is_hers(seat, by):
            raise ValidationError(
                "Solo la persona a quien se ofreció el lugar puede aceptarlo.", code="not_hers"
            )
        if seat.state == State.CONFIRMED:
            return seat
        _refuse_expired(seat, now)
        _need_offer(seat)
        facts = eligibility.gather(edition, [seat.person_id], now=now)
        checks = (*eligibility.EDITION_CHECKS, *eligibility.STILL_CHECKS)
        eligibility.refuse(eligibility.apply(checks, Case(facts, seat.person_id)))
        states.move(seat, State.CONFIRMED, moves=Enrollment.MOVES, by=by, reason="Aceptó el lugar.")
        emails.enrolled_confirmed(seat)
        return seat


def decline_offer(enrollment: Enrollment, *, by: By) -> Enrollment:
    """Give the offered seat to the next in the queue."""
    with transaction.atomic():
        edition, seat = seating.hold(enrollment)
        if seat.state == State.CANCELLED:
            return seat
        _need_offer(seat)
        seating.leave(seat, by=by, reason="Declinó el lugar ofrecido.")
        filling.fill_held(edition, cause="Se declinó un lugar", by=by)
        return seat


def cancel(
    enrollment: Enrollment, *, by: By, reason: str = "", cause: str = "Cancelación"
) -> Enrollment:
    """Free the seat or the place in the queue, and call Fill.

    She may do it until the deadline; later only staff, who always give a reason.
    """
    now = timezone.now()
    with transaction.atomic():
        edition, seat = seating.hold(enrollment)
        if seat.state == State.CANCELLED:
            return seat
        seating.refuse_ended(edition)
        if seating.is_hers(seat, by):
            _refuse_late(edition, seat, now)
        else:
            seating.need_reason(reason)
        held = seat.holds_seat
        seating.leave(seat, by=by, reason=reason or OWN_WISH)
        if held:
            filling.fill_held(edition, cause=cause, by=by, now=now)
        return seat


def release(person_id: int, *, by: By, reason: str, cause: str) -> int:
    """Free what a person who leaves still had ahead; return how many inscripciones.

    Seats of ediciones already under way stay: what was attended is hers.
    """
    now = timezone.now()
    mine = Enrollment.objects.open().filter(person=person_id, edition__state__in=Edition.AHEAD)
    editions = list(mine.order_by("edition").values_list("edition", flat=True).distinct())
    released = 0
    for pk in editions:
        with transaction.atomic():
            locked = Edition.objects.locked(pk)
            seat = mine.filter(edition=pk).select_related("person__user").first()
            if seat is None or (seat.state == State.CONFIRMED and seating.under_way(locked, now)):
                continue
            seat.edition, held = locked, seat.holds_seat
            seating.leave(seat, by=by, reason=reason)
            if held:
                filling.fill_held(locked, cause=cause, by=by, now=now)
            released += 1
    return released


def may_cancel(enrollment: Enrollment, now: datetime.datetime) -> bool:
    """Whether she herself could still cancel it."""
    if not enrollment.is_open or enrollment.edition.state not in Edition.AHEAD:
        return False
    try:
        _refuse_late(enrollment.edition, enrollment, now)
    except ValidationError:
        return False
    return True


# Taking and waiting -----------------------------------------------------------------------------
def _request(asked: Enrollment, facts: Facts, by: By, addresses: tuple[str, str]) -> Enrollment:
    """Write the request and ask her jefatura; it holds no seat, so the edición is only shared."""
    with transaction.atomic():
        seating.hold_person(asked.person, asked.edition)
        if existing := seating.standing(asked.edition, asked.person):
            return existing
        facts.edition = asked.edition = seating.shared(asked.edition_id)
        seating.refuse_changed(facts, asked.waived)
        seating.enter(asked, State.REQUESTED, by)
        approving.ask(asked, *addresses, begins_at=facts.begins_at, now=facts.now)
        emails.enrollment_requested(asked)
    return asked


def _take(asked: Enrollment, facts: Facts, by: By) -> Enrollment:
    """Hold the edición, look again, and settle. The letter is written before anybody waits for it."""
    letter = Letter(asked)
    with transaction.atomic():
        seating.hold_person(asked.person, asked.edition)
        if existing := seating.standing(asked.edition, asked.person):
            return existing
        facts.edition = asked.edition = Edition.objects.locked(asked.edition_id)
        seating.refuse_changed(facts, asked.waived)
        expired = filling.expire_held(facts.edition, by=by, now=facts.now)
        places = filling.places_of(facts.edition)
        if not expired and not places.free:
            raise SeatsGone
        seating.settle(asked, facts, by, places=places)
        if asked.state == State.CONFIRMED:
            letter.queue(asked)
        else:
            seating.tell(asked)
    return asked


def _wait(asked: Enrollment, facts: Facts, by: By) -> Enrollment:
    """Write a place in the queue without holding the edición alone, so that any number enter at once.

    If seats became free meanwhile, Fill runs afterwards.
    """
    with transaction.atomic():
        seating.hold_person(asked.person, asked.edition)
        if existing := seating.standing(asked.edition, asked.person):
            return existing
        facts.edition = asked.edition = seating.shared(asked.edition_id)
        seating.refuse_changed(facts, asked.waived)
        seating.queue(asked, facts.now, by)
        emails.enrolled_waiting(asked)
        seats_appeared = not seating.looks_full(facts.edition, facts.now)
    if seats_appeared:
        filling.fill(facts.edition, cause="Nueva persona en lista de espera", by=by)
        asked.refresh_from_db()
    return asked


def _unsaved(asked: Enrollment) -> Enrollment:
    """Return the same request as if it had never met the lock."""
    asked.pk, asked._state.adding, asked.queued_at = None, True, None  # noqa: SLF001
    return asked


# Refusing ---------------------------------------------------------------------------------------
def _refuse_all(
    case: Case, person: Person, addresses: tuple[str, str], by: By, *, asks: bool
) -> None:
    """Refuse with every reason at once: hers, the edición's and what her jefatura's addresses lack."""
    errors = eligibility.as_errors(eligibility.apply(eligibility.ALL_CHECKS, case))
    if asks:
        own = by.user is not None and by.user.pk == person.user_id
        errors += approving.what_addresses_lack(person, *addresses, required=own, now=case.now)
    if errors:
        raise ValidationError(errors)


def _need_offer(seat: Enrollment) -> None:
    if seat.state != State.OFFERED:
        raise ValidationError("En esta inscripción no hay un lugar por aceptar.", code="no_offer")


def _refuse_expired(seat: Enrollment, now: datetime.datetime) -> None:
    """Refuse an offer whose deadline is over, with the next step."""
    deadline = seat.offer_expires_at
    over = deadline is not None and passed(deadline, now)
    if seat.state == State.OFFER_EXPIRED or (seat.state == State.OFFERED and over):
        when = f" el {eligibility.moment(deadline)}" if deadline else ""
        raise ValidationError(
            f"El plazo para aceptar el lugar terminó{when}. Si la inscripción sigue abierta puede "
            "inscribirse de nuevo.",
            code="offer_expired",
        )


def _refuse_late(edition: Edition, seat: Enrollment, now: datetime.datetime) -> None:
    """Refuse her own cancellation of a confirmed seat after the deadline."""
    if seat.state != State.CONFIRMED:
        return
    if passed(edition.cancel_until, now) or seating.under_way(edition, now):
        raise ValidationError(
            f"El plazo para cancelar terminó el {eligibility.moment(edition.cancel_until)}. "
            "Escriba a la coordinación de la edición.",
            code="too_late",
        )
