"""The áreas that the catalogue holds inside a dependencia."""

from django.db.models import QuerySet

from members import tree
from members.models import Department


def of(department: Department | None) -> QuerySet[Department]:
    """Return what exists today below a dependencia, at any depth, by name; without one, nothing."""
    if department is None:
        return Department.objects.none()
    below = tree.branch(department) - {department.pk}
    return Department.objects.current().filter(pk__in=below).order_by("name")
