"""The board of an edición as data: who holds a seat, who waits in which order, who left, and what Fill did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Prefetch

from red_genero.common.exports import Cell
from red_genero.common.models import Transition
from trainings import documents, tallying
from trainings.models import (
    ApprovalLink,
    Attendance,
    Edition,
    Enrollment,
    FillRun,
    FillSkip,
    GroupMessage,
    Nomination,
    Session,
)

State = Enrollment.State
PER_LIST: Final = 50
FILLS_SHOWN: Final = 10
SKIPS_SHOWN: Final = 20
BY_NAME: Final = ("person__sort_name", "pk")
BY_TURN: Final = ("-priority", "queued_at", "pk")
GONE: Final = tuple(set(State.values) - {*Enrollment.OPEN, *Enrollment.HOLDING})
HEADER: Final = (
    "Nombre",
    "Dependencia",
    "Estado",
    "Lugar en la lista",
    "Prioridad",
    "Solicitó",
    "Entró a la lista",
    "La oferta vence",
    "Propuesta de su dependencia",
    "Dispensa",
    "Exportó",
    "Exportado",
)


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who is no longer in, since when and why."""

    enrollment: Enrollment
    why: str


@dataclass(frozen=True, slots=True)
class Filled:
    """One run of Fill: the first whom it skipped, and how many more there were."""

    run: FillRun
    skips: list[FillSkip]
    more: int

    @classmethod
    def of(cls, run: Any) -> "Filled":
        """Read what the query put beside the run."""
        return cls(run, run.first_skips, run.skipped - len(run.first_skips))


@dataclass(frozen=True, slots=True)
class Listing:
    """The part of one list of the board that a page shows; ``first`` is the place of its first row, from 1."""

    name: str
    label: str
    rows: list[Enrollment]
    total: int
    page: int

    @property
    def first(self) -> int:
        """The place of the first row in the whole list."""
        return (self.page - 1) * PER_LIST + 1

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // PER_LIST))

    @property
    def before(self) -> int:
        """The page before this one, 0 when there is none."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The page after this one, 0 when there is none."""
        return self.page + 1 if self.page < self.pages else 0


