"""The tree of the demonstration is reorganised as a new government would: ten renamed, five merged, three divided."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from members import reorganising
from members.models import Assignment, Department, Designation, DesignationRequest
from members.tree_rules import New, Order, Part
from red_genero.common.states import By
from red_genero.demo.people import account_of

RENAMED: Final = ("reclutamiento", "Oficina Municipal de Reclutamiento")
MERGED: Final = ("gaceta-municipal", "archivo-municipal")
RENAMES, MERGES, SPLITS = 10, 5, 3
LONGEST: Final = 120
"""Of a name to which words are added."""
SOURCE: Final = "Acuerdo inventado para la demostración"


def reorganise() -> None:
    """Press each verb as Validación would, with a document of two weeks ago."""
    staff = By.admin(account_of("validacion"))
    day = timezone.localdate() - datetime.timedelta(days=14)
    order = Order(day=day, source=SOURCE)
    key, name = RENAMED
    reorganising.rename(Department.objects.get(key=key), New(name=name), order=order, by=staff)
    former, heir = (Department.objects.get(key=key) for key in MERGED)
    reorganising.merge([former], heir, order=order, by=staff)
    free = _free()
    for pair in _pairs(free, MERGES - 1):
        union = " y ".join(department.name for department in pair)
        reorganising.merge(pair, New(name=union), order=order, by=staff)
        free = [row for row in free if row not in pair]
    for department in free[:SPLITS]:
        inside = Assignment.objects.open().filter(department=department)
        people = frozenset(inside.values_list("person", flat=True))
        parts = [
            Part(new=New(name=f"{department.name}: planeación"), people=people),
            Part(new=New(name=f"{department.name}: operación")),
        ]
        reorganising.split(department, parts, order=order, by=staff)
    for department in free[SPLITS : SPLITS + RENAMES - 1]:
        new = New(name=f"{department.name} de Guadalajara")
        reorganising.rename(department, new, order=order, by=staff)


def _free() -> list[Department]:
    """Return the dependencias without áreas, posts or letters, and not yet touched, in a fixed order."""
    busy = {
        *Designation.objects.values_list("department", flat=True),
        *DesignationRequest.objects.values_list("department", flat=True),
    }
    leaves = Department.objects.current().filter(children=None, valid_from=None, origins=None)
    found = leaves.exclude(pk__in=busy).exclude(parent=None).order_by("key")
    return [row for row in found if len(row.name) <= LONGEST]


def _pairs(free: list[Department], number: int) -> Iterator[list[Department]]:
    """Yield so many pairs of neighbours, of which at most one has people: nobody's desk is emptied."""
    manned = set(Assignment.objects.open().values_list("department", flat=True))
    near: dict[int | None, list[Department]] = defaultdict(list)
    for department in free:
        near[department.parent_id].append(department)
    done = 0
    for siblings in near.values():
        empty = [row for row in siblings if row.pk not in manned and len(row.name) <= LONGEST // 2]
        while len(empty) >= 2 and done < number:
            yield [empty.pop(0), empty.pop(0)]
            done += 1
