"""Asistencia: who writes which mark, when, and over what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from red_genero.common import states
from red_genero.common.states import By
from trainings.models import Attendance, Certificate, Edition, Enrollment, Session
from trainings.tallying import Tally, outcome, tally

Mark = Attendance.Mark
Origin = Attendance.Origin
MARKABLE = (Edition.State.PUBLISHED, Edition.State.RUNNING, Edition.State.CLOSED)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody asks for one person: the new mark, and the one that she had in view («» is none)."""

    enrollment: int
    mark: str
    seen: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that was not written, and why."""

    enrollment: Enrollment
    reason: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What one delivery of marks did."""

    written: int
    conflicts: tuple[Conflict, ...] = ()


class SessionMarks:
    """The people of a session and their marks, read once, under the edición's lock when inside a verb."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def enrollments(self) -> dict[int, Enrollment]:
        """Whose attendance is taken, by key."""
        found = self.session.edition.enrollments.attending().select_related(
            "person__user", "department"
        )
        return {enrollment.pk: enrollment for enrollment in found}

    @cached_property
    def marks(self) -> dict[int, Attendance]:
        """The marks of the session, by inscripción."""
        return {mark.enrollment_id: mark for mark in self.session.marks.all()}

    def current(self, enrollment: int) -> str:
        """Her mark now, «» when she has none."""
        found = self.marks.get(enrollment)
        return found.mark if found else ""


def refusal(session: Session) -> str:
    """Return why the session cannot be marked now, or nothing."""
    edition = session.edition
    if edition.state not in MARKABLE:
        return f"La edición está en estado «{edition.get_state_display()}» y no lleva asistencia."
    if session.cancelled_at:
        return "Esta sesión se canceló: no lleva asistencia ni cuenta para el porcentaje."
    if session.day > timezone.localdate():
        return "La asistencia se registra a partir del día de la sesión."
    return ""


def mark(
    enrollment: Enrollment, session: Session, value: str, *, by: By, origin: str, reason: str = ""
) -> Attendance | None:
    """Write one mark over whatever there is and return it; the same twice changes nothing.

    Raises ValidationError: the refusals of ``mark_many``, and the row's own.
    """
    seen = (
        Attendance.objects.filter(enrollment=enrollment, session=session)
        .values_list("mark", flat=True)
        .first()
    )
    change = Change(enrollment.pk, value, seen or "")
    done = mark_many(session, [change], by=by, origin=origin, reason=reason)
    if done.conflicts:
        raise ValidationError(done.conflicts[0].reason, code="mark_refused")
    return Attendance.objects.filter(enrollment=enrollment, session=session).first()


def mark_many(
    session: Session, changes: Sequence[Change], *, by: By, origin: str, reason: str = ""
) -> Marked:
    """Write the marks that differ from what was in view; report, and leave, those that somebody else moved meanwhile.

    Raises ValidationError: ``session_refused``, ``reason_required`` (edición closed), ``not_attending``,
    ``unknown_mark``.
    """
    _require_known(changes)
    with transaction.atomic():
        edition = Edition.objects.locked(session.edition_id)
        locked = Session.objects.get(pk=session.pk)
        locked.edition = edition
        _refuse_session(locked)
        now = SessionMarks(locked)
        wanted = [
            change
            for change in changes
            if change.mark not in {change.seen, now.current(change.enrollment)}
        ]
        conflicts = [
            Conflict(_somebody(change, now), why)
            for change in wanted
            if (why := _conflict(change, now, by))
        ]
        left = {conflict.enrollment.pk for conflict in conflicts}
        writing = [change for change in wanted if change.enrollment not in left]
        if writing and edition.state == Edition.State.CLOSED:
            _refuse_correction(writing, reason)
        for change in writing:
            _write(change, now, by=by, origin=origin, reason=reason.strip())
        if writing:
            freeze_policy(edition)
        if edition.state == Edition.State.CLOSED:
            for change in writing:
                _settle_again(now.enrollments[change.enrollment], by=by, reason=reason)
    return Marked(len(writing), tuple(conflicts))


def all_present(session: Session, *, by: By, origin: str = Origin.SCREEN) -> Marked:
    """Mark «presente» whoever has no mark yet, except the person who presses."""
    now = SessionMarks(session)
    changes = [
        Change(pk, Mark.PRESENT, "")
        for pk, enrollment in now.enrollments.items()
        if pk not in now.marks and not is_own(enrollment, by)
    ]
    return mark_many(session, changes, by=by, origin=origin)


def is_own(enrollment: Enrollment, by: By) -> bool:
    """Whether the person who acts would be marking herself."""
    return by.user is not None and enrollment.person.user_id == by.user.pk


def settle(enrollment: Enrollment, sums: Tally, *, by: By, reason: str = "") -> None:
    """Move an inscripción to the state that its sum gives it."""
    to = outcome(sums)
    if enrollment.state != to:
        states.move(enrollment, to, moves=Enrollment.MOVES, by=by, reason=reason or sums.sentence)


def _require_known(changes: Sequence[Change]) -> None:
    """Refuse a value that is no mark; taking a mark away is written as «»."""
    if any(change.mark and change.mark not in Mark.values for change in changes):
        raise ValidationError(
            "Esa asistencia no existe: elija una de la lista.", code="unknown_mark"
        )


def _refuse_session(session: Session) -> None:
    """Refuse marks on a session that does not take them."""
    if why := refusal(session):
        raise ValidationError(why, code="session_refused")


def _refuse_correction(writing: Sequence[Change], reason: str) -> None:
    """After closing, a mark changes only for another one and with a reason."""
    if not reason.strip():
        raise ValidationError(
            "La edición está cerrada: escriba el motivo de la corrección.", code="reason_required"
        )
    if not all(change.mark for change in writing):
        raise ValidationError(
            "La edición está cerrada: una marca puede corregirse, pero no quitarse.",
            code="mark_required",
        )


def _somebody(change: Change, now: SessionMarks) -> Enrollment:
    """Return whom the change speaks of, also when she no longer has a seat; a stranger is refused."""
    known = now.enrollments.get(change.enrollment)
    found = known or now.session.edition.enrollments.filter(pk=change.enrollment).first()
    if found is None:
        raise ValidationError(
            "Alguien de la lista no está inscrita en esta edición. Actualice la página.",
            code="not_attending",
        )
    return found


def _conflict(change: Change, now: SessionMarks, by: By) -> str:
    """Return why one row is left as it is, or nothing."""
    enrollment = now.enrollments.get(change.enrollment)
    if enrollment is None:
        return "Ya no tiene lugar en la edición: su asistencia no se registra."
    if is_own(enrollment, by):
        return "Su propia asistencia la debe registrar otra persona."
    current = now.marks.get(change.enrollment)
    if (current.mark if current else "") == change.seen:
        return ""
    if current is None:
        return "Alguien más borró esta marca mientras usted capturaba. Revísela y vuelva a guardar."
    moment = timezone.localtime(current.recorded_at)
    return (
        f"Alguien más registró «{current.get_mark_display()}» a las {moment:%H:%M} mientras usted "
        "capturaba. Revísela y vuelva a guardar."
    )


def _write(change: Change, now: SessionMarks, *, by: By, origin: str, reason: str) -> None:
    """Write, or take away, one mark; the history keeps the old value."""
    if by.user is None:
        raise ValueError("A mark needs somebody who says so.")
    current = now.marks.get(change.enrollment)
    if not change.mark:
        if current:
            current._history_user = by.user  # type: ignore[attr-defined]  # noqa: SLF001
            current.delete()
        return
    row = current or Attendance(enrollment_id=change.enrollment, session=now.session)
    row.mark, row.origin, row.reason = change.mark, origin, reason
    row.recorded_by_id, row.recorded_at = by.user.pk, timezone.now()
    row.clean_fields(exclude={"enrollment", "session", "recorded_by"})
    row.save()


def freeze_policy(edition: Edition) -> None:
    """What marks are worth cannot change after the first one."""
    if edition.policy_frozen_at is None:
        edition.policy_frozen_at = timezone.now()
        edition.save(update_fields=["policy_frozen_at"])


def _settle_again(enrollment: Enrollment, *, by: By, reason: str) -> None:
    """After closing, the result follows the corrected marks, unless a constancia stands on them."""
    sums = tally(enrollment)
    held = Certificate.objects.valid().filter(enrollment=enrollment).first()
    if held and outcome(sums) != Enrollment.State.COMPLETED:
        raise ValidationError(
            "Con ese cambio ya no alcanza el mínimo y tiene la constancia %(folio)s vigente. "
            "Primero debe revocarse.",
            code="certificate_stands",
            params={"folio": held.folio},
        )
    settle(enrollment, sums, by=by, reason=reason)
