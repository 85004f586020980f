"""«Mi asistencia»: her marks and the sum in words, her code for the door, and the code of the room."""

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.http import account, refuse
from red_genero.common.states import By
from red_genero.documents.qr import qr_data_uri
from trainings import attending, checking_in, tallying
from trainings.forms.checking_in import RoomCodeForm
from trainings.models import Attendance, Edition, Enrollment, Session

WRONG: Final = 8
WINDOW: Final = 600
"""Wrong codes that one account may try in those seconds."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session as she reads it."""

    session: Session
    mark: Attendance | None
    hours: str
    counts: bool


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, course: str, edition: str) -> HttpResponse:
    """Show her marks; on POST register her with the code of the room."""
    editions = Edition.objects.visible_to(request.user).select_related("course")
    run = get_object_or_404(editions, key=edition, course__key=course)
    user = account(request)
    seat = Enrollment.objects.latest_of(run, user)
    if seat is None or seat.state not in Enrollment.ATTENDING:
        raise Http404
    sent = request.method == "POST"
    form = RoomCodeForm(request.POST if sent else None, initial={"code": request.GET.get("codigo")})
    status = 200
    if sent and form.is_valid():
        try:
            _refuse_guessing(user.pk)
            mark, already = checking_in.check_in(
                run, seat, form.cleaned_data["code"], by=By.web(user)
            )
        except ValidationError as refusal:
            status = _count_guess(user.pk, refusal)
            refuse(form, refusal)
        else:
            done = "ya estaba registrada" if already else "quedó registrada"
            shown = mark.get_mark_display().lower()
            messages.success(request, f"Su asistencia {done}: {shown}, {attending.clock(mark)}.")
            return redirect("trainings:check_in", course=course, edition=edition)
    elif sent:
        status = 422
    return render(request, "trainings/check_in.html", _context(run, seat, form), status=status)


def _context(run: Edition, seat: Enrollment, form: RoomCodeForm) -> dict[str, object]:
    marks = {row.session_id: row for row in seat.marks.all()}
    policy = tallying.Policy.of(run)
    seat.edition = run
    pass_address = reverse("trainings:attendance_pass", args=[run.key, seat.pk])
    keys = [run.course.key, run.key]
    return {
        "edition": run,
        "course": run.course,
        "seat": seat,
        "form": form,
        "open_session": checking_in.open_session(run, timezone.now()),
        "sittings": [
            _sitting(session, marks.get(session.pk), policy) for session in run.sessions.all()
        ],
        "tally": tallying.tally(seat),
        "pass": qr_data_uri(f"{settings.PORTAL_URL}{pass_address}"),
        "crumbs": [
            {"label": "Formación", "url": reverse("trainings:course_list")},
            {"label": run.course.title, "url": reverse("trainings:course_detail", args=keys[:1])},
            {"label": "Mi inscripción", "url": reverse("trainings:enrollment", args=keys)},
        ],
    }


def _sitting(session: Session, mark: Attendance | None, policy: tallying.Policy) -> Sitting:
    if mark is None or session.cancelled_at:
        return Sitting(session, mark, "", counts=not session.cancelled_at)
    credited = policy.credit(mark.mark) * Fraction(session.hours)
    return Sitting(session, mark, tallying.hours_text(credited), policy.counts(mark.mark))


def _key(user: int) -> str:
    return f"codigo-de-sala:{user}:{int(time.time()) // WINDOW}"


def _refuse_guessing(user: int) -> None:
    if int(cache.get(_key(user), 0)) >= WRONG:
        raise ValidationError(
            "Fueron demasiados intentos. Espere diez minutos o pida que le registren en la entrada.",
            code="too_many",
        )


def _count_guess(user: int, refusal: ValidationError) -> int:
    """Count a wrong code; return the status of the answer."""
    codes = {error.code for error in refusal.error_list}
    if "wrong_code" in codes:
        cache.set(_key(user), int(cache.get(_key(user), 0)) + 1, WINDOW)
        return 422
    return 429 if "too_many" in codes else 409
