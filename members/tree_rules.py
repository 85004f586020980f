"""What may be done to the municipal tree, and on which days: the refusals of its verbs."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from members import tree
from members.models import Department, DepartmentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The document that reorganises and the first day on which it counts, today or before."""

    day: datetime.date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A dependencia that begins; what is not said is as in the one it continues."""

    name: str
    acronym: str = ""
    kind: DepartmentKind | None = None
    expects_liaison: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of those into which a dependencia is divided: who (keys of people) and which áreas go to it."""

    new: New
    people: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()


def check_parent(department: Department, parent: Department) -> None:
    """Refuse a tree that bites its tail."""
    if parent.pk in tree.branch(department):
        raise ValidationError(
            "No puede depender de sí misma ni de algo que depende de ella.", code="cycle"
        )


def check_closes(department: Department, order: Order) -> None:
    """Refuse what no longer exists, and days that cannot be."""
    if department.valid_to is not None:
        raise ValidationError(
            f"{department} ya se cerró el {date_format(department.valid_to)}.", code="closed"
        )
    if not order.source.strip():
        raise ValidationError("Escriba el documento que lo dispone.", code="source_missing")
    if order.day > timezone.localdate():
        raise ValidationError("Regístrela a partir del día en que empieza.", code="date_ahead")
    if department.valid_from and order.day <= department.valid_from:
        raise ValidationError(
            f"{department} existe desde el {date_format(department.valid_from)}: "
            "elija una fecha posterior.",
            code="date_before",
        )
    last = department.moves.order_by("-day").first()
    if last is not None and order.day < last.day:
        raise ValidationError(
            f"Su último cambio es del {date_format(last.day)}: elija ese día o uno posterior.",
            code="date_before",
        )


def check_receives(department: Department, order: Order | None) -> None:
    """Refuse to send anything to what does not exist."""
    day = order.day if order else timezone.localdate()
    if department.valid_to is not None or (department.valid_from and department.valid_from > day):
        raise ValidationError(
            f"{department} no existe en esa fecha. Elija otra.", code="department_closed"
        )


def check_merge(formers: list[Department], into: Department | New) -> None:
    """Refuse a merge of one, or of something into itself."""
    if isinstance(into, Department) and into.pk in {former.pk for former in formers}:
        raise ValidationError("No puede fusionarse consigo misma.", code="cycle")
    if isinstance(into, New) and len(formers) < 2:
        raise ValidationError(
            "Elija al menos otra dependencia. Si solo cambia de nombre, use «Renombrar».",
            code="needs_two",
        )


def check_parts(department: Department, parts: Sequence[Part]) -> None:
    """Refuse parts that share something, or that leave an área without place."""
    names = {one_line(part.new.name).casefold() for part in parts}
    if len(parts) < 2 or len(names) < len(parts):
        raise ValidationError("Escriba al menos dos nombres distintos.", code="needs_two")
    for chosen in ([part.people for part in parts], [part.areas for part in parts]):
        if sum(map(len, chosen)) != len(frozenset().union(*chosen)):
            raise ValidationError("Cada persona o área va a una sola parte.", code="chosen_twice")
    areas = {area.pk for area in areas_of(department)}
    if areas != frozenset().union(*(part.areas for part in parts)):
        raise ValidationError("Elija a qué parte va cada área vigente.", code="areas_left")


def areas_of(department: Department) -> list[Department]:
    """Return what hangs from it today."""
    return list(department.children.filter(valid_to__isnull=True).order_by("pk"))


def one_line(text: str) -> str:
    """Return a name in one line without outer spaces."""
    return " ".join(text.split())
