"""Cambio de edición: staff moves a person with her history; the rules of the target are checked."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from red_genero.common.states import By
from trainings import approving, eligibility, emails, filling, nominating, seating
from trainings.eligibility import Case, Facts
from trainings.models import Approval, ApprovalLink, Edition, Enrollment, Nomination, Waiver

State = Enrollment.State


def move(
    enrollment: Enrollment,
    target: Edition,
    *,
    by: By,
    reason: str,
    waived: Iterable[str] = (),
    may_wait: bool = False,
) -> Enrollment:
    """Cancel the inscripción here and open one in ``target`` that remembers it; return the new one.

    Without free seat there, or before a visto bueno, she would lose hers, so that ``may_wait`` must say that she
    agrees to wait. One message tells both halves. Pressing again returns the same inscripción.
    """
    seating.need_reason(reason)
    if target.pk == enrollment.edition_id:
        raise ValidationError("Ya está en esa edición.", code="same_edition")
    with transaction.atomic():
        seating.hold_person(enrollment.person, target)
        source, there = _hold_both(enrollment.edition_id, target.pk)
        seat = seating.hold_seat(enrollment, source)
        moved = Enrollment.objects.filter(moved_from=seat, edition=there).first()
        if moved is not None:
            return moved
        _refuse_settled(source, seat, by)
        before, held = State(seat.state), seat.holds_seat
        excused = seating.allowed_waivers(seat.person, by, list(waived), reason)
        made = _enter(seat, there, by, reason.strip(), excused, may_wait=may_wait)
        seating.leave(seat, by=by, reason=f"Cambio a la edición {there.key}. {reason}", silent=True)
        if held:
            filling.fill_held(source, cause="Cambio de una persona a otra edición", by=by)
        emails.enrollment_moved(
            seat, made, reason=reason.strip(), had_seat=before == State.CONFIRMED
        )
        return made


def targets(enrollments: Iterable[Enrollment], editions: Iterable[Edition]) -> list[Edition]:
    """Return the ediciones to which any of them could go: published ones that are not theirs."""
    here = {seat.edition_id for seat in enrollments}
    return [
        edition
        for edition in editions
        if edition.state == Edition.State.PUBLISHED and edition.pk not in here
    ]


def _hold_both(source: int, target: int) -> tuple[Edition, Edition]:
    """Lock both ediciones in the order of their keys, so that two opposite moves never embrace."""
    held = {pk: Edition.objects.locked(pk) for pk in sorted({source, target})}
    return held[source], held[target]


def _refuse_settled(source: Edition, seat: Enrollment, by: By) -> None:
    seating.refuse_own(seat, by, "su propio cambio de edición")
    seating.refuse_ended(source)
    if not seat.is_open:
        raise ValidationError(
            f"Su inscripción está {seat.get_state_display().lower()}: no hay nada que mover.",
            code="not_open",
        )


def _enter(
    seat: Enrollment, there: Edition, by: By, reason: str, excused: list[str], *, may_wait: bool
) -> Enrollment:
    """Write her inscripción in the target, by its rules; both ediciones are held."""
    now = timezone.now()
    facts = eligibility.gather(there, [seat.person_id], now=now)
    eligibility.refuse(
        eligibility.apply(eligibility.ALL_CHECKS, Case(facts, seat.person_id, excused))
    )
    made = Enrollment(
        edition=there,
        person=seat.person,
        department_id=facts.departments.get(seat.person_id),
        adjustments=seat.adjustments,
        care_needs=seat.care_needs,
        waived=excused,
        waiver_reason=reason if excused else "",
        requested_at=now,
        moved_from=seat,
    )
    filling.expire_held(there, by=by, now=now)
    said = f"Viene de la edición {seat.edition.key}. {reason}"
    if (proposal := nominating.unanswered(seat)) is not None:
        return _propose_there(made, facts, by, said, proposal)
    asks = there.manager_approval and Waiver.APPROVAL not in excused
    keeps = seat.holds_seat and not may_wait
    if asks and not (seat.state != State.REQUESTED and approving.is_settled(seat)):
        if keeps:
            raise ValidationError(
                "Esa edición pide el visto bueno de la jefatura: perdería su lugar mientras se registra. "
                "Marque que acepta esperar, si así lo pidió.",
                code="target_asks",
            )
        _ask_again(seat, made, facts, by, said)
        return made
    seating.settle(made, facts, by, reason=said)
    if keeps and made.state not in {State.CONFIRMED, seat.state}:
        raise ValidationError(
            "En esa edición no hay lugar libre: perdería el suyo. Marque que acepta esperar, si así lo pidió.",
            code="target_full",
        )
    return made


def _propose_there(
    made: Enrollment, facts: Facts, by: By, said: str, proposal: Nomination
) -> Enrollment:
    """Take the propuesta along: she has not decided, so that nobody confirms her there either."""
    if facts.edition.manager_approval:
        made.waived = sorted({*made.waived, Waiver.APPROVAL})
        made.waiver_reason = made.waiver_reason or proposal.reason
    places = nominating.keep(made, facts, by, reason=said)
    Nomination.objects.create(
        enrollment=made, reason=proposal.reason, nominated_by=proposal.nominated_by
    )
    if made.state == State.WAITING and places.free:
        filling.fill_held(facts.edition, cause="Nueva persona en lista de espera", by=by)
        made.refresh_from_db(fields=["state", "offer_expires_at"])
    return made


def _ask_again(seat: Enrollment, made: Enrollment, facts: Facts, by: By, said: str) -> None:
    """Ask the jefatura that was already asked about other dates; without one, staff registers it."""
    seating.enter(made, State.REQUESTED, by, reason=said)
    asked = Approval.objects.filter(enrollment=seat).first()
    links = {link.role: link.email for link in asked.links.all()} if asked else {}
    approving.ask(
        made,
        links.get(ApprovalLink.Role.MANAGER, ""),
        links.get(ApprovalLink.Role.SUBSTITUTE, ""),
        begins_at=facts.begins_at,
        now=facts.now,
    )
