"""Surveys: she answers in the portal; who coordinates reads the figures that may be shown."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members.http import account
from red_genero.common import exports
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import survey_results, surveying
from trainings.forms.survey import SurveyForm
from trainings.http import coordinated_edition, desk_crumbs
from trainings.models import Edition, Enrollment, SurveyResponse

Moment = SurveyResponse.Moment


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, course: str, edition: str, moment: str) -> HttpResponse:
    """Ask on GET, keep her answers on POST; answered already, say so."""
    seat = _seat(request, course, edition)
    asked = surveying.questions_of(seat.edition, moment) if moment in Moment.values else None
    if asked is None:
        raise Http404
    done = seat.survey_marks.filter(moment=moment).exists()
    refusal = "" if done else surveying.refusal(seat, moment, timezone.now())
    posted = request.method == "POST"
    form = SurveyForm(request.POST if posted and not done else None, questions=asked)
    status = 409 if posted and refusal else 200
    if posted and not refusal and not done:
        if form.is_valid():
            try:
                surveying.answer(seat, moment, form.given, by=By.web(account(request)))
            except ValidationError as no:
                form.add_error(None, no)
            else:
                messages.success(request, "Gracias: sus respuestas quedaron guardadas.")
                return redirect("trainings:enrollment", course=course, edition=edition)
        status = 422
    window = surveying.window(seat.edition, moment)
    context = {
        "edition": seat.edition,
        "course": seat.edition.course,
        "crumbs": _crumbs(seat.edition),
        "moment": Moment(moment),
        "anonymous": moment == Moment.SATISFACTION,
        "required": seat.edition.final_survey_required and moment == Moment.AFTER,
        "form": form,
        "done": done,
        "refusal": refusal,
        "window": window,
        "over": window is not None and window.over(timezone.now()),
    }
    return render(request, "trainings/survey.html", context, status=status)


@staff_page
@require_safe
def survey_results_page(request: HttpRequest, key: str) -> HttpResponse:
    """The figures of an edición's surveys, once each has closed."""
    edition = coordinated_edition(request, key)
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "sections": survey_results.sections(edition),
        "gain": survey_results.gain(edition),
    }
    return render(request, "trainings/survey_results.html", context)


@staff_page
@require_safe
def survey_results_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The same figures as a file."""
    edition = coordinated_edition(request, key)
    header = ("Encuesta", "Pregunta", "Respuesta", "Cifra")
    return exports.csv_response(
        f"encuestas-{edition.key}.csv", header, survey_results.rows(edition)
    )


def _seat(request: HttpRequest, course: str, edition: str) -> Enrollment:
    """Return her newest inscripción in this edición, or answer that there is none."""
    found = Edition.objects.visible_to(request.user).select_related(
        "course", "knowledge_set", "satisfaction_set"
    )
    run = found.filter(key=edition, course__key=course).first()
    seat = Enrollment.objects.latest_of(run, request.user) if run else None
    if seat is None:
        raise Http404
    return seat


def _crumbs(edition: Edition) -> list[dict[str, str]]:
    keys = [edition.course.key, edition.key]
    return [
        {"label": "Formación", "url": reverse("trainings:course_list")},
        {
            "label": edition.course.title,
            "url": reverse("trainings:course_detail", args=keys[:1]),
        },
        {"label": "Mi inscripción", "url": reverse("trainings:enrollment", args=keys)},
    ]
