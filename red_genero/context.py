"""What every template knows: the Instituto's data and whether this is the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from members.models import Institute


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return ``institute`` (read only if the page uses it), ``demo`` and ``portal_url``."""
    return {
        "institute": SimpleLazyObject(Institute.current),
        "demo": settings.DEMO,
        "portal_url": settings.PORTAL_URL,
    }