class Board:
    """Everybody of one edición, each list a page at a time; as many queries whatever their number.

    ``asked`` says which page of which list: ``{"en_espera": "3"}``. What is no page shows the nearest one.
    """

    def __init__(self, edition: Edition, asked: Mapping[str, str] | None = None) -> None:
        self.edition = edition
        self.asked = asked or {}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are in each state; one query."""
        rows = self.edition.enrollments.order_by().values_list("state").annotate(n=Count("pk"))
        return dict(rows)

    def number(self, *states: str) -> int:
        """How many are in some of the states."""
        return sum(self.counts.get(state, 0) for state in states)

    @cached_property
    def attending(self) -> Listing:
        """Those whose attendance is taken, by name."""
        return self._listing(State.CONFIRMED, "Confirmadas", Enrollment.ATTENDING, *BY_NAME)

    @cached_property
    def offered(self) -> Listing:
        """Those for whom a seat is kept."""
        return self._listing(State.OFFERED, "Con lugar ofrecido", [State.OFFERED], *BY_TURN)

    @cached_property
    def waiting(self) -> Listing:
        """The queue in its order."""
        return self._listing(State.WAITING, "En espera", [State.WAITING], *BY_TURN)

    @cached_property
    def requested(self) -> Listing:
        """Who waits for a visto bueno."""
        return self._listing(
            State.REQUESTED, "Pendientes de visto bueno", [State.REQUESTED], "requested_at", "pk"
        )

    @cached_property
    def left(self) -> Listing:
        """Who left, was not approved or let an offer expire, the latest first."""
        return self._listing(
            State.CANCELLED, "Canceladas, no aprobadas y ofertas vencidas", GONE, "-pk"
        )

    @cached_property
    def lists(self) -> list[Listing]:
        """Every list of the page."""
        return [self.attending, self.offered, self.waiting, self.requested, self.left]

    def _listing(self, name: str, label: str, states: Iterable[str], *order: str) -> Listing:
        """Return the page of a list that was asked for, or the nearest one."""
        total = self.number(*states)
        page = min(_page(self.asked.get(name, "")), max(1, -(-total // PER_LIST)))
        found = self.edition.enrollments.filter(state__in=list(states)).order_by(*order)
        keys = found.values("pk")[(page - 1) * PER_LIST : page * PER_LIST]
        shown = Enrollment.objects.filter(pk__in=keys).select_related("person", "department")
        rows = list(shown.order_by(*order)) if total else []
        for seat in rows:
            seat.edition = self.edition
        return Listing(name, label, rows, total, page)

    @cached_property
    def everybody(self) -> list[Enrollment]:
        """Every inscripción, the queue in its order; for the export."""
        return list(
            self.edition.enrollments.select_related("person", "department").order_by(*BY_TURN)
        )

    def sums(self, held: Iterable[Session]) -> dict[int, tallying.Tally]:
        """Return the asistencia of those shown over the sessions ``held``, by inscripción; one query."""
        keys = [seat.pk for seat in self.attending.rows]
        sessions = [(session.pk, session.hours) for session in held]
        rows = Attendance.objects.filter(enrollment__in=keys)
        marks = {
            (row[0], row[1]): row[2] for row in rows.values_list("enrollment", "session", "mark")
        }
        policy = tallying.Policy.of(self.edition)
        return {
            key: tallying.count(
                policy, ((hours, marks.get((key, pk), "")) for pk, hours in sessions)
            )
            for key in keys
        }

    @cached_property
    def gone(self) -> list[Gone]:
        """Those shown of who left, and why."""
        rows = self.left.rows
        kind = ContentType.objects.get_for_model(Enrollment)
        lines = Transition.objects.filter(content_type=kind, object_id__in=[s.pk for s in rows])
        why = dict(lines.order_by("pk").values_list("object_id", "reason"))
        return [Gone(seat, why.get(seat.pk, "")) for seat in rows]

    @cached_property
    def papers(self) -> dict[int, str]:
        """The paper of each propuesta, by inscripción."""
        rows = Nomination.objects.filter(enrollment__edition=self.edition)
        return dict(rows.values_list("enrollment", "reason"))

    @cached_property
    def nominated(self) -> set[int]:
        """Which of those shown were put forward by their dependencia."""
        shown = [seat.pk for seat in (*self.offered.rows, *self.waiting.rows)]
        found = Nomination.objects.filter(enrollment__in=shown)
        return set(found.values_list("enrollment", flat=True))

    @cached_property
    def petitions(self) -> list[tuple[Enrollment, list[ApprovalLink]]]:
        """Who waits for a visto bueno, and whom the portal asked for it."""
        shown = [seat.pk for seat in self.requested.rows]
        links = ApprovalLink.objects.filter(approval__enrollment__in=shown)
        found: dict[int, list[ApprovalLink]] = {}
        for link in links.select_related("approval"):
            found.setdefault(link.approval.enrollment_id, []).append(link)
        return [(seat, found.get(seat.pk, [])) for seat in self.requested.rows]

    @cached_property
    def fills(self) -> list[Filled]:
        """The last runs of Fill with the first whom each one skipped."""
        runs = FillRun.objects.filter(edition=self.edition).annotate(skipped=Count("skips"))
        first = FillSkip.objects.select_related("enrollment__person").order_by("pk")[:SKIPS_SHOWN]
        found = runs.prefetch_related(Prefetch("skips", first, to_attr="first_skips"))
        return [Filled.of(run) for run in found[:FILLS_SHOWN]]

    @cached_property
    def messages(self) -> list[GroupMessage]:
        """What was sent to groups."""
        return list(self.edition.group_messages.select_related("sent_by__person"))

    def rows(self, *, who: str, when: Cell) -> Iterable[list[Cell]]:
        """Yield the table to export; it carries who took it and when."""
        queue = [seat for seat in self.everybody if seat.state == State.WAITING]
        position = {seat.pk: place for place, seat in enumerate(queue, 1)}
        order = {state: place for place, state in enumerate(State.values)}
        for seat in sorted(self.everybody, key=lambda s: (order[s.state], position.get(s.pk, 0))):
            yield [
                documents.listed_name(seat.person),
                str(seat.department or ""),
                seat.get_state_display(),
                position.get(seat.pk),
                seat.priority,
                seat.requested_at,
                seat.queued_at,
                seat.offer_expires_at if seat.state == State.OFFERED else None,
                self.papers.get(seat.pk, ""),
                seat.waiver_reason,
                who,
                when,
            ]


def _page(asked: str) -> int:
    """Return the number of the page asked for; the first one when it is no number."""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 1
    return max(1, number)
