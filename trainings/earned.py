"""What was earned in each dependencia: constancias in force on a day and their hours, where she worked when she enrolled."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from trainings.models import Certificate


@dataclass(slots=True)
class Earned:
    """The documents of one dependencia, and whose they are."""

    people: set[int]
    papers: int = 0
    hours: Decimal = Decimal(0)

    def add(self, other: "Earned") -> None:
        """Take in what was earned in another."""
        self.people |= other.people
        self.papers += other.papers
        self.hours += other.hours


def by_department(day: datetime.date, *, everybody: bool) -> dict[int, Earned]:
    """Return what stood when ``day`` ended, by dependencia; one query. Teaching is not learning.

    Without ``everybody``, what is of people hidden for safety is not counted.
    """
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    after = timezone.make_aware(midnight)
    standing = Q(ended_at__isnull=True) | Q(ended_at__gte=after)
    found = Certificate.objects.filter(
        standing, issued_at__lt=after, enrollment__department__isnull=False
    ).exclude(kind=Certificate.Kind.RECOGNITION)
    if not everybody:
        found = found.filter(person__hidden=False)
    earned: dict[int, Earned] = {}
    columns = ("enrollment__department", "person_id", "hours")
    for department, person, hours in found.order_by().values_list(*columns):
        earned.setdefault(department, Earned(set())).add(Earned({person}, 1, hours))
    return earned
