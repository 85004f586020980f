"""What coincides among the sessions ahead, for whoever coordinates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from red_genero.common.http import staff_page
from trainings import overlapping
from trainings.models import Edition


@staff_page
@require_safe
def overlap_list(request: HttpRequest) -> HttpResponse:
    """Places and facilitadoras that two sessions share, of the ediciones that this person coordinates."""
    may = ("trainings.coordinate_edition", "trainings.coordinate_every_edition")
    if not any(request.user.has_perm(permission) for permission in may):
        raise Http404
    mine = set(Edition.objects.visible_to_coordinator(request.user).values_list("pk", flat=True))
    context = {
        "crumbs": [{"label": "Coordinación", "url": reverse("trainings:coordination")}],
        "overlaps": [
            found.sentence(mine) for found in overlapping.overlaps() if found.touches(mine)
        ],
    }
    return render(request, "trainings/overlap_list.html", context)
