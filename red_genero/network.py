"""The Red drawn as a network: every dependencia a node, filled where it has integrantes."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from members.models import Department

SIZE: Final = 640
CENTRE: Final = SIZE / 2
RINGS: Final = (0.0, 128.0, 212.0, 276.0, 304.0)
RADII: Final = (13.0, 8.0, 6.0, 5.0, 4.0)
STAGGER: Final = 15.0


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
    """Places a tree in rings: each branch takes an angle by the leaves that it has."""

    def __init__(self, parents: dict[int, int | None], live: set[int]) -> None:
        self.live = live
        self.children: dict[int | None, list[int]] = defaultdict(list)
        for pk, parent in parents.items():
            self.children[parent if parent in parents else None].append(pk)
        self.network = Network()
        self.segments: tuple[list[str], list[str]] = ([], [])

    def leaves(self, pk: int) -> int:
        """Count the ends of a branch."""
        return sum(self.leaves(child) for child in self.children[pk]) or 1

    def place(self, pk: int, start: float, width: float, depth: int, parent: tuple[float, float]) -> None:
        """Draw one node and its branch inside the angle that it was given."""
        ring = min(depth, len(RINGS) - 1)
        angle = start + width / 2
        odd = len(self.network.nodes) % 2
        radius = RINGS[ring] + (STAGGER if odd else -STAGGER) if ring else 0.0
        x, y = CENTRE + radius * math.cos(angle), CENTRE + radius * math.sin(angle)
        live = pk in self.live
        if depth:
            self.segments[live].append(f"M{parent[0]:.0f} {parent[1]:.0f} {x:.0f} {y:.0f}")
        self.network.nodes.append(Node(f"{x:.0f}", f"{y:.0f}", f"{RADII[ring]:.0f}", live))
        children = self.children[pk]
        share = width / self.leaves(pk)
        for child in children:
            wide = share * self.leaves(child)
            self.place(child, start, wide, depth + 1, (x, y))
            start += wide

    def draw(self) -> Network:
        """Return the finished drawing."""
        roots = self.children[None]
        depth = 0 if len(roots) == 1 else 1
        share = 2 * math.pi / (sum(self.leaves(root) for root in roots) or 1)
        start = -math.pi / 2
        for root in roots:
            wide = share * self.leaves(root)
            self.place(root, start, wide, depth, (CENTRE, CENTRE))
            start += wide
        self.network.lines, self.network.live_lines = ("".join(part) for part in self.segments)
        return self.network


def draw() -> Network:
    """Return today's network, in two queries."""
    current = Department.objects.current()
    parents = dict(current.order_by("pk").values_list("pk", "parent_id"))
    live = set(current.with_active_members().values_list("pk", flat=True))
    return _Layout(parents, live).draw()
