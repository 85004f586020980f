"""The directory: dependencias for everybody, people for the integrantes."""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members import tree
from members.forms import DepartmentSearchForm, MemberFilterForm
from members.http import account, reads_as_member
from members.models import (
    Assignment,
    Department,
    Designation,
    LiaisonRole,
    Member,
    Person,
    User,
)
from members.models.person import PersonQuerySet

SMALLEST_SHOWN: Final = 5
MEMBERS_PER_PAGE: Final = 25


@login_not_required
@require_safe
def department_list(request: HttpRequest) -> HttpResponse:
    """The municipal tree, or the dependencias that hold the typed words."""
    form = DepartmentSearchForm(request.GET or None)
    words = form.words()
    found = Department.objects.current().search(words) if words else Department.objects.none()
    context = {
        "form": form,
        "searched": bool(words),
        "found": tree.by_name(found.select_related("kind", "parent")),
        "lines": [] if words else tree.lines(),
        "total": Department.objects.current().count(),
        "sees_unconfirmed": request.user.has_perm("members.view_department"),
    }
    return render(request, "members/department_list.html", context)


@login_not_required
@require_safe
def department_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One dependencia: where it belongs, what belongs to it, how many integrantes it has."""
    department = get_object_or_404(Department.objects.select_related("kind", "parent"), key=key)
    members = Member.objects.active().filter(
        person__assignments__in=Assignment.objects.open().filter(department=department)
    )
    counts_everybody = request.user.has_perm("members.view_member")
    if not counts_everybody:
        members = members.filter(person__hidden=False)
    count = members.count()
    sees_people = isinstance(request.user, User) and reads_as_member(request.user)
    context = {
        "department": department,
        "above": tree.path_to(department),
        "children": tree.by_name(
            Department.objects.current().filter(parent=department).select_related("kind")
        ),
        "count": count,
        "count_hidden": count < SMALLEST_SHOWN and not counts_everybody,
        "smallest": SMALLEST_SHOWN,
        "contacts": _with_posts(
            Person.objects.with_public_contact().filter(
                assignments__in=Assignment.objects.open().filter(department=department)
            )
        ),
        "sees_unconfirmed": request.user.has_perm("members.view_department"),
        "sees_people": sees_people,
        "liaisons": _liaisons(department, as_member=sees_people),
    }
    return render(request, "members/department_detail.html", context)


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """The people who asked to appear, for other integrantes only."""
    if not reads_as_member(account(request)):
        raise Http404
    form = MemberFilterForm(request.GET or None)
    people = _with_posts(Person.objects.listed())
    people = _filtered(people, form.cleaned_data) if form.is_bound and form.is_valid() else people
    status = 400 if form.is_bound and form.errors else 200
    page = Paginator(people, MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page}
    return render(request, "members/member_list.html", context, status=status)


def _liaisons(department: Department, *, as_member: bool) -> list[tuple[str, str]]:
    """Return each post that is held, with the name of who lets this reader know it."""
    held = Designation.objects.current().filter(department=department)
    names = {
        designation.role: designation.person.full_name
        for designation in held.named_to(as_member=as_member).select_related("person")
    }
    roles = sorted(held.values_list("role", flat=True), reverse=True)
    return [(str(LiaisonRole(role).label), names.get(role, "")) for role in roles]


def _with_posts(people: PersonQuerySet) -> PersonQuerySet:
    """Fetch with each person where she works now."""
    posts = Assignment.objects.open().select_related("department")
    return people.prefetch_related(Prefetch("assignments", queryset=posts, to_attr="posts"))


def _filtered(people: PersonQuerySet, wanted: dict[str, Any]) -> PersonQuerySet:
    """Apply the filters of the URL."""
    if wanted["q"]:
        people = people.search_names(wanted["q"])
    if wanted["dependencia"]:
        posts = Assignment.objects.open().filter(department__in=tree.branch(wanted["dependencia"]))
        people = people.filter(assignments__in=posts)
    return people
