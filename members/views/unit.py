"""«Mi unidad»: the ladder of her dependencia for its enlace, the evidence and the plans that she presents."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members import ladder, planning, proving, risks
from members.forms.unit import EvidenceForm, UnitPaperForm, rung_words
from members.http import account, form_page, refuse, stored_file
from members.models import (
    Designation,
    GenderUnit,
    LiaisonRole,
    UnitPaper,
    UnitRatification,
    UnitStep,
)
from members.models.unit import led_by, served_by
from red_genero.common.http import staff_page
from red_genero.common.states import By


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """The ladder of each dependencia where she is enlace."""
    posts = served_by(account(request)).select_related("department").order_by("department__name")
    if not posts:
        raise Http404
    reasons = risks.of(
        GenderUnit.objects.filter(department__in=[row.department_id for row in posts])
    )
    context = {"places": [_place(row, reasons) for row in posts]}
    return render(request, "members/unit_list.html", context)


@require_http_methods(["GET", "POST"])
def unit_present(request: HttpRequest, key: UUID) -> HttpResponse:
    """Present the evidence of the next rung."""
    unit = _hers(request, key)
    rung = proving.next_rung(unit)
    if rung is None:
        return redirect("members:unit_list")
    posted = request.method == "POST"
    form = EvidenceForm(request.POST if posted else None, request.FILES if posted else None)
    form.ask_for(rung)
    if posted and form.is_valid():
        try:
            proving.present(unit, rung, form.evidence(), by=By.web(account(request)))
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Recibimos la evidencia. El Instituto la revisa y le avisa.")
            return redirect("members:unit_list")
    lacks = [" ".join(refusal.messages) for refusal in proving.missing(unit, rung)]
    context = {
        "unit": unit,
        "rung": rung_words(rung),
        "needs": ladder.NEEDS[rung],
        "lacks": lacks,
    }
    return form_page(request, "members/unit_present.html", form, context)


@require_http_methods(["GET", "POST"])
def unit_paper(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """Record the plan or the report of a year."""
    unit = _hers(request, key)
    if kind not in UnitPaper.Kind.values:
        raise Http404
    posted = request.method == "POST"
    form = UnitPaperForm(request.POST if posted else None, request.FILES if posted else None)
    form.ask_for(kind)
    if posted and form.is_valid():
        try:
            planning.record(unit, kind, form.paper(), by=By.web(account(request)))
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Quedó registrado.")
            return redirect("members:unit_list")
    context = {"unit": unit, "title": UnitPaper.Kind(kind).label, "is_plan": kind == "plan"}
    return form_page(request, "members/unit_paper.html", form, context)


@require_safe
def unit_step_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The document of an evidence, for the enlaces of that dependencia and the personnel."""
    step = get_object_or_404(UnitStep.objects.visible_to(account(request)), key=key)
    return stored_file(step.file.name, f"evidencia-peldano-{step.rung}")


@require_safe
def unit_paper_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The document of a plan or a report, for the same."""
    paper = get_object_or_404(UnitPaper.objects.visible_to(account(request)), key=key)
    return stored_file(paper.file.name, f"{paper.kind}-{paper.year}")


@require_safe
def unit_dissolution(request: HttpRequest, key: UUID) -> HttpResponse:
    """The document that dissolved a unit, for the same."""
    unit = get_object_or_404(GenderUnit.objects.visible_to(account(request)), key=key)
    return stored_file(unit.dissolution_file.name, "disolucion")


@staff_page
@require_safe
def unit_ratification(request: HttpRequest, key: UUID) -> HttpResponse:
    """The oficio by which a unit went on after a change of government, for the personnel."""
    if not account(request).has_perm("members.view_genderunit"):
        raise Http404
    ratification = get_object_or_404(UnitRatification, key=key)
    return stored_file(ratification.file.name, "oficio-ratificacion")


def _place(post: Designation, reasons: dict[int, list[str]]) -> dict[str, object]:
    """Return what the page says of one dependencia."""
    read = ladder.of(post.department)
    unit = read.unit
    if unit is None:
        return {"department": post.department, "ladder": read, "unit": None}
    leads = post.role == LiaisonRole.HOLDER
    steps = list(unit.steps.order_by("-rung", "-pk"))
    waiting = next((step for step in steps if step.state == UnitStep.State.PRESENTED), None)
    return {
        "department": post.department,
        "ladder": read,
        "unit": unit,
        "reasons": reasons.get(unit.pk, []),
        "members": unit.members.current().select_related("person"),
        "steps": steps,
        "papers": unit.papers.all(),
        "waiting": waiting,
        "observed": _observed(steps),
        "leads": leads,
        "next": "" if waiting or not leads else _next(unit),
    }


def _observed(steps: list[UnitStep]) -> UnitStep | None:
    """Return the evidence to be presented again: the last one of the rung that comes next, if it was observed."""
    reached = max(
        (step.rung for step in steps if step.state == UnitStep.State.VALIDATED), default=1
    )
    last = next((step for step in steps if step.rung == reached + 1), None)
    return last if last is not None and last.state == UnitStep.State.OBSERVED else None


def _next(unit: GenderUnit) -> str:
    """Return the rung that she may present now, in words."""
    rung = proving.next_rung(unit)
    return rung_words(rung) if rung else ""


def _hers(request: HttpRequest, key: UUID) -> GenderUnit:
    """Return the active unit of a dependencia where she is titular; any other does not exist for her."""
    led = led_by(account(request)).values("department")
    found = GenderUnit.objects.active().filter(department__in=led).select_related("department")
    return get_object_or_404(found, key=key)
