"""The exact arithmetic of asistencia: hours credited, hours that count, and who reaches the minimum."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from trainings.models import Attendance, Edition, Enrollment

Mark = Attendance.Mark


@dataclass(frozen=True, slots=True)
class Policy:
    """What marks are worth in an edición; percentages from 0 to 100."""

    minimum: int
    late_credit: int
    excused_leaves: bool

    @classmethod
    def of(cls, edition: Edition) -> "Policy":
        """The rules of that edición, frozen at its first mark."""
        return cls(edition.minimum_attendance, edition.late_credit, edition.excused_leaves)

    def credit(self, mark: str) -> Fraction:
        """The part of the session's hours that the mark earns, from 0 to 1."""
        if mark == Mark.PRESENT:
            return Fraction(1)
        return Fraction(self.late_credit, 100) if mark == Mark.LATE else Fraction(0)

    def counts(self, mark: str) -> bool:
        """Whether the session stays in the denominator with that mark."""
        return not (mark == Mark.EXCUSED and self.excused_leaves)


@dataclass(frozen=True, slots=True)
class Tally:
    """One person's sum, in hours and without rounding.

    ``counting`` are the hours of her marked sessions (without the justified ones, when the rules say so); ``pending``
    those of the sessions that have no mark yet, past or future: they are no absences until the edición closes.
    """

    credited: Fraction
    counting: Fraction
    pending: Fraction
    attended: int
    unmarked: int
    minimum: int

    @property
    def percentage(self) -> Fraction | None:
        """Hours credited ÷ hours that count, × 100; None while nothing counts."""
        return self.credited * 100 / self.counting if self.counting else None

    @property
    def reachable(self) -> Fraction | None:
        """The percentage if she attends everything that is left."""
        total = self.counting + self.pending
        return (self.credited + self.pending) * 100 / total if total else None

    @property
    def passes(self) -> bool:
        """Whether she reaches the minimum with what is marked; exactly the minimum is enough."""
        return self.attended > 0 and _reaches(self.percentage, self.minimum)

    @property
    def out_of_reach(self) -> bool:
        """Whether the minimum is lost even if she attends everything that is left."""
        if not self.attended and not self.pending:
            return True
        return not _reaches(self.reachable, self.minimum)

    @property
    def percentage_text(self) -> str:
        """«83.3 %», cut and never rounded up; a dash while nothing counts."""
        return percent_text(self.percentage)

    @property
    def sentence(self) -> str:
        """The sum in words, with what can still be reached while something is left."""
        if not self.counting and not self.pending:
            return "No hay horas que cuenten."
        if not self.counting:
            return f"Sin registro todavía; el mínimo es {self.minimum} %."
        text = (
            f"{hours_text(self.credited)} de {hours_text(self.counting)} horas, "
            f"{self.percentage_text}; el mínimo es {self.minimum} %"
        )
        if not self.pending:
            return f"{text}."
        if self.out_of_reach:
            return (
                f"{text}. Ya no es posible alcanzarlo: lo más sería {percent_text(self.reachable)}."
            )
        return f"{text}. Si asiste a todo lo que falta llegará a {percent_text(self.reachable)}."


def count(policy: Policy, sessions: Iterable[tuple[Decimal, str]]) -> Tally:
    """Add up the sessions that were not cancelled: their hours and the mark, «» when there is none."""
    credited = counting = pending = Fraction(0)
    attended = unmarked = 0
    for hours, mark in sessions:
        size = Fraction(hours)
        if not mark:
            pending += size
            unmarked += 1
            continue
        credited += size * policy.credit(mark)
        counting += size if policy.counts(mark) else 0
        attended += mark in {Mark.PRESENT, Mark.LATE}
    return Tally(credited, counting, pending, attended, unmarked, policy.minimum)


def tally(enrollment: Enrollment) -> Tally:
    """Return one person's sum."""
    marks = dict(enrollment.marks.values_list("session_id", "mark"))
    sessions = enrollment.edition.sessions.held().values_list("pk", "hours")
    return count(
        Policy.of(enrollment.edition), ((hours, marks.get(pk, "")) for pk, hours in sessions)
    )


def tallies(edition: Edition, *, missing: str = "") -> dict[int, Tally]:
    """Return everybody's sum by inscripción, in three queries whatever their number.

    ``missing`` is the mark that stands in for those that are not there; «» leaves them pending.
    """
    sessions = list(edition.sessions.held().values_list("pk", "hours"))
    marks = {
        (enrollment, session): mark
        for enrollment, session, mark in Attendance.objects.filter(
            session__edition=edition
        ).values_list("enrollment_id", "session_id", "mark")
    }
    policy = Policy.of(edition)
    return {
        enrollment: count(
            policy, ((hours, marks.get((enrollment, pk), missing)) for pk, hours in sessions)
        )
        for enrollment in edition.enrollments.attending().values_list("pk", flat=True)
    }


def outcome(sums: Tally) -> Enrollment.State:
    """Return how an inscripción ends with that sum."""
    if not sums.attended:
        return Enrollment.State.NO_SHOW
    return Enrollment.State.COMPLETED if sums.passes else Enrollment.State.NOT_COMPLETED


def percent_text(percentage: Fraction | None) -> str:
    """Return «79.9 %»: one decimal, cut, so that no minimum looks reached before it is."""
    if percentage is None:
        return "—"
    tenths = percentage * 10 // 1
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def hours_text(hours: Fraction | Decimal) -> str:
    """Return hours as a person writes them, exactly: «6», «7.5», «2.25»."""
    exact = Fraction(hours)
    text = f"{exact.numerator * 10_000 // exact.denominator:05d}"
    whole, part = text[:-4], text[-4:].rstrip("0")
    return f"{int(whole):,}.{part}" if part else f"{int(whole):,}"


def _reaches(percentage: Fraction | None, minimum: int) -> bool:
    return percentage is not None and percentage >= minimum
