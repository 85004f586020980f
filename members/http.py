"""How the pages of this app answer: forms with refusals, private files, who may read what integrantes read."""

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from members.models import Member, Person, User
from members.privacy import NOTICE_WAITS
from red_genero.common import intake
from red_genero.common.http import attachment

READ_FIRST: Final = frozenset({"members:notice", "members:privacy", "members:privacy_version"})
"""Pages that stay open while an aviso waits to be read; so do those of the account itself."""


class NoticeMiddleware:
    """Shows, once after signing in, the aviso de privacidad that changed since she last read one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to the aviso from whatever page she opens first; what she sends is never lost."""
        if request.method != "GET" or not request.user.is_authenticated:
            return None
        if not request.session.get(NOTICE_WAITS) or not getattr(view, "login_required", True):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in READ_FIRST or name.startswith(("account_", "mfa_", "usersessions_")):
            return None
        return redirect(
            f"{reverse('members:notice')}?{urlencode({'next': request.get_full_path()})}"
        )


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


def unreadable(form: BaseForm) -> HttpResponse:
    """Answer a file whose address says something wrong: the sentences alone."""
    sentences = [str(message) for errors in form.errors.values() for message in errors]
    return HttpResponse(" ".join(sentences), status=400, content_type="text/plain; charset=utf-8")


def refuse(form: BaseForm, refusal: ValidationError) -> None:
    """Show what a verb refused on top of the form."""
    form.add_error(None, ValidationError(refusal.messages))


def herself(request: HttpRequest) -> Person:
    """Return who signed in, as a person the portal knows."""
    person = Person.objects.filter(user=account(request)).select_related("member").first()
    if person is None:
        raise Http404
    return person


def stored_file(name: str | None, title: str) -> HttpResponse:
    """Return a private file as attachment, with the type of its content; the caller checked who asks."""
    kind = intake.BY_SUFFIX.get(name.rpartition(".")[2]) if name else None
    if not name or kind is None:
        raise Http404
    try:
        with default_storage.open(name) as stored:
            content = stored.read()
    except FileNotFoundError as missing:
        raise Http404 from missing
    return attachment(content, f"{title}.{kind.suffix}", kind.content_type)


def reads_as_member(user: User) -> bool:
    """Whether this account reads what integrantes read: an active one, or staff of the directory."""
    return (
        user.has_perm("members.view_member")
        or Member.objects.active().filter(person__user=user).exists()
    )
