"""Answers to what went wrong; in the library's section they are careful and no cache keeps them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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


class ButtonAddressMiddleware:
    """Gives a page to whoever opens the address of a button, which Django would answer with nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; an empty refusal of GET or POST gets its words."""
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        if request.method not in {"GET", "POST"}:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return _kept(request, page)


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    return care.kept_by_nobody(response, sensitive=care.watched(request.path))
