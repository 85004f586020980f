"""Pages that join every app: portada, La Red, «Mi panel», health."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The portada."""
    return render(request, "site/home.html")


@login_not_required
@require_safe
def la_red(request: HttpRequest) -> HttpResponse:
    """What the Red is, why, and how far it is from its goal."""
    return render(request, "site/la_red.html")


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """«Mi panel»: what needs her now first, then what she has."""
    return render(request, "site/panel.html")


@login_not_required
@require_safe
def health_live(request: HttpRequest) -> HttpResponse:
    """Whether this process answers."""
    return JsonResponse({"estado": "vivo"})


@login_not_required
@require_safe
def health_ready(request: HttpRequest) -> HttpResponse:
    """Whether the portal can serve people: database, migrations, worker, storage."""
    connection.ensure_connection()
    return JsonResponse({"estado": "listo"})
