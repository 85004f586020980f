"""Public figures of the Red: totals, and tables whose small cells are hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, Sum
from django.utils.text import slugify

from members.models import Assignment, ContentArea, Department, Institute, Level, Member
from red_genero.common.disclosure import HIDDEN, SMALLEST_SHOWN, suppressed
from red_genero.common.exports import Cell
from trainings.models import Certificate, Edition

BAR: Final = 100
__all__ = ["HIDDEN", "SMALLEST_SHOWN", "read", "suppressed"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its words; ``of`` is what it is compared with."""

    label: str
    value: int | Decimal
    of: int | None = None

    @property
    def id(self) -> str:
        """The name of its bar inside the page."""
        return slugify(self.label)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a table and its bar, 0 to 100; ``value`` is None when the cell is hidden."""

    label: str
    value: int | Decimal | None
    length: int

    @property
    def shown(self) -> int | Decimal | str:
        """What the public reads."""
        return HIDDEN if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Indicators:
    """Everything that the page and its CSV say."""

    figures: list[Figure]
    levels: list[Bar]
    areas: list[Bar]

    @property
    def progress(self) -> list[Figure]:
        """The figures that are compared with something."""
        return [figure for figure in self.figures if figure.of is not None]

    @property
    def totals(self) -> list[Figure]:
        """The figures that stand alone."""
        return [figure for figure in self.figures if figure.of is None]

    def rows(self) -> list[tuple[Cell, ...]]:
        """Return the same as rows of a spreadsheet."""
        return [
            *(("Totales", figure.label, figure.value, figure.of) for figure in self.figures),
            *(("Integrantes por nivel", bar.label, bar.shown, None) for bar in self.levels),
            *(("Horas por área de contenido", bar.label, bar.shown, None) for bar in self.areas),
        ]


HEADER: Final = ("Tabla", "Concepto", "Valor", "De")


def read() -> Indicators:
    """Return the figures of this moment."""
    held = Edition.objects.filter(state=Edition.State.CLOSED)
    done = held.aggregate(runs=Count("pk"), hours=Sum("hours"))
    departments = Department.objects.current()
    return Indicators(
        figures=[
            Figure(
                "Integrantes activas",
                Member.objects.active().count(),
                Institute.current().member_goal,
            ),
            Figure(
                "Dependencias con al menos una integrante",
                departments.with_active_members().count(),
                departments.count(),
            ),
            Figure("Ediciones concluidas", done["runs"]),
            Figure("Horas de formación impartidas", _tidy(done["hours"])),
            Figure("Constancias vigentes", Certificate.objects.valid().count()),
        ],
        levels=_levels(),
        areas=_areas(),
    )


def _levels() -> list[Bar]:
    """Return active integrantes by nivel de responsabilidad."""
    counted = dict(
        Assignment.objects.open()
        .filter(person__member__state=Member.State.ACTIVE)
        .order_by()
        .values_list("level")
        .annotate(Count("pk"))
    )
    return _bars(suppressed({str(level.label): counted.get(level.value, 0) for level in Level}))


def _areas() -> list[Bar]:
    """Return the hours of concluded ediciones by área de contenido."""
    closed = Q(courses__editions__state=Edition.State.CLOSED)
    areas = ContentArea.objects.annotate(
        given=Sum("courses__editions__hours", filter=closed)
    ).order_by("order", "name")
    return _bars({area.name: _tidy(area.given) for area in areas})


def _bars(cells: Mapping[str, int | None] | Mapping[str, Decimal | int]) -> list[Bar]:
    """Return the rows with bars measured against the longest."""
    longest = max((value for value in cells.values() if value is not None), default=0) or 1
    return [
        Bar(label, value, round(BAR * value / longest) if value is not None else 0)
        for label, value in cells.items()
    ]


def _tidy(hours: Decimal | None) -> Decimal | int:
    """Return hours without idle decimals."""
    given = hours or Decimal(0)
    return int(given) if given == int(given) else given
