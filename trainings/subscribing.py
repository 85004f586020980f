"""Her private calendar: to open it, to change its address, to end it."""

from django.db import transaction
from django.utils import timezone

from members.models import Person
from trainings.models import CalendarFeed
from trainings.models.feed import unguessable


def renew(person: Person) -> CalendarFeed:
    """Give her calendar a new address; the former one answers no more."""
    made, _ = CalendarFeed.objects.update_or_create(
        person=person, defaults={"token": unguessable(), "renewed_at": timezone.now()}
    )
    return made


def open_feed(person: Person) -> CalendarFeed:
    """Give her calendar an address if it has none; pressing again keeps it."""
    with transaction.atomic():
        return CalendarFeed.objects.get_or_create(person=person)[0]


def end(person: Person) -> None:
    """Take the address away; without one, nothing happens."""
    CalendarFeed.objects.filter(person=person).delete()
