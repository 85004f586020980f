"""The calendar by month, the feed of what is public, and her own."""

from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from members.models import ContentArea, Person
from red_genero.common.http import private_page
from trainings import feeds, subscribing
from trainings.forms.catalog import CalendarFilter
from trainings.models import CalendarFeed, Session
from trainings.models.session import SessionQuerySet
from trainings.months import Month

SITTINGS_PER_PAGE: Final = 60
PUBLIC_NAME: Final = "Formación de la Red de Género"
OWN_NAME: Final = "Mi formación en la Red de Género"
FIRST, LAST = Month(2000, 1), Month(2099, 12)


@login_not_required
@require_safe
def calendar(request: HttpRequest, month: str = "") -> HttpResponse:
    """The sittings of one month, day by day; this month when none is asked."""
    shown = Month.read(month) if month else Month.current()
    if shown is None:
        raise Http404
    form, sessions = _chosen(request)
    during = sessions.filter(starts_at__gte=shown.begins, starts_at__lt=shown.ends)
    listed = during.select_related("edition__course", "community").order_by("starts_at", "pk")
    query = _query(request, form)
    page = Paginator(listed, SITTINGS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filtered": any(form[name].data for name in form.fields),
        "crumbs": [{"label": "Formación", "url": reverse("trainings:course_list")}],
        "month": shown,
        "today": timezone.localdate(),
        "previous": shown.moved(-1) if shown > FIRST else None,
        "following": shown.moved(1) if shown < LAST else None,
        "days": [(day, list(rows)) for day, rows in groupby(page, lambda row: row.day)],
        "page_obj": page,
        "upcoming": None if page.object_list else _next(sessions, shown),
        "query": query,
        "feed": _addresses(reverse("trainings:calendar_feed") + query),
    }
    return render(request, "trainings/calendar.html", context, status=400 if form.errors else 200)


def _chosen(request: HttpRequest) -> tuple[CalendarFilter, SessionQuerySet]:
    """Return the filters and the sittings, held or cancelled, that anybody may read about."""
    form = CalendarFilter(request.GET, areas=list(ContentArea.objects.all()))
    sessions = Session.objects.public()
    if not form.is_valid():
        return form, sessions
    exact = {
        "edition__course__area": form.cleaned_data["area"],
        "edition__course__format": form.cleaned_data["formato"],
        "edition__mode": form.cleaned_data["modalidad"],
    }
    return form, sessions.filter(**{name: value for name, value in exact.items() if value})


def _next(sessions: SessionQuerySet, month: Month) -> tuple[Session, Month] | None:
    """Return the first sitting after an empty month, and its own month."""
    later = sessions.standing().filter(starts_at__gte=month.ends)
    found = later.select_related("edition__course").order_by("starts_at", "pk").first()
    return (found, Month.of(found.day)) if found else None


def _query(request: HttpRequest, form: CalendarFilter) -> str:
    """Return the filters in force as the end of an address."""
    if form.errors:
        return ""
    given = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return f"?{urlencode(given)}" if given else ""


def _addresses(path: str) -> dict[str, str]:
    """Return an address as it is copied and as calendar programs open it."""
    whole = f"{settings.PORTAL_URL}{path}"
    return {"url": whole, "webcal": f"webcal://{whole.partition('://')[2]}"}


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """What is public, for any calendar program; the filters are those of the page."""
    form, sessions = _chosen(request)
    if form.errors:
        return HttpResponse("Algún filtro no existe.", "text/plain; charset=utf-8", status=400)
    now = timezone.now()
    entries = feeds.public_entries(sessions, now)
    fresh = feeds.etag(entries)
    answer = get_conditional_response(request, etag=fresh)
    if answer is None:
        answer = _file(feeds.written(entries, name=PUBLIC_NAME, now=now))
        answer.headers["ETag"] = fresh
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(answer, public=True, max_age=900)
    return answer


@login_not_required
@require_safe
@private_page
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Her seats, to whoever knows the private address; any other address is unknown."""
    feed = CalendarFeed.objects.readable(token)
    if feed is None:
        raise Http404
    now = timezone.now()
    return _file(feeds.written(feeds.own_entries(feed.person, now), name=OWN_NAME, now=now))


def _file(content: bytes) -> HttpResponse:
    """Answer with a calendar file."""
    answer = HttpResponse(content, "text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="formacion.ics"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """Her private address, how to use it, and how to change or end it."""
    feed = CalendarFeed.objects.filter(person__user=request.user.pk).first()
    context: dict[str, Any] = {"feed": feed, "knows_her": feed is not None or _has_person(request)}
    if feed is not None:
        path = reverse("trainings:own_feed", args=[feed.token])
        context["address"] = _addresses(path)
    return render(request, "trainings/my_calendar.html", context)


@require_POST
def my_calendar_open(request: HttpRequest) -> HttpResponse:
    """Give her calendar its address; it keeps the one it has."""
    subscribing.open_feed(_person(request))
    messages.success(request, "Su calendario privado ya tiene dirección.")
    return redirect("trainings:my_calendar")


@require_POST
def my_calendar_renew(request: HttpRequest) -> HttpResponse:
    """Change the address: whoever knew the former one reads nothing more."""
    subscribing.renew(_person(request))
    messages.success(request, "La dirección cambió. La anterior ya no responde.")
    return redirect("trainings:my_calendar")


@require_POST
def my_calendar_end(request: HttpRequest) -> HttpResponseRedirect:
    """End the private calendar."""
    subscribing.end(_person(request))
    messages.success(request, "Su calendario privado ya no tiene dirección.")
    return redirect("trainings:my_calendar")


def _has_person(request: HttpRequest) -> bool:
    return Person.objects.filter(user=request.user.pk).exists()


def _person(request: HttpRequest) -> Person:
    """Return who signed in, as a person the portal knows."""
    person = Person.objects.filter(user=request.user.pk).first()
    if person is None:
        raise Http404
    return person
