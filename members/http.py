"""How the pages of this app answer: forms with refusals, and who may read what integrantes read."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from members.models import Member, User


def account(request: HttpRequest) -> User:
    """Return who signed in; the login middleware has let nobody else pass."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any]
) -> HttpResponse:
    """Render a page with a form: 200 when it asks, 422 when something has to be corrected."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


def refuse(form: BaseForm, refusal: ValidationError) -> None:
    """Show what a verb refused on top of the form."""
    form.add_error(None, ValidationError(refusal.messages))


def reads_as_member(user: User) -> bool:
    """Whether this account reads what integrantes read: an active one, or staff of the directory."""
    return (
        user.has_perm("members.view_member")
        or Member.objects.active().filter(person__user=user).exists()
    )
