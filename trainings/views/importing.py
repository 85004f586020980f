"""The import of marks: a file, what it would change row by row, and the press that writes all or nothing."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import spreadsheets
from members.http import account
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import importing_marks
from trainings.http import coordinated_edition, desk_crumbs, note_reading
from trainings.importing_marks import Sheet
from trainings.models import Attendance, Edition

LABELS: Final = dict(Attendance.Mark.choices)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def marks_import(request: HttpRequest, key: str) -> HttpResponse:
    """Show first what each row would change; on the second press write it."""
    edition = coordinated_edition(request, key)
    context: dict[str, Any] = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "columns": importing_marks.COLUMNS,
        "closed": edition.state == Edition.State.CLOSED,
        "sheet": None,
        "errors": [],
    }
    if request.method != "POST":
        return render(request, "trainings/marks_import.html", context)
    by = By.imported(account(request), "Hoja de asistencia")
    given = request.FILES.get("file")
    content = (
        given.read(spreadsheets.LARGEST + 1) if given else request.POST.get("content", "").encode()
    )
    try:
        sheet = Sheet(edition, given.name or "" if given else "hoja.csv", content, by=by)
        if "confirm" in request.POST:
            reason = request.POST.get("reason", "")[:500]
            written = importing_marks.load(sheet, by=by, reason=reason)
            said = "1 marca" if written == 1 else f"{written} marcas"
            messages.success(
                request, f"Se escribieron {said}." if written else "No había nada por cambiar."
            )
            return redirect("trainings:coordination_edition", key=edition.key)
    except ValidationError as refusal:
        context["errors"] = refusal.messages
        return render(request, "trainings/marks_import.html", context, status=422)
    return _preview(request, edition, sheet, context)


def _preview(
    request: HttpRequest, edition: Edition, sheet: Sheet, context: dict[str, Any]
) -> HttpResponse:
    lines = sheet.lines
    note_reading(
        request, edition, "Hoja de asistencia", purpose="Registrar la asistencia", rows=len(lines)
    )
    context |= {
        "sheet": sheet,
        "lines": [
            (line, LABELS.get(line.before, "Sin marca"), LABELS.get(line.after, ""))
            for line in lines
        ],
        "wrong": sum(bool(line.error) for line in lines),
        "changing": sum(line.changes for line in lines),
        "content": sheet.copy(),
    }
    status = 422 if context["wrong"] else 200
    return render(request, "trainings/marks_import.html", context, status=status)
