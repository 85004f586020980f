"""The acta and the badges of an edición, as PDF."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from red_genero import documents as engine
from red_genero.common.http import staff_page
from trainings import records
from trainings.http import coordinated_edition, note_reading


@staff_page
@require_safe
def acta_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """The record of who attended, to be signed."""
    edition = coordinated_edition(request, key)
    document = records.acta(edition)
    answer = engine.response(document, document.filename, inline=True)
    people = edition.enrollments.attending().count() + edition.walk_ins.count()
    note_reading(request, edition, "Acta de asistencia", purpose="Cerrar la edición", rows=people)
    return answer


@staff_page
@require_safe
def badges_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """A badge for each person with a seat."""
    edition = coordinated_edition(request, key)
    document = records.badges(edition)
    answer = engine.response(document, document.filename, inline=True)
    people = edition.enrollments.attending().count()
    note_reading(request, edition, "Gafetes", purpose="Recibir a las personas", rows=people)
    return answer
