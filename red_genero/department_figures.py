"""Integrantes, constancias and hours of each dependencia on any day, as it was or summed into what continues it."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Q

from members import headcount, tree
from members.models import Department
from red_genero.common import disclosure
from red_genero.common.disclosure import HIDDEN
from red_genero.common.exports import Cell
from trainings import earned
from trainings.earned import Earned

ABSENT: Final = "ya no existía"
HEADER: Final = (
    "Dependencia",
    "Clave",
    "Existió hasta",
    "Integrantes",
    "Constancias",
    "Horas",
    "Suma lo de",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One dependencia; None where the number would point at people."""

    department: Department
    members: int | None
    papers: int | None
    hours: Decimal | int | None
    formers: list[Department]
    """Those whose figures are summed here."""
    stood: bool
    """Whether it, or one summed in it, existed that day: else nobody could work there."""

    @property
    def shown(self) -> tuple[Cell, Cell, Cell]:
        """The three figures as they are read."""
        figures = (self.members, self.papers, self.hours)
        members, papers, hours = (HIDDEN if value is None else value for value in figures)
        return members if self.stood else ABSENT, papers, hours

    def holds(self, key: str) -> bool:
        """Whether it, or one summed in it, has that clave."""
        return key in {row.key for row in (self.department, *self.formers)}

    def cells(self) -> tuple[Cell, ...]:
        """Return the row of a spreadsheet."""
        row = self.department
        return (row.name, row.key, row.valid_to, *self.shown, "; ".join(map(str, self.formers)))


def read(day: datetime.date, *, exact: bool = False, summed: bool = False) -> list[Line]:
    """Return every dependencia that had begun by ``day``, in alphabetical order.

    ``summed`` gathers those that were renamed or merged, up to today, in the one that continues them. ``exact``
    keeps no small number back. Four queries, one or two more for ``summed``; whatever their number.
    """
    begun = Department.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
    rows = {row.pk: row for row in begun}
    heirs = tree.heirs() if summed else {}
    heads = {heirs.get(key, key) for key in rows}
    if summed:
        rows |= Department.objects.in_bulk(heads - set(rows))
    members = headcount.integrantes(day, exact=exact, heirs=heirs)
    papers = _earned({key: heirs.get(key, key) for key in rows}, heirs, day, exact=exact)
    formers: defaultdict[int, list[Department]] = defaultdict(list)
    for key, heir in heirs.items():
        if key in rows:
            formers[heir].append(rows[key])
    return [
        _line(row, members, papers[row.pk], tree.by_name(formers[row.pk]))
        for row in tree.by_name(rows[key] for key in heads)
    ]


def _line(
    row: Department,
    members: Mapping[int, int | None],
    got: Earned | None,
    formers: list[Department],
) -> Line:
    """Return the figures of one."""
    return Line(
        department=row,
        members=members.get(row.pk),
        papers=got.papers if got else None,
        hours=_tidy(got.hours) if got else None,
        formers=formers,
        stood=row.pk in members,
    )


def _earned(
    heads: Mapping[int, int], heirs: Mapping[int, int], day: datetime.date, *, exact: bool
) -> dict[int, Earned | None]:
    """Return what was earned under each head; None where too few people earned it."""
    found = earned.by_department(day, everybody=exact)
    people = {key: found[key].people if key in found else frozenset[int]() for key in heads}
    sums: dict[int, Earned] = {head: Earned(set()) for head in heads.values()}
    for key, head in heads.items():
        if key in found:
            sums[head].add(found[key])
    if exact:
        return dict(sums)
    told = disclosure.told_together(people, heirs) if heirs else disclosure.told_alone(people)
    return {head: what if head in told else None for head, what in sums.items()}


def _tidy(hours: Decimal) -> Decimal | int:
    """Return hours without idle decimals."""
    return int(hours) if hours == int(hours) else hours
