"""The page of one entry of the library."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from resources.counting import count
from resources.models import Resource, ResourceVersion
from resources.relating import courses_of
from resources.views.pages import Page, careful, library_crumb

RELATED: Final = 5


@login_not_required
@require_safe
@careful
def resource_detail(request: HttpRequest, topic: str, resource: str) -> tuple[str, Page]:
    """One entry: what it is, whether it binds the municipality, where to read it."""
    entry = get_object_or_404(
        Resource.objects.visible_to(request.user).select_related("topic"),
        topic__key=topic,
        key=resource,
    )
    listed = Resource.objects.listed_for(request.user)
    before = Resource.objects.visible_to(request.user).exclude(state=Resource.State.DRAFT)
    count(request, entry, "pages")
    versions = _versions(request, entry)
    return "resources/resource_detail.html", {
        "resource": entry,
        "version": next((each for each in versions if not each.hidden_reason), None),
        "versions": versions,
        "topic": entry.topic,
        "before": before.filter(pk=entry.replaces_id).select_related("topic").first()
        if entry.replaces_id
        else None,
        "successors": listed.filter(replaces=entry).select_related("topic"),
        "related": listed.filter(topic=entry.topic)
        .exclude(pk=entry.pk)
        .select_related("topic")
        .binding_first()[:RELATED],
        "courses": courses_of(entry),
        "violences": entry.violences.all(),
        "sensitive": entry.topic.sensitive,
        "crumbs": [
            library_crumb(),
            {"label": entry.topic.name, "url": entry.topic.get_absolute_url()},
        ],
    }


def _versions(request: HttpRequest, entry: Resource) -> list[ResourceVersion]:
    """Return the editions that this reader may open, newest first, each knowing its entry."""
    found = list(entry.versions.visible_to(request.user).light())
    for each in found:
        each.resource = entry
    return found
