"""What the tests set on the stage: ediciones of real courses, the passing of time, the worker's turn."""

import datetime
from typing import Final

from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from members.models import User
from red_genero.common.states import By
from red_genero.common.worker import Worker
from trainings import scheduling
from trainings.models import Course, Edition, Session

PLACE: Final = "Sala de capacitación del Instituto"


def open_edition(
    course_key: str, *, coordinator: User, publisher: User, seats: int = 20
) -> Edition:
    """Publish an edición of a course of the catalogue that begins in twelve days, at 16:00."""
    course = Course.objects.get(key=course_key)
    first = timezone.localdate() + datetime.timedelta(days=12)
    opening = timezone.make_aware(datetime.datetime.combine(first, datetime.time(16)))
    edition = Edition(
        course=course,
        key=f"{course_key}-{first:%Y}-1",
        mode=course.mode,
        hours=course.hours,
        starts_on=first,
        ends_on=first + datetime.timedelta(days=7 * (course.sittings - 1)),
        seats=seats,
        enrollment_opens=timezone.now() - datetime.timedelta(days=1),
        enrollment_closes=opening - datetime.timedelta(days=1),
        cancel_until=opening - datetime.timedelta(days=2),
        minimum_attendance=course.minimum_attendance,
    )
    edition.full_clean()
    edition.save()
    edition.coordinators.add(coordinator)
    hours = course.hours / course.sittings
    for number in range(course.sittings):
        start = opening + datetime.timedelta(days=7 * number)
        Session.objects.create(
            edition=edition,
            number=number + 1,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=float(hours)),
            hours=hours,
            place=PLACE,
        )
    return scheduling.publish(edition, by=By.admin(publisher))


def let_it_be_held(edition: Edition) -> Edition:
    """Move the calendar of an edición back until its last sitting was yesterday."""
    back = edition.ends_on - timezone.localdate() + datetime.timedelta(days=1)
    edition.sessions.update(starts_at=F("starts_at") - back, ends_at=F("ends_at") - back)
    for name in ("starts_on", "ends_on", "enrollment_opens", "enrollment_closes", "cancel_until"):
        setattr(edition, name, getattr(edition, name) - back)
    edition.full_clean()
    edition.save()
    scheduling.states_from_clock()
    return Edition.objects.get(pk=edition.pk)


def let_the_worker_work() -> None:
    """Run every task that waits, as the worker process does."""
    autodiscover_modules("tasks")
    worker = Worker("pruebas")
    while worker.work():
        pass
