"""The solicitud: aviso, pages of the draft, review and send, status, answer, withdraw."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import admitting, privacy, timelines
from members.forms import (
    AnswerForm,
    ConsentForm,
    DepartmentForm,
    DepartmentSearchForm,
    DraftModelForm,
)
from members.http import account, form_page, refuse, stored_file
from members.models import Application, Department, InformationFile, User
from members.views import application_steps as steps
from red_genero.common import typed
from red_genero.common.http import staff_page
from red_genero.common.states import By

FOUND_LIMIT: Final = 40


@require_safe
def application(request: HttpRequest) -> HttpResponse:
    """Begin, continue or follow the solicitud: whichever is hers now."""
    user = account(request)
    latest = Application.objects.of(user).select_related("person", "department").first()
    if latest is None:
        return render(request, "members/application_start.html", _start_context(user))
    context = {
        "application": latest,
        "department": latest.workplace,
        "question": latest.questions.open().first(),
        "answered": latest.questions.exclude(answered_at=None).prefetch_related("files"),
        "entries": timelines.of_application(latest),
        "draft": latest.state == Application.State.DRAFT,
        "pages": steps.pages_of(latest),
        "interests": list(latest.person.interests.all()),
        "open": latest.state in Application.OPEN,
        "former": Application.objects.of(user).exclude(pk=latest.pk).exclude(folio=None),
        "missing": admitting.missing(latest),
        "next_step": steps.next_step(latest),
        "may_apply": latest.state not in Application.OPEN and not admitting.why_not_start(user),
    }
    return render(request, "members/application.html", context)


@require_http_methods(["GET", "POST"])
def application_start(request: HttpRequest) -> HttpResponse:
    """Read the aviso de privacidad; the press opens the draft."""
    user = account(request)
    if request.method == "GET":
        if Application.objects.of(user).open().exists():
            return redirect("members:application")
        return render(request, "members/application_start.html", _start_context(user))
    try:
        admitting.start(user, by=By.web(user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("members:application")
    return redirect("members:application_edit", steps.STEPS[0].slug)


@typed.keeps_typed("members:application_edit")
@require_http_methods(["GET", "POST"])
def application_edit(request: HttpRequest, step: str) -> HttpResponse:
    """One page of the draft."""
    page = steps.step_at(step)
    draft = _draft(request)
    if draft is None:
        return _not_a_draft(request)
    kept = typed.take(request, request.path) if request.method == "GET" else None
    if kept is not None:
        messages.warning(
            request,
            "Esto es lo que escribió antes de que su sesión terminara. Revíselo y guárdelo.",
        )
        form = _form(page, draft, request, lenient=True, data=kept)
        return render(request, page.template, {**_edit_context(page, draft, request), "form": form})
    form = _form(page, draft, request)
    if request.method == "POST" and form.is_valid():
        try:
            admitting.save(draft, form)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect(*steps.after(page))
    return form_page(request, page.template, form, _edit_context(page, draft, request))


@typed.keeps_typed("members:application_edit")
@require_POST
def application_save(request: HttpRequest, step: str) -> HttpResponse:
    """Keep what is written so far, complete or not, and leave."""
    refused = _keep_unfinished(request, steps.step_at(step))
    if refused is not None:
        return refused
    messages.success(request, "Guardamos su borrador. Puede continuar cuando quiera.")
    return redirect("members:application")


@typed.keeps_typed("members:application_edit")
@require_POST
def application_back(request: HttpRequest, step: str) -> HttpResponse:
    """Keep what is written so far, complete or not, and show the page before."""
    page = steps.step_at(step)
    return _keep_unfinished(request, page) or redirect(steps.before(page))


@typed.keeps_typed("members:application_review")
@require_http_methods(["GET", "POST"])
def application_review(request: HttpRequest) -> HttpResponse:
    """Read everything once more, choose the consents, send."""
    user = account(request)
    draft = _draft(request)
    if draft is None:
        return _not_a_draft(request)
    data = request.POST if request.method == "POST" else None
    kept = None if data is not None else typed.take(request, request.path)
    form = ConsentForm(data, person=draft.person, initial=dict.fromkeys(kept or (), True))
    if request.method == "POST" and form.is_valid():
        try:
            admitting.send(draft, **form.chosen(), by=By.web(user))
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect("members:application")
    context = {
        "application": draft,
        "person": draft.person,
        "steps": steps.where_she_is(steps.REVIEW, draft),
        "missing": admitting.missing(draft),
        "mailbox_proven": admitting.mailbox_proven(user),
        "interests": list(draft.person.interests.all()),
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    return form_page(request, "members/application_review.html", form, context)


@typed.keeps_typed("members:application_review")
@require_POST
def application_review_back(request: HttpRequest) -> HttpResponse:
    """Show the last page of the draft; what is ticked waits here, and authorises nothing yet."""
    if _draft(request) is None:
        return _not_a_draft(request)
    typed.keep(request, reverse("members:application_review"))
    return redirect("members:application_edit", steps.STEPS[-1].slug)


@typed.keeps_typed("members:application_answer")
@require_http_methods(["GET", "POST"])
def application_answer(request: HttpRequest) -> HttpResponse:
    """Answer what the Instituto asked."""
    user = account(request)
    asked_about = Application.objects.of(user).first()
    if asked_about is None or not asked_about.folio:
        raise Http404
    posted = request.method == "POST"
    kept = None if posted else typed.take(request, request.path)
    form = AnswerForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=kept and kept.dict(),
    )
    if posted and form.is_valid():
        try:
            admitting.answer(
                asked_about, text=form.cleaned_data["text"], files=form.papers(), by=By.web(user)
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Recibimos su respuesta. El Instituto continúa la revisión.")
            return redirect("members:application")
    question = asked_about.questions.open().first()
    if question is None and not form.errors:
        return redirect("members:application")
    context = {
        "application": asked_about,
        "question": question,
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    return form_page(request, "members/application_answer.html", form, context)


@staff_page
@require_safe
def application_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file of her answer, for her and for who vets."""
    user = account(request)
    readable = Application.objects.visible_to(user).values("pk")
    found = InformationFile.objects.filter(
        Q(question__application__in=readable) | Q(question__application__person__user=user)
    )
    row = get_object_or_404(found, key=key)
    return stored_file(row.file.name, row.name.rpartition(".")[0] or row.name)


