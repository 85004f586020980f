"""What the pages of the library share: care with what they are about, help lines, crumbs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from resources.care import kept_by_nobody, with_exit

LIBRARY: Final = "Biblioteca"

Page = dict[str, Any]


def careful(view: Callable[..., tuple[str, Page]]) -> Callable[..., HttpResponse]:
    """Turn ``(template, context)`` into the answer; pages on violence are kept by no cache.

    The context says so with ``sensitive``; such a page has a neutral title, a quick exit and the help lines.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        template, context = view(request, *args, **kwargs)
        response = render(request, template, with_exit(context))
        return kept_by_nobody(response, sensitive=context["sensitive"])

    return answer


def library_crumb() -> dict[str, str]:
    """Return the crumb of the library."""
    return {"label": LIBRARY, "url": reverse("resources:topic_list")}
