"""Why a Unidad de Género is «en riesgo»: reasons in words, computed for any set of units on any day.

Each reason is one function of ``SOURCES``: it takes the units watched and the day, makes a fixed number of queries and
returns a sentence for each unit concerned. Nothing is stored; a new reason is a new function in that tuple.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Max
from django.utils import timezone
from django.utils.formats import date_format

from members import ladder, ratifying
from members.models import Designation, GenderUnit, LiaisonRole, UnitMove, UnitPaper
from members.models.unit import GenderUnitQuerySet

VACANT_DAYS: Final = 30
"""A post of titular may be empty that long."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A unit on one day: its dependencia then, and those that it came from by renaming."""

    unit: int
    department: int
    formers: frozenset[int]
    opened_on: datetime.date

    @property
    def places(self) -> frozenset[int]:
        """Its dependencia under every name."""
        return self.formers | {self.department}


Source = Callable[[Sequence[Watched], datetime.date], Mapping[int, str]]


def of(units: GenderUnitQuerySet, day: datetime.date | None = None) -> dict[int, list[str]]:
    """Return the reasons of each unit at risk on ``day`` (today), by key; units without any are not there.

    ``units`` are those that stood that day. Six queries, whatever their number; one more when a government was closed since they were opened, and one for a
    day that is over.
    """
    when = day or timezone.localdate()
    watched = _watched(units.as_of(when), when)
    found: dict[int, list[str]] = defaultdict(list)
    for source in SOURCES if watched else ():
        for unit, sentence in source(watched, when).items():
            found[unit].append(sentence)
    return dict(found)


def at_risk() -> dict[int, list[str]]:
    """Return today's units at risk with their reasons."""
    return of(GenderUnit.objects.active())


def vacant(watched: Sequence[Watched], day: datetime.date) -> dict[int, str]:
    """Return those without enlace titular for more than 30 days."""
    held = Designation.objects.held().filter(role=LiaisonRole.HOLDER)
    places = frozenset[int]().union(*(row.places for row in watched))
    covered = set(
        held.as_of(day).filter(department__in=places).values_list("department", flat=True)
    )
    left = dict(
        held.filter(department__in=places, end__lte=day, end__gt=F("start"))
        .order_by()
        .values_list("department")
        .annotate(Max("end"))
    )
    found = {}
    for row in watched:
        if row.department in covered:
            continue
        since = max((left[key] for key in row.places if key in left), default=row.opened_on)
        days = (day - since).days
        if days > VACANT_DAYS:
            found[row.unit] = f"Sin enlace titular desde el {date_format(since)} ({days} días)."
    return found


def plan_over(watched: Sequence[Watched], day: datetime.date) -> dict[int, str]:
    """Return those whose last annual plan is over; one that never had a plan is not there."""
    ends = (
        UnitPaper.objects.plans()
        .as_of(day)
        .filter(unit__in=[row.unit for row in watched])
        .order_by()
        .values_list("unit")
        .annotate(last=Max("valid_until"))
    )
    return {
        unit: f"Su plan anual venció el {date_format(last)}." for unit, last in ends if last < day
    }


def unratified(watched: Sequence[Watched], day: datetime.date) -> dict[int, str]:
    """Return those that stood when the last closed government ended and that the next one has not ratified."""
    term = ratifying.last_closed(day)
    owing = [row.unit for row in watched if term is not None and row.opened_on <= term.last_day]
    if term is None or not owing:
        return {}
    done = ratifying.ratified(owing, term, day)
    words = f"Terminó el periodo de gobierno «{term}» sin ratificación."
    return {unit: words for unit in owing if unit not in done}


SOURCES: Final[tuple[Source, ...]] = (vacant, plan_over, unratified)


def _watched(units: GenderUnitQuerySet, day: datetime.date) -> list[Watched]:
    """Return the units with their dependencias of that day."""
    now = ladder.former_departments(day)
    formers: dict[int, set[int]] = defaultdict(set)
    moves = UnitMove.objects.filter(unit__in=units.values("pk"), day__lte=day).order_by()
    for unit, former in moves.values_list("unit", "former"):
        formers[unit].add(former)
    rows = units.order_by("pk").values_list("pk", "department_id", "opened_on")
    return [
        Watched(unit, now.get(unit, department), frozenset(formers[unit]), opened)
        for unit, department, opened in rows
    ]
