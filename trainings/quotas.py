"""Máximo por dependencia: which dependencia each seat counts for, and how many each one holds."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from members.models import Department, Succession
from trainings.models import Edition, Enrollment


@dataclass(slots=True)
class Quota:
    """The seats of one edición by dependencia; every seat counts for exactly one."""

    limit: int
    above: dict[int, int | None] = field(default_factory=dict)
    areas: set[int] = field(default_factory=set)
    heirs: dict[int, int] = field(default_factory=dict)
    held: Counter[int] = field(default_factory=Counter)

    def add(self, department: int, seats: int = 1) -> None:
        """Count seats for the dependencia of a node."""
        self.held[self._dependencia(department)] += seats

    def reached(self, department: int) -> bool:
        """Whether the dependencia of a node holds all that it may."""
        return self.held[self._dependencia(department)] >= self.limit

    def _dependencia(self, department: int) -> int:
        """Return the nearest node, upwards, that should have an enlace; without any, the node itself."""
        node = self._today(department)
        climbed, at = {node}, node
        while at in self.areas and (parent := self.above.get(at)):
            parent = self._today(parent)
            if parent in climbed:
                break
            climbed.add(parent)
            at = parent
        return at if at not in self.areas else node

    def _today(self, department: int) -> int:
        """Return who continues a dependencia that was renamed or merged: a new name brings no new seats."""
        seen, at = {department}, department
        while (heir := self.heirs.get(at)) and heir not in seen:
            seen.add(heir)
            at = heir
        return at


def count(edition: Edition) -> Quota | None:
    """Return the seats held now, or None where dependencias have no limit; three queries.

    One that was divided is continued by several: its seats stay with the closed one.
    """
    if edition.seats_per_department is None:
        return None
    quota = Quota(edition.seats_per_department)
    nodes = Department.objects.order_by().values_list("pk", "parent", "expects_liaison")
    for pk, parent, has_post in nodes:
        quota.above[pk] = parent
        if not has_post:
            quota.areas.add(pk)
    heirs: dict[int, list[int]] = {}
    for former, heir in Succession.objects.order_by().values_list("former", "successor"):
        heirs.setdefault(former, []).append(heir)
    quota.heirs = {former: found[0] for former, found in heirs.items() if len(found) == 1}
    held = Enrollment.objects.filter(edition=edition).holding().exclude(department=None)
    for department, seats in held.order_by().values_list("department").annotate(Count("pk")):
        quota.add(department, seats)
    return quota
