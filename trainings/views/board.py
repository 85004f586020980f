"""The verbs of the board: on the marked people, on one more person, on several proposed, on a group."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.http import account
from red_genero.common.exports import csv_response
from red_genero.common.http import staff_page
from red_genero.common.states import By
from trainings import approving, enrolling, messaging, moving, nominating
from trainings.boards import HEADER, Board
from trainings.forms.desk import (
    EnrolForm,
    GroupMessageForm,
    HowApprovedForm,
    MoveForm,
    NominateForm,
    SeatsForm,
    SendForm,
    WhyForm,
)
from trainings.http import coordinated_edition, desk_crumbs, note_reading
from trainings.models import Edition, Enrollment, Waiver
from trainings.models.group_message import new_press

WRITING: Final = ("Enviar un aviso a un grupo", "Ver antes de enviar")
ENROLLING: Final = ("Inscribir a una persona", "Inscribir")
NOMINATING: Final = ("Proponer a varias personas", "Registrar propuestas")
Apply = Callable[[Enrollment, By, dict[str, Any]], Enrollment]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with the marked people: its words, what it asks, its verb."""

    title: str
    note: str
    button: str
    form: type[WhyForm]
    apply: Apply
    style: str = "primary"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one person."""

    name: str
    done: bool
    text: str


def _move(seat: Enrollment, by: By, data: dict[str, Any]) -> Enrollment:
    return moving.move(
        seat,
        data["target"],
        by=by,
        reason=data["reason"],
        may_wait=data["may_wait"],
        waived=[Waiver.WINDOW] if data["past_window"] else [],
    )


ACTS: Final[dict[str, Act]] = {
    "visto-bueno": Act(
        "Registrar visto bueno",
        "Su jefatura dio el visto bueno por otra vía. Cada persona toma un lugar libre o entra a la lista de espera.",
        "Registrar visto bueno",
        HowApprovedForm,
        lambda seat, by, data: approving.approve_request(seat, by=by, reason=data["reason"]),
    ),
    "no-aprobar": Act(
        "Registrar que no se aprobó",
        "Su jefatura no dio el visto bueno. Se avisa a cada persona con el motivo.",
        "Registrar que no se aprobó",
        WhyForm,
        lambda seat, by, data: approving.refuse_request(seat, by=by, reason=data["reason"]),
        "danger",
    ),
    "cancelar": Act(
        "Cancelar inscripciones",
        "Los lugares que se liberen se ofrecen enseguida a la lista de espera. Se avisa a cada persona con el motivo.",
        "Cancelar inscripciones",
        WhyForm,
        lambda seat, by, data: enrolling.cancel(seat, by=by, reason=data["reason"]),
        "danger",
    ),
    "retirar-propuesta": Act(
        "Retirar propuestas",
        "Solo las que la persona no ha aceptado. Los lugares apartados se ofrecen a la lista de espera.",
        "Retirar propuestas",
        WhyForm,
        lambda seat, by, data: nominating.withdraw(seat, by=by, reason=data["reason"]),
        "danger",
    ),
    "mover": Act(
        "Mover a otra edición",
        "Conservan su historia y lo que pidieron; se revisan las condiciones de la edición de destino y se avisa una vez a cada persona.",
        "Mover",
        MoveForm,
        _move,
    ),
}


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def seats_act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Ask about the marked people; on POST apply the verb to each and say what happened to each."""
    edition = coordinated_edition(request, key)
    doing = ACTS.get(act)
    if doing is None:
        raise Http404
    sent = request.method == "POST"
    marked = SeatsForm(request.POST if sent else request.GET, edition=edition, whole=not sent)
    if not marked.is_valid():
        messages.error(request, marked.said)
        return redirect("trainings:coordination_edition", key=edition.key)
    seats = marked.seats
    form = _act_form(request, doing, seats, sent=sent)
    results: list[Outcome] = []
    if sent and form.is_valid():
        by = By.web(account(request))
        results = [_outcome(doing, seat, by, form.cleaned_data) for seat in seats]
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "act": doing,
        "seats": seats,
        "marked": marked,
        "form": form,
        "results": results,
        "done": sum(result.done for result in results),
    }
    note_reading(request, edition, doing.title, purpose="Coordinar la edición", rows=len(seats))
    status = 422 if sent and form.errors else 200
    return render(request, "trainings/seats_act.html", context, status=status)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_person(request: HttpRequest, key: str) -> HttpResponse:
    """Enrol one person, with what is waived and why."""
    edition = coordinated_edition(request, key)
    form = EnrolForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = enrolling.enrol(
                edition,
                form.cleaned_data["email"],
                by=By.web(account(request)),
                manager_email=form.cleaned_data["manager_email"],
                waived=form.cleaned_data["waived"],
                waiver_reason=form.cleaned_data["waiver_reason"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, f"{seat.person}: {seat.get_state_display().lower()}.")
            return redirect("trainings:coordination_edition", key=edition.key)
    return _desk_form(request, edition, form, ENROLLING)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request: HttpRequest, key: str) -> HttpResponse:
    """Put several people forward at once; each one decides on her own page."""
    edition = coordinated_edition(request, key)
    form = NominateForm(request.POST if request.method == "POST" else None)
    results: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        by = By.web(account(request))
        found = nominating.nominate(
            edition, form.cleaned_data["emails"], by=by, reason=form.cleaned_data["reason"]
        )
        results = [_nominated(result) for result in found]
    return _desk_form(request, edition, form, NOMINATING, results)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def group_message(request: HttpRequest, key: str) -> HttpResponse:
    """Write a message to a group; on POST show how it will look and to how many it goes."""
    edition = coordinated_edition(request, key)
    form = GroupMessageForm(request.POST if request.method == "POST" else None)
    correcting = "corregir" in request.GET
    if request.method != "POST" or correcting or not form.is_valid():
        return _desk_form(request, edition, form, WRITING)
    return _preview(request, edition, form.cleaned_data)


