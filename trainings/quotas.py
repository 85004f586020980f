"""Máximo por dependencia: which dependencia each seat counts for, and how many each one holds."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from members import tree
from members.models import Assignment, Department
from trainings.models import Edition, Enrollment


@dataclass(slots=True)
class Quota:
    """The seats of one edición by dependencia; every seat counts for exactly one.

    After a reorganisation a seat counts for what continues the dependencia where it was taken; if that was divided or
    closed, for where the person works today; if she works nowhere, for the closed one itself.
    """

    limit: int
    above: dict[int, int | None] = field(default_factory=dict)
    areas: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    heirs: dict[int, int] = field(default_factory=dict)
    works_in: dict[int, int] = field(default_factory=dict)
    """Where people whose dependencia closed without heir work today."""
    held: Counter[int] = field(default_factory=Counter)

    def add(self, department: int, person: int) -> None:
        """Count her seat for the dependencia of a node."""
        self.held[self._dependencia(department, person)] += 1

    def reached(self, department: int, person: int) -> bool:
        """Whether the dependencia of a node holds all that it may, for this person."""
        return self.held[self._dependencia(department, person)] >= self.limit

    def _dependencia(self, department: int, person: int) -> int:
        """Return the nearest node, upwards, that should have an enlace; without any, the node itself."""
        department = self.heirs.get(department, department)
        if department in self.closed:
            department = self.works_in.get(person, department)
        climbed, at = {department}, department
        while at in self.areas and (parent := self.above.get(at)) and parent not in climbed:
            climbed.add(parent)
            at = parent
        return at if at not in self.areas else department


def count(edition: Edition) -> Quota | None:
    """Return the seats held now, or None where dependencias have no limit; three queries, four after a division."""
    if edition.seats_per_department is None:
        return None
    quota = Quota(edition.seats_per_department, heirs=tree.heirs())
    today = timezone.localdate()
    nodes = Department.objects.order_by().values_list("pk", "parent", "expects_liaison", "valid_to")
    for pk, parent, has_post, last in nodes:
        quota.above[pk] = parent
        if not has_post:
            quota.areas.add(pk)
        if last is not None and last < today:
            quota.closed.add(pk)
    held = Enrollment.objects.filter(edition=edition).standing().exclude(department=None)
    seats = list(held.order_by().values_list("department", "person", "state"))
    stray = {person for node, person, _ in seats if quota.heirs.get(node, node) in quota.closed}
    if stray:
        posts = Assignment.objects.open().filter(person__in=stray)
        quota.works_in = dict(posts.order_by().values_list("person", "department"))
    for node, person, state in seats:
        if node is not None and state in Enrollment.HOLDING:
            quota.add(node, person)
    return quota
