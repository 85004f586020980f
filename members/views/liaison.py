"""Enlaces: her own designations, the papers behind them, and the public board of coverage."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import coverage as board
from members import designating, risks, tree, uploads
from members.forms.liaison import CoverageForm, NameForm, OficioForm, ProposalForm
from members.http import account, form_page, refuse, unreadable
from members.models import (
    Assignment,
    Department,
    Designation,
    DesignationRequest,
    GenderUnit,
    Institute,
    LiaisonRole,
    Member,
    Person,
)
from members.models.unit import served_by
from red_genero.common.disclosure import HIDDEN, SMALLEST_SHOWN
from red_genero.common.exports import csv_response
from red_genero.common.http import attachment, staff_page
from red_genero.common.models import AccessLog
from red_genero.common.states import By

ROWS_PER_PAGE: Final = 25
WHOLE: Final = 10_000
"""Rows of the page that holds all of them, to be printed."""
State = Designation.State


@login_not_required
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The board of one day: figures, the network drawn, the same in a table."""
    form = CoverageForm(request.GET or None)
    status = 400 if form.is_bound and not form.is_valid() else 200
    read = board.read(form.day(), summed=form.summed())
    order = request.GET.get("orden", "")
    whole = request.GET.get("todas") == "si"
    page = Paginator(board.ordered(read.posts, order), WHOLE if whole else ROWS_PER_PAGE)
    institute = Institute.current()
    context = {
        "form": form,
        "coverage": read,
        "drawing": board.draw(read),
        "page_obj": page.get_page(request.GET.get("page")),
        "whole": whole,
        "columns": _columns(order),
        "is_today": read.day == timezone.localdate(),
        "summed": form.summed(),
        "known_since": None if read.departments else board.known_since(),
        "levels": board.levels(),
        "active_members": Member.objects.active().count(),
        "goal": institute.member_goal,
        "goal_note": f"La meta es para el {date_format(institute.goal_date)}."
        if institute.goal_date
        else "",
        "smallest": SMALLEST_SHOWN,
        "hidden": HIDDEN,
        "sees_names": request.user.has_perm("members.view_designation"),
    }
    return render(request, "members/coverage.html", context, status=status)


@login_not_required
@require_safe
def coverage_csv(request: HttpRequest) -> HttpResponse:
    """The same table for a spreadsheet."""
    form = CoverageForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return unreadable(form)
    read = board.read(form.day(), summed=form.summed())
    rows = [post.cells() for post in board.ordered(read.posts, request.GET.get("orden", ""))]
    return csv_response(f"cobertura-{read.day}.csv", board.HEADER, rows)


