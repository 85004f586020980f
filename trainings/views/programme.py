"""How far each person of a diplomado is with its modules, for whoever coordinates it."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from red_genero.common.http import staff_page
from trainings import documents, programmes
from trainings.http import coordinated_edition, desk_crumbs, note_reading

PEOPLE_PER_PAGE: Final = 50


@staff_page
@require_safe
def programme_progress(request: HttpRequest, key: str) -> HttpResponse:
    """People by modules, with what each still misses."""
    edition = coordinated_edition(request, key)
    seats = edition.enrollments.attending().select_related("person")
    ordered = seats.order_by("person__sort_name", "pk")
    page = Paginator(ordered, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    progress = programmes.progress_of(edition.course, [seat.person_id for seat in page])
    rows = [(documents.listed_name(seat.person), progress[seat.person_id]) for seat in page]
    note_reading(
        request, edition, "Avance por módulos", purpose="Coordinar el diplomado", rows=len(rows)
    )
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "modules": list(edition.course.modules.select_related("course")),
        "rows": rows,
        "page_obj": page,
    }
    return render(request, "trainings/programme_progress.html", context)
