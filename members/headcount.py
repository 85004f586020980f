"""Integrantes of each dependencia on a day, alone or together with those that it continues; small numbers kept back."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils import timezone

from members.models import Assignment, Department, Member
from red_genero.common import disclosure


def integrantes(
    day: datetime.date, *, exact: bool = False, heirs: Mapping[int, int] | None = None
) -> dict[int, int | None]:
    """Return the integrantes of each node that existed on ``day``, kept back as in the board.

    The same numbers are kept back everywhere: what one page hides, no other gives away. With ``heirs``
    (``tree.heirs()``) they are told by the node of today in which each lives on.
    """
    keys = list(Department.objects.as_of(day).order_by().values_list("pk", flat=True))
    return shown(keys, day, exact=exact, heirs=heirs or {})


def shown(
    keys: Collection[int], day: datetime.date, *, exact: bool, heirs: Mapping[int, int]
) -> dict[int, int | None]:
    """Return the integrantes of these nodes; None where the number would point at people."""
    working = _people(day, everybody=exact)
    people = {key: working.get(key, frozenset()) for key in keys}
    together = disclosure.joined(people, heirs)
    if exact:
        told = set(together)
    elif heirs:
        told = disclosure.told_together(people, heirs)
    else:
        told = disclosure.told_alone(people)
    return {key: len(inside) if key in told else None for key, inside in together.items()}


def _people(day: datetime.date, *, everybody: bool) -> dict[int, frozenset[int]]:
    """Return who works in each: today the active integrantes, earlier those within an interval.

    Without ``everybody``, those hidden for safety are not there: no number gives them away.
    """
    if day >= timezone.localdate():
        found = Assignment.objects.open().filter(person__member__state=Member.State.ACTIVE)
    else:
        found = Assignment.objects.as_of(day).within_membership(day)
    if not everybody:
        found = found.filter(person__hidden=False)
    inside: defaultdict[int, set[int]] = defaultdict(set)
    for department, person in found.order_by().values_list("department_id", "person_id"):
        inside[department].add(person)
    return {department: frozenset(people) for department, people in inside.items()}
