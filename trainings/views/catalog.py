"""The catalogue: what the Red teaches, each course, each edición."""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from members.models import ContentArea, Person
from resources import care
from trainings import conditions, programmes, showcase
from trainings.forms.catalog import CourseFilter
from trainings.models import Course, Edition, Enrollment
from trainings.models.course import CourseQuerySet

COURSES_PER_PAGE: Final = 12


@login_not_required
@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """The catalogue, filtered by URL."""
    published = Count("courses", filter=Q(courses__published=True))
    areas = list(ContentArea.objects.annotate(number=published).order_by("order", "name"))
    form = CourseFilter(request.GET, areas=areas)
    courses = Course.objects.published().select_related("area")
    if form.is_valid():
        courses = _filtered(courses, form.cleaned_data)
    page = Paginator(courses, COURSES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "areas": areas,
        "cards": showcase.cards(page),
        "page_obj": page,
        "filtered": any(form[name].data for name in form.fields),
    }
    return render(
        request, "trainings/course_list.html", context, status=400 if form.errors else 200
    )


def _filtered(courses: CourseQuerySet, wanted: dict[str, Any]) -> CourseQuerySet:
    """Keep what the reader asked for."""
    found = courses.filtered(
        typed=wanted["q"],
        area=wanted["area"],
        format=wanted["formato"],
        mode=wanted["modalidad"],
    )
    if month := wanted["mes"]:
        found = found.taught_between(month.begins, month.ends)
    if wanted["abierta"]:
        found = found.open_at(timezone.now(), with_places=wanted["abierta"] == "cupo")
    return found


@login_not_required
@require_safe
def course_detail(request: HttpRequest, course: str) -> HttpResponse:
    """What she will be able to do, what it takes, and when it is taught."""
    found = get_object_or_404(
        Course.objects.published()
        .select_related("area")
        .with_care()
        .prefetch_related(_published("prerequisites"), _published("opens")),
        key=course,
    )
    runs = showcase.runs_of(found, after=request.GET.get("desde", ""))
    context = {
        "sensitive": found.careful,
        "course": found,
        "crumbs": _crumbs(),
        "offerings": runs.ahead,
        "past": runs.past,
        "more": runs.more,
        "next": next((offering for offering in runs.ahead if offering.open), None),
        "teachers": showcase.teachers(runs),
        "related": showcase.related(found),
        "readings": showcase.readings(found, request.user),
        **_modules(request, found),
    }
    response = render(request, "trainings/course_detail.html", care.with_exit(context))
    return care.kept_by_nobody(response, sensitive=found.careful)


def _modules(request: HttpRequest, course: Course) -> dict[str, Any]:
    """Return the modules of a diplomado, how far she is, and the diplomados that it belongs to."""
    signed_in = request.user.is_authenticated
    person = Person.objects.filter(user=request.user.pk).first() if signed_in else None
    progress = programmes.module_progress(course, person)
    cards = showcase.cards(step.module.course for step in progress.steps)
    return {
        "modules": [
            {"module": step.module, "step": step if progress.begun else None, "card": card}
            for step, card in zip(progress.steps, cards, strict=True)
        ],
        "progress": progress,
        "programmes": list(Course.objects.published().filter(modules__course=course)),
    }


@login_not_required
@require_safe
def edition_detail(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Sessions, place, conditions, seats left, and her own state."""
    run = get_object_or_404(
        Edition.objects.visible_to(request.user)
        .select_related("course__area")
        .with_care()
        .prefetch_related("course__prerequisites", "instructors"),
        key=edition,
        course__key=course,
    )
    seat = Enrollment.objects.latest_of(run, request.user)
    offering = showcase.offerings([run])[0]
    context = {
        "sensitive": run.careful,
        "edition": run,
        "course": run.course,
        "crumbs": _crumbs(run.course),
        "offering": offering,
        "sittings": showcase.sittings(run, seat),
        "conditions": [
            *conditions.before_the_press(run, list(run.course.prerequisites.all())),
            conditions.when_full(run),
        ],
        "enrollment": seat,
        "next_steps": conditions.what_next(seat) if seat else [],
        "full": not offering.places.free or bool(offering.places.waiting),
    }
    response = render(request, "trainings/edition_detail.html", care.with_exit(context))
    return care.kept_by_nobody(response, sensitive=run.careful)


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
