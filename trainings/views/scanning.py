"""At the door: codes read with the camera or typed, and the code that the room shows."""

import re
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members.http import account, refuse
from members.models import Member
from red_genero.common.http import PERMISSIONS_POLICY, staff_page
from red_genero.common.states import By
from red_genero.common.text import fold
from red_genero.documents.qr import qr_data_uri
from trainings import attending, checking_in, documents
from trainings.forms.attendance import ROW, change_of
from trainings.forms.checking_in import ScanForm
from trainings.http import coordinated_edition, desk_crumbs, note_reading, session_of
from trainings.models import Attendance, Enrollment, Session
from trainings.rolls import SessionMarks
from trainings.views.attendance import session_now

IN_CODE: Final = re.compile(r"(?:#persona-|/pase/)(v?[0-9]{1,15})")
MOST_SHOWN: Final = 10


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def attendance_scan(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Register one person after another by her code; a second reading says so and changes nothing."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    form = ScanForm(request.POST if request.method == "POST" else None)
    found: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        found = candidates(session, form.cleaned_data["who"])
        if len(found) == 1:
            try:
                messages.success(request, _register(request, session, found[0][0]))
            except ValidationError as refusal:
                refuse(form, refusal)
            else:
                return redirect("trainings:attendance_scan", key=edition.key, number=number)
        elif not found:
            form.add_error("who", "Nadie de la lista tiene ese código, folio o nombre.")
    if found:
        note_reading(
            request,
            edition,
            "Búsqueda en la lista",
            purpose="Registrar la asistencia",
            rows=len(found),
        )
    context = {
        "edition": edition,
        "session": session,
        "crumbs": desk_crumbs(edition),
        "refusal": attending.refusal(session),
        "form": form,
        "found": found if len(found) > 1 else [],
    }
    status = 422 if form.is_bound and form.errors else 200
    answer = render(request, "trainings/attendance_scan.html", context, status=status)
    answer["Permissions-Policy"] = PERMISSIONS_POLICY.replace("camera=()", "camera=(self)")
    return answer


def candidates(session: Session, typed: str) -> list[tuple[str, str]]:
    """Return the rows (key and name) that a code, a folio or part of a name may mean."""
    now = SessionMarks(session)
    everybody = {
        str(pk): documents.listed_name(seat.person) for pk, seat in now.enrollments.items()
    }
    everybody |= {f"v{pk}": walk_in.name for pk, walk_in in now.walk_ins.items()}
    code = IN_CODE.search(typed)
    row = code.group(1) if code else typed.strip().lower()
    if ROW.fullmatch(row):
        return [(row, everybody[row])] if row in everybody else []
    member = Member.objects.filter(folio=typed.strip().upper()).first()
    if member:
        return [
            (str(pk), everybody[str(pk)])
            for pk, seat in now.enrollments.items()
            if seat.person_id == member.person_id
        ]
    words = fold(typed).split()
    hits = [
        (row, name)
        for row, name in everybody.items()
        if words and all(word in fold(name) for word in words)
    ]
    return sorted(hits, key=lambda hit: fold(hit[1]))[:MOST_SHOWN]


def _register(request: HttpRequest, session: Session, row: str) -> str:
    """Mark one row present unless it has a mark; return what to say."""
    asked = change_of(row, Attendance.Mark.PRESENT, "")
    now = SessionMarks(session)
    stored, somebody = now.stored(asked), now.somebody(asked)
    name = str(somebody.person) if isinstance(somebody, Enrollment) else str(somebody)
    if stored is None:
        by = By.web(account(request))
        done = attending.mark_many(session, [asked], by=by, origin=Attendance.Origin.QR)
        if done.conflicts:
            raise ValidationError(done.conflicts[0].reason, code="mark_refused")
        stored = SessionMarks(session).stored(asked)
        if done.written and stored:
            return f"{name}: presente, {attending.clock(stored)}."
    shown = stored.get_mark_display() if stored else ""
    return f"{name}: ya registrada {attending.clock(stored)} ({shown})." if stored else name


@staff_page
@require_safe
def attendance_pass(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Lead from the code of a person, read with any camera, to her row in today's session."""
    edition = coordinated_edition(request, key)
    seat = get_object_or_404(edition.enrollments.attending(), pk=pk)
    session = session_now(edition)
    if session is None:
        return redirect("trainings:coordination_edition", key=edition.key)
    page = reverse("trainings:attendance_capture", args=[edition.key, session.number])
    return redirect(f"{page}#persona-{seat.pk}")


@staff_page
@require_safe
def attendance_room(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The code of this minute in large letters, for the screen of the room."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    if not edition.self_check_in:
        raise Http404
    now = timezone.now()
    open_now = checking_in.open_session(edition, now)
    is_open = open_now is not None and open_now.pk == session.pk
    code = checking_in.code(session, now) if is_open else ""
    page = reverse("trainings:check_in", args=[edition.course.key, edition.key])
    context = {
        "edition": edition,
        "session": session,
        "crumbs": desk_crumbs(edition),
        "code": code,
        "qr": qr_data_uri(f"{settings.PORTAL_URL}{page}?codigo={code}") if code else "",
        "page": f"{settings.PORTAL_URL}{page}".split("://", 1)[-1],
        "left": checking_in.seconds_left(now),
        "registered": session.marks.count(),
    }
    return render(request, "trainings/attendance_room.html", context)
