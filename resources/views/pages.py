"""What the pages of the library share: care with what they are about, help lines, crumbs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from resources.care import kept_by_nobody, with_exit
from resources.models import HelpLine

LIBRARY: Final = "Biblioteca"

Page = dict[str, Any]


def careful(view: Callable[..., tuple[str, Page]]) -> Callable[..., HttpResponse]:
    """Turn ``(template, context)`` into the answer; pages on violence are kept by no cache.

    The context says so with ``sensitive``; such a page has a neutral title and a quick exit. Every page of the library has
    the help lines: whoever looks for a law may be who needs them.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        template, context = view(request, *args, **kwargs)
        if "help_lines" not in context:
            context["help_lines"] = list(HelpLine.objects.published())
        response = render(request, template, with_exit(context))
        return kept_by_nobody(response, sensitive=context["sensitive"])

    return answer


def library_crumb() -> dict[str, str]:
    """Return the crumb of the library."""
    return {"label": LIBRARY, "url": reverse("resources:topic_list")}
