"""Quien llega sin inscripción: written down by name, linked to an inscripción later, and unlinked again.

Linking never opens a second door to the cupo: who has no seat yet takes one here only while one is free, under the
edición's lock, and if she qualifies as anybody else, her jefatura's visto bueno included; what is excused without asking is
that enrolment has closed and the edición begun. Whatever else is excused is a waiver with its reason, as at the board.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Person
from red_genero.common import states
from red_genero.common.states import By
from red_genero.common.text import fold, plain
from trainings import approving, attending, eligibility, filling, seating
from trainings.eligibility import Case
from trainings.models import Attendance, Edition, Enrollment, Session, Waiver, WalkIn
from trainings.rolls import Change, Marked

Mark = Attendance.Mark
State = Enrollment.State
CAME: Final = "Se presentó a la sesión sin inscripción."
WAIVABLE: Final = (Waiver.PREREQUISITES, Waiver.QUOTA, Waiver.APPROVAL)
NO_APPROVAL: Final = (
    "Esta edición pide el visto bueno de su jefatura y no está registrado: que asistiera no lo suple. Si lo dio por otra "
    "vía, márquelo como dispensa y escriba cómo; por ejemplo, el número de oficio."
)
UNLINKED: Final = "Se deshizo el vínculo con quien llegó sin inscripción."


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who was written down and what happened to her mark."""

    walk_in: WalkIn
    marked: Marked


def capture(
    session: Session, name: str, *, by: By, department: str = "", reason: str = ""
) -> Arrival:
    """Write somebody down by name and mark her «presente» in the session; the same name again is the same person.

    Raises ValidationError: of the fields, ``name_empty``, ``already_linked`` and the refusals of ``mark_many``.
    """
    if by.user is None:
        raise ValueError("A walk-in needs somebody who saw her.")
    shown = plain(name)
    if not fold(shown):
        raise ValidationError("Escriba el nombre de quien llegó.", code="name_empty")
    with transaction.atomic():
        edition = Edition.objects.locked(session.edition_id)
        found = edition.walk_ins.filter(name_key=fold(shown)).first()
        if found is None:
            found = WalkIn(
                edition=edition,
                name=shown,
                department=plain(department),
                captured_by_id=by.user.pk,
            )
            found.full_clean(exclude={"edition", "captured_by", "enrollment"})
            found.save()
        elif found.enrollment_id:
            raise ValidationError(
                "Ese nombre ya se vinculó con una inscripción: registre la marca en su renglón.",
                code="already_linked",
            )
        current = Attendance.objects.filter(walk_in=found, session=session).first()
        change = Change(found.pk, Mark.PRESENT, current.mark if current else "", walk_in=True)
        wanted = [] if current else [change]
        done = attending.mark_many(
            session, wanted, by=by, origin=Attendance.Origin.SCREEN, reason=reason
        )
    return Arrival(found, done)


def forget(walk_in: WalkIn, *, by: By) -> None:
    """Take a name written by mistake off the list, with its marks; the history keeps them.

    Raises ValidationError: ``linked``, ``edition_ended``.
    """
    with transaction.atomic():
        edition = Edition.objects.locked(walk_in.edition_id)
        standing = WalkIn.objects.filter(pk=walk_in.pk).first()
        if standing is None:
            return
        if standing.enrollment_id:
            raise ValidationError("Primero deshaga el vínculo.", code="linked")
        if edition.state == Edition.State.CLOSED:
            raise ValidationError(
                "La edición está cerrada: la lista queda como está.", code="edition_ended"
            )
        for row in [*standing.marks.all(), standing]:
            row._history_user = by.user  # type: ignore[attr-defined]  # noqa: SLF001
            row.delete()


