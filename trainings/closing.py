"""Cierre: an edición ends, everybody's result is written, what is no longer needed is erased."""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.utils import bulk_create_with_history

from red_genero.common import states
from red_genero.common.states import By
from trainings import attending, tallying
from trainings.models import Attendance, Edition, Enrollment, Session
from trainings.tallying import Tally

CLOSABLE = (Edition.State.PUBLISHED, Edition.State.RUNNING)
ENDED = "La edición terminó y se cerró."


@dataclass(frozen=True, slots=True)
class Result:
    """One person's sum and the state in which her inscripción ends."""

    enrollment: Enrollment
    tally: Tally

    @property
    def state(self) -> Enrollment.State:
        """How it ends if the missing marks stay missing: they count as «falta»."""
        return tallying.outcome(self.tally)


class Closing:
    """What closing would do, read from the database as it is now."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def results(self) -> list[Result]:
        """Everybody whose attendance is taken, with the missing marks counted as «falta»."""
        sums = tallying.tallies(self.edition, missing=Attendance.Mark.ABSENT)
        people = self.edition.enrollments.attending().select_related("person__user", "department")
        return [Result(enrollment, sums[enrollment.pk]) for enrollment in people]

    @cached_property
    def missing(self) -> list[tuple[int, int]]:
        """(inscripción, sesión) without a mark."""
        marked = set(
            Attendance.objects.filter(session__edition=self.edition).values_list(
                "enrollment_id", "session_id"
            )
        )
        sessions = [session.pk for session in self.sessions]
        return [
            (result.enrollment.pk, session)
            for result in self.results
            for session in sessions
            if (result.enrollment.pk, session) not in marked
        ]

    @cached_property
    def sessions(self) -> list[Session]:
        """The sessions that count."""
        return list(self.edition.sessions.held())

    @cached_property
    def refusals(self) -> list[str]:
        """Why it cannot be closed now, in words; none when it can."""
        edition = self.edition
        if edition.state not in CLOSABLE:
            return [
                f"La edición está en estado «{edition.get_state_display()}» y no puede cerrarse."
            ]
        if not self.sessions:
            return ["La edición no tiene sesiones que cuenten: si no se impartió, cancélela."]
        last = max(session.ends_at for session in self.sessions)
        if last > timezone.now():
            moment = timezone.localtime(last)
            return [
                f"Faltan sesiones: la última termina el {date_format(moment)} a las {moment:%H:%M}."
            ]
        return []


def close(edition: Edition, *, by: By, missing_are_absent: bool = False) -> Edition:
    """Close the edición: results, open requests, private needs, state. Closed already, it changes nothing.

    Every mark must be there; ``missing_are_absent`` says that the closer confirms that a missing one is a «falta»,
    which is then written as such. Raises ValidationError: ``not_closable``, ``marks_missing``, ``own_mark_missing``.
    """
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        if locked.state == Edition.State.CLOSED:
            return locked
        closing = Closing(locked)
        if closing.refusals:
            raise ValidationError(closing.refusals[0], code="not_closable")
        if closing.missing:
            _write_absences(closing, by=by, confirmed=missing_are_absent)
        attending.freeze_policy(locked)
        for result in closing.results:
            attending.settle(result.enrollment, result.tally, by=by)
        _end_open(locked, by=by)
        locked.enrollments.exclude(adjustments="", care_needs="").update(
            adjustments="", care_needs=""
        )
        locked.closed_at = timezone.now()
        states.move(
            locked,
            Edition.State.CLOSED,
            moves=Edition.MOVES,
            by=by,
            touched=("closed_at",),
        )
    return locked


def _write_absences(closing: Closing, *, by: By, confirmed: bool) -> None:
    """Write «falta» where there is no mark."""
    if not confirmed or by.user is None:
        raise ValidationError(
            "Faltan %(count)s marcas de asistencia. Captúrelas, o confirme que cuentan como falta.",
            code="marks_missing",
            params={"count": len(closing.missing)},
        )
    own = {
        result.enrollment.pk
        for result in closing.results
        if attending.is_own(result.enrollment, by)
    }
    if any(enrollment in own for enrollment, _ in closing.missing):
        raise ValidationError(
            "Su propia asistencia está incompleta y la debe registrar otra persona.",
            code="own_mark_missing",
        )
    bulk_create_with_history(
        [
            Attendance(
                enrollment_id=enrollment,
                session_id=session,
                mark=Attendance.Mark.ABSENT,
                origin=Attendance.Origin.SCREEN,
                recorded_by_id=by.user.pk,
                reason="Sin marca al cerrar la edición.",
            )
            for enrollment, session in closing.missing
        ],
        Attendance,
        default_user=by.user,
    )


def _end_open(edition: Edition, *, by: By) -> None:
    """Requests, queue and offers that led nowhere end as cancelled; nobody is mailed about a past edición."""
    pending = edition.enrollments.open().exclude(state=Enrollment.State.CONFIRMED)
    for enrollment in pending.order_by("pk"):
        states.move(
            enrollment, Enrollment.State.CANCELLED, moves=Enrollment.MOVES, by=by, reason=ENDED
        )
