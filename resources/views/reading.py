"""Texts and collections of the staff: a topic's introduction by editions, and entries put together for a purpose."""

from collections.abc import Sequence
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from red_genero.common.text import dialable
from resources.markup import LINES, URGENT, Reference, Target, references, show
from resources.models import Collection, HelpLine, Introduction, Resource, Topic, Visitor
from resources.search_passages import lines
from resources.views.pages import Page, careful, library_crumb

HERE: Final = "#lineas"
"""Where the pages of the library have their help lines."""


@login_not_required
@require_safe
@careful
def introduction_detail(request: HttpRequest, topic: str, number: int) -> tuple[str, Page]:
    """One edition of an introduction: a former one under a banner, or a draft for who writes it."""
    edition = get_object_or_404(
        Introduction.objects.visible_to(request.user).select_related("topic"),
        topic__key=topic,
        number=number,
    )
    door, help_lines = edition.topic, list(HelpLine.objects.published())
    return "resources/introduction_detail.html", {
        "edition": edition,
        "topic": door,
        "text": shown(edition, request.user, help_lines),
        "help_lines": help_lines,
        "sensitive": door.sensitive,
        "crumbs": [library_crumb(), {"label": door.name, "url": door.get_absolute_url()}],
    }


@login_not_required
@require_safe
@careful
def collection_detail(request: HttpRequest, collection: str) -> tuple[str, Page]:
    """A collection: its entries in the order in which they are read."""
    found = get_object_or_404(Collection.objects.published(), key=collection)
    items = (
        found.items.filter(resource__in=Resource.objects.listed_for(request.user))
        .select_related("resource__topic")
        .order_by("position", "pk")
    )
    rows: list[Page] = [
        {"line": line, "note": item.note}
        for item, line in zip(items, lines([item.resource for item in items]), strict=True)
    ]
    return "resources/collection_detail.html", {
        "collection": found,
        "rows": rows,
        "sensitive": any(row["line"].resource.topic.sensitive for row in rows),
        "crumbs": [library_crumb()],
    }


def shown(edition: Introduction, reader: Visitor, help_lines: Sequence[HelpLine]) -> str:
    """Return the text of an edition with its links, as far as ``reader`` may follow them."""
    asked = references(edition.body)
    return show(edition.html, _entries_and_topics(asked, reader) | _help(help_lines))


def _entries_and_topics(asked: set[Reference], reader: Visitor) -> dict[Reference, Target]:
    """Return where each linked entry or topic is, without those that the reader may not see."""
    entries = Resource.objects.listed_for(reader).filter(
        key__in=[key for kind, key in asked if kind == "recurso"]
    )
    topics = Topic.objects.filter(key__in=[key for kind, key in asked if kind == "tema"])
    found = {
        ("recurso", entry.key): Target(entry.get_absolute_url())
        for entry in entries.select_related("topic")
    }
    return found | {("tema", topic.key): Target(topic.get_absolute_url()) for topic in topics}


def _help(help_lines: Sequence[HelpLine]) -> dict[Reference, Target]:
    """Return where the help lines of the page are, and the telephone of the urgent one; nothing when none is published."""
    if not help_lines:
        return {}
    first = help_lines[0]
    dialled = first.emergency and bool(dialable(first.number))
    urgent = Target(f"tel:{dialable(first.number)}", first.number) if dialled else Target(HERE)
    return {LINES: Target(HERE), URGENT: urgent}
