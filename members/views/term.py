"""How far a change of government is, for the personnel: by state and by dependencia, also on paper."""

from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import ratifying
from members.forms.term import HandoverForm, TaskFilterForm
from members.http import account
from members.models import Department, Designation, GovernmentTerm, LiaisonRole, TermTask
from red_genero.common.http import staff_page
from red_genero.common.models import AccessLog

ROWS_PER_PAGE: Final = 25
WHOLE: Final = 10_000
"""Rows of the page that holds all of them, to be printed."""
State = TermTask.State


@staff_page
@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """Lead to the term whose tasks wait, else to the one in course, else to the last known."""
    _require(request)
    found = (
        GovernmentTerm.objects.filter(tasks__state=State.PENDING).distinct().first()
        or GovernmentTerm.objects.on(timezone.localdate()).first()
        or GovernmentTerm.objects.first()
    )
    if found is None:
        raise Http404
    return redirect("members:term_progress", found.key)


@staff_page
@require_safe
def term_progress(request: HttpRequest, key: str) -> HttpResponse:
    """One term: its tasks counted, listed and filtered; each reading of names is noted."""
    _require(request)
    term = get_object_or_404(GovernmentTerm.objects.select_related("closed_by__person"), key=key)
    form = TaskFilterForm(request.GET or None)
    status = 400 if form.is_bound and not form.is_valid() else 200
    found = term.tasks.select_related("department", "outgoing__person", "designation__person")
    if state := form.state() if form.is_bound else "":
        found = found.filter(state=state)
    if words := form.words() if form.is_bound else "":
        found = found.filter(department__in=Department.objects.search(words).values("pk"))
    whole = request.GET.get("todas") == "si"
    page = Paginator(found, WHOLE if whole else ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    way = _on_their_way(rows)
    _note(request, term, rows)
    counted = dict(term.tasks.order_by().values_list("state").annotate(Count("pk")))
    total = sum(counted.values()) - counted.get(State.VOID, 0)
    hands_over = request.user.has_perm("members.close_governmentterm")
    context = {
        "term": term,
        "others": GovernmentTerm.objects.exclude(pk=term.pk),
        "form": form,
        "page_obj": page,
        "rows": [{"task": task, "on_its_way": way.get(task.department_id)} for task in rows],
        "whole": whole,
        "total": total,
        "settled": total - counted.get(State.PENDING, 0),
        "states": [
            {"value": each.value, "label": each.label, "count": counted.get(each.value, 0)}
            for each in State
        ],
        "units_owing": ratifying.owing(term).count(),
        "over": term.last_day <= timezone.localdate(),
        "hands_over": hands_over,
        "packs": term.packs.select_related("job", "asked_by__person") if hands_over else [],
        "handover_form": HandoverForm() if hands_over else None,
    }
    return render(request, "members/term_progress.html", context, status=status)


def _require(request: HttpRequest) -> None:
    """The personnel reads it; for the others it does not exist."""
    if not account(request).has_perm("members.view_termtask"):
        raise Http404


def _on_their_way(tasks: list[TermTask]) -> dict[int, Designation]:
    """Return the designation of titular that each dependencia has under way."""
    waiting = [task.department_id for task in tasks if task.designation_id is None]
    found = Designation.objects.open().filter(department__in=waiting, role=LiaisonRole.HOLDER)
    return {row.department_id: row for row in found.order_by("proposed_at", "pk")}


def _note(request: HttpRequest, term: GovernmentTerm, tasks: list[TermTask]) -> None:
    """Write down who read how many names."""
    named = sum(bool(task.outgoing_id or task.designation_id) for task in tasks)
    if named:
        AccessLog.objects.create(
            user=account(request),
            what=f"Tareas del cambio de gobierno: {term}"[:200],
            purpose="Dar seguimiento al cambio de gobierno",
            rows=named,
        )
