"""Inscripción: to ask for a seat, to accept or decline an offer, to give it up."""

import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from members.models import Member, Person
from red_genero.common import states
from red_genero.common.states import By
from trainings import eligibility, emails, filling
from trainings.eligibility import Case, Facts, Reason
from trainings.models import Edition, Enrollment
from trainings.models.edition import passed

State = Enrollment.State
OWN_WISH = "A petición propia."


def enrol(
    edition: Edition,
    person: Person,
    *,
    by: By,
    adjustments: str = "",
    care_needs: str = "",
    waiver_reason: str = "",
) -> Enrollment:
    """Give ``person`` a free seat, a place in the queue, or a request to her jefatura.

    Pressing again returns the same inscripción. Raises ValidationError with every reason (codes of
    ``eligibility``). ``waiver_reason`` lets staff waive the prerequisites.
    """
    edition = Edition.objects.select_related("course").get(pk=edition.pk)
    if existing := _standing(edition, person):
        return existing
    waived = _waived(person, by, waiver_reason)
    facts = eligibility.gather(edition, [person.pk], now=timezone.now())
    eligibility.refuse(eligibility.apply(eligibility.ALL_CHECKS, Case(facts, person.pk, waived)))
    asked = Enrollment(
        edition=edition,
        person=person,
        department_id=facts.departments.get(person.pk),
        adjustments=adjustments.strip(),
        care_needs=care_needs.strip(),
        waiver_reason=waiver_reason.strip(),
        requested_at=facts.now,
    )
    full = _looks_full(edition, facts.now)
    with transaction.atomic():
        _hold_person(person, edition)
        if existing := _standing(edition, person):
            return existing
        if full or edition.manager_approval:
            seats_appeared = _wait(asked, facts, by)
        else:
            seats_appeared = False
            _take(asked, facts, by)
    if seats_appeared:
        filling.fill(edition, cause="Nueva persona en lista de espera", by=by)
        asked.refresh_from_db()
    return asked


def approve_request(enrollment: Enrollment, *, by: By) -> Enrollment:
    """Give the visto bueno of her jefatura: she takes a seat or enters the queue."""
    with transaction.atomic():
        edition, seat = _hold(enrollment)
        _refuse_own(seat, by, "su propia solicitud")
        if seat.state in {State.CONFIRMED, State.WAITING, State.OFFERED}:
            return seat
        states.check_move(Enrollment.MOVES, seat.state, State.CONFIRMED, State)
        facts = eligibility.gather(edition, [seat.person_id], now=timezone.now())
        waived = (eligibility.PREREQUISITES,) if seat.waiver_reason else ()
        checks = (*eligibility.EDITION_CHECKS, *eligibility.SEAT_CHECKS)
        eligibility.refuse(eligibility.apply(checks, Case(facts, seat.person_id, waived)))
        _settle(seat, facts, by)
        return seat


def refuse_request(enrollment: Enrollment, *, by: By, reason: str) -> Enrollment:
    """Write that her jefatura did not give the visto bueno, and tell her why."""
    _need_reason(reason)
    with transaction.atomic():
        _, seat = _hold(enrollment)
        _refuse_own(seat, by, "su propia solicitud")
        if seat.state == State.REJECTED:
            return seat
        states.move(
            seat,
            State.REJECTED,
            moves=Enrollment.MOVES,
            by=by,
            reason=reason,
            touched=seat.forget_needs(),
        )
        emails.enrollment_rejected(seat, reason=reason)
        return seat


def accept_offer(enrollment: Enrollment, *, by: By) -> Enrollment:
    """Turn the offered seat into hers; only she can, once, before its deadline."""
    now = timezone.now()
    with transaction.atomic():
        edition, seat = _hold(enrollment)
        if not _is_hers(seat, by):
            raise ValidationError(
                "Solo la persona a quien se ofreció el lugar puede aceptarlo.", code="not_hers"
            )
        if seat.state == State.CONFIRMED:
            return seat
        _refuse_expired(seat, now)
        _need_offer(seat)
        facts = eligibility.gather(edition, [seat.person_id], now=now)
        checks = (*eligibility.EDITION_CHECKS, eligibility.not_a_member)
        eligibility.refuse(eligibility.apply(checks, Case(facts, seat.person_id)))
        states.move(seat, State.CONFIRMED, moves=Enrollment.MOVES, by=by, reason="Aceptó el lugar.")
        emails.enrolled_confirmed(seat)
        return seat


