"""Fill: the only way out of the queue; and what frees or adds seats without a person asking."""

import datetime
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from red_genero.common import states
from red_genero.common.states import By
from trainings import eligibility, emails
from trainings.eligibility import Case, Facts, Reason
from trainings.models import Edition, Enrollment, FillRun, FillSkip, Places

State = Enrollment.State
WIDENING: Final = frozenset(
    {"enrollment_closes", "seats_per_department", "open_to_non_members", "fill_automatically"}
)


def fill(edition: Edition, *, cause: str, by: By) -> FillRun:
    """Offer the free seats of ``edition`` to the first who still qualify; return the log's line.

    Call it after every change that may free or add a seat. It may be called twice.
    """
    with transaction.atomic():
        return fill_held(Edition.objects.locked(edition.pk), cause=cause, by=by)


def fill_held(
    locked: Edition,
    *,
    cause: str,
    by: By,
    now: datetime.datetime | None = None,
    only_news: bool = False,
) -> FillRun:
    """Do what ``fill`` does; the caller's transaction holds the row of the edición.

    With ``only_news`` a run that passes over the same people as the last one writes no line of its own.
    """
    moment = now or timezone.now()
    expire_held(locked, by=by, now=moment)
    places = places_of(locked)
    facts = Facts(locked, moment, locked.begins_at)
    obstacle = _obstacle(facts, places)
    if obstacle:
        return _log(locked, cause, places, obstacle)
    queue = list(Enrollment.objects.filter(edition=locked).queue().select_related("person__user"))
    facts = eligibility.gather(locked, [seat.person_id for seat in queue], now=moment)
    offered, skipped = _offer(facts, queue, places.free, by)
    if only_news and not offered and (last := _told_already(locked, skipped)):
        return last
    run = _log(locked, cause, places, _outcome(offered, len(skipped)))
    FillSkip.objects.bulk_create(
        FillSkip(run=run, enrollment=seat, reasons=_written(why)) for seat, why in skipped
    )
    return run


def expire_held(locked: Edition, *, by: By, now: datetime.datetime) -> int:
    """End the offers of a held edición whose deadline is over; return how many."""
    due = Enrollment.objects.filter(edition=locked).offers_due(now)
    expired = 0
    for seat in due.select_related("person__user"):
        seat.edition = locked
        states.move(
            seat,
            State.OFFER_EXPIRED,
            moves=Enrollment.MOVES,
            by=automatic(by),
            reason="Terminó el plazo para aceptar el lugar.",
            touched=seat.forget_needs(),
        )
        emails.offer_expired(seat)
        expired += 1
    return expired


def expire_due_offers(now: datetime.datetime | None = None) -> int:
    """End every offer whose deadline is over and offer the seats again; return how many ended."""
    moment = now or timezone.now()
    by = By.job("Vencimiento de ofertas")
    due = (
        Enrollment.objects.offers_due(moment).order_by("edition").values_list("edition", flat=True)
    )
    expired = 0
    for pk in due.distinct():
        with transaction.atomic():
            locked = Edition.objects.locked(pk)
            expired += (ended := expire_held(locked, by=by, now=moment))
            if ended:
                fill_held(locked, cause="Venció una oferta", by=by, now=moment)
    return expired


def fill_waiting_editions(now: datetime.datetime | None = None) -> int:
    """Run Fill where somebody waits although a seat is free; return how many ediciones."""
    waiting = Edition.objects.open_for_enrollment(now or timezone.now()).filter(
        pk__in=Enrollment.objects.queue().values("edition"), fill_automatically=True
    )
    editions = list(waiting.order_by("pk"))
    places = Enrollment.objects.places(editions)
    with_seats = [edition for edition in editions if places[edition.pk].free]
    by = By.job("Revisión diaria")
    for edition in with_seats:
        with transaction.atomic():
            locked = Edition.objects.locked(edition.pk)
            fill_held(locked, cause="Revisión diaria", by=by, now=now, only_news=True)
    return len(with_seats)


