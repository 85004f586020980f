"""The municipal tree in memory: one query, whatever its depth."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from members.models import Department
from red_genero.common.text import sort_key


@dataclass(slots=True)
class Node:
    """A dependencia and those that belong to it."""

    department: Department
    children: list["Node"] = field(default_factory=list)


def forest() -> list[Node]:
    """Return today's roots with everything below them, siblings by name.

    A node whose parent is closed, or that hangs from itself through others, becomes a root: nothing
    that exists is left out.
    """
    departments = by_name(Department.objects.current().select_related("kind"))
    nodes = {department.pk: Node(department) for department in departments}
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parent = node.department.parent_id
        below[parent if parent in nodes else None].append(node)
    reached: set[int] = set()
    roots = [_grow(node, below, reached) for node in below[None]]
    roots.extend(
        _grow(node, below, reached) for node in nodes.values() if node.department.pk not in reached
    )
    return roots


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


def _grow(node: Node, below: dict[int | None, list[Node]], reached: set[int]) -> Node:
    """Hang from ``node`` what belongs to it, each dependencia once."""
    reached.add(node.department.pk)
    for child in below[node.department.pk]:
        if child.department.pk not in reached:
            node.children.append(_grow(child, below, reached))
    return node


def path_to(department: Department) -> list[Department]:
    """Return those above a dependencia, from the top; one query per level."""
    above: list[Department] = []
    parent = department.parent
    while parent is not None and parent not in above and parent != department:
        above.insert(0, parent)
        parent = parent.parent
    return above