@staff_page
@require_POST
def group_message_send(request: HttpRequest, key: str) -> HttpResponse:
    """Send what was seen, once."""
    edition = coordinated_edition(request, key)
    seen = SendForm(request.POST)
    if not seen.is_valid():
        form = GroupMessageForm(request.POST)
        return _desk_form(request, edition, form, WRITING)
    try:
        sent = messaging.send(edition, by=By.web(account(request)), **seen.cleaned_data)
    except ValidationError as refusal:
        again = GroupMessageForm(request.POST)
        again.add_error(None, refusal.messages)
        return _desk_form(request, edition, again, WRITING)
    people = "1 persona" if sent.recipients == 1 else f"{sent.recipients} personas"
    messages.success(request, f"El aviso se envió a {people}.")
    return redirect("trainings:coordination_edition", key=edition.key)


@staff_page
@require_safe
def board_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The board as a table for a spreadsheet."""
    edition = coordinated_edition(request, key)
    board, now = Board(edition), timezone.now()
    rows = list(board.rows(who=str(account(request)), when=now))
    note_reading(request, edition, "Exportación del tablero", purpose="Exportar", rows=len(rows))
    return csv_response(f"inscripciones-{edition.key}-{timezone.localdate()}.csv", HEADER, rows)


def _act_form(request: HttpRequest, doing: Act, seats: list[Enrollment], *, sent: bool) -> WhyForm:
    """Return the form of an act; moving offers the ediciones that this person coordinates."""
    data = request.POST if sent else None
    if not issubclass(doing.form, MoveForm):
        return doing.form(data)
    mine = Edition.objects.visible_to_coordinator(request.user)
    return doing.form(data, editions=moving.targets(seats, mine))


def _outcome(doing: Act, seat: Enrollment, by: By, data: dict[str, Any]) -> Outcome:
    """Apply the verb to one person; her refusal does not stop the others."""
    try:
        made = doing.apply(seat, by, data)
    except ValidationError as refusal:
        return Outcome(str(seat.person), done=False, text=" ".join(refusal.messages))
    return Outcome(str(seat.person), done=True, text=made.get_state_display())


def _nominated(result: nominating.Result) -> Outcome:
    if result.enrollment is None:
        return Outcome(str(result.person), done=False, text=" ".join(result.refusals))
    said = result.enrollment.get_state_display()
    return Outcome(str(result.person), done=True, text=said)


def _preview(request: HttpRequest, edition: Edition, data: dict[str, Any]) -> HttpResponse:
    """Show the message, its subject and how many will get it."""
    people = messaging.audience(edition, data["groups"])
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "groups": data["groups"],
        "words": [messaging.WORDS[group] for group in data["groups"]],
        "text": data["text"],
        "count": len(people),
        "press": new_press(),
    }
    return render(request, "trainings/group_message_preview.html", context)


def _desk_form(
    request: HttpRequest,
    edition: Edition,
    form: Any,
    words: tuple[str, str],
    results: Iterable[Outcome] = (),
) -> HttpResponse:
    """Render a form of the desk, or what happened to each person."""
    listed = list(results)
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "form": form,
        "title": words[0],
        "button": words[1],
        "results": listed,
        "done": sum(result.done for result in listed),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "trainings/desk_form.html", context, status=status)
