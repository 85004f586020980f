"""The catalogue: what the Red teaches, each course, each edición."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from members.models import ContentArea
from trainings import conditions
from trainings.forms.catalog import CourseFilter
from trainings.models import Course, Edition, Enrollment, Places, Session

COURSES_PER_PAGE: Final = 12
PAST_SHOWN: Final = 5


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
class Sitting:
    """A session and the link that this person may see now."""

    session: Session
    link: str


@login_not_required
@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """The catalogue, filtered by URL."""
    areas = list(ContentArea.objects.all())
    form = CourseFilter(request.GET, areas=areas)
    courses = Course.objects.published().select_related("area")
    if form.is_valid():
        courses = courses.filtered(
            typed=form.cleaned_data["q"],
            area=form.cleaned_data["area"],
            format=form.cleaned_data["formato"],
            mode=form.cleaned_data["modalidad"],
            open_at=timezone.now() if form.cleaned_data["abierta"] else None,
        )
    page = Paginator(courses, COURSES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "areas": areas,
        "cards": _cards(list(page)),
        "page_obj": page,
        "filtered": any(form[name].data for name in form.fields),
    }
    return render(
        request, "trainings/course_list.html", context, status=400 if form.errors else 200
    )


@login_not_required
@require_safe
def course_detail(request: HttpRequest, course: str) -> HttpResponse:
    """What she will be able to do, what it takes, and when it is taught."""
    found = get_object_or_404(
        Course.objects.published()
        .select_related("area")
        .prefetch_related(_published("prerequisites"), _published("opens")),
        key=course,
    )
    runs = list(found.editions.public().order_by("starts_on", "pk"))
    ended = {Edition.State.CLOSED, Edition.State.CANCELLED}
    ahead = _offerings([run for run in runs if run.state not in ended])
    context = {
        "course": found,
        "crumbs": _crumbs(),
        "offerings": ahead,
        "past": [run for run in reversed(runs) if run.state in ended][:PAST_SHOWN],
        "next": next((offering for offering in ahead if offering.open), None),
    }
    return render(request, "trainings/course_detail.html", context)


@login_not_required
@require_safe
def edition_detail(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Sessions, place, conditions, seats left, and her own state."""
    run = get_object_or_404(
        Edition.objects.visible_to(request.user)
        .select_related("course__area")
        .prefetch_related("course__prerequisites", "instructors"),
        key=edition,
        course__key=course,
    )
    seat = Enrollment.objects.latest_of(run, request.user)
    offering = _offerings([run])[0]
    context = {
        "edition": run,
        "course": run.course,
        "crumbs": _crumbs(run.course),
        "offering": offering,
        "sittings": _sittings(run, seat),
        "conditions": [
            *conditions.before_the_press(run, list(run.course.prerequisites.all())),
            conditions.when_full(run),
        ],
        "enrollment": seat,
        "next_steps": conditions.what_next(seat) if seat else [],
        "full": not offering.places.free or bool(offering.places.waiting),
    }
    return render(request, "trainings/edition_detail.html", context)


def _published(name: str) -> Prefetch[str, Any, str]:
    """Only the courses that anybody may read about."""
    return Prefetch(name, queryset=Course.objects.published())


def _crumbs(course: Course | None = None) -> list[dict[str, str]]:
    """Return the way to the page."""
    found = [{"label": "Formación", "url": reverse("trainings:course_list")}]
    if course:
        url = reverse("trainings:course_detail", args=[course.key])
        found.append({"label": course.title, "url": url})
    return found


def _offerings(editions: list[Edition]) -> list[Offering]:
    """Put the seats beside each edición; one query."""
    now = timezone.now()
    places = Enrollment.objects.places(editions)
    return [
        Offering(
            run,
            places[run.pk],
            conditions.seats_left(run, places[run.pk], now),
            run.takes_enrollments(now),
        )
        for run in editions
    ]


def _cards(courses: list[Course]) -> list[CourseCard]:
    """Put the nearest edición beside each course; two queries."""
    nearest: dict[int, Offering] = {}
    by_course: dict[int, list[Offering]] = defaultdict(list)
    for offering in _offerings(list(Edition.objects.upcoming().filter(course__in=courses))):
        by_course[offering.edition.course_id].append(offering)
    for pk, offerings in by_course.items():
        nearest[pk] = next((each for each in offerings if each.open), offerings[0])
    return [CourseCard(course, nearest.get(course.pk)) for course in courses]


def _sittings(run: Edition, seat: Enrollment | None) -> list[Sitting]:
    """Return the sessions; the link only to who has a confirmed seat, from 24 h before."""
    now = timezone.now()
    confirmed = seat is not None and seat.state == Enrollment.State.CONFIRMED
    return [
        Sitting(session, session.link if confirmed and session.link_shows(now) else "")
        for session in run.sessions.select_related("community")
    ]