@staff_page
@require_safe
def coverage_people(request: HttpRequest) -> HttpResponse:
    """Who holds each post, for the personnel; each reading is noted."""
    user = account(request)
    if not user.has_perm("members.view_designation"):
        raise Http404
    form = CoverageForm(request.GET or None)
    status = 400 if form.is_bound and not form.is_valid() else 200
    read = board.read(form.day(), exact=True, summed=form.summed())
    order = request.GET.get("orden", "")
    page = Paginator(board.ordered(read.posts, order), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    holders = board.holders(read.day)
    units = [post.unit for post in read.posts if post.unit is not None]
    reasons = risks.of(GenderUnit.objects.filter(pk__in=units), read.day)
    rows = [
        {
            "post": post,
            "reasons": reasons.get(post.unit or 0, []),
            "holder": holders.get((post.department.pk, str(LiaisonRole.HOLDER))),
            "alternate": holders.get((post.department.pk, str(LiaisonRole.ALTERNATE))),
        }
        for post in page
    ]
    AccessLog.objects.create(
        user=user,
        what=f"Enlaces por dependencia al {date_format(read.day)}",
        purpose="Consulta del tablero de cobertura",
        rows=len(holders),
    )
    context = {
        "form": form,
        "coverage": read,
        "rows": rows,
        "page_obj": page,
        "columns": _columns(order),
        "is_today": read.day == timezone.localdate(),
        "summed": form.summed(),
        "overdue": DesignationRequest.objects.overdue(timezone.localdate()).select_related(
            "department"
        ),
        "waiting": Designation.objects.waiting().count(),
        "at_risk": len(reasons),
    }
    return render(request, "members/coverage_people.html", context, status=status)


@require_safe
def designation_list(request: HttpRequest) -> HttpResponse:
    """Her designations, and where she may propose herself."""
    person = _person(request)
    context = {
        "designations": Designation.objects.of(account(request)).select_related("department"),
        "serves": served_by(account(request)).exists(),
        "may_propose": bool(_departments_of(person)),
    }
    return render(request, "members/designation_list.html", context)


@require_http_methods(["GET", "POST"])
def designation_propose(request: HttpRequest) -> HttpResponse:
    """Offer herself for a post of the dependencia where she works."""
    person = _person(request)
    departments = _departments_of(person)
    if not departments:
        raise Http404
    form = ProposalForm(request.POST or None, departments=departments)
    if request.method == "POST" and form.is_valid():
        try:
            made = designating.propose(
                person,
                form.cleaned_data["department"],
                form.cleaned_data["role"],
                by=By.web(account(request)),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Recibimos su propuesta. Ahora hace falta el oficio.")
            return redirect("members:designation_detail", made.key)
    return form_page(request, "members/designation_propose.html", form, {})


@require_safe
def designation_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One designation of hers: what is asked of her, and what she decided."""
    designation = _hers(request, key)
    visibility = NameForm(initial={"show_name": designation.show_name})
    return render(request, "members/designation_detail.html", _page(designation, visibility))


@require_POST
def designation_accept(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the post."""
    designation = _hers(request, key)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            designating.accept(
                designation,
                show_name=form.cleaned_data["show_name"],
                by=By.web(account(request)),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, "Aceptó el encargo. El Instituto lo valida y le avisa por correo."
            )
            return redirect("members:designation_detail", key)
    context = _page(Designation.objects.get(pk=designation.pk), form)
    return form_page(request, "members/designation_detail.html", form, context)


@require_http_methods(["GET", "POST"])
def designation_decline(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say no, or withdraw her proposal; no reason is asked."""
    designation = _hers(request, key)
    if request.method == "GET":
        return render(request, "members/designation_decline.html", {"designation": designation})
    try:
        designating.decline(designation, by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Quedó anotado que no toma este encargo.")
    return redirect("members:designation_detail", key)


@require_POST
def designation_visibility(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change who reads her name as enlace."""
    designation = _hers(request, key)
    form = NameForm(request.POST)
    if form.is_valid():
        designating.show_name(
            designation, form.cleaned_data["show_name"], by=By.web(account(request))
        )
        messages.success(request, "Guardamos quién puede leer su nombre como enlace.")
        return redirect("members:designation_detail", key)
    context = _page(designation, form)
    return form_page(request, "members/designation_detail.html", form, context)


@require_http_methods(["GET", "POST"])
def designation_attach(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send the oficio of her titular for what she proposed."""
    designation = _hers(request, key)
    if designation.state != State.PROPOSED:
        return redirect("members:designation_detail", key)
    posted = request.method == "POST"
    form = OficioForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            designating.attach(designation, form.oficio(), by=By.web(account(request)))
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Recibimos el oficio. El Instituto lo revisa y le avisa.")
            return redirect("members:designation_detail", key)
    context = {"designation": designation}
    return form_page(request, "members/designation_attach.html", form, context)


@require_safe
def designation_oficio(request: HttpRequest, key: UUID) -> HttpResponse:
    """The oficio of a designation, for her and for who validates."""
    designation = get_object_or_404(Designation.objects.visible_to(account(request)), key=key)
    return _file(designation.oficio.name, "oficio-designacion")


@staff_page
@require_safe
def request_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """A letter of the Instituto as it was issued."""
    letter = _letter(request, folio)
    return _file(letter.pdf.name, letter.folio)


@staff_page
@require_safe
def request_answer(request: HttpRequest, folio: str) -> HttpResponse:
    """The answer that came to a letter."""
    letter = _letter(request, folio)
    return _file(letter.answer_file.name, f"{letter.folio}-respuesta")


def _letter(request: HttpRequest, folio: str) -> DesignationRequest:
    """Return the letter, which only the personnel reads."""
    if not account(request).has_perm("members.view_designationrequest"):
        raise Http404
    return get_object_or_404(DesignationRequest, folio=folio.upper())


def _file(name: str | None, title: str) -> HttpResponse:
    """Return a stored file as attachment, with the type of its content."""
    suffix = f".{name.rpartition('.')[2]}" if name else ""
    if not name or suffix not in uploads.TYPES:
        raise Http404
    try:
        with default_storage.open(name) as stored:
            content = stored.read()
    except FileNotFoundError as missing:
        raise Http404 from missing
    return attachment(content, f"{title}{suffix}", uploads.TYPES[suffix])


def _page(designation: Designation, form: NameForm) -> dict[str, object]:
    """Return what the page of a designation shows."""
    return {
        "designation": designation,
        "form": form,
        "asked": designation.state == State.NOMINATED,
        "needs_oficio": designation.state == State.PROPOSED,
        "may_decline": designation.state in Designation.OPEN,
        "stands": designation.state in (State.ACCEPTED, State.IN_FORCE),
    }


def _person(request: HttpRequest) -> Person:
    """Return the integrante who signed in."""
    active = Member.objects.active().filter(person__user=account(request))
    member = active.select_related("person").first()
    if member is None:
        person = Person.objects.filter(user=account(request), designations__isnull=False).first()
        if person is None:
            raise Http404
        return person
    return member.person


def _departments_of(person: Person) -> list[Department]:
    """Return where she may be enlace: the dependencia of her adscripción and those above it."""
    post = Assignment.objects.open().filter(person=person).select_related("department").first()
    if post is None or not Member.objects.active().filter(person=person).exists():
        return []
    above = [*tree.path_to(post.department), post.department]
    current = Department.objects.current().filter(
        pk__in=[department.pk for department in above], expects_liaison=True
    )
    return list(current)


def _hers(request: HttpRequest, key: UUID) -> Designation:
    """Return one of her own designations; anybody else's does not exist for her."""
    found = Designation.objects.of(account(request)).select_related("department", "person")
    return get_object_or_404(found, key=key)


def _columns(order: str) -> list[dict[str, str]]:
    """Return the headings by which the table may be sorted, each with what a press does."""
    labels = {
        "dependencia": "Dependencia",
        "tipo": "Tipo",
        "peldano": "Peldaño",
        "situacion": "Situación",
        "vacante": "Vacante desde",
    }
    now = order.removeprefix("-") if order.removeprefix("-") in labels else "dependencia"
    down = order.startswith("-")
    return [
        {
            "label": label,
            "order": f"-{key}" if key == now and not down else key,
            "sort": ("descending" if down else "ascending") if key == now else "none",
        }
        for key, label in labels.items()
    ]
