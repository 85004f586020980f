"""The municipal tree in memory: one query, whatever its depth."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from members.models import Department, DepartmentMove, Succession
from red_genero.common.text import sort_key

PRINTED: Final = 400
"""As many nodes as one page shows at once."""


@dataclass(slots=True)
class Line:
    """A dependencia in the printed tree: does a list open below it, how many close after it."""

    department: Department
    opens: bool = False
    closes: int = 0
    folded: int = 0
    """How many are below it and not printed: its own page tells them."""
    note: str = ""
    """What is said beside it, if anything."""

    @property
    def levels(self) -> range:
        """One step per list that closes."""
        return range(self.closes)


def lines(day: datetime.date | None = None) -> list[Line]:
    """Return the tree of ``day`` (today) in reading order, siblings by name; one query, two for another day.

    A node whose parent is closed, or that hangs from itself through others, stands at the top:
    nothing that exists is left out. A tree of more than ``PRINTED`` nodes is folded below the last level that fits;
    when not even the top fits, the top alone is printed, and all of it.
    """
    when = day or timezone.localdate()
    columns = ("key", "name", "verification", "parent")
    departments = by_name(Department.objects.as_of(when).only(*columns))
    known = {department.pk for department in departments}
    former = _former_parents(when)
    below: dict[int | None, list[Department]] = defaultdict(list)
    for department in departments:
        parent = former.get(department.pk, department.parent_id)
        below[parent if parent in known else None].append(department)
    printed: list[tuple[Department, int]] = []
    reached: set[int] = set()
    for root in [*below[None], *departments]:
        waiting = [(root, 0)]
        while waiting:
            department, depth = waiting.pop()
            if department.pk in reached:
                continue
            reached.add(department.pk)
            printed.append((department, depth))
            waiting += [(child, depth + 1) for child in reversed(below[department.pk])]
    shown, folded = _folded(printed)
    following = [depth for _, depth in shown[1:]] + [0]
    return [
        Line(department, after > depth, max(depth - after, 0), folded[department.pk])
        for (department, depth), after in zip(shown, following, strict=False)
    ]


def total(printed: Iterable[Line]) -> int:
    """Return how many there are, folded ones too."""
    return sum(1 + line.folded for line in printed)


def _folded(
    printed: list[tuple[Department, int]],
) -> tuple[list[tuple[Department, int]], Counter[int]]:
    """Return the nodes of the levels that fit, and how many each of the last ones keeps folded."""
    sizes = Counter(depth for _, depth in printed)
    deepest, sum_so_far = 0, sizes[0]
    while sizes[deepest + 1] and sum_so_far + sizes[deepest + 1] <= PRINTED:
        deepest += 1
        sum_so_far += sizes[deepest]
    shown: list[tuple[Department, int]] = []
    folded: Counter[int] = Counter()
    for department, depth in printed:
        if depth <= deepest:
            shown.append((department, depth))
        else:
            folded[shown[-1][0].pk] += 1
    return shown, folded


def by_name(departments: Iterable[Department]) -> list[Department]:
    """Return them in Spanish alphabetical order: accents ignored, ñ after n."""
    return sorted(departments, key=lambda department: sort_key(department.name))


def found(typed: str, day: datetime.date) -> list[int]:
    """Return the keys of the dependencias of ``day`` that hold the typed words, by name."""
    rows = Department.objects.as_of(day).search(typed).order_by().values_list("name", "pk")
    return [pk for _, pk in sorted(rows, key=lambda row: sort_key(row[0]))]


def branch(department: Department) -> set[int]:
    """Return the keys of a dependencia and of everything below it; one query."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for key, parent in Department.objects.values_list("pk", "parent_id"):
        below[parent].append(key)
    found: set[int] = set()
    waiting = [department.pk]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += below[key]
    return found


def path_to(department: Department) -> list[Department]:
    """Return those above a dependencia, from the top; one query per level."""
    above: list[Department] = []
    parent = department.parent
    while parent is not None and parent not in above and parent != department:
        above.insert(0, parent)
        parent = parent.parent
    return above


def parents_on(day: datetime.date) -> dict[int, int | None]:
    """Return from which each node hung on ``day``; two queries at most."""
    now = dict(Department.objects.order_by().values_list("pk", "parent_id"))
    return now | _former_parents(day)


def path_on(department: Department, day: datetime.date) -> list[Department]:
    """Return those above a dependencia on ``day``, from the top; the queries do not grow with its depth."""
    parents = parents_on(day)
    keys: list[int] = []
    above = parents.get(department.pk)
    while above is not None and above not in keys and above != department.pk:
        keys.insert(0, above)
        above = parents.get(above)
    found = Department.objects.in_bulk(keys)
    return [found[key] for key in keys]


def children_on(department: Department, day: datetime.date) -> list[Department]:
    """Return what hung from a dependencia on ``day``, by name."""
    moved = _former_parents(day)
    came = [key for key, parent in moved.items() if parent == department.pk]
    left = [key for key, parent in moved.items() if parent != department.pk]
    below = Q(pk__in=came) | (Q(parent=department) & ~Q(pk__in=left))
    return by_name(Department.objects.as_of(day).filter(below).select_related("kind"))


def with_above(keys: Iterable[int]) -> set[int]:
    """Return these nodes and all those above them, today; one query."""
    parents = dict(Department.objects.order_by().values_list("pk", "parent_id"))
    found: set[int] = set()
    for key in keys:
        at: int | None = key
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return found


def heirs() -> dict[int, int]:
    """Return the node of today in which each closed one lives on whole; one query.

    One that was divided is not there: what it did cannot be told apart among its parts, and stays its own.
    """
    links = Succession.objects.whole().order_by().values_list("former", "successor")
    passed = dict(links)
    found = {}
    for former, heir in passed.items():
        seen = {former}
        last = heir
        while last in passed and last not in seen:
            seen.add(last)
            last = passed[last]
        found[former] = last
    return found


def _former_parents(day: datetime.date) -> dict[int, int | None]:
    """Return the parents of ``day`` that changed after it; no query for today."""
    if day >= timezone.localdate():
        return {}
    later = DepartmentMove.objects.filter(day__gt=day).order_by("-day", "-pk")
    return dict(later.values_list("department", "former_parent"))