def decline_offer(enrollment: Enrollment, *, by: By) -> Enrollment:
    """Give the offered seat to the next in the queue."""
    with transaction.atomic():
        edition, seat = _hold(enrollment)
        if seat.state == State.CANCELLED:
            return seat
        _need_offer(seat)
        _leave(seat, by=by, reason="Declinó el lugar ofrecido.")
        filling.fill_held(edition, cause="Se declinó un lugar", by=by)
        return seat


def cancel(enrollment: Enrollment, *, by: By, reason: str = "") -> Enrollment:
    """Free the seat or the place in the queue, and call Fill.

    She may do it until the deadline; later only staff, who always give a reason.
    """
    now = timezone.now()
    with transaction.atomic():
        edition, seat = _hold(enrollment)
        if seat.state == State.CANCELLED:
            return seat
        if edition.state in {Edition.State.CLOSED, Edition.State.CANCELLED}:
            raise ValidationError(
                "La edición ya terminó: la inscripción queda como está.", code="edition_ended"
            )
        if _is_hers(seat, by):
            _refuse_late(edition, seat, now)
        else:
            _need_reason(reason)
        held = seat.holds_seat
        _leave(seat, by=by, reason=reason or OWN_WISH)
        if held:
            filling.fill_held(edition, cause="Cancelación", by=by, now=now)
        return seat


def release_member(member: Member, *, by: By) -> int:
    """Free what a person who leaves the Red still had ahead; return how many inscripciones.

    Seats of ediciones already under way stay: what was attended is hers.
    """
    now = timezone.now()
    mine = Enrollment.objects.open().filter(
        person=member.person_id, edition__state__in=Edition.AHEAD
    )
    editions = list(mine.order_by("edition").values_list("edition", flat=True).distinct())
    released = 0
    for pk in editions:
        with transaction.atomic():
            locked = Edition.objects.locked(pk)
            seat = mine.filter(edition=pk).select_related("person__user").first()
            if seat is None or (seat.state == State.CONFIRMED and _under_way(locked, now)):
                continue
            seat.edition, held = locked, seat.holds_seat
            _leave(seat, by=by, reason="Terminó su membresía en la Red.")
            if held:
                filling.fill_held(locked, cause="Baja de una integrante", by=by, now=now)
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
def _take(asked: Enrollment, facts: Facts, by: By) -> None:
    """Hold the edición, look again, and settle."""
    locked = Edition.objects.locked(asked.edition_id)
    facts.edition = asked.edition = locked
    _refuse_changed(facts)
    filling.expire_held(locked, by=by, now=facts.now)
    _settle(asked, facts, by)


def _settle(seat: Enrollment, facts: Facts, by: By) -> None:
    """Confirm if a seat is free and nobody is queued, else queue her; the edición is held."""
    locked = facts.edition
    places = filling.places_of(locked)
    if _quota_reached(seat, facts) or places.waiting or not places.free:
        _queue(seat, facts.now, by)
        if places.free:
            cause = "Nueva persona en lista de espera"
            filling.fill_held(locked, cause=cause, by=by, now=facts.now)
            seat.refresh_from_db(fields=["state", "offer_expires_at"])
        if seat.state == State.WAITING:
            emails.enrolled_waiting(seat)
        return
    _enter(seat, State.CONFIRMED, by)
    emails.enrolled_confirmed(seat)


def _wait(asked: Enrollment, facts: Facts, by: By) -> bool:
    """Write a request or a place in the queue without holding the edición alone.

    The row is only shared, so that any number of people enter a full edición at once. Return
    whether seats became free meanwhile.
    """
    facts.edition = asked.edition = _shared(asked.edition_id)
    _refuse_changed(facts)
    if facts.edition.manager_approval:
        _enter(asked, State.REQUESTED, by)
        emails.enrollment_requested(asked)
        return False
    _queue(asked, facts.now, by)
    emails.enrolled_waiting(asked)
    return not _looks_full(facts.edition, facts.now)


def _queue(seat: Enrollment, now: datetime.datetime, by: By) -> None:
    """Put her at the end; the moment is written once."""
    seat.queued_at = seat.queued_at or now
    _enter(seat, State.WAITING, by, touched=("queued_at",))


