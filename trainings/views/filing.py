"""Papers of a session: the signed list uploaded back, the justified absence with its proof, and their files."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from members.http import account, refuse
from red_genero.common import serving
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import attending, filing
from trainings.forms.papers import ExcuseForm, SignedListForm
from trainings.http import coordinated_edition, desk_crumbs, note_reading, session_of
from trainings.models import AttendancePaper

Kind = AttendancePaper.Kind


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def session_papers(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The signed lists of a session, and the form that adds one."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    sent = request.method == "POST"
    form = SignedListForm(request.POST, request.FILES) if sent else SignedListForm()
    if sent and form.is_valid():
        try:
            filing.keep_list(session, form.cleaned_data["file"], by=By.web(account(request)))
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "La lista firmada quedó guardada.")
            return redirect("trainings:session_papers", key=edition.key, number=number)
    context = {
        "edition": edition,
        "session": session,
        "crumbs": desk_crumbs(edition),
        "refusal": attending.refusal(session),
        "form": form,
        "papers": session.papers.filter(kind=Kind.SIGNED_LIST).select_related(
            "uploaded_by__person"
        ),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "trainings/session_papers.html", context, status=status)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request: HttpRequest, key: str, number: int, pk: int) -> HttpResponse:
    """Justify one absence: the reason in few words and, if there is one, its paper."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    seat = get_object_or_404(
        edition.enrollments.attending().select_related("person__user", "department"), pk=pk
    )
    stored = session.marks.filter(enrollment=seat).select_related("recorded_by__person").first()
    excused = stored is not None and stored.mark == stored.Mark.EXCUSED
    sent = request.method == "POST"
    form = ExcuseForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"reason": stored.reason if stored and excused else ""},
    )
    if sent and form.is_valid():
        try:
            filing.excuse(seat, session, by=By.web(account(request)), **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{seat.person}: falta justificada.")
            back = reverse("trainings:attendance_capture", args=[edition.key, number])
            return redirect(f"{back}#persona-{seat.pk}")
    note_reading(request, edition, "Justificante", purpose="Registrar la asistencia", rows=1)
    context = {
        "edition": edition,
        "session": session,
        "crumbs": desk_crumbs(edition),
        "seat": seat,
        "stored": stored,
        "papers": seat.papers.filter(session=session),
        "refusal": attending.refusal(session),
        "form": form,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "trainings/excuse.html", context, status=status)


@staff_page
@require_safe
def attendance_paper(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The file, as attachment, to whoever coordinates the edición; each reading is noted."""
    edition = coordinated_edition(request, key)
    papers = AttendancePaper.objects.filter(session__edition=edition)
    paper = get_object_or_404(papers, pk=pk)
    if not paper.file.name:
        raise Http404
    note_reading(
        request, edition, paper.get_kind_display(), purpose="Revisar la asistencia", rows=1
    )
    answer = serving.stored(
        request,
        paper.file.name,
        filename=paper.label,
        content_type=paper.content_type,
        fingerprint=paper.sha256,
    )
    return cast("HttpResponse", answer)
