"""Whom and what a reorganisation touches, counted before it is pressed; nothing is written here."""

from collections.abc import Collection
from dataclasses import dataclass

from members.models import (
    Application,
    Assignment,
    ChangeRequest,
    Department,
    Designation,
    DesignationRequest,
    GenderUnit,
    TermTask,
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What hangs today from the dependencias that would change."""

    people: int
    below: int
    """People who work in its áreas: they change of tree, not of área."""
    designations: list[Designation]
    areas: list[Department]
    units: list[GenderUnit]
    letters: int
    papers: int
    tasks: int
    """What a change of government still asks of them."""


def of(departments: Collection[Department]) -> Reach:
    """Return it for several at once; eight queries, whatever their number."""
    keys = [department.pk for department in departments]
    areas = list(Department.objects.filter(parent__in=keys, valid_to__isnull=True))
    standing = Designation.objects.filter(department__in=keys, state__in=Designation.MOVES)
    asked = ChangeRequest.objects.filter(
        department__in=keys, state=ChangeRequest.State.ASKED
    ).count()
    return Reach(
        people=Assignment.objects.open().filter(department__in=keys).count(),
        below=Assignment.objects.open().filter(department__in=areas).count(),
        designations=list(standing.select_related("person", "department").order_by("pk")),
        areas=areas,
        units=list(GenderUnit.objects.active().filter(department__in=keys).order_by("pk")),
        letters=DesignationRequest.objects.waiting().filter(department__in=keys).count(),
        papers=asked + Application.objects.open().filter(department__in=keys).count(),
        tasks=TermTask.objects.unsettled().filter(department__in=keys).count(),
    )