def set_seats(edition: Edition, seats: int, *, by: By) -> Edition:
    """Change the cupo; raising it calls Fill, lowering it evicts nobody."""
    if seats < 1:
        raise ValidationError("El cupo debe ser de al menos un lugar.", code="seats_invalid")
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        if locked.state in {Edition.State.CLOSED, Edition.State.CANCELLED}:
            raise ValidationError(
                "La edición ya terminó o se canceló: su cupo no cambia.", code="edition_ended"
            )
        before, locked.seats = locked.seats, seats
        if seats != before:
            locked.full_clean(exclude=_all_but(locked, "seats"), validate_unique=False)
            locked.save(update_fields=["seats"])
        if seats > before:
            fill_held(locked, cause=f"Cambio de cupo: de {before} a {seats}", by=by)
        return locked


def fill_if_widened(edition: Edition, changed: Iterable[str], *, by: By) -> FillRun | None:
    """Call Fill if one of the ``changed`` fields may let somebody out of the queue."""
    if edition.state != Edition.State.PUBLISHED or not WIDENING.intersection(changed):
        return None
    return fill(edition, cause="Cambios en la edición", by=by)


def places_of(edition: Edition) -> Places:
    """Count the seats of one edición; one query."""
    return Enrollment.objects.places([edition])[edition.pk]


def offer_deadline(facts: Facts) -> datetime.datetime:
    """Return until when a seat is kept: its hours, never beyond the close of enrolment nor the beginning."""
    hours = datetime.timedelta(hours=facts.edition.offer_hours)
    return min(facts.now + hours, facts.edition.enrollment_closes, facts.begins_at)


def automatic(by: By) -> By:
    """Return who signs what the queue does: nobody learns who gave up the seat."""
    return By(None, by.channel, "Asignación de lugares")


def _obstacle(facts: Facts, places: Places) -> str:
    """Return why no seat may be offered now, or nothing."""
    if not places.waiting:
        return "Nadie está en lista de espera."
    if not places.free:
        return "No hay lugares libres."
    checks = (*eligibility.EDITION_CHECKS, eligibility.enrollment_closed)
    found = eligibility.apply(checks, Case(facts, person_id=0))
    if found:
        return found[0].message
    if not facts.edition.fill_automatically:
        return "La asignación automática está apagada."
    return ""


def _offer(
    facts: Facts, queue: Iterable[Enrollment], free: int, by: By
) -> tuple[int, list[tuple[Enrollment, list[Reason]]]]:
    """Offer ``free`` seats along the queue; return how many and whom it skipped, with reasons."""
    edition, left, deadline = facts.edition, free, offer_deadline(facts)
    skipped: list[tuple[Enrollment, list[Reason]]] = []
    for seat in queue:
        if not left:
            break
        if seat.department_id:
            facts.departments[seat.person_id] = seat.department_id
        found = eligibility.apply(eligibility.SEAT_CHECKS, Case(facts, seat.person_id, seat.waived))
        if found:
            skipped.append((seat, found))
            continue
        seat.edition, seat.offer_expires_at = edition, deadline
        states.move(
            seat,
            State.OFFERED,
            moves=Enrollment.MOVES,
            by=automatic(by),
            reason="Se liberó un lugar.",
            touched=("offer_expires_at",),
        )
        emails.offer(seat)
        if facts.quota is not None and seat.department_id:
            facts.quota.add(seat.department_id, seat.person_id)
        left -= 1
    return free - left, skipped


def _told_already(
    edition: Edition, skipped: Iterable[tuple[Enrollment, list[Reason]]]
) -> FillRun | None:
    """Return the last run if it passed over exactly these people, for these reasons."""
    last = FillRun.objects.filter(edition=edition).first()
    if last is None:
        return None
    before = set(last.skips.values_list("enrollment", "reasons"))
    return last if before == {(seat.pk, _written(why)) for seat, why in skipped} else None


def _written(reasons: Iterable[Reason]) -> str:
    return "\n".join(map(str, reasons))


def _outcome(offered: int, skipped: int) -> str:
    """Say what happened in one sentence."""
    said = {0: "No se ofreció ningún lugar", 1: "Se ofreció 1 lugar"}
    first = said.get(offered, f"Se ofrecieron {offered} lugares")
    if not skipped:
        return f"{first}."
    return f"{first}; {skipped} en espera sin cumplir los requisitos."


def _log(locked: Edition, cause: str, places: Places, outcome: str) -> FillRun:
    """Write the line of this run."""
    return FillRun.objects.create(
        edition=locked, cause=cause, free_seats=places.free, outcome=outcome
    )


def _all_but(edition: Edition, *names: str) -> set[str]:
    """Names of the fields that are not being written."""
    return {field.name for field in edition._meta.fields} - set(names)
