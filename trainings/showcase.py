"""What the catalogue shows of each formación: its ediciones with their places, a few at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone

from resources.models import Resource, Visitor
from trainings import conditions
from trainings.models import Course, Edition, Enrollment, Places, Session

State = Edition.State
AHEAD_SHOWN: Final = 6
PAST_SHOWN: Final = 5
RELATED_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Offering:
    """An edición as lists show it: its seats in words."""

    edition: Edition
    places: Places
    seats: str
    open: bool


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course of the catalogue and its nearest edición, if it has one."""

    course: Course
    next: Offering | None


@dataclass(frozen=True, slots=True)
class Runs:
    """Some ediciones of one course; ``more`` is the key after which the others come."""

    ahead: list[Offering]
    more: str
    past: list[Edition]


def offerings(editions: Iterable[Edition]) -> list[Offering]:
    """Put the seats beside each edición; one query."""
    now = timezone.now()
    runs = list(editions)
    places = Enrollment.objects.places(runs)
    return [
        Offering(
            run,
            places[run.pk],
            conditions.seats_left(run, places[run.pk], now),
            run.takes_enrollments(now),
        )
        for run in runs
    ]


def cards(courses: Iterable[Course]) -> list[CourseCard]:
    """Put the nearest edición beside each course, an open one first; three queries."""
    listed = list(courses)
    nearest = _nearest(listed, timezone.now())
    runs = Edition.objects.filter(pk__in=filter(None, nearest.values()))
    by_course = {offering.edition.course_id: offering for offering in offerings(runs)}
    return [CourseCard(course, by_course.get(course.pk)) for course in listed]


def _nearest(courses: list[Course], now: datetime) -> dict[int, int | None]:
    """Return the id of the edición to show of each course; each is found by an index, without reading the others."""
    hers = Edition.objects.filter(course=OuterRef("pk")).order_by("starts_on", "pk")
    today = timezone.localdate(now)
    choices = (
        hers.open_for_enrollment(now),
        hers.filter(state=State.PUBLISHED, starts_on__gte=today),
        hers.filter(state=State.RUNNING, ends_on__gte=today),
    )
    found = Coalesce(*(Subquery(runs.values("pk")[:1]) for runs in choices))
    rows = Course.objects.filter(pk__in=[course.pk for course in courses]).order_by()
    return dict(rows.annotate(nearest=found).values_list("pk", "nearest"))


def runs_of(course: Course, *, after: str = "") -> Runs:
    """Return what the page of a course shows of its ediciones; three queries, however many there are.

    ``after`` is the key of the last edición already seen: the page goes on from it, with one query more.
    """
    last = course.editions.filter(key=after).first() if after else None
    runs = _shown(course, last)
    prefetch_related_objects(runs, "instructors")
    running = [run for run in runs if run.state == State.RUNNING]
    coming = [run for run in runs if run.state == State.PUBLISHED]
    past = [run for run in reversed(runs) if run.state in {State.CLOSED, State.CANCELLED}]
    ahead = coming[:AHEAD_SHOWN]
    more = ahead[-1].key if len(coming) > AHEAD_SHOWN else ""
    return Runs(offerings([*running, *ahead]), more, past[:PAST_SHOWN])


def coming(number: int) -> list[Edition]:
    """Return the public ediciones that have not ended, the nearest first; one query by the index of each state."""
    today = timezone.localdate()
    public = Edition.objects.public().order_by("starts_on", "pk")
    running = public.filter(state=State.RUNNING, ends_on__gte=today)
    ahead = public.filter(state=State.PUBLISHED, starts_on__gte=today)
    chosen = [
        Edition.objects.select_related("course")
        .filter(pk__in=runs.values("pk")[:number])
        .order_by()
        for runs in (running, ahead)
    ]
    found = chosen[0].union(chosen[1], all=True)
    return sorted(found, key=lambda run: (run.starts_on, run.pk))[:number]


def _shown(course: Course, last: Edition | None) -> list[Edition]:
    """Return the few of each state that may be shown, the first to begin first; one query by the index of each."""
    of_state = {state: course.editions.filter(state=state) for state in State}
    coming = of_state[State.PUBLISHED].order_by("starts_on", "pk")
    parts = []
    if last is not None:
        later = Q(starts_on__gt=last.starts_on) | Q(starts_on=last.starts_on, pk__gt=last.pk)
        coming = coming.filter(later, starts_on__gte=last.starts_on)
    else:
        parts = [
            of_state[State.RUNNING].order_by("starts_on", "pk")[:AHEAD_SHOWN],
            of_state[State.CLOSED].order_by("-starts_on", "-pk")[:PAST_SHOWN],
            of_state[State.CANCELLED].order_by("-starts_on", "-pk")[:PAST_SHOWN],
        ]
    chosen = [
        Edition.objects.filter(pk__in=part.values("pk"))
        for part in (coming[: AHEAD_SHOWN + 1], *parts)
    ]
    runs = list(chosen[0].order_by().union(*(part.order_by() for part in chosen[1:]), all=True))
    for run in runs:
        run.course = course
    return sorted(runs, key=lambda run: (run.starts_on, run.pk))


def related(course: Course) -> list[Course]:
    """Return other formaciones of the same área; one query."""
    others = Course.objects.published().filter(area=course.area_id).exclude(pk=course.pk)
    return list(others.order_by("key")[:RELATED_SHOWN])


def readings(course: Course, reader: Visitor) -> list[Resource]:
    """Return what the library holds for this formación, as far as ``reader`` may read it; one query."""
    listed = Resource.objects.listed_for(reader).filter(related_courses__course_key=course.key)
    return list(listed.select_related("topic").binding_first())


def teachers(runs: Runs) -> list[str]:
    """Return who teaches, once each: of the ediciones to come, or of the last ones."""
    shown = [offering.edition for offering in runs.ahead] or runs.past
    names = {instructor.name: None for run in shown for instructor in run.instructors.all()}
    return list(names)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session and the link that this person may see now."""

    session: Session
    link: str


def sittings(run: Edition, seat: Enrollment | None) -> list[Sitting]:
    """Return the sessions; the link only to who has a confirmed seat, from 24 h before."""
    now = timezone.now()
    confirmed = seat is not None and seat.state == Enrollment.State.CONFIRMED
    return [
        Sitting(session, session.link if confirmed and session.link_shows(now) else "")
        for session in run.sessions.select_related("community")
    ]
