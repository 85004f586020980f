"""The roll of one session: who is on it, with which mark, and what somebody asks to change."""

import datetime
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError

from trainings.models import Attendance, Enrollment, Session, WalkIn


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody asks for one person: the new mark, and the one that she had in view («» is none).

    ``enrollment`` is the key of an inscripción, or of a ``WalkIn`` when ``walk_in`` says so. A device that may send
    twice gives each change a ``key`` of its own and says ``at`` what moment it was chosen.
    """

    enrollment: int
    mark: str
    seen: str
    walk_in: bool = False
    key: uuid.UUID | None = None
    at: datetime.datetime | None = None

    @property
    def row(self) -> str:
        """The name of the row on the screen: «12», or «v7» for somebody without inscripción."""
        return f"v{self.enrollment}" if self.walk_in else str(self.enrollment)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that was not written, and why."""

    row: str
    name: str
    reason: str
    enrollment: Enrollment | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What one delivery of marks did; ``rows`` are those that it wrote."""

    written: int
    conflicts: tuple[Conflict, ...] = ()
    rows: frozenset[str] = field(default=frozenset(), compare=False)


class SessionMarks:
    """The people of a session and their marks, read once, under the edición's lock when inside a verb; four queries."""

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
    def walk_ins(self) -> dict[int, WalkIn]:
        """Who came without inscripción and is not linked to one, by key, in the order in which they were written."""
        found = self.session.edition.walk_ins.filter(enrollment__isnull=True)
        return {walk_in.pk: walk_in for walk_in in found}

    @cached_property
    def _rows(self) -> list[Attendance]:
        return list(self.session.marks.select_related("recorded_by__person"))

    @cached_property
    def marks(self) -> dict[int, Attendance]:
        """The marks of the session, by inscripción."""
        return {row.enrollment_id: row for row in self._rows if row.enrollment_id}

    @cached_property
    def walk_in_marks(self) -> dict[int, Attendance]:
        """The marks of those without inscripción, by their key."""
        return {
            row.walk_in_id: row for row in self._rows if row.walk_in_id and not row.enrollment_id
        }

    def stored(self, change: Change) -> Attendance | None:
        """The mark that the database holds for that row."""
        held = self.walk_in_marks if change.walk_in else self.marks
        return held.get(change.enrollment)

    def current(self, change: Change) -> str:
        """Her mark now, «» when she has none."""
        found = self.stored(change)
        return found.mark if found else ""

    def somebody(self, change: Change) -> Enrollment | WalkIn | None:
        """Whom the change speaks of, if she is on the roll."""
        if change.walk_in:
            return self.walk_ins.get(change.enrollment)
        return self.enrollments.get(change.enrollment)

    def blank(self, change: Change) -> Attendance:
        """Return a mark still to be written."""
        if change.walk_in:
            return Attendance(walk_in_id=change.enrollment, session=self.session)
        return Attendance(enrollment_id=change.enrollment, session=self.session)

    def conflict(self, change: Change, reason: str) -> Conflict:
        """Return the row that stays as it is; somebody who never was of this edición is refused."""
        edition, known = self.session.edition, self.somebody(change)
        if known is None and change.walk_in:
            known = edition.walk_ins.filter(pk=change.enrollment).first()
        elif known is None:
            seats = edition.enrollments.select_related("person")
            known = seats.filter(pk=change.enrollment).first()
        if known is None:
            raise ValidationError(
                "Alguien de la lista no está inscrita en esta edición. Actualice la página.",
                code="not_attending",
            )
        seat = known if isinstance(known, Enrollment) else None
        name = str(known.person) if isinstance(known, Enrollment) else known.name
        return Conflict(change.row, name, reason, seat)
