"""Capture: one screen per session, everybody present and then the exceptions."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.http import account
from red_genero.common import typed
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import attending, documents, tallying
from trainings.attending import Marked, SessionMarks
from trainings.forms.attendance import MarksForm
from trainings.http import coordinated_edition, desk_crumbs, note_reading, session_of
from trainings.models import Attendance, Edition, Enrollment, Session
from trainings.tallying import Tally

CHOICES = [*Attendance.Mark.choices, ("", "Sin marca")]
COUNTED = {
    Attendance.Mark.PRESENT: "presentes",
    Attendance.Mark.LATE: "con retardo",
    Attendance.Mark.ABSENT: "faltas",
    Attendance.Mark.EXCUSED: "justificadas",
    "": "sin marca",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the screen; ``stored`` is her mark in the database, ``chosen`` what the screen shows."""

    enrollment: Enrollment
    name: str
    stored: Attendance | None
    chosen: str
    own: bool
    tally: Tally
    note: str


@staff_page
@require_safe
def attendance_next(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to the session to capture now: the last one that began, else the first one."""
    edition = coordinated_edition(request, key)
    sessions = list(edition.sessions.held())
    if not sessions:
        messages.error(request, "La edición no tiene sesiones con asistencia por registrar.")
        return redirect("trainings:coordination_edition", key=edition.key)
    today = timezone.localdate()
    begun = [session for session in sessions if session.day <= today]
    session = begun[-1] if begun else sessions[0]
    return redirect("trainings:attendance_capture", key=edition.key, number=session.number)


@staff_page
@typed.keeps_typed("trainings:attendance_capture")
@require_http_methods(["GET", "HEAD", "POST"])
def attendance_capture(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The marks of one session; what somebody else changed meanwhile is reported, never overwritten."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    if request.method != "POST":
        return _screen(request, session, _kept(request))
    form = MarksForm(request.POST)
    if form.is_valid():
        try:
            done = attending.mark_many(
                session,
                form.changes,
                by=By.web(account(request)),
                origin=form.cleaned_data["origin"] or Attendance.Origin.SCREEN,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if done.conflicts:
                return _screen(request, session, MarksForm(), done, status=409)
            messages.success(request, _written(done.written))
            return redirect("trainings:attendance_capture", key=edition.key, number=number)
    return _screen(request, session, form, status=422)


@staff_page
@require_POST
def attendance_all_present(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """«Todas presentes»: mark whoever has no mark yet."""
    edition = coordinated_edition(request, key)
    try:
        done = attending.all_present(session_of(edition, number), by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _written(done.written))
    return redirect("trainings:attendance_capture", key=edition.key, number=number)


def _kept(request: HttpRequest) -> MarksForm:
    """Return the marks that she had chosen when her session ended, if it did."""
    kept = typed.take(request, request.path)
    form = MarksForm(kept)
    return form if kept is not None and form.is_valid() else MarksForm()


def _written(number: int) -> str:
    """Return how many marks were written, in words."""
    if not number:
        return "No había cambios por guardar."
    return "Se guardó 1 marca." if number == 1 else f"Se guardaron {number} marcas."


def _screen(
    request: HttpRequest,
    session: Session,
    form: MarksForm,
    done: Marked | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the screen; a refused delivery keeps what was chosen, a conflict shows what the database holds."""
    edition = session.edition
    now = SessionMarks(session)
    by = By.web(account(request))
    sums = tallying.tallies(edition)
    notes = {conflict.enrollment.pk: conflict.reason for conflict in done.conflicts} if done else {}
    changes = form.changes if form.is_bound else []
    chosen = {
        row.enrollment: row.mark for row in changes if row.seen == now.current(row.enrollment)
    }
    rows = [
        Row(
            enrollment,
            documents.listed_name(enrollment.person),
            now.marks.get(enrollment.pk),
            chosen.get(enrollment.pk, now.current(enrollment.pk)),
            attending.is_own(enrollment, by),
            sums[enrollment.pk],
            notes.get(enrollment.pk, ""),
        )
        for enrollment in documents.by_name(now.enrollments.values())
    ]
    purpose = "Registrar la asistencia"
    note_reading(request, edition, f"Captura ({session})", purpose=purpose, rows=len(rows))
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "session": session,
        "sessions": list(edition.sessions.held()),
        "form": form,
        "rows": rows,
        "choices": CHOICES,
        "refusal": attending.refusal(session),
        "closed": edition.state == Edition.State.CLOSED,
        "unmarked": sum(not row.stored and not row.own for row in rows),
        "counts": _counts(rows),
        "done": done,
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    return render(request, "trainings/attendance_capture.html", context, status=status)


def _counts(rows: list[Row]) -> list[tuple[str, int]]:
    """Return how many people have each mark in the database, in words."""
    return [
        (label, sum((row.stored.mark if row.stored else "") == value for row in rows))
        for value, label in COUNTED.items()
    ]
