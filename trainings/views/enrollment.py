"""Her inscripción: the conditions before the press, the state after it, and her four buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from members.models import Person, User
from red_genero.common.models import Transition
from red_genero.common.states import By
from trainings import conditions, eligibility, enrolling, showcase
from trainings.eligibility import Reason
from trainings.forms.enrollment import EnrollmentForm
from trainings.models import Edition, Enrollment

NO_PERSON = Reason(
    "not_a_member",
    "La formación es para integrantes de la Red. Antes envíe su solicitud de ingreso.",
)
SAID = {
    Enrollment.State.CONFIRMED: "Su inscripción está confirmada.",
    Enrollment.State.WAITING: "Su nombre ya está en la lista de espera.",
    Enrollment.State.OFFERED: "Hay un lugar apartado para usted.",
    Enrollment.State.REQUESTED: "Recibimos su solicitud de inscripción.",
}
Verb = Callable[[Enrollment, By], Enrollment]


@require_http_methods(["GET", "HEAD", "POST"])
def enrollment(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Show the conditions or her state; enrol on POST."""
    run, user = _edition(request, course, edition), _account(request)
    person = Person.objects.select_related("user").filter(user=user).first()
    if request.method != "POST":
        return _page(request, run, person)
    form = EnrollmentForm(request.POST, asks_manager=run.manager_approval)
    if person is None or not form.is_valid():
        return _page(request, run, person, form=form, status=422 if form.errors else 409)
    try:
        made = enrolling.enrol(run, person, by=By.web(person.user or user), **form.cleaned_data)
    except ValidationError as refusal:
        return _page(request, run, person, form=form, refusal=refusal, status=409)
    messages.success(request, SAID.get(Enrollment.State(made.state), "Listo."))
    return HttpResponseRedirect(_address(run))


@require_POST
def enrollment_cancel(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Give up her seat or her place in the queue."""
    return _press(
        request,
        _edition(request, course, edition),
        lambda seat, by: enrolling.cancel(seat, by=by),
        "Su inscripción quedó cancelada.",
    )


@require_POST
def offer_accept(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Take the offered seat."""
    return _press(
        request,
        _edition(request, course, edition),
        lambda seat, by: enrolling.accept_offer(seat, by=by),
        "Aceptó el lugar: su inscripción está confirmada.",
    )


@require_POST
def offer_decline(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Leave the offered seat to the next person."""
    return _press(
        request,
        _edition(request, course, edition),
        lambda seat, by: enrolling.decline_offer(seat, by=by),
        "Declinó el lugar. Gracias por avisar: se ofrece a la siguiente persona.",
    )


def _press(request: HttpRequest, run: Edition, verb: Verb, said: str) -> HttpResponse:
    """Apply one verb to her newest inscripción in this edición."""
    user = _account(request)
    seat = Enrollment.objects.latest_of(run, user)
    if seat is None:
        raise Http404
    try:
        verb(seat, By.web(user))
    except ValidationError as refusal:
        return _page(request, run, seat.person, refusal=refusal, status=409)
    messages.success(request, said)
    return HttpResponseRedirect(_address(run))


def _page(
    request: HttpRequest,
    run: Edition,
    person: Person | None,
    *,
    form: EnrollmentForm | None = None,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of one edición and one person."""
    places = Enrollment.objects.places([run])[run.pk]
    button = conditions.button(run, places)
    asking = form or EnrollmentForm(asks_manager=run.manager_approval)
    asking.button = button
    context = {
        "edition": run,
        "course": run.course,
        "crumbs": _crumbs(run),
        "places": places,
        "form": asking,
        "refusals": refusal.messages if refusal else [],
        "conditions": conditions.before_the_press(run, list(run.course.prerequisites.all())),
        "when_full": conditions.when_full(run),
        "seats": conditions.seats_left(run, places, timezone.now()),
        **_hers(run, person, _account(request)),
    }
    return render(request, "trainings/enrollment.html", context, status=status)


def _hers(run: Edition, person: Person | None, user: User) -> dict[str, Any]:
    """Return what concerns this person: her seat, or the reasons why she cannot have one."""
    if person is None:
        return {
            "enrollment": None,
            "standing": False,
            "sittings": [],
            "reasons": [NO_PERSON],
            "notes": [],
        }
    seat = Enrollment.objects.latest_of(run, user)
    standing = seat is not None and (seat.is_open or seat.holds_seat)
    found = [] if standing else eligibility.reasons(run, person)
    clashes = eligibility.overlaps(run, person)
    return {
        "enrollment": seat,
        "standing": standing,
        "sittings": showcase.sittings(run, seat),
        "reasons": [reason for reason in found if not reason.waits],
        "notes": [str(reason) for reason in found if reason.waits] + clashes,
        "next_steps": conditions.what_next(seat) if seat else [],
        "can_cancel": seat is not None and enrolling.may_cancel(seat, timezone.now()),
        "timeline": _timeline(seat),
    }


def _timeline(seat: Enrollment | None) -> list[dict[str, Any]]:
    """Return the steps of her inscripción and of those she was moved from; never who else took part."""
    found: list[dict[str, Any]] = []
    while seat is not None:
        found += [
            {
                "what": Enrollment.State(line.to_state).label,
                "when": line.at,
                "who": "",
                "why": line.reason,
            }
            for line in reversed(Transition.objects.about(seat))
        ]
        seat = seat.moved_from
    return found


def _edition(request: HttpRequest, course: str, edition: str) -> Edition:
    """Return the edición if this person may read about it."""
    return get_object_or_404(
        Edition.objects.visible_to(request.user)
        .select_related("course__area")
        .prefetch_related("course__prerequisites"),
        key=edition,
        course__key=course,
    )


def _account(request: HttpRequest) -> User:
    """Return who signed in; the login middleware has let nobody else pass."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _address(run: Edition) -> str:
    return reverse("trainings:enrollment", args=[run.course.key, run.key])


def _crumbs(run: Edition) -> list[dict[str, str]]:
    keys = [run.course.key, run.key]
    return [
        {"label": "Formación", "url": reverse("trainings:course_list")},
        {"label": run.course.title, "url": reverse("trainings:course_detail", args=keys[:1])},
        {"label": run.dates.capitalize(), "url": reverse("trainings:edition_detail", args=keys)},
    ]
