"""The directory: dependencias for everybody, people for the integrantes."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import contacting, headcount, ladder, tree
from members.forms import DepartmentDayForm, DepartmentSearchForm, MemberFilterForm
from members.http import account, reads_as_member
from members.models import (
    Assignment,
    Department,
    Designation,
    GenderUnit,
    LiaisonRole,
    Member,
    Person,
    User,
)
from members.models.person import PersonQuerySet
from red_genero.common.disclosure import HIDDEN, SMALLEST_SHOWN

MEMBERS_PER_PAGE: Final = 24
FOUND_PER_PAGE: Final = 50
CHILDREN_PER_PAGE: Final = 60


@login_not_required
@require_safe
def department_list(request: HttpRequest) -> HttpResponse:
    """The municipal tree of one day, or the dependencias that hold the typed words."""
    form = DepartmentSearchForm(request.GET or None)
    words, day = form.words(), form.day()
    lines = [] if words else tree.lines(day)
    pages: Paginator[Any] = (
        Paginator(tree.found(words, day), FOUND_PER_PAGE)
        if words
        else Paginator(lines, tree.PRINTED)
    )
    page = pages.get_page(request.GET.get("page"))
    if not words:
        _say_rungs(page, day)
    rows = Department.objects.select_related("kind", "parent").in_bulk(page) if words else {}
    context = {
        "form": form,
        "searched": bool(words),
        "page_obj": page,
        "found": [rows[key] for key in page] if words else [],
        "total": tree.total(lines),
        "folds": any(line.folded for line in lines),
        "day": day,
        "is_today": day == timezone.localdate(),
        "sees_unconfirmed": request.user.has_perm("members.view_department"),
    }
    status = 400 if "al" in form.errors else 200
    return render(request, "members/department_list.html", context, status=status)


@login_not_required
@require_safe
def department_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One dependencia on one day: where it belonged, what belonged to it, how many integrantes it had."""
    department = get_object_or_404(Department.objects.select_related("kind"), key=key)
    form = DepartmentDayForm(request.GET or None)
    day, heirs = form.day(), tree.heirs() if form.summed() else {}
    is_today = day == timezone.localdate()
    sees_people = isinstance(request.user, User) and reads_as_member(request.user)
    exact = request.user.has_perm("members.view_member")
    count = headcount.integrantes(day, exact=exact, heirs=heirs)
    head = heirs.get(department.pk, department.pk)
    context = {
        "form": form,
        "department": department,
        "day": day,
        "is_today": is_today,
        "existed": Department.objects.as_of(day).filter(pk=department.pk).exists(),
        "not_yet": department.valid_from is not None and department.valid_from > day,
        "above": tree.path_on(department, day),
        "page_obj": Paginator(tree.children_on(department, day), CHILDREN_PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "count": count.get(head, 0),
        "summed": form.summed(),
        "summed_in": Department.objects.get(pk=head) if head != department.pk else None,
        "hidden": HIDDEN,
        "smallest": SMALLEST_SHOWN,
        "contacts": _contacts(department) if is_today else [],
        "sees_unconfirmed": request.user.has_perm("members.view_department"),
        "sees_people": sees_people,
        "liaisons": _liaisons(request, department, day, as_member=sees_people),
        "ladder": ladder.of(department, day) if department.expects_liaison else None,
        "units": _former_units(department),
        "origins": department.origins.select_related("former"),
        "successions": department.successions.select_related("successor"),
        "moves": department.moves.select_related("former_parent"),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "members/department_detail.html", context, status=status)


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """The people who asked to appear, for other integrantes only."""
    if not reads_as_member(account(request)):
        raise Http404
    form = MemberFilterForm(request.GET or None)
    people = _with_posts(Person.objects.listed()).prefetch_related("guides_in", "interests")
    if form.is_bound and form.is_valid():
        desk = account(request).has_perm("members.view_person")
        people = _filtered(people, form.cleaned_data, desk=desk)
    status = 400 if form.is_bound and form.errors else 200
    page = Paginator(people, MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "within_reach": _within_reach(request, [person.pk for person in page]),
    }
    return render(request, "members/member_list.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Liaison:
    """One post of enlace as this reader may know it."""

    label: str
    name: str = ""
    contact_key: UUID | None = None
    """The address by which an integrante writes to her."""


def _liaisons(
    request: HttpRequest, department: Department, day: datetime.date, *, as_member: bool
) -> list[Liaison]:
    """Return each post held on ``day``, today with the name of who lets this reader know it."""
    held = Designation.objects.as_of(day).filter(department=department)
    named: dict[str, Person] = {}
    if day == timezone.localdate():
        rows = held.named_to(as_member=as_member).select_related("person")
        named = {row.role: row.person for row in rows}
    reach = _within_reach(request, [who.pk for who in named.values()]) if as_member else set()
    roles = sorted(held.values_list("role", flat=True), reverse=True)
    return [
        Liaison(
            str(LiaisonRole(role).label),
            named[role].full_name if role in named else "",
            named[role].contact_key if role in named and named[role].pk in reach else None,
        )
        for role in roles
    ]


def _say_rungs(lines: Iterable[tree.Line], day: datetime.date) -> None:
    """Say beside each dependencia how far it climbed."""
    rungs = ladder.rungs(day)
    for line in lines:
        rung = rungs.get(line.department.pk)
        if rung is not None and line.department.expects_liaison:
            line.note = f"peldaño {rung}, {ladder.WORDS[rung].lower()}"


def _former_units(department: Department) -> list[GenderUnit]:
    """Return the units that ended here and those that this dependencia continues."""
    ended = GenderUnit.objects.filter(state=GenderUnit.State.DISSOLVED)
    found = ended.filter(Q(department=department) | Q(successor=department))
    return list(
        found.select_related("department", "successor").order_by("-dissolution_date", "-pk")
    )


def _contacts(department: Department) -> PersonQuerySet:
    """Return who publishes a contact datum and works there today."""
    here = Assignment.objects.open().filter(department=department)
    return _with_posts(Person.objects.with_public_contact().filter(assignments__in=here))


def _with_posts(people: PersonQuerySet) -> PersonQuerySet:
    """Fetch with each person where she works now."""
    posts = Assignment.objects.open().select_related("department")
    return people.prefetch_related(Prefetch("assignments", queryset=posts, to_attr="posts"))


def _within_reach(request: HttpRequest, people: Iterable[int]) -> set[int]:
    """Return to whom of them this reader may write through the portal: an active integrante, never to herself."""
    user = account(request)
    if not Member.objects.active().filter(person__user=user).exists():
        return set()
    found = contacting.reachable().filter(pk__in=list(people)).exclude(user=user)
    return set(found.values_list("pk", flat=True))


def _filtered(people: PersonQuerySet, wanted: dict[str, Any], *, desk: bool) -> PersonQuerySet:
    """Apply the filters of the URL; nivel and interests find who lets them be known, or anybody for the personnel."""
    if wanted["q"]:
        people = people.search_names(wanted["q"])
    if wanted["dependencia"]:
        posts = Assignment.objects.open().filter(department__in=tree.branch(wanted["dependencia"]))
        people = people.filter(assignments__in=posts)
    if level := wanted["nivel"]:
        people = people.filter(pk__in=Person.objects.at_level(level, everybody=desk).values("pk"))
    if area := wanted["tema"]:
        people = people.filter(
            pk__in=Person.objects.interested_in(area, everybody=desk).values("pk")
        )
    if area := wanted["orienta"]:
        people = people.filter(guides_in=area)
    return people
