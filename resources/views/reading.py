"""Texts and collections of the staff: a topic's introduction by editions, and entries put together for a purpose."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from resources.markup import Reference, references, show
from resources.models import Collection, Introduction, Resource, Topic, Visitor
from resources.search_passages import lines
from resources.views.pages import Page, careful, library_crumb


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
    door = edition.topic
    return "resources/introduction_detail.html", {
        "edition": edition,
        "topic": door,
        "text": shown(edition, request.user),
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


def shown(edition: Introduction, reader: Visitor) -> str:
    """Return the text of an edition with its links, as far as ``reader`` may follow them."""
    return show(edition.html, _addresses(references(edition.body), reader))


def _addresses(asked: set[Reference], reader: Visitor) -> dict[Reference, str]:
    """Return where each linked entry or topic is, without those that the reader may not see."""
    entries = Resource.objects.listed_for(reader).filter(
        key__in=[key for kind, key in asked if kind == "recurso"]
    )
    topics = Topic.objects.filter(key__in=[key for kind, key in asked if kind == "tema"])
    found = {
        ("recurso", entry.key): entry.get_absolute_url()
        for entry in entries.select_related("topic")
    }
    return found | {("tema", topic.key): topic.get_absolute_url() for topic in topics}
