"""Coverage: dependencias with an enlace titular ÷ dependencias that should have one, on any day, and their rung.

A past day is read as the portal knew it when that day ended: the tree from its history, the posts and the
evidence of the units from dates that no verb writes in the past. So the figure of a day that is over never changes.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Max, Min
from django.utils import timezone

from members import headcount, ladder, tree
from members.models import (
    Assignment,
    Department,
    DepartmentKind,
    Designation,
    Level,
    LiaisonRole,
    Member,
)
from red_genero.common import rings
from red_genero.common.disclosure import HIDDEN, suppressed
from red_genero.common.exports import Cell
from red_genero.common.text import sort_key

AGES: Final = (
    ("Hasta 30 días", 30),
    ("De 31 a 90 días", 90),
    ("De 91 días a un año", 365),
    ("Más de un año", 10**6),
)
NEVER: Final = "Sin enlace desde que se lleva el registro"
HEADER: Final = (
    "Dependencia",
    "Clave",
    "Tipo",
    "Depende de",
    "Peldaño",
    "Situación",
    "Vacante desde",
    "Días vacante",
    "Integrantes",
    "Nombre del peldaño",
    "Integrantes sumadas en",
)


@dataclass(frozen=True, slots=True)
class Post:
    """One dependencia that should have an enlace, and what it has."""

    department: Department
    kind: str
    parent: str
    held: bool
    alternate: bool
    vacant_since: datetime.date | None
    vacant_days: int | None
    members: int | None
    """Active integrantes; None when the number would point at people."""
    rung: int = 0
    """0 to 5, on the ladder of the Unidades de Género."""
    unit: int | None = None
    """The key of its unit that day, if it had one."""
    summed_in: str = ""
    """The dependencia of today in whose sum its integrantes are told, when that is another."""

    @property
    def rung_words(self) -> str:
        """The rung as it is read."""
        return ladder.WORDS[self.rung]

    @property
    def status(self) -> str:
        """``titular``, ``suplente`` (only the alternate) or ``vacante``."""
        if self.held:
            return "titular"
        return "suplente" if self.alternate else "vacante"

    @property
    def words(self) -> str:
        """The status as it is read."""
        return STATUS[self.status]

    def cells(self) -> tuple[Cell, ...]:
        """Return the row of a spreadsheet."""
        return (
            self.department.name,
            self.department.key,
            self.kind,
            self.parent,
            self.rung,
            self.words,
            self.vacant_since,
            self.vacant_days,
            HIDDEN if self.members is None else self.members,
            self.rung_words,
            self.summed_in,
        )


STATUS: Final = {"titular": "Con titular", "suplente": "Solo suplente", "vacante": "Sin enlace"}


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of a small table; ``value`` is None when it is kept back."""

    label: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the board says of one day."""

    day: datetime.date
    posts: list[Post]
    departments: list[Department]

    @property
    def expected(self) -> int:
        """Dependencias that should have an enlace."""
        return len(self.posts)

    @property
    def covered(self) -> int:
        """Dependencias with a titular."""
        return sum(post.held for post in self.posts)

    @property
    def only_alternate(self) -> int:
        """Dependencias where the suplente is alone; they do not count as covered."""
        return sum(post.status == "suplente" for post in self.posts)

    @property
    def vacant(self) -> int:
        """Dependencias without anybody."""
        return self.expected - self.covered - self.only_alternate

    @property
    def percent(self) -> float | None:
        """Coverage with one decimal, never rounded up to a whole 100; None when there is nothing to cover."""
        if not self.expected:
            return None
        return self.covered * 1000 // self.expected / 10

    def rungs(self) -> list[tuple[int, str, int]]:
        """Return how many dependencias stand on each rung: its number, its words, the count."""
        counted = Counter(post.rung for post in self.posts)
        return [(number, words, counted[number]) for number, words in ladder.WORDS.items()]

    def ages(self) -> list[Tally]:
        """Return how long the posts without titular have waited."""
        found: Counter[str] = Counter()
        for post in self.posts:
            if not post.held:
                days = post.vacant_days
                found[NEVER if days is None else next(n for n, top in AGES if days <= top)] += 1
        return [Tally(label, found[label]) for label in (*(name for name, _ in AGES), NEVER)]


ORDERS: Final[dict[str, Callable[[Post], tuple[object, ...]]]] = {
    "dependencia": lambda post: (sort_key(post.department.name),),
    "tipo": lambda post: (sort_key(post.kind), sort_key(post.department.name)),
    "peldano": lambda post: (post.rung, sort_key(post.department.name)),
    "situacion": lambda post: (
        list(STATUS).index(post.status),
        sort_key(post.department.name),
    ),
    "vacante": lambda post: (
        post.held,
        post.vacant_since or datetime.date.min,
        sort_key(post.department.name),
    ),
}


def read(
    day: datetime.date | None = None, *, exact: bool = False, summed: bool = False
) -> Coverage:
    """Return the coverage of ``day`` (today); ``exact`` keeps no small number of integrantes back.

    ``summed`` tells the integrantes of each together with those of every other that is one with it today.
    Six queries, whatever the number of dependencias; one more for a day that is over, two more for ``summed``.
    """
    when = day or timezone.localdate()
    departments = _tree(when)
    names = {department.pk: department.name for department in departments}
    kinds = DepartmentKind.objects.in_bulk()
    in_force = set(Designation.objects.as_of(when).values_list("department_id", "role"))
    left = _last_left(when)
    units = ladder.standings(when)
    expecting = [department for department in departments if department.expects_liaison]
    heirs = tree.heirs() if summed else {}
    shown = headcount.shown([row.pk for row in departments], when, exact=exact, heirs=heirs)
    heads = Department.objects.in_bulk(set(heirs.values())) if summed else {}
    posts = []
    for department in expecting:
        held = (department.pk, str(LiaisonRole.HOLDER)) in in_force
        since = None if held else left.get(department.pk)
        standing = units.get(department.pk)
        posts.append(
            Post(
                department=department,
                kind=kinds[department.kind_id].name,
                parent=names.get(department.parent_id or 0, ""),
                held=held,
                alternate=(department.pk, str(LiaisonRole.ALTERNATE)) in in_force,
                vacant_since=since,
                vacant_days=(when - since).days if since else None,
                members=shown[heirs.get(department.pk, department.pk)],
                rung=ladder.rung_of(standing, held=held),
                unit=standing.unit if standing else None,
                summed_in=heads[heirs[department.pk]].name if department.pk in heirs else "",
            )
        )
    return Coverage(day=when, posts=posts, departments=departments)


def ordered(posts: Iterable[Post], order: str) -> list[Post]:
    """Return the rows in the order of the URL: ``vacante``, or ``-vacante`` the other way round."""
    key = ORDERS.get(order.removeprefix("-"), ORDERS["dependencia"])
    return sorted(posts, key=key, reverse=order.startswith("-"))


def known_since() -> datetime.date | None:
    """Return the first day of which the portal knows the tree."""
    first = Department.history.aggregate(first=Min("history_date"))["first"]
    return timezone.localdate(first) if first else None


def levels() -> list[Tally]:
    """Return today's active integrantes by nivel, as the public may read them."""
    counted = dict(
        Assignment.objects.open()
        .filter(person__member__state=Member.State.ACTIVE)
        .order_by()
        .values_list("level")
        .annotate(Count("pk"))
    )
    cells = suppressed({str(level.label): counted.get(level.value, 0) for level in Level})
    return [Tally(label, value) for label, value in cells.items()]


