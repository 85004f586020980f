"""The municipal tree in memory: one query, whatever its depth."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from members.models import Department
from red_genero.common.text import sort_key


@dataclass(slots=True)
class Line:
    """A dependencia in the printed tree: does a list open below it, how many close after it."""

    department: Department
    opens: bool = False
    closes: int = 0

    @property
    def levels(self) -> range:
        """One step per list that closes."""
        return range(self.closes)


def lines() -> list[Line]:
    """Return today's tree in reading order, siblings by name; one query, whatever its depth.

    A node whose parent is closed, or that hangs from itself through others, stands at the top:
    nothing that exists is left out.
    """
    departments = by_name(Department.objects.current().select_related("kind"))
    known = {department.pk for department in departments}
    below: dict[int | None, list[Department]] = defaultdict(list)
    for department in departments:
        below[department.parent_id if department.parent_id in known else None].append(department)
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
    following = [depth for _, depth in printed[1:]] + [0]
    return [
        Line(department, opens=after > depth, closes=max(depth - after, 0))
        for (department, depth), after in zip(printed, following, strict=False)
    ]


def by_name(departments: Iterable[Department]) -> list[Department]:
    """Return them in Spanish alphabetical order: accents ignored, ñ after n."""
    return sorted(departments, key=lambda department: sort_key(department.name))


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
