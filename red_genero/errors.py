"""Answers to what went wrong; in the library's section they are careful and no cache keeps them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from resources import care


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What arrived cannot be understood."""
    return _kept(request, defaults.bad_request(request, exception))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Her account may not."""
    return _kept(request, defaults.permission_denied(request, exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What does not exist, or is not for this reader."""
    return _kept(request, defaults.page_not_found(request, exception))


def failed(request: HttpRequest) -> HttpResponse:
    """The portal failed: nothing is read to say so, neither the database nor the account."""
    context = {
        "sensitive": care.watched(request.path),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "help_lines": (),
    }
    return _kept(request, HttpResponse(loader.get_template("500.html").render(context), status=500))


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    return care.kept_by_nobody(response, sensitive=care.watched(request.path))
