"""What somebody was typing when her session ended: kept, for her alone, until she signs in again."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

P = ParamSpec("P")

FIELD: Final = "quien_escribe"
"""The hidden field that says, signed, whose page it is."""
SALT: Final = "red_genero.common.typed"
STORED: Final = "typed"
LONGEST: Final = 40_000
HER_SESSION: Final = 14 * 24 * 3600
KEPT_SECONDS: Final = 3600


def signature(request: HttpRequest) -> str:
    """Return the value of the hidden field for whoever is signed in."""
    return signing.dumps(request.user.pk, salt=SALT)


def keeps_typed(page: str) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Mark a view whose POST survives the end of a session; ``page`` names where it is shown again.

    That page takes the same arguments, carries ``FIELD`` in its form and asks ``take`` for what was typed.
    """

    def mark(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        @wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return view(*args, **kwargs)

        setattr(wrapped, "keeps_typed", page)  # noqa: B010
        return wrapped

    return mark


def take(request: HttpRequest, page: str) -> QueryDict | None:
    """Return, once, what she typed on the page at this address before her session ended."""
    kept = request.session.get(STORED)
    if not kept:
        return None
    if kept["page"] != page and kept["who"] == request.user.pk:
        return None
    del request.session[STORED]
    if kept["who"] != request.user.pk or time.time() - kept["at"] > KEPT_SECONDS:
        return None
    return QueryDict(kept["data"])


def keep(request: HttpRequest, page: str) -> bool:
    """Keep what this POST brings until its author opens the page at this address; whether it was kept."""
    try:
        who = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=HER_SESSION)
    except signing.BadSignature:
        return False
    written = request.POST.copy()
    for field in ("csrfmiddlewaretoken", FIELD):
        written.pop(field, None)
    data = written.urlencode()
    if len(data) > LONGEST:
        return False
    request.session[STORED] = {"page": page, "who": who, "at": time.time(), "data": data}
    return True


def page_behind(request: HttpRequest) -> str:
    """Return the portal's own page on which this button was pressed, or nothing."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    address = urlsplit(before)
    return f"{address.path}?{address.query}" if address.query else address.path


class KeepTypedMiddleware:
    """Stands before the login middleware: keeps what an ended session would lose, then leads to the door.

    What was pressed is not done. The door leads back to the page of the button, never to the button's own
    address, which only understands a press.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Keep a POST without session whose page was given, signed, to somebody."""
        if request.method != "POST" or request.user.is_authenticated:
            return None
        if not getattr(view, "login_required", True):
            return None
        name = getattr(view, "keeps_typed", "")
        page = reverse(name, args=args, kwargs=kwargs) if name else ""
        if page and keep(request, page):
            words = "Su sesión terminó. Ingrese otra vez: conservamos lo que acaba de escribir."
        elif "text/html" in request.headers.get("Accept", ""):
            page = page or page_behind(request)
            words = "Su sesión terminó y no se cambió nada. Ingrese otra vez y repita lo último que hizo."
        else:  # a script, which reads the answer by itself
            return None
        if not page:
            return None
        messages.info(request, words)
        return redirect_to_login(page)
