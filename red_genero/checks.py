"""What a production portal must not be: refused when it starts, and by ``check --deploy``."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.http.request import validate_host

KNOWN_KEYS: Final = ("solo-para-probar-", "django-insecure-")
SHORTEST_KEY: Final = 40
SILENT_MAIL: Final = ("console", "dummy", "filebased", "locmem", "Demo")
OWN_CACHE: Final = ("locmem", "dummy", "filebased")


def unsafe() -> list[CheckMessage]:
    """Return what no portal outside demo and development may start with."""
    found: list[CheckMessage] = []
    if settings.SECRET_KEY.startswith(KNOWN_KEYS):
        found.append(
            _refusal("SECRET_KEY is one that everybody knows.", "E003", "Set a long random text.")
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            _refusal("ALLOWED_HOSTS accepts any name.", "E004", "List the portal's names.")
        )
    if any(word in settings.EMAIL_DELIVERY_BACKEND for word in SILENT_MAIL):
        found.append(
            _refusal(
                "Mail would not leave this machine.",
                "E005",
                "Set EMAIL_URL to the Instituto's server.",
            )
        )
    if any(word in settings.CACHES["default"]["BACKEND"] for word in OWN_CACHE):
        found.append(
            _refusal(
                "Each process would count attempts apart: the limits would not hold.",
                "E006",
                "Leave CACHE_URL empty (database) or set it to a Redis server.",
            )
        )
    return found


def _refusal(words: str, code: str, hint: str) -> Error:
    return Error(words, hint=hint, id=f"red_genero.{code}")


def _own_name(url: str) -> bool:
    """Whether the portal answers by the name in its address."""
    name = urlsplit(url).hostname or ""
    return name != "localhost" and validate_host(name, settings.ALLOWED_HOSTS)


@register(Tags.security, deploy=True)
def fit_for_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse demo and development modes, and whatever is unsafe."""
    found = unsafe()
    if settings.DEMO:
        found.append(
            _refusal(
                "DEMO is on: its mail is read in the browser and its passwords are printed.",
                "E001",
                "Set DEMO=0.",
            )
        )
    if settings.DEBUG:
        found.append(
            _refusal("DEBUG is on: errors would show the portal's insides.", "E002", "Set DEBUG=0.")
        )
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        found.append(
            _refusal("SECRET_KEY is short.", "E007", "To make one: openssl rand -base64 48")
        )
    if not settings.ALLOWED_HOSTS:
        found.append(_refusal("ALLOWED_HOSTS is empty.", "E008", "List the portal's names."))
    if urlsplit(settings.PORTAL_URL).scheme != "https" or not _own_name(settings.PORTAL_URL):
        found.append(
            _refusal(
                "PORTAL_URL is not this portal's public address: mail and the QR of every constancia carry it.",
                "E010",
                "Set it to https:// and one of ALLOWED_HOSTS.",
            )
        )
    if not settings.REQUIRE_STAFF_MFA:
        found.append(
            Warning(
                "Staff may enter without a second factor.",
                hint="Set REQUIRE_STAFF_MFA=1.",
                id="red_genero.W009",
            )
        )
    return found
