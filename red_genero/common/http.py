"""What every answer carries, and how private files leave."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import content_disposition_header

P = ParamSpec("P")

PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)


class SecurityHeadersMiddleware:
    """Adds the headers Django has no setting for, and no-store wherever somebody is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then harden the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        # Who asks is not looked up again in a database that has just failed.
        if response.status_code >= 500 or (user is not None and user.is_authenticated):
            no_store(response)
        return response


def no_store(response: HttpResponseBase) -> None:
    """Forbid any cache to keep the answer."""
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)


def private_page(
    view: Callable[P, HttpResponse],
) -> Callable[P, HttpResponse]:
    """Decorate a view whose page holds personal data although nobody signed in."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        no_store(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def staff_page(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Decorate a view on which the personnel sees other people's data: it wants the second factor.

    The permission is still the view's own business; put this decorator outermost.
    """
    setattr(view, "staff_page", True)  # noqa: B010
    return view


def attachment(
    content: bytes, filename: str, content_type: str, *, inline: bool = False
) -> HttpResponse:
    """Return a file made by the portal, never sniffed, as attachment unless ``inline``."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = (
        content_disposition_header(not inline, filename) or "attachment"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    no_store(response)
    return response
