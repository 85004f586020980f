"""Visto bueno: her jefatura reads the request and answers once, without an account."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from members.models import User
from red_genero.common.http import private_page
from red_genero.common.states import By
from trainings import approving
from trainings.forms.desk import DeclineForm
from trainings.http import over_limit
from trainings.models import ApprovalLink, Enrollment

LIMIT, SECONDS = 40, 600


@login_not_required
@private_page
@require_safe
def approval(request: HttpRequest, key: str) -> HttpResponse:
    """Who asks and for what; opening it changes nothing."""
    if over_limit(request, "approval", limit=LIMIT, seconds=SECONDS):
        return render(request, "429.html", status=429)
    link = ApprovalLink.objects.with_key(key)
    return _page(request, key, link)


@login_not_required
@private_page
@require_POST
def approval_give(request: HttpRequest, key: str) -> HttpResponse:
    """The visto bueno."""
    return _answer(request, key, lambda link, by: approving.answer_yes(link, by=by))


@login_not_required
@private_page
@require_POST
def approval_decline(request: HttpRequest, key: str) -> HttpResponse:
    """No visto bueno, with the reason that she will read."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        link = ApprovalLink.objects.with_key(key)
        return _page(request, key, link, form=form, status=422)
    reason = form.cleaned_data["reason"]
    return _answer(
        request, key, lambda link, by: approving.answer_no(link, reason=reason, by=by), form
    )


def _answer(
    request: HttpRequest,
    key: str,
    verb: Callable[[ApprovalLink, By | None], Enrollment],
    form: DeclineForm | None = None,
) -> HttpResponse:
    """Apply an answer; a refusal stands on the page with the way on."""
    if over_limit(request, "approval", limit=LIMIT, seconds=SECONDS):
        return render(request, "429.html", status=429)
    link = ApprovalLink.objects.with_key(key)
    if link is None:
        return _page(request, key, None)
    signed_in = By.web(request.user) if isinstance(request.user, User) else None
    try:
        verb(link, signed_in)
    except ValidationError as refusal:
        return _page(request, key, link, form=form, refusal=refusal, status=409)
    return HttpResponseRedirect(reverse("trainings:approval", args=[key]))


def _page(
    request: HttpRequest,
    key: str,
    link: ApprovalLink | None,
    *,
    form: DeclineForm | None = None,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the request, or the sentence that says why it takes no answer."""
    if link is None:
        return render(request, "trainings/approval_unknown.html", status=404)
    petition = link.approval
    seat = petition.enrollment
    closed = approving.why_closed(petition, timezone.now())
    context = {
        "link_key": key,
        "petition": petition,
        "woman": seat.person.full_name,
        "department": seat.department,
        "edition": seat.edition,
        "course": seat.edition.course,
        "sessions": list(seat.edition.sessions.held()),
        "closed": closed,
        "form": form or DeclineForm(),
        "refusals": refusal.messages if refusal and not closed else [],
    }
    return render(request, "trainings/approval.html", context, status=status)
