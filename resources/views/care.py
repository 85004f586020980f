"""Pages of care: the help lines, and what the quick exit does and does not."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.views.decorators.http import require_safe

from resources.views.pages import Page, careful, library_crumb


@login_not_required
@require_safe
@careful
def helpline_list(request: HttpRequest) -> tuple[str, Page]:
    """The verified help lines, 911 first."""
    return "resources/helpline_list.html", {"sensitive": True, "crumbs": [library_crumb()]}


@login_not_required
@require_safe
@careful
def quick_exit(request: HttpRequest) -> tuple[str, Page]:
    """What the quick exit does, how it is used, and its limits."""
    return "resources/quick_exit.html", {
        "sensitive": True,
        "host": urlsplit(settings.QUICK_EXIT_URL).hostname or "",
        "crumbs": [library_crumb()],
    }