def link(
    walk_in: WalkIn,
    person: Person,
    *,
    by: By,
    reason: str,
    waived: Collection[str] = (),
    waiver_reason: str = "",
) -> Enrollment:
    """Lend the marks of ``walk_in`` to the inscripción of ``person``, who takes a free seat if she has none.

    ``waived`` (of ``WAIVABLE``) excuses a new seat from a rule, with its own reason. Linked already to her, it changes
    nothing. Raises ValidationError: ``reason_required``, ``own``, ``linked``, ``edition_cancelled``, ``not_begun``,
    ``no_seat``, ``approval_missing``, ``marked_twice`` and the reasons of ``eligibility``.
    """
    seating.need_reason(reason)
    if by.user is not None and person.user_id == by.user.pk:
        raise ValidationError("Su propia asistencia la debe vincular otra persona.", code="own")
    wanted = [each for each in waived if each in WAIVABLE]
    excused = seating.allowed_waivers(person, by, wanted, waiver_reason)
    with transaction.atomic():
        seating.hold_person(person, walk_in.edition)
        edition = Edition.objects.locked(walk_in.edition_id)
        held = _locked(walk_in)
        if held.enrollment_id:
            return _same(held, person)
        _refuse_edition(edition)
        new = Enrollment(edition=edition, person=person, waived=excused)
        new.waiver_reason = waiver_reason.strip() if excused else ""
        seat, made = _seat(new, by, reason)
        _make_room(held, seat, by)
        held.enrollment, held.made_enrollment, held.linked_at = seat, made, timezone.now()
        held.save(update_fields=["enrollment", "made_enrollment", "linked_at"])
        for row in held.marks.all():
            row.enrollment = seat
            row.save(update_fields=["enrollment"])
        said = f"Se vinculó con «{held.name}», que llegó sin inscripción. {reason.strip()}"
        states.append(seat, from_state=seat.state, to_state=seat.state, by=by, reason=said)
        if edition.state == Edition.State.CLOSED:
            _complete(seat, by=by, reason=said)
    return seat


def unlink(walk_in: WalkIn, *, by: By, reason: str) -> WalkIn:
    """Take the lent marks back; a seat that was born from the link, and has no other mark, ends.

    Not linked, it changes nothing. Raises ValidationError: ``reason_required``, ``certificate_stands``.
    """
    seating.need_reason(reason)
    with transaction.atomic():
        edition = Edition.objects.locked(walk_in.edition_id)
        held = _locked(walk_in)
        if held.enrollment_id is None:
            return held
        seat = seating.hold_seat(held.enrollment or Enrollment(), edition)
        for row in held.marks.all():
            row.enrollment = None
            row.save(update_fields=["enrollment"])
        _put_back(held, seat)
        born, held.enrollment = held.made_enrollment, None
        held.made_enrollment, held.linked_at = False, None
        held.save(update_fields=["enrollment", "made_enrollment", "linked_at"])
        said = f"{UNLINKED} {reason.strip()}"
        states.append(seat, from_state=seat.state, to_state=seat.state, by=by, reason=said)
        if edition.state == Edition.State.CLOSED:
            _complete(seat, by=by, reason=said)
        elif born and seat.state == State.CONFIRMED and not seat.marks.exists():
            seating.leave(seat, by=by, reason=said, silent=True)
            filling.fill_held(edition, cause="Se deshizo un vínculo", by=by)
    return held


def _locked(walk_in: WalkIn) -> WalkIn:
    return (
        WalkIn.objects.select_for_update(of=("self",))
        .select_related("enrollment")
        .get(pk=walk_in.pk)
    )


def _same(held: WalkIn, person: Person) -> Enrollment:
    """Return the inscripción of the link that is there, if it is hers."""
    seat = held.enrollment
    if seat is None or seat.person_id != person.pk:
        raise ValidationError(
            "Ya está vinculada con otra persona. Deshaga primero ese vínculo.", code="linked"
        )
    return seat


def _refuse_edition(edition: Edition) -> None:
    """Marks belong to an edición that is being given, or was."""
    if edition.state not in attending.MARKABLE:
        raise ValidationError(
            f"La edición está en estado «{edition.get_state_display()}» y no lleva asistencia.",
            code="edition_cancelled",
        )
    if not seating.under_way(edition, timezone.now()):
        raise ValidationError(
            "La edición no ha iniciado: inscríbala desde el tablero y después vincúlela.",
            code="not_begun",
        )


