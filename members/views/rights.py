"""Her rights over her data: solicitudes ARCO, her baja, and the avisos that changed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from members import answering, membership, privacy, timelines
from members.forms import LeaveForm, PrivacyRequestForm, RenewalForm
from members.http import account, form_page, herself, refuse, stored_file
from members.models import Member, PrivacyPolicy, PrivacyRequest
from red_genero.common import typed
from red_genero.common.http import staff_page
from red_genero.common.states import By


@typed.keeps_typed("members:privacy_request")
@require_http_methods(["GET", "POST"])
def privacy_request(request: HttpRequest) -> HttpResponse:
    """Ask for access, rectification, cancellation or opposition."""
    person = herself(request)
    kept = typed.take(request, request.path) if request.method == "GET" else None
    form = PrivacyRequestForm(
        request.POST if request.method == "POST" else None, initial=kept and kept.dict()
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = answering.request(
                person,
                form.cleaned_data["kind"],
                text=form.cleaned_data["text"],
                by=By.web(account(request)),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"Recibimos su solicitud. Su folio es {made.folio}.")
            return redirect("members:privacy_request_detail", made.folio)
    context = {
        "days": PrivacyPolicy.current().answer_days,
        "typed_field": typed.FIELD,
        "typed_by": typed.signature(request),
    }
    return form_page(request, "members/privacy_request.html", form, context)


@require_safe
def privacy_request_detail(request: HttpRequest, folio: str) -> HttpResponse:
    """One of hers: deadline, history and answer."""
    asked = _hers(request, folio)
    context = {
        "asked": asked,
        "open": asked.state in PrivacyRequest.OPEN,
        "days_left": answering.working_days_left(asked),
        "entries": timelines.of_privacy_request(asked),
    }
    return render(request, "members/privacy_request_detail.html", context)


@require_http_methods(["GET", "POST"])
def privacy_request_withdraw(request: HttpRequest, folio: str) -> HttpResponse:
    """Take it back while it has no answer, after asking."""
    asked = _hers(request, folio)
    if request.method == "GET":
        if asked.state not in PrivacyRequest.OPEN:
            return redirect("members:privacy_request_detail", folio)
        return render(request, "members/privacy_request_withdraw.html", {"asked": asked})
    try:
        answering.withdraw(asked, by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Retiró la solicitud.")
    return redirect("members:privacy_request_detail", folio)


@staff_page
@require_safe
def privacy_request_file(request: HttpRequest, folio: str) -> HttpResponse:
    """The file that came with the answer, for her and for who attends."""
    user = account(request)
    asked = PrivacyRequest.objects.of(user).filter(folio=folio.upper()).first()
    if asked is None:
        asked = get_object_or_404(PrivacyRequest.objects.visible_to(user), folio=folio.upper())
    return stored_file(asked.answer_file.name, f"{asked.folio}-respuesta")


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Baja on her own wish."""
    member = Member.objects.filter(person=herself(request)).first()
    if member is None:
        raise Http404
    if member.state == Member.State.ENDED:
        return redirect("members:my_data")
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["reason"].strip()
        reason = f"A petición suya. {said}" if said else "A petición suya"
        try:
            membership.end(member, reason=reason, by=By.web(account(request)))
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                "Causó baja en la Red. Sus constancias y su historial se conservan, y puede volver cuando quiera.",
            )
            return redirect("members:my_data")
    return form_page(request, "members/leave.html", form, {"member": member})


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The avisos that changed since she read one; consents are asked again only if a purpose changed."""
    person = herself(request)
    waiting = privacy.unread(person)
    then = _then(request)
    if not waiting:
        request.session.pop(privacy.NOTICE_WAITS, None)
        return redirect(then)
    asks = privacy.asks_again(person, waiting)
    form = RenewalForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted() if asks else {}
        privacy.acknowledge(person, waiting, wanted=wanted, by=By.web(account(request)))
        request.session.pop(privacy.NOTICE_WAITS, None)
        return redirect(then)
    first = not person.consents.exists()
    context = {"notices": waiting, "asks": asks, "then": then, "first": first}
    return form_page(request, "members/notice.html", form, context)


def _then(request: HttpRequest) -> str:
    """Return where she was going, if it is a page of this portal."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and "\x00" not in wanted else "panel"


def _hers(request: HttpRequest, folio: str) -> PrivacyRequest:
    """Return one of her own; anybody else's does not exist for her."""
    return get_object_or_404(PrivacyRequest.objects.of(account(request)), folio=folio.upper())
