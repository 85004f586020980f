"""The Red drawn as a network: every dependencia a node, filled where it has integrantes."""

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from members.models import Department

SIZE: Final = 640
CENTRE: Final = SIZE / 2
RINGS: Final = (0.0, 118.0, 206.0, 268.0, 290.0)
RADII: Final = (12.0, 8.5, 6.5, 5.5, 5.0)
STAGGER: Final = 19.0

Point = tuple[float, float]


class Node(NamedTuple):
    """One dependencia: coordinates and radius as written in the SVG."""

    x: str
    y: str
    r: str
    live: bool


@dataclass(slots=True)
class Network:
    """What ``site/_network.html`` draws: nodes, two paths of lines and their words."""

    size: int = SIZE
    nodes: list[Node] = field(default_factory=list)
    lines: str = ""
    live_lines: str = ""

    @property
    def live_count(self) -> int:
        """How many dependencias have integrantes."""
        return sum(node.live for node in self.nodes)

    @property
    def caption(self) -> str:
        """The drawing in words."""
        if not self.nodes:
            return "El directorio de dependencias se está cargando."
        with_members = self.live_count
        verb = "tiene" if with_members == 1 else "tienen"
        return (
            f"Cada punto es una dependencia o área del gobierno municipal. "
            f"{with_members} de {len(self.nodes)} ya {verb} integrantes."
        )

    @property
    def title(self) -> str:
        """The accessible name of the drawing."""
        return "Red de dependencias del Gobierno Municipal de Guadalajara"


class _Layout:
    """Places the tree in rings around its best balanced node, each branch as wide as its ends."""

    def __init__(self, parents: dict[int, int | None], live: set[int]) -> None:
        self.live = live
        self.near: dict[int, list[int]] = {pk: [] for pk in parents}
        for pk, parent in parents.items():
            if parent in self.near:
                self.near[parent].append(pk)
                self.near[pk].append(parent)
        self.network = Network()
        self.segments: tuple[list[str], list[str]] = ([], [])

    def ends(self, pk: int, seen_from: int | None) -> int:
        """Count the last nodes of a branch."""
        return sum(self.ends(other, pk) for other in self.near[pk] if other != seen_from) or 1

    def reach(self, start: int) -> set[int]:
        """Return every node of the tree that holds ``start``."""
        found, waiting = {start}, [start]
        while waiting:
            fresh = set(self.near[waiting.pop()]) - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def middle(self, tree: set[int]) -> int:
        """Return the node whose widest branch is the narrowest."""
        return min(
            sorted(tree),
            key=lambda pk: max((self.ends(other, pk) for other in self.near[pk]), default=0),
        )

    def place(self, pk: int, parent: int | None, arc: Point, depth: int, origin: Point) -> None:
        """Draw one node and its branch inside the arc (start, width) that it was given."""
        start, width = arc
        ending = depth > 0 and len(self.near[pk]) == 1
        ring = min(max(depth, 2) if ending else depth, len(RINGS) - 1)
        angle = start + width / 2
        stagger = STAGGER * (len(self.network.nodes) % 3 - 1) if ring else 0.0
        spot = (
            CENTRE + (RINGS[ring] + stagger) * math.cos(angle),
            CENTRE + (RINGS[ring] + stagger) * math.sin(angle),
        )
        live = pk in self.live
        if parent is not None:
            line = f"M{origin[0]:.0f} {origin[1]:.0f} {spot[0]:.0f} {spot[1]:.0f}"
            self.segments[live].append(line)
        self.network.nodes.append(
            Node(f"{spot[0]:.0f}", f"{spot[1]:.0f}", f"{RADII[ring]:.1f}", live)
        )
        share = width / self.ends(pk, parent)
        for other in self.near[pk]:
            if other != parent:
                wide = share * self.ends(other, pk)
                self.place(other, pk, (start, wide), depth + 1, spot)
                start += wide

    def draw(self) -> Network:
        """Return the finished drawing; loose trees share the circle."""
        trees, left = [], set(self.near)
        while left:
            trees.append(self.reach(min(left)))
            left -= trees[-1]
        roots = [self.middle(tree) for tree in trees]
        share = 2 * math.pi / (sum(self.ends(root, None) for root in roots) or 1)
        start = -math.pi / 2
        for root in roots:
            wide = share * self.ends(root, None)
            self.place(root, None, (start, wide), int(len(roots) > 1), (CENTRE, CENTRE))
            start += wide
        self.network.lines, self.network.live_lines = ("".join(part) for part in self.segments)
        return self.network


def draw() -> Network:
    """Return today's network, in two queries."""
    current = Department.objects.current()
    parents: dict[int, int | None] = dict(current.order_by("pk").values_list("pk", "parent_id"))
    live = set(current.with_active_members().values_list("pk", flat=True))
    return _Layout(parents, live).draw()