def _seat(new: Enrollment, by: By, reason: str) -> tuple[Enrollment, bool]:
    """Return the seat to which the marks go, and whether it is ``new``. The edición is held."""
    standing = seating.standing(new.edition, new.person)
    if standing is None:
        return _take(new, by, reason, own_seat=False, agreed=False), True
    standing = seating.hold_seat(standing, new.edition)
    if standing.state in Enrollment.ATTENDING:
        return standing, False
    own_seat = standing.holds_seat
    agreed = standing.state != State.REQUESTED and approving.is_settled(standing)
    seating.leave(standing, by=by, reason=CAME, silent=True)
    return _take(new, by, reason, own_seat=own_seat, agreed=agreed), True


def _take(new: Enrollment, by: By, reason: str, *, own_seat: bool, agreed: bool) -> Enrollment:
    """Give her a free seat if she qualifies; an offered seat that was hers already counts as free.

    ``agreed`` says that her jefatura gave the visto bueno for the inscripción she had.
    """
    edition, person = new.edition, new.person
    facts = eligibility.gather(edition, [person.pk], now=timezone.now())
    found = eligibility.apply(eligibility.SEAT_CHECKS, Case(facts, person.pk, new.waived))
    errors = [ValidationError(str(each), code=each.code) for each in found]
    if edition.manager_approval and not agreed and Waiver.APPROVAL not in new.waived:
        errors.append(ValidationError(NO_APPROVAL, code="approval_missing"))
    if errors:
        raise ValidationError(errors)
    filling.expire_held(edition, by=by, now=facts.now)
    if not own_seat and not filling.places_of(edition).free:
        raise ValidationError(
            "La edición no tiene lugares libres: sus asistencias siguen en la lista con su nombre. "
            "Formación puede ampliar el cupo.",
            code="no_seat",
        )
    new.department_id = facts.departments.get(person.pk)
    seating.enter(new, State.CONFIRMED, by, reason=f"{CAME} {reason.strip()}")
    return new


def _make_room(held: WalkIn, seat: Enrollment, by: By) -> None:
    """Take away the faltas of her inscripción that the lent marks contradict; any other second mark is refused."""
    theirs = set(held.marks.values_list("session", flat=True))
    for row in seat.marks.filter(session__in=theirs).select_related("session"):
        if row.mark != Mark.ABSENT:
            raise ValidationError(
                f"En la {str(row.session).lower()} tiene «{row.get_mark_display()}» con su inscripción y "
                f"también una marca como «{held.name}». Quite una de las dos y vuelva a vincular.",
                code="marked_twice",
            )
        row._history_user = by.user  # type: ignore[attr-defined]  # noqa: SLF001
        row._change_reason = _replaced_by(held)  # type: ignore[attr-defined]  # noqa: SLF001
        row.delete()


def _put_back(held: WalkIn, seat: Enrollment) -> None:
    """Write again the faltas that the link had replaced, as they were."""
    marked = set(seat.marks.values_list("session", flat=True))
    gone = Attendance.history.filter(
        enrollment=seat, history_type="-", history_change_reason=_replaced_by(held)
    )
    for old in gone.order_by("-history_id"):
        if old.session_id not in marked:
            marked.add(old.session_id)
            Attendance.objects.create(
                enrollment=seat,
                session_id=old.session_id,
                mark=old.mark,
                origin=old.origin,
                recorded_by_id=old.recorded_by_id,
                recorded_at=old.recorded_at,
                reason=old.reason,
            )


def _replaced_by(held: WalkIn) -> str:
    return f"La reemplazó el vínculo {held.pk}."


def _complete(seat: Enrollment, *, by: By, reason: str) -> None:
    """Closed already: what is missing counts as «falta», as it did for everybody, and the result follows."""
    if by.user is None:
        raise ValueError("A mark needs somebody who says so.")
    marked = set(seat.marks.values_list("session", flat=True))
    for session in seat.edition.sessions.held().exclude(pk__in=marked):
        Attendance.objects.create(
            enrollment=seat,
            session=session,
            mark=Mark.ABSENT,
            recorded_by_id=by.user.pk,
            reason=reason,
        )
    attending.settle_again(seat, by=by, reason=reason)
