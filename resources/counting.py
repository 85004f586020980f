"""How much each entry is read: a number a month, never who, and no robots."""

import logging
import re
from typing import Final, Literal

from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from resources.models import ReadCount, Resource
from resources.models.audience import is_library_staff

logger = logging.getLogger(__name__)

ROBOTS: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|fetch|scan|monitor|curl|wget|python|java/|go-http|headless|whatsapp|facebook",
    re.IGNORECASE,
)
AHEAD: Final = frozenset({"prefetch", "preview"})


def count(request: HttpRequest, resource: Resource, what: Literal["pages", "files"]) -> bool:
    """Add one reading of an entry and return whether it counted.

    Robots, the library's own staff, questions without a body and the later pieces of one download do not. A count that
    cannot be written is lost: it never costs anybody her page.
    """
    if not _counts(request):
        return False
    month = timezone.localdate().replace(day=1)
    row = ReadCount.objects.filter(resource=resource, month=month)
    try:
        with transaction.atomic():
            if not row.update(**{what: F(what) + 1}):
                ReadCount.objects.get_or_create(resource=resource, month=month)
                row.update(**{what: F(what) + 1})
    except DatabaseError as error:
        logger.warning("A reading was not counted: %s", error)
        return False
    return True


def _counts(request: HttpRequest) -> bool:
    """Whether a person who reads the library asked for the page."""
    agent = request.headers.get("User-Agent", "")
    if request.method != "GET" or not agent or ROBOTS.search(agent):
        return False
    if (
        request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")).split(";")[0]
        in AHEAD
    ):
        return False
    asked = request.headers.get("Range", "")
    if asked and not asked.startswith("bytes=0-"):
        return False
    return not is_library_staff(request.user)
