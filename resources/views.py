"""Pages of the library and of the help lines."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from members.models import PageText
from red_genero.common.http import no_store
from resources.forms import ResourceFilter
from resources.models import HelpLine, Resource, ResourceQuerySet, Topic

PER_PAGE: Final = 20
RELATED: Final = 5
LIBRARY: Final = "Biblioteca"

Page = dict[str, Any]


def careful(view: Callable[..., tuple[str, Page]]) -> Callable[..., HttpResponse]:
    """Turn ``(template, context)`` into the answer; pages on violence are kept by no cache.

    The context says so with ``sensitive``; such a page has a neutral title and a quick exit.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        template, context = view(request, *args, **kwargs)
        sensitive = context["sensitive"]
        response = render(request, template, {**context, "quick_exit_url": settings.QUICK_EXIT_URL})
        if sensitive:
            no_store(response)
        return response

    return answer


@login_not_required
@require_safe
@careful
def topic_list(request: HttpRequest) -> tuple[str, Page]:
    """The doors of the library, or what was searched through all of them."""
    form = ResourceFilter(request.GET)
    entries = Resource.objects.listed_for(request.user).select_related("topic")
    context: Page = {
        "form": form,
        "help_lines": HelpLine.objects.published(),
        "sensitive": False,
    }
    if form.active:
        return "resources/topic_list.html", {**context, **_listed(request, form.apply(entries))}
    return "resources/topic_list.html", {
        **context,
        "topics": Topic.objects.with_counts(request.user).order_by("order", "name"),
    }


@login_not_required
@require_safe
@careful
def topic_detail(request: HttpRequest, topic: str) -> tuple[str, Page]:
    """One topic: its introduction and its entries."""
    door = get_object_or_404(Topic, key=topic)
    form = ResourceFilter(request.GET)
    entries = (
        Resource.objects.listed_for(request.user)
        .filter(topic=door)
        .select_related("topic")
        .binding_first()
    )
    return "resources/topic_detail.html", {
        **_listed(request, form.apply(entries)),
        "topic": door,
        "form": form,
        "intro": PageText.objects.filter(slug=door.text_slug).first(),
        "help_lines": HelpLine.objects.published() if door.sensitive else None,
        "sensitive": door.sensitive,
        "crumbs": [_library()],
    }


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
    return "resources/resource_detail.html", {
        "resource": entry,
        "topic": entry.topic,
        "before": before.filter(pk=entry.replaces_id).select_related("topic").first()
        if entry.replaces_id
        else None,
        "successors": listed.filter(replaces=entry).select_related("topic"),
        "related": listed.filter(topic=entry.topic)
        .exclude(pk=entry.pk)
        .select_related("topic")
        .binding_first()[:RELATED],
        "sensitive": entry.topic.sensitive,
        "crumbs": [_library(), {"label": entry.topic.name, "url": entry.topic.get_absolute_url()}],
    }


@login_not_required
@require_safe
@careful
def helpline_list(request: HttpRequest) -> tuple[str, Page]:
    """The verified help lines, 911 first."""
    return "resources/helpline_list.html", {
        "help_lines": HelpLine.objects.published(),
        "sensitive": True,
        "crumbs": [_library()],
    }


def _library() -> dict[str, str]:
    """Return the crumb of the library."""
    return {"label": LIBRARY, "url": reverse("resources:topic_list")}


def _listed(request: HttpRequest, entries: ResourceQuerySet) -> Page:
    """Return one page of entries as the lists show it."""
    return {"page_obj": Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))}
