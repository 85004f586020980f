"""A tree laid out in rings around its best balanced node: places and lines, in time linear to its size."""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

SIZE: Final = 640
CENTRE: Final = SIZE / 2
RINGS: Final = (0.0, 118.0, 206.0, 268.0, 290.0)
RADII: Final = (12.0, 8.5, 6.5, 5.5, 5.0)
STAGGER: Final = 19.0
MOST: Final = 600
"""More dots than these are no drawing."""

Near = dict[int, list[int]]


class Spot(NamedTuple):
    """Where a node stands, as written in an SVG; ``line`` leads to it from the one before, if any."""

    key: int
    x: str
    y: str
    r: str
    line: str


class _Step(NamedTuple):
    """A node that waits to be placed inside its arc."""

    key: int
    before: int | None
    start: float
    width: float
    depth: int
    origin: tuple[float, float]


def lay_out(parents: Mapping[int, int | None]) -> list[Spot]:
    """Return a spot per node; loose trees share the circle, and a ring of parents is cut where it closes."""
    near = _neighbours(parents)
    waiting = set(near)
    roots: list[int] = []
    for key in sorted(near):
        if key in waiting:
            found = _walk(near, key)
            waiting -= {node for node, _ in found}
            roots.append(_middle(near, found))
    counts = [_ends(_walk(near, root)) for root in roots]
    share = 2 * math.pi / (sum(count[root] for count, root in zip(counts, roots, strict=True)) or 1)
    spots: list[Spot] = []
    start = -math.pi / 2
    for count, root in zip(counts, roots, strict=True):
        width = share * count[root]
        first = _Step(root, None, start, width, int(len(roots) > 1), (CENTRE, CENTRE))
        _place(near, count, first, spots)
        start += width
    return spots


def upper(parents: Mapping[int, int | None], most: int = MOST) -> dict[int, int | None]:
    """Return the nodes of the first levels, as many levels as ``most`` nodes allow; of the first, as many as fit."""
    if len(parents) <= most:
        return dict(parents)
    below: dict[int | None, list[int]] = {}
    for key, parent in parents.items():
        below.setdefault(parent if parent in parents else None, []).append(key)
    level = below.get(None, [])
    kept: dict[int, int | None] = {}
    while level and (not kept or len(kept) + len(level) <= most):
        kept.update({key: parents[key] for key in level[:most]})
        level = [child for key in level for child in below.get(key, []) if child not in kept]
    return kept


def _neighbours(parents: Mapping[int, int | None]) -> Near:
    """Return the tree without directions; a line that would close a ring is left out."""
    near: Near = {key: [] for key in parents}
    group: dict[int, int] = {key: key for key in parents}

    def top(key: int) -> int:
        while group[key] != key:
            group[key] = group[group[key]]
            key = group[key]
        return key

    for key, parent in parents.items():
        if parent is not None and parent in near and top(key) != top(parent):
            group[top(key)] = top(parent)
            near[parent].append(key)
            near[key].append(parent)
    return near


def _walk(near: Near, root: int) -> list[tuple[int, int | None]]:
    """Return every node of a tree with the one by which it is reached, nearest first."""
    found: list[tuple[int, int | None]] = [(root, None)]
    for key, before in found:
        found.extend((other, key) for other in near[key] if other != before)
    return found


def _ends(found: list[tuple[int, int | None]]) -> dict[int, int]:
    """Count the last nodes of the branch that begins in each node."""
    count: dict[int, int] = {key: 0 for key, _ in found}
    for key, before in reversed(found):
        count[key] = count[key] or 1
        if before is not None:
            count[before] += count[key]
    return count


def _middle(near: Near, found: list[tuple[int, int | None]]) -> int:
    """Return the node whose widest branch is the narrowest."""
    below = _ends(found)
    above: dict[int, int] = {found[0][0]: 0}
    for key, _ in found:
        children = [other for other in near[key] if other not in above]
        whole = sum(below[other] for other in children) + above[key]
        for other in children:
            above[other] = whole - below[other] or 1
    widest = {key: above[key] for key, _ in found}
    for key, before in found:
        if before is not None:
            widest[before] = max(widest[before], below[key])
    return min(sorted(widest), key=lambda key: widest[key])


def _place(near: Near, count: dict[int, int], first: _Step, spots: list[Spot]) -> None:
    """Place a node and its branch inside the arc that it was given, in reading order."""
    waiting = [first]
    while waiting:
        step = waiting.pop()
        ending = step.depth > 0 and len(near[step.key]) == 1
        ring = min(max(step.depth, 2) if ending else step.depth, len(RINGS) - 1)
        angle = step.start + step.width / 2
        stagger = STAGGER * (len(spots) % 3 - 1) if ring else 0.0
        x = CENTRE + (RINGS[ring] + stagger) * math.cos(angle)
        y = CENTRE + (RINGS[ring] + stagger) * math.sin(angle)
        line = ""
        if step.before is not None:
            line = f"M{step.origin[0]:.0f} {step.origin[1]:.0f} {x:.0f} {y:.0f}"
        spots.append(Spot(step.key, f"{x:.0f}", f"{y:.0f}", f"{RADII[ring]:.1f}", line))
        share = step.width / count[step.key]
        begins = step.start
        branches = []
        for other in near[step.key]:
            if other != step.before:
                wide = share * count[other]
                branches.append(_Step(other, step.key, begins, wide, step.depth + 1, (x, y)))
                begins += wide
        waiting += reversed(branches)
