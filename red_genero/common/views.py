"""Pages of what every app shares: the progress of long work, and the demo's mailbox."""

import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from red_genero.common.http import private_page
from red_genero.common.models import Job, QueuedMail

DEMO_PAGE = 25
LETTER = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)


class View(Protocol):
    """A view."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer."""


@require_safe
def job_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far a long work is, until it ends."""
    job = get_object_or_404(Job.objects.visible_to(request.user), key=key)
    return render(request, "site/job_detail.html", {"job": job})


def only_in_demo(view: View) -> View:
    """Decorate a page that does not exist outside the demo."""

    @login_not_required
    @require_safe
    @private_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@only_in_demo
def demo_mail_list(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Every message of the demo, newest first."""
    found = QueuedMail.objects.all()
    typed = request.GET.get("q", "").strip()[:200]
    if typed:
        found = found.filter(recipient__icontains=typed)
    page = Paginator(found, DEMO_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/demo_mail_list.html", {"page_obj": page, "typed": typed})


@only_in_demo
def demo_mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as its reader gets it, in plain text."""
    mail = get_object_or_404(QueuedMail, pk=pk)
    parsed = _parsed(mail)
    context = {
        "mail": mail,
        "sender": parsed["From"] or "",
        "attachments": [part.get_filename() for part in parsed.iter_attachments()],
    }
    return render(request, "site/demo_mail_detail.html", context)


@only_in_demo
def demo_mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The dressed version, shut in a sandbox: no script, no form, nothing from elsewhere."""
    body = _parsed(get_object_or_404(QueuedMail, pk=pk)).get_body(("html",))
    if body is None:
        raise Http404
    return HttpResponse(body.get_content(), headers={"Content-Security-Policy": LETTER})


def _parsed(mail: QueuedMail) -> EmailMessage:
    return message_from_bytes(bytes(mail.mime), policy=policy.default)
