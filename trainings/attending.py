"""Asistencia: who writes which mark, when, and over what."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from red_genero.common import states
from red_genero.common.states import By
from trainings.models import Attendance, Certificate, Edition, Enrollment, MarkReceipt, Session
from trainings.rolls import Change, Conflict, Marked, SessionMarks
from trainings.tallying import Tally, outcome, tally

__all__ = ["Change", "Conflict", "Marked", "SessionMarks"]

Mark = Attendance.Mark
Origin = Attendance.Origin
MARKABLE = (Edition.State.PUBLISHED, Edition.State.RUNNING, Edition.State.CLOSED)
LATEST = datetime.timedelta(days=30)
"""How long a mark may wait in a device without network; its receipt is kept twice as long."""


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
    moment = timezone.now()
    with transaction.atomic():
        edition = Edition.objects.locked(session.edition_id)
        locked = Session.objects.get(pk=session.pk)
        locked.edition = edition
        _refuse_session(locked)
        now = SessionMarks(locked)
        wanted = _wanted(changes, now)
        conflicts = [
            now.conflict(change, why)
            for change in wanted
            if (why := _conflict(change, now, by, moment))
        ]
        left = {conflict.row for conflict in conflicts}
        writing = [change for change in wanted if change.row not in left]
        if writing and edition.state == Edition.State.CLOSED:
            _refuse_correction(writing, reason)
        for change in writing:
            _write(change, now, by=by, origin=origin, reason=reason.strip(), moment=moment)
        if writing:
            freeze_policy(edition)
        _keep_receipts([change for change in changes if change.row not in left], locked)
        if edition.state == Edition.State.CLOSED:
            for change in writing:
                if not change.walk_in:
                    settle_again(now.enrollments[change.enrollment], by=by, reason=reason)
    written = frozenset(change.row for change in writing)
    return Marked(len(writing), tuple(conflicts), written)


def _wanted(changes: Sequence[Change], now: SessionMarks) -> list[Change]:
    """Return what would change something and was not received before; of several about one row, the last."""
    keys = [change.key for change in changes if change.key]
    received = set(
        MarkReceipt.objects.filter(pk__in=keys).values_list("pk", flat=True) if keys else ()
    )
    fresh = {change.row: change for change in changes if change.key not in received}
    return [
        change for change in fresh.values() if change.mark not in {change.seen, now.current(change)}
    ]


def _keep_receipts(changes: Sequence[Change], session: Session) -> None:
    """Write that those marks arrived, so that sent again they change nothing."""
    MarkReceipt.objects.bulk_create(
        [MarkReceipt(key=change.key, session=session) for change in changes if change.key],
        ignore_conflicts=True,
    )


def forget_receipts(now: datetime.datetime) -> int:
    """Delete the receipts of marks that could no longer be sent again."""
    return MarkReceipt.objects.filter(received_at__lt=now - 2 * LATEST).delete()[0]


def all_present(session: Session, *, by: By, origin: str = Origin.SCREEN) -> Marked:
    """Mark «presente» whoever has no mark yet, except the person who presses."""
    now = SessionMarks(session)
    changes = [
        Change(pk, Mark.PRESENT, "")
        for pk, enrollment in now.enrollments.items()
        if pk not in now.marks and not is_own(enrollment, by)
    ]
    return mark_many(session, changes, by=by, origin=origin)


def undo(session: Session, *, by: By) -> Marked:
    """Take back the last marks that this person wrote in the session, all those of one press; what others wrote stays.

    Each one returns to what it was before, by the same door: after closing it is refused like any other removal.
    """
    mine = session.marks.filter(recorded_by=by.user.pk if by.user else None)
    last = mine.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    now = SessionMarks(session)
    changes = []
    for row in mine.filter(recorded_at=last) if last else ():
        before = row.history.order_by("-history_id")[1:2].first()
        back = Change(
            row.enrollment_id or row.walk_in_id or 0,
            before.mark if before else "",
            row.mark,
            walk_in=row.enrollment_id is None,
        )
        if now.somebody(back):
            changes.append(back)
    return mark_many(session, changes, by=by, origin=Origin.SCREEN)


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


def _conflict(change: Change, now: SessionMarks, by: By, moment: datetime.datetime) -> str:
    """Return why one row is left as it is, or nothing."""
    if change.at and moment - change.at > LATEST:
        return "Esta marca esperó más de 30 días en el equipo: revísela y vuelva a capturarla."
    return _not_markable(change, now, by) or _moved_meanwhile(change, now)


def _not_markable(change: Change, now: SessionMarks, by: By) -> str:
    """Return why this person's row is not to be written by ``by``, or nothing."""
    somebody = now.somebody(change)
    if somebody is None and change.walk_in:
        return "Ya se vinculó con una inscripción: registre la marca en su renglón de la lista."
    if somebody is None:
        return "Ya no tiene lugar en la edición: su asistencia no se registra."
    if isinstance(somebody, Enrollment) and is_own(somebody, by):
        return "Su propia asistencia la debe registrar otra persona."
    return ""


def _moved_meanwhile(change: Change, now: SessionMarks) -> str:
    """Return what somebody else wrote since the row was shown, or nothing."""
    current = now.stored(change)
    if now.current(change) == change.seen:
        return ""
    if current is None:
        return "Alguien más borró esta marca mientras usted capturaba. Revísela y vuelva a guardar."
    return (
        f"{current.recorded_by} registró «{current.get_mark_display()}» a las {clock(current)} mientras "
        "usted capturaba. Revísela y vuelva a guardar."
    )


def clock(mark: Attendance) -> str:
    """Return when it was recorded, «18:04»."""
    return f"{timezone.localtime(mark.recorded_at):%H:%M}"


def _write(
    change: Change,
    now: SessionMarks,
    *,
    by: By,
    origin: str,
    reason: str,
    moment: datetime.datetime,
) -> None:
    """Write, or take away, one mark; the history keeps the old value."""
    if by.user is None:
        raise ValueError("A mark needs somebody who says so.")
    current = now.stored(change)
    if not change.mark:
        if current:
            current._history_user = by.user  # type: ignore[attr-defined]  # noqa: SLF001
            current.delete()
        return
    row = current or now.blank(change)
    row.mark, row.origin, row.reason = change.mark, origin, reason
    row.recorded_by_id, row.recorded_at = by.user.pk, min(change.at or moment, moment)
    row.clean_fields(exclude={"enrollment", "walk_in", "session", "recorded_by"})
    row.save()


def freeze_policy(edition: Edition) -> None:
    """What marks are worth cannot change after the first one."""
    if edition.policy_frozen_at is None:
        edition.policy_frozen_at = timezone.now()
        edition.save(update_fields=["policy_frozen_at"])


def settle_again(enrollment: Enrollment, *, by: By, reason: str) -> None:
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
