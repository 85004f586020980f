"""Her requests of a change: name, cargo, dependencia."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members import changing, timelines
from members.forms import (
    DepartmentChangeForm,
    DepartmentSearchForm,
    NameChangeForm,
    PostChangeForm,
)
from members.http import account, form_page, herself, refuse, stored_file
from members.models import ChangeRequest, Department, Member, Person
from red_genero.common import typed
from red_genero.common.http import staff_page
from red_genero.common.states import By

Kind = ChangeRequest.Kind
FOUND_LIMIT: Final = 40
ABOUT: Final[dict[str, tuple[str, str]]] = {
    Kind.NAME: (
        "Cambiar su nombre",
        "Se usa en lo que venga después. Las constancias que ya tiene no cambian: se emitieron con su nombre de entonces.",
    ),
    Kind.POST: (
        "Cambiar su cargo",
        "Un cargo nuevo en la misma dependencia. El anterior queda en su historial.",
    ),
    Kind.DEPARTMENT: (
        "Cambiar de dependencia",
        "Sus horas se quedan en la dependencia donde las cursó. Si es enlace ahí, el encargo termina al aprobarse.",
    ),
}


@typed.keeps_typed("members:change_request")
@require_http_methods(["GET", "POST"])
def change_request(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a change of this kind."""
    if kind not in ABOUT:
        raise Http404
    member = _member(request)
    standing = member.person.changes.open().filter(kind=kind).first()
    if standing is not None:
        return redirect("members:change_detail", standing.folio)
    form = _form(request, kind, member.person)
    if request.method == "POST" and form.is_valid():
        try:
            made = changing.request(
                member,
                kind,
                wanted=form.wanted(),
                note=form.cleaned_data["note"],
                file=form.cleaned_data["file"],
                by=By.web(account(request)),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Recibimos su solicitud. El Instituto la revisa y le avisa.")
            return redirect("members:change_detail", made.folio)
    return form_page(
        request, "members/change_request.html", form, _context(request, kind, member.person)
    )


@require_safe
def change_detail(request: HttpRequest, folio: str) -> HttpResponse:
    """One request of hers: what she asked, where it is, what was decided."""
    change = _hers(request, folio)
    context = {
        "change": change,
        "asked": changing.asked(change),
        "entries": timelines.of_change(change),
        "open": change.state == ChangeRequest.State.ASKED,
    }
    return render(request, "members/change_detail.html", context)


@require_http_methods(["GET", "POST"])
def change_withdraw(request: HttpRequest, folio: str) -> HttpResponse:
    """Take it back, after asking."""
    change = _hers(request, folio)
    if request.method == "GET":
        if change.state != ChangeRequest.State.ASKED:
            return redirect("members:change_detail", folio)
        return render(request, "members/change_withdraw.html", {"change": change})
    try:
        changing.withdraw(change, by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Retiró la solicitud. Sus datos siguen como estaban.")
    return redirect("members:change_detail", folio)


@staff_page
@require_safe
def change_file(request: HttpRequest, folio: str) -> HttpResponse:
    """The paper that she sent, for her and for who reviews."""
    user = account(request)
    change = ChangeRequest.objects.of(user).filter(folio=folio.upper()).first()
    if change is None:
        change = get_object_or_404(ChangeRequest.objects.visible_to(user), folio=folio.upper())
    return stored_file(change.file.name, change.folio)


def _form(request: HttpRequest, kind: str, person: Person) -> Any:
    """Return the form of this kind, with what she wrote before her session ended, if she did."""
    posted = request.method == "POST"
    kept = None if posted else typed.take(request, request.path)
    data = request.POST if posted else kept
    files = request.FILES if posted else None
    made: BaseForm
    if kind == Kind.DEPARTMENT:
        found = _search(request)[1]
        made = DepartmentChangeForm(
            data,
            files,
            instance=ChangeRequest(person=person, kind=kind),
            found=[each.pk for each in found],
            initial={}
            if found
            else {"department_other": request.GET.get("q", "")[:160].replace("\0", "")},
        )
    elif kind == Kind.NAME:
        made = NameChangeForm(data, files, person=person)
    else:
        made = PostChangeForm(data, files, person=person)
    return made


def _search(request: HttpRequest) -> tuple[DepartmentSearchForm, list[Department]]:
    """Return the search form and the dependencias that hold every typed word."""
    form = DepartmentSearchForm(request.GET or None)
    words = form.words()
    if not words:
        return form, []
    found = Department.objects.current().search(words).order_by("name")
    return form, list(found[:FOUND_LIMIT])


def _context(request: HttpRequest, kind: str, person: Person) -> dict[str, Any]:
    """Return what the page shows around the form."""
    title, lead = ABOUT[kind]
    context: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "lead": lead,
        "now": changing.now(person, kind),
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    if kind == Kind.DEPARTMENT:
        search, found = _search(request)
        context |= {"search": search, "found": found, "searched": bool(search.words())}
    return context


def _member(request: HttpRequest) -> Member:
    """Return the membership of who signed in; somebody who left has none to change."""
    person = herself(request)
    member = Member.objects.filter(person=person).exclude(state=Member.State.ENDED).first()
    if member is None:
        raise Http404
    return member


def _hers(request: HttpRequest, folio: str) -> ChangeRequest:
    """Return one of her own requests; anybody else's does not exist for her."""
    found = ChangeRequest.objects.of(account(request)).select_related("department", "person")
    return get_object_or_404(found, folio=folio.upper())
