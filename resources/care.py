"""Which pages are read with care: those on violence, and whatever the library's section answers, errors included."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from red_genero.common.http import no_store
from resources.models import HelpLine

Page = dict[str, Any]


def watched(path: str) -> bool:
    """Whether an address is of the library: an error there must not tell what was looked for."""
    return path.startswith(reverse("resources:topic_list"))


def with_exit(context: Page) -> Page:
    """Return the context of a page, which says ``sensitive``, with what a page on violence needs besides."""
    page: Page = {"quick_exit_url": settings.QUICK_EXIT_URL, **context}
    if page["sensitive"] and "help_lines" not in page:
        page["help_lines"] = list(HelpLine.objects.published())
    return page


def kept_by_nobody(response: HttpResponse, *, sensitive: bool) -> HttpResponse:
    """Forbid any cache to keep a page on violence."""
    if sensitive:
        no_store(response)
    return response