def holders(day: datetime.date) -> dict[tuple[int, str], Designation]:
    """Return who held each post on ``day``, by dependencia and role; for whoever may read names."""
    found = Designation.objects.as_of(day).select_related("person")
    return {(designation.department_id, designation.role): designation for designation in found}


@dataclass(frozen=True, slots=True)
class Dot:
    """A dependencia in the drawing."""

    x: str
    y: str
    r: str
    half: str
    """Half of ``r``: the rung is drawn as a stroke that wide around it, so many fifths of a disc."""
    status: str
    rung: int
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The network of one day: dots by status and two paths of lines."""

    size: int
    left_out: int
    """Dependencias of deeper levels than fit; the table tells them."""
    dots: list[Dot]
    lines: str
    live_lines: str


def draw(coverage: Coverage) -> Drawing:
    """Return the tree with each dependencia filled as far as it climbed."""
    posts = {post.department.pk: post for post in coverage.posts}
    names = {department.pk: department.name for department in coverage.departments}
    parents = {row.pk: row.parent_id for row in coverage.departments}
    spots = rings.lay_out(rings.upper(parents))
    dots = []
    for spot in spots:
        post = posts.get(spot.key)
        status = post.status if post else "aparte"
        dots.append(
            Dot(
                spot.x,
                spot.y,
                spot.r,
                f"{float(spot.r) / 2:g}",
                status,
                post.rung if post else 0,
                f"{names[spot.key]}: {_told(post)}",
            )
        )
    live = {key for key, post in posts.items() if post.held}
    return Drawing(
        size=rings.SIZE,
        left_out=len(parents) - len(spots),
        dots=dots,
        lines="".join(spot.line for spot in spots if spot.key not in live),
        live_lines="".join(spot.line for spot in spots if spot.key in live),
    )


def _told(post: Post | None) -> str:
    """Return what a dot says when it is asked."""
    if post is None:
        return "No le corresponde enlace"
    if post.rung <= int(post.held):
        return post.words
    return f"{post.words}, peldaño {post.rung} ({post.rung_words.lower()})"


def _tree(day: datetime.date) -> list[Department]:
    """Return the dependencias of ``day``: today as they are, earlier as they stood when it ended."""
    today = timezone.localdate()
    if day >= today:
        return list(Department.objects.as_of(day).order_by("pk"))
    after = timezone.make_aware(
        datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    )
    last_instant = after - datetime.timedelta(microseconds=1)
    found: dict[int, Department] = {}
    for department in Department.history.as_of(last_instant):
        found.setdefault(department.pk, department)
    return [found[key] for key in sorted(found) if _existed(found[key], day)]


def _existed(department: Department, day: datetime.date) -> bool:
    begun = department.valid_from is None or department.valid_from <= day
    return begun and (department.valid_to is None or department.valid_to >= day)


def _last_left(day: datetime.date) -> dict[int, datetime.date]:
    """Return the last day on which each dependencia lost its titular, up to ``day``."""
    return dict(
        Designation.objects.held()
        .filter(role=LiaisonRole.HOLDER, end__lte=day, end__gt=F("start"))
        .order_by()
        .values_list("department_id")
        .annotate(Max("end"))
    )
