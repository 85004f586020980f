"""The Red drawn as a network: every dependencia a node, filled where it has integrantes."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from members.models import Department
from red_genero.common import rings

SIZE: Final = rings.SIZE


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
    total: int = 0
    live_count: int = 0
    nodes: list[Node] = field(default_factory=list)
    lines: str = ""
    live_lines: str = ""

    @property
    def caption(self) -> str:
        """The drawing in words."""
        if not self.nodes:
            return "El directorio de dependencias se está cargando."
        with_members = self.live_count
        verb = "tiene" if with_members == 1 else "tienen"
        return (
            f"Cada punto es una dependencia o área del gobierno municipal{self._folded}. "
            f"{with_members} de {self.total} ya {verb} integrantes."
        )

    @property
    def _folded(self) -> str:
        return "" if len(self.nodes) == self.total else ", hasta el nivel que cabe en el dibujo"

    @property
    def title(self) -> str:
        """The accessible name of the drawing."""
        return "Red de dependencias del Gobierno Municipal de Guadalajara"


def draw() -> Network:
    """Return today's network, in two queries."""
    current = Department.objects.current()
    parents: dict[int, int | None] = dict(current.order_by("pk").values_list("pk", "parent_id"))
    live = set(current.with_active_members().values_list("pk", flat=True))
    drawn = rings.upper(parents)
    spots = rings.lay_out(drawn)
    return Network(
        total=len(parents),
        live_count=len(live & parents.keys()),
        nodes=[Node(spot.x, spot.y, spot.r, spot.key in live) for spot in spots],
        lines="".join(spot.line for spot in spots if spot.key not in live),
        live_lines="".join(spot.line for spot in spots if spot.key in live),
    )
