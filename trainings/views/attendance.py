"""Capture: one screen per session, everybody present and then the exceptions, saved as one goes."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.http import account
from red_genero.common import typed
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import attending, documents, tallying
from trainings.attending import Marked, SessionMarks
from trainings.forms.attendance import MarksForm, SentMarks, WalkInForm
from trainings.http import coordinated_edition, desk_crumbs, note_reading, session_of
from trainings.models import Attendance, AttendancePaper, Edition, Enrollment, Session, WalkIn
from trainings.rolls import Change
from trainings.tallying import Tally

CHOICES = [*Attendance.Mark.choices, ("", "Sin marca")]
KEYS = {"presente": "P", "retardo": "R", "falta": "F", "justificada": "J", "": "0"}
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

    key: str
    name: str
    about: str
    stored: Attendance | None
    chosen: str
    note: str
    own: bool = False
    enrollment: Enrollment | None = None
    tally: Tally | None = None
    walk_in: WalkIn | None = None
    proof: bool = False

    @property
    def said(self) -> str:
        """When and by whom it was written: «18:04 · Carmen Luna»."""
        return said(self.stored)


def said(mark: Attendance | None) -> str:
    """Return when and by whom a mark was written, or nothing."""
    return f"{attending.clock(mark)} · {mark.recorded_by}" if mark else ""


@staff_page
@require_safe
def attendance_next(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to the session to capture now: the last one that began, else the first one."""
    edition = coordinated_edition(request, key)
    session = session_now(edition)
    if session is None:
        messages.error(request, "La edición no tiene sesiones con asistencia por registrar.")
        return redirect("trainings:coordination_edition", key=edition.key)
    return redirect("trainings:attendance_capture", key=edition.key, number=session.number)


def session_now(edition: Edition) -> Session | None:
    """Return the last session that began, else the first one."""
    sessions = list(edition.sessions.held())
    begun = [session for session in sessions if session.day <= timezone.localdate()]
    return begun[-1] if begun else next(iter(sessions), None)


@staff_page
@typed.keeps_typed("trainings:attendance_capture")
@require_http_methods(["GET", "HEAD", "POST"])
def attendance_capture(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The marks of one session; what somebody else changed meanwhile is reported, never overwritten."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    if request.method != "POST":
        return screen(request, session, _kept(request))
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
                return screen(request, session, MarksForm(), done, status=409)
            messages.success(request, _written(done.written))
            return redirect("trainings:attendance_capture", key=edition.key, number=number)
    return screen(request, session, form, status=422)


@staff_page
@require_POST
def attendance_sync(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Marks that a device sends by itself, as JSON, perhaps late or twice; each one is answered with what stands."""
    session = session_of(coordinated_edition(request, key), number)
    try:
        sent = SentMarks.read(request.body)
        done = attending.mark_many(
            session, sent.changes, by=By.web(account(request)), origin=sent.origin
        )
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=409)
    except (ValueError, TypeError, KeyError, json.JSONDecodeError):
        return JsonResponse({"error": "El envío no se entiende. Actualice la página."}, status=422)
    reasons = {conflict.row: conflict.reason for conflict in done.conflicts}
    now = SessionMarks(session)
    return JsonResponse(
        {
            "marks": [
                {
                    **_answer(change, now, reasons.get(change.row, "")),
                    "written": change.row in done.rows,
                }
                for change in sent.changes
            ],
            "counts": [number for _, number in _counts(now)],
        }
    )


def _answer(change: Change, now: SessionMarks, reason: str) -> dict[str, Any]:
    """Return what stands now in the row of one change."""
    stored, somebody = now.stored(change), now.somebody(change)
    name = somebody.person if isinstance(somebody, Enrollment) else somebody
    return {
        "id": str(change.key),
        "row": change.row,
        "name": str(name or ""),
        "mark": stored.mark if stored else "",
        "label": stored.get_mark_display() if stored else "Sin marca",
        "said": said(stored),
        "reason": reason,
    }


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


@staff_page
@require_POST
def attendance_undo(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """«Deshacer»: take back what this person wrote last in the session."""
    edition = coordinated_edition(request, key)
    try:
        done = attending.undo(session_of(edition, number), by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        undone = "1 marca" if done.written == 1 else f"{done.written} marcas"
        messages.success(
            request, f"Se deshizo: {undone}." if done.written else "No hay nada por deshacer."
        )
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


def screen(
    request: HttpRequest,
    session: Session,
    form: MarksForm,
    done: Marked | None = None,
    *,
    walk_in_form: WalkInForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the screen; a refused delivery keeps what was chosen, a conflict shows what the database holds."""
    edition = session.edition
    now = SessionMarks(session)
    notes = {conflict.row: conflict.reason for conflict in done.conflicts} if done else {}
    changes = form.changes if form.is_bound else []
    chosen = {change.row: change.mark for change in changes if change.seen == now.current(change)}
    rows = _rows(session, now, chosen, notes, By.web(account(request)))
    purpose = "Registrar la asistencia"
    note_reading(request, edition, f"Captura ({session})", purpose=purpose, rows=len(rows))
    refusal = attending.refusal(session)
    closed = edition.state == Edition.State.CLOSED
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "session": session,
        "sessions": list(edition.sessions.held()),
        "form": form,
        "walk_in_form": walk_in_form or WalkInForm(closed=closed),
        "rows": rows,
        "choices": [(value, label, KEYS[value]) for value, label in CHOICES],
        "refusal": refusal,
        "closed": closed,
        "autosaves": not refusal and not closed,
        "unmarked": sum(not row.stored and not row.own and not row.walk_in for row in rows),
        "undoable": any(row.stored and row.stored.recorded_by == request.user for row in rows),
        "counts": _counts(now),
        "papers": session.papers.filter(kind=AttendancePaper.Kind.SIGNED_LIST).count(),
        "done": done,
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    return render(request, "trainings/attendance_capture.html", context, status=status)


def _rows(
    session: Session,
    now: SessionMarks,
    chosen: dict[str, str],
    notes: dict[str, str],
    by: By,
) -> list[Row]:
    """Return everybody of the roll: by name, then who came without inscripción."""
    sums = tallying.tallies(session.edition)
    proofs = set(
        session.papers.filter(enrollment__isnull=False).values_list("enrollment", flat=True)
    )
    rows = []
    for seat in documents.by_name(now.enrollments.values()):
        stored, key = now.marks.get(seat.pk), str(seat.pk)
        rows.append(
            Row(
                key,
                documents.listed_name(seat.person),
                str(seat.department or ""),
                stored,
                chosen.get(key, stored.mark if stored else ""),
                notes.get(key, ""),
                own=attending.is_own(seat, by),
                enrollment=seat,
                tally=sums[seat.pk],
                proof=seat.pk in proofs,
            )
        )
    for pk, walk_in in now.walk_ins.items():
        stored, key = now.walk_in_marks.get(pk), f"v{pk}"
        shown = chosen.get(key, stored.mark if stored else "")
        note = notes.get(key, "")
        rows.append(
            Row(key, walk_in.name, walk_in.department, stored, shown, note, walk_in=walk_in)
        )
    return rows


def _counts(now: SessionMarks) -> list[tuple[str, int]]:
    """Return how many people have each mark in the database, in words."""
    held = [row.mark for pk, row in now.marks.items() if pk in now.enrollments]
    held += [row.mark for pk, row in now.walk_in_marks.items() if pk in now.walk_ins]
    held += [""] * (len(now.enrollments) + len(now.walk_ins) - len(held))
    return [(label, held.count(value)) for value, label in COUNTED.items()]