def _enter(
    seat: Enrollment, state: Enrollment.State, by: By, touched: tuple[str, ...] = ()
) -> None:
    """Write the first state of a new inscripción, or move an old one."""
    if seat.pk:
        states.move(seat, state, moves=Enrollment.MOVES, by=by, touched=touched)
        return
    seat.state = state
    seat.full_clean()
    seat.save()
    states.append(seat, from_state="", to_state=state, by=by, reason=seat.waiver_reason)


def _leave(seat: Enrollment, *, by: By, reason: str) -> None:
    """Cancel and tell her; who had a confirmed seat gets the calendar's cancellation."""
    had_seat = seat.state == State.CONFIRMED
    states.move(
        seat,
        State.CANCELLED,
        moves=Enrollment.MOVES,
        by=by,
        reason=reason,
        touched=seat.forget_needs(),
    )
    emails.enrollment_cancelled(seat, reason=reason, had_seat=had_seat)


# Looking ----------------------------------------------------------------------------------------
def _standing(edition: Edition, person: Person) -> Enrollment | None:
    """Return the inscripción that she already has here."""
    return Enrollment.objects.standing().filter(edition=edition, person=person).first()


def _looks_full(edition: Edition, now: datetime.datetime) -> bool:
    """Whether every seat is held by somebody whose offer, if it is one, still runs."""
    seats = Enrollment.objects.filter(edition=edition)
    due = seats.offers_due(now).values("pk")
    return seats.exclude(pk__in=due).holding().count() >= edition.seats


def _quota_reached(seat: Enrollment, facts: Facts) -> bool:
    """Whether her dependencia holds all its seats, counted while the edición is held."""
    if facts.edition.seats_per_department is None or seat.department_id is None:
        return False
    facts.held = eligibility.held_by_department(facts.edition)
    facts.departments[seat.person_id] = seat.department_id
    return eligibility.department_full(Case(facts, seat.person_id)) is not None


# Holding ----------------------------------------------------------------------------------------
def _hold(enrollment: Enrollment) -> tuple[Edition, Enrollment]:
    """Lock the edición, then the inscripción, and read both again."""
    locked = Edition.objects.locked(enrollment.edition_id)
    seat = (
        Enrollment.objects.select_for_update(of=("self",))
        .select_related("person__user")
        .get(pk=enrollment.pk)
    )
    seat.edition = locked
    return locked, seat


def _hold_person(person: Person, edition: Edition) -> None:
    """Lock her membership, so that a baja and an inscripción never cross."""
    member = Member.objects.select_for_update().filter(person=person).first()
    if member is None:
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if edition.open_to_non_members:
        return
    lacking = eligibility.membership(member.state if member else "")
    eligibility.refuse([lacking] if lacking else [])


def _shared(pk: int) -> Edition:
    """Read an edición that nobody may change until the transaction ends, shared with others.

    SQLite's transaction already excludes every other writer.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Edition._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR KEY SHARE", [pk])  # noqa: S608
    return Edition.objects.select_related("course").get(pk=pk)


# Refusing ---------------------------------------------------------------------------------------
def _refuse_changed(facts: Facts) -> None:
    """Refuse if the edición changed between the look and the lock."""
    checks = (*eligibility.EDITION_CHECKS, *eligibility.WINDOW_CHECKS)
    found: list[Reason] = eligibility.apply(checks, Case(facts, person_id=0))
    eligibility.refuse(found)


def _is_hers(seat: Enrollment, by: By) -> bool:
    return by.user is not None and by.user.pk == seat.person.user_id


def _refuse_own(seat: Enrollment, by: By, what: str) -> None:
    if _is_hers(seat, by):
        raise ValidationError(f"No puede decidir sobre {what}.", code="own")


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError("Escriba el motivo.", code="reason_required")


def _waived(person: Person, by: By, waiver_reason: str) -> tuple[str, ...]:
    """Return what staff waives; nobody waives for herself."""
    if not waiver_reason.strip():
        return ()
    if by.user is None or by.user.pk == person.user_id:
        raise ValidationError(
            "La dispensa de requisitos la otorga el personal del Instituto.", code="own_waiver"
        )
    return (eligibility.PREREQUISITES,)


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
    if passed(edition.cancel_until, now) or _under_way(edition, now):
        raise ValidationError(
            f"El plazo para cancelar terminó el {eligibility.moment(edition.cancel_until)}. "
            "Escriba a la coordinación de la edición.",
            code="too_late",
        )


def _under_way(edition: Edition, now: datetime.datetime) -> bool:
    return edition.state != Edition.State.PUBLISHED or now >= edition.begins_at
