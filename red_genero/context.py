"""What every template knows: the Instituto's data and whether this is the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from members.models import Institute
from resources import care


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return ``institute`` (read only if the page uses it), ``demo`` and ``portal_url``.

    What the library's section answers is careful unless its view says otherwise: so are its errors.
    """
    return {
        "sensitive": care.watched(request.path),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "help_lines": (),
        "institute": SimpleLazyObject(Institute.current),
        "demo": settings.DEMO,
        "portal_url": settings.PORTAL_URL,
    }
