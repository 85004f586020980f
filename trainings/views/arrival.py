"""Who came without inscripción: written down at the door, linked and unlinked at the desk."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from members.http import account, refuse
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import arriving
from trainings.forms.attendance import LinkForm, MarksForm, UnlinkForm, WalkInForm
from trainings.http import coordinated_edition, desk_crumbs, note_reading, session_of
from trainings.models import Edition, WalkIn
from trainings.views.attendance import screen


@staff_page
@require_POST
def walk_in_add(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Write somebody down by name and mark her present."""
    edition = coordinated_edition(request, key)
    session = session_of(edition, number)
    form = WalkInForm(request.POST, closed=edition.state == Edition.State.CLOSED)
    if form.is_valid():
        try:
            arrival = arriving.capture(session, by=By.web(account(request)), **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            already = not arrival.marked.written
            said = "ya estaba en la lista" if already else "quedó en la lista como presente"
            messages.success(request, f"{arrival.walk_in.name}: {said}.")
            return redirect("trainings:attendance_capture", key=edition.key, number=number)
    return screen(request, session, MarksForm(), walk_in_form=form, status=422)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One person without inscripción: her marks, and the form that links her."""
    edition, held = _found(request, key, pk)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = arriving.link(
                held,
                form.cleaned_data["email"],
                by=By.web(account(request)),
                reason=form.cleaned_data["reason"],
                waived=form.cleaned_data["waived"],
                waiver_reason=form.cleaned_data["waiver_reason"],
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                f"Las marcas de {held.name} cuentan ahora en la inscripción de {seat.person}.",
            )
            return redirect("trainings:walk_in", key=edition.key, pk=pk)
    return _page(request, edition, held, form)


@staff_page
@require_POST
def walk_in_unlink(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Undo a link."""
    edition, held = _found(request, key, pk)
    form = UnlinkForm(request.POST)
    if form.is_valid():
        try:
            arriving.unlink(held, by=By.web(account(request)), reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "El vínculo se deshizo.")
            return redirect("trainings:walk_in", key=edition.key, pk=pk)
    return _page(request, edition, held, form)


@staff_page
@require_POST
def walk_in_forget(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take a name written by mistake off the list."""
    edition, held = _found(request, key, pk)
    try:
        arriving.forget(held, by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("trainings:walk_in", key=key, pk=pk)
    messages.success(request, f"{held.name} ya no está en la lista.")
    return redirect("trainings:attendance_capture", key=edition.key)


def _found(request: HttpRequest, key: str, pk: int) -> tuple[Edition, WalkIn]:
    edition = coordinated_edition(request, key)
    rows = edition.walk_ins.select_related("enrollment__person", "captured_by__person")
    return edition, get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, edition: Edition, held: WalkIn, form: LinkForm | UnlinkForm
) -> HttpResponse:
    """Draw the page; a form that was refused keeps what was typed."""
    linked = held.enrollment is not None
    fresh = UnlinkForm() if linked else LinkForm()
    shown = form if form.is_bound and isinstance(form, type(fresh)) else fresh
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "walk_in": held,
        "marks": held.marks.select_related("session", "recorded_by__person").order_by(
            "session__starts_at"
        ),
        "form": shown,
    }
    note_reading(
        request, edition, "Persona sin inscripción", purpose="Registrar la asistencia", rows=1
    )
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "trainings/walk_in.html", context, status=status)