@require_http_methods(["GET", "POST"])
def application_withdraw(request: HttpRequest) -> HttpResponse:
    """Take the solicitud back, after asking."""
    user = account(request)
    latest = Application.objects.of(user).first()
    if latest is None:
        raise Http404
    if request.method == "GET":
        if latest.state not in Application.OPEN:
            return redirect("members:application")
        return render(request, "members/application_withdraw.html", {"application": latest})
    try:
        admitting.withdraw(latest, by=By.web(user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Retiramos su solicitud. Puede presentar otra cuando quiera.")
    return redirect("members:application")


def _draft(request: HttpRequest) -> Application | None:
    """Return her draft, if she has one."""
    mine = Application.objects.of(account(request)).filter(state=Application.State.DRAFT)
    return mine.select_related("person", "department__parent").first()


def _not_a_draft(request: HttpRequest) -> HttpResponse:
    """Another tab, or the back button: say where the solicitud is now."""
    if request.method == "POST":
        messages.info(request, "Su solicitud ya no es un borrador. Este es su estado actual.")
    return redirect("members:application")


def _keep_unfinished(request: HttpRequest, page: steps.Step) -> HttpResponse | None:
    """Save a page that may lack what is required; return the answer when it could not be saved."""
    draft = _draft(request)
    if draft is None:
        return _not_a_draft(request)
    form = _form(page, draft, request, lenient=True)
    if form.is_valid():
        try:
            admitting.save(draft, form)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return None
    return form_page(request, page.template, form, _edit_context(page, draft, request))


def _form(
    page: steps.Step,
    draft: Application,
    request: HttpRequest,
    *,
    lenient: bool = False,
    data: QueryDict | None = None,
) -> DraftModelForm[Any]:
    """Return the page's form over the row it writes."""
    row = draft.person if page.of == "person" else draft
    more: dict[str, Any] = {}
    if page.form is DepartmentForm:
        more = {"found": [found.pk for found in _search(request)[1]]}
        if (
            data is None
            and request.method == "GET"
            and not (draft.department_other or more["found"])
        ):
            more["initial"] = {"department_other": request.GET.get("q", "")[:160].replace("\0", "")}
    if request.method == "POST":
        data = request.POST
    return page.form(data, instance=row, lenient=lenient, **more)


def _search(request: HttpRequest) -> tuple[DepartmentSearchForm, list[Department]]:
    """Return the search form and the dependencias that hold every typed word."""
    form = DepartmentSearchForm(request.GET or None)
    words = form.words()
    if not words:
        return form, []
    found = Department.objects.current().search(words).order_by("name")
    return form, list(found[:FOUND_LIMIT])


def _edit_context(page: steps.Step, draft: Application, request: HttpRequest) -> dict[str, Any]:
    """Return what every page of the draft shows around its form."""
    context: dict[str, Any] = {
        "application": draft,
        "page": page,
        "query": "",
        "steps": steps.where_she_is(page.slug, draft),
        "back": steps.before(page),
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    if page.form is DepartmentForm:
        search, found = _search(request)
        words = search.words()
        query = f"?{urlencode({'q': words})}" if words else ""
        context |= {"search": search, "found": found, "searched": bool(words), "query": query}
    return context


def _start_context(user: User) -> dict[str, Any]:
    """Return the aviso to read, or why nothing can be asked yet."""
    refusal = admitting.why_not_start(user)
    notice = None
    try:
        notice = privacy.notice_in_force()
    except ValidationError as missing_notice:
        refusal = refusal or " ".join(missing_notice.messages)
    return {"notice": notice, "refusal": refusal, "step_names": [step.name for step in steps.STEPS]}
