"""What the pages of trainings share: fetching what one may coordinate, limits of use, data for machines."""

import hashlib
import json
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from members.http import account
from red_genero.common.models import AccessLog
from trainings.models import Edition, Session

_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def coordinated_edition(request: HttpRequest, key: str) -> Edition:
    """Return the edición if this person may coordinate it; otherwise it does not exist."""
    editions = Edition.objects.visible_to_coordinator(request.user)
    return get_object_or_404(editions.select_related("course__area"), key=key)


def desk_crumbs(edition: Edition) -> list[dict[str, str]]:
    """Return the way from the desk to a page of the edición."""
    return [
        {"label": "Coordinación", "url": reverse("trainings:coordination")},
        {
            "label": edition.key.upper(),
            "url": reverse("trainings:coordination_edition", args=[edition.key]),
        },
    ]


def session_of(edition: Edition, number: int) -> Session:
    """Return one session of the edición, with the edición already at hand."""
    session = get_object_or_404(edition.sessions, number=number)
    session.edition = edition
    return session


def note_reading(
    request: HttpRequest, edition: Edition, what: str, *, purpose: str, rows: int
) -> None:
    """Write down that somebody of the personnel read a list of people of the edición; an empty one is no list."""
    if rows:
        AccessLog.objects.create(
            user=account(request), what=f"{what} de {edition.key}", purpose=purpose, rows=rows
        )


def require_permission(request: HttpRequest, permission: str) -> None:
    """Answer like what does not exist to whoever lacks the permission."""
    if not request.user.has_perm(permission):
        raise Http404


def over_limit(request: HttpRequest, scope: str, *, limit: int, seconds: int) -> bool:
    """Count one use of ``scope`` from this address; True once there are more than ``limit`` in the window.

    The address is kept only as a hash and only for the window. Requests at the very same instant may share a count:
    the limit slows guessing down, it is not an account of uses.
    """
    address = hashlib.sha256(client_address(request).encode()).hexdigest()[:24]
    key = f"limit:{scope}:{address}:{int(time.time()) // seconds}"
    used = int(cache.get(key, 0)) + 1
    cache.set(key, used, seconds)
    return used > limit


def client_address(request: HttpRequest) -> str:
    """Return the address of the browser, counted back from the trusted proxies."""
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    proxies: int = settings.TRUSTED_PROXIES
    if proxies and len(hops) >= proxies and hops[-proxies].strip():
        return hops[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def json_ld(data: dict[str, Any]) -> SafeString:
    """Return data for machines that can stand inside a script element: no text can close it."""
    return SafeString(json.dumps(data, ensure_ascii=False).translate(_SCRIPT_ESCAPES))
