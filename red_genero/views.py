"""Pages that join every app: portada, La Red, «Mi panel», health."""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members.forms.liaison import CoverageForm
from members.http import unreadable
from members.models import ContentArea, Institute, Member, PageText, User
from red_genero import department_figures, health, indicators, network
from red_genero.common.exports import csv_response
from red_genero.panel import compose
from red_genero.search import groups
from resources import care
from resources.models import HelpLine, Topic
from trainings import showcase

HOME_EDITIONS: Final = 3
HOME_TOPICS: Final = 4
LINES_PER_PAGE: Final = 50
TYPED_LENGTH: Final = 200
PLACES: Final = (
    ("Directorio", "members:department_list", "Las dependencias del gobierno municipal."),
    ("Formación", "trainings:course_list", "Cursos, talleres y conferencias de la Red."),
    ("Biblioteca", "resources:topic_list", "Leyes, protocolos, guías y datos por tema."),
)
LA_RED: Final = (
    "la-red-que-es",
    "la-red-por-que",
    "la-red-objetivos",
    "la-red-invitacion",
    "la-red-contenidos",
    "la-red-historia",
)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The portada."""
    context = {
        **_goal(),
        "network": network.draw(),
        "intro": PageText.objects.filter(slug="portada").first(),
        "editions": showcase.coming(HOME_EDITIONS),
        "topics": Topic.objects.order_by("order", "name")[:HOME_TOPICS],
        "help_lines": HelpLine.objects.published(),
    }
    return render(request, "site/home.html", context)


@login_not_required
@require_safe
def la_red(request: HttpRequest) -> HttpResponse:
    """What the Red is, why, and how far it is from its goal."""
    texts = {text.slug: text for text in PageText.objects.filter(slug__in=LA_RED)}
    context = {
        **_goal(),
        "intro": texts.get(LA_RED[0]),
        "sections": [texts[slug] for slug in LA_RED[1:] if slug in texts],
        "areas": ContentArea.objects.filter(crosscutting=False),
    }
    return render(request, "site/la_red.html", context)


def _goal() -> dict[str, Any]:
    """Return the Instituto, how many integrantes are active, the goal, and its date in words."""
    institute = Institute.current()
    day = institute.goal_date
    return {
        "institute": institute,
        "active_members": Member.objects.active().count(),
        "goal": institute.member_goal,
        "goal_note": f"La meta es para el {date_format(day)}." if day else "",
    }


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """«Mi panel»: what needs her now first, then what she has."""
    if not isinstance(request.user, User):
        raise Http404
    return render(request, "site/panel.html", compose(request.user))


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What every part of the portal holds with the typed words."""
    typed = request.GET.get("q", "").strip()[:TYPED_LENGTH]
    found = groups(typed, request.user)
    # Who finds nothing may have asked for help in words that the portal does not have.
    sensitive = any(group.sensitive for group in found) or bool(typed and not found)
    context = {"sensitive": sensitive, "typed": typed, "groups": found, "places": PLACES}
    response = render(request, "site/search.html", care.with_exit(context))
    return care.kept_by_nobody(response, sensitive=sensitive)


@login_not_required
@require_safe
def indicators_page(request: HttpRequest) -> HttpResponse:
    """The public figures of the Red."""
    context = {
        "indicators": indicators.read(),
        "smallest": indicators.SMALLEST_SHOWN,
        "hidden": indicators.HIDDEN,
    }
    return render(request, "site/indicators.html", context)


@login_not_required
@require_safe
def indicators_csv(request: HttpRequest) -> HttpResponse:
    """The same figures for a spreadsheet."""
    name = f"indicadores-red-de-genero-{timezone.localdate()}.csv"
    return csv_response(name, indicators.HEADER, indicators.read().rows())


@login_not_required
@require_safe
def department_figures_page(request: HttpRequest) -> HttpResponse:
    """Integrantes, constancias and hours by dependencia, of any day; ``clave`` leaves one alone."""
    form = CoverageForm(request.GET or None)
    day, summed = form.day(), form.summed()
    lines = _lines(request, form)
    context = {
        "form": form,
        "day": day,
        "is_today": day == timezone.localdate(),
        "summed": summed,
        "keeps": request.GET.get("clave", ""),
        "one": lines[0].department if request.GET.get("clave") and lines else None,
        "page_obj": Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page")),
        "smallest": indicators.SMALLEST_SHOWN,
        "hidden": indicators.HIDDEN,
    }
    status = 400 if form.errors else 200
    return render(request, "site/department_figures.html", context, status=status)


@login_not_required
@require_safe
def department_figures_csv(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet."""
    form = CoverageForm(request.GET or None)
    if form.errors:
        return unreadable(form)
    rows = [line.cells() for line in _lines(request, form)]
    name = f"dependencias-{form.day()}{'-sumadas' if form.summed() else ''}.csv"
    return csv_response(name, department_figures.HEADER, rows)


def _lines(request: HttpRequest, form: CoverageForm) -> list[department_figures.Line]:
    """Return what the URL asks for; whoever reads the members one by one reads every number."""
    exact = request.user.has_perm("members.view_member")
    lines = department_figures.read(form.day(), exact=exact, summed=form.summed())
    key = request.GET.get("clave", "")
    if not key:
        return lines
    found = [line for line in lines if line.holds(key)]
    if not found:
        raise Http404
    return found


@login_not_required
@require_safe
@never_cache
def health_live(request: HttpRequest) -> HttpResponse:
    """Whether this process answers."""
    return JsonResponse({"estado": "vivo"})


@login_not_required
@require_safe
@never_cache
def health_ready(request: HttpRequest) -> HttpResponse:
    """Whether the portal can serve people; 503 with the reasons when it cannot."""
    parts = health.examine()
    ready = all(answer == health.FINE for answer in parts.values())
    return JsonResponse(
        {"estado": "listo" if ready else "no listo", "partes": parts}, status=200 if ready else 503
    )
