"""Finding what one needs: the doors of the library, one topic, the search."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from resources import searching
from resources.forms import ResourceFilter
from resources.markup import sections
from resources.models import Collection, HelpLine, Introduction, Resource, ResourceQuerySet, Topic
from resources.search_passages import lines
from resources.search_words import asked
from resources.views.pages import Page, careful, library_crumb
from resources.views.reading import shown as printed

PER_PAGE: Final = 20


@login_not_required
@require_safe
@careful
def topic_list(request: HttpRequest) -> tuple[str, Page]:
    """The doors of the library, or what was searched through all of them."""
    form = ResourceFilter(request.GET)
    context: Page = {"form": form, "sensitive": False}
    if form.active:
        entries = Resource.objects.listed_for(request.user).select_related("topic")
        listed = _listed(request, form, entries)
        shown = [*listed["lines"], *listed.get("near", [])]
        # Who finds nothing may have asked for help in words that no entry has: that page is as careful.
        careful_page = not shown or any(line.resource.topic.sensitive for line in shown)
        return "resources/topic_list.html", {**context, **listed, "sensitive": careful_page}
    return "resources/topic_list.html", {
        **context,
        "topics": Topic.objects.with_counts(request.user).order_by("order", "name"),
        "collections": Collection.objects.published(),
    }


@login_not_required
@require_safe
@careful
def topic_detail(request: HttpRequest, topic: str) -> tuple[str, Page]:
    """One topic: its introduction and its entries."""
    door = get_object_or_404(Topic, key=topic)
    edition = Introduction.objects.published().filter(topic=door).first()
    form, help_lines = ResourceFilter(request.GET, inside=door), list(HelpLine.objects.published())
    entries = (
        Resource.objects.listed_for(request.user)
        .filter(topic=door)
        .select_related("topic")
        .binding_first()
    )
    return "resources/topic_detail.html", {
        **_listed(request, form, entries),
        "topic": door,
        "form": form,
        "edition": edition,
        "text": printed(edition, request.user, help_lines) if edition else "",
        "help_lines": help_lines,
        "sections": sections(edition.html) if edition else [],
        "sensitive": door.sensitive,
        "crumbs": [library_crumb()],
    }


def _listed(request: HttpRequest, form: ResourceFilter, entries: ResourceQuerySet) -> Page:
    """Return one page of entries as the lists show it; what was searched comes best first."""
    wanted = form.narrow(entries)
    number = request.GET.get("page")
    if not form.typed:
        page = Paginator(wanted, PER_PAGE).get_page(number)
        return {"page_obj": page, "lines": lines(list(page))}
    found = searching.find(wanted, form.typed)
    ranked = Paginator(found.ids, PER_PAGE).get_page(number)
    context: Page = {
        "page_obj": ranked,
        "lines": lines(searching.in_order(list(ranked)), found.words),
        "more": found.more,
        "typed": form.typed,
    }
    if not found.ids:
        hint = searching.suggest(wanted, form.typed)
        context["corrected"] = hint.corrected
        context["near"] = lines(searching.in_order(hint.near), asked(form.typed))
    return context
