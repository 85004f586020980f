"""What leaves the library: the feed, the text to share, the bulletin and how to stop receiving it."""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from members.models import Person, User
from red_genero.common.http import no_store
from red_genero.common.models import Channel
from red_genero.common.states import By
from resources import announcing
from resources.emails import address
from resources.models import Bulletin, Resource

NEWS: Final = 30
SHARED: Final = 10
LINK: Final = By(None, Channel.WEB, "Enlace del boletín")


class News(Feed):  # type: ignore[type-arg]
    """What is public and new or changed, in Atom; nothing that needs an account is ever in it."""

    feed_type = Atom1Feed
    title = "Biblioteca de la Red Interinstitucional de Género"
    subtitle = "Recursos nuevos y recursos que cambiaron."

    def link(self) -> str:
        """The library's page."""
        return address(reverse("resources:topic_list"))

    def feed_url(self) -> str:
        """Its own address."""
        return address(reverse("resources:feed"))

    def items(self) -> Any:
        """The newest entries."""
        return announcing.public().order_by("-updated_at", "-pk")[:NEWS]

    def item_title(self, item: Any) -> str:
        """The official title; the generator escapes it."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """The summary, as the HTML that Atom says it is."""
        return escape(item.summary)

    def item_link(self, item: Any) -> str:
        """The entry's whole address."""
        return address(item.get_absolute_url())

    def item_updateddate(self, item: Any) -> Any:
        """When it last changed."""
        return item.updated_at


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed of the library."""
    return News()(request)


@login_not_required
@require_safe
def news_text(request: HttpRequest) -> HttpResponse:
    """The news as plain text, to paste into a message."""
    rows = list(announcing.public().order_by("-updated_at", "-pk")[:SHARED])
    response = HttpResponse(announcing.as_text(rows), content_type="text/plain; charset=utf-8")
    no_store(response)
    return response


@require_safe
def bulletin_preview(request: HttpRequest, number: int) -> HttpResponse:
    """A number as it will be read, for who may send it."""
    if not (isinstance(request.user, User) and request.user.has_perm("resources.view_bulletin")):
        raise Http404
    found = get_object_or_404(Bulletin, number=number)
    rows: list[Resource] = announcing.entries(found)
    context = {
        "bulletin": found,
        "entries": [
            {"title": row.title, "summary": row.summary, "url": address(row.get_absolute_url())}
            for row in rows
        ],
        "text": announcing.as_text(rows, found.greeting),
        "people": len(announcing.subscribers()),
        "sensitive": False,
    }
    return render(request, "resources/bulletin_preview.html", context)


@csrf_exempt
@login_not_required
def bulletin_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Stop receiving the bulletin: a GET shows the button, only a POST acts.

    The mail program's own button posts «One-Click» without a cookie (RFC 8058): the signed word is what it shows. Any
    other press needs the token of the page.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        announcing.unsubscribe(_subscriber(token), by=LINK)
        return _leaving(request, left=True)
    return _leave_by_hand(request, token)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _leave_by_hand(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button, or do what it says."""
    person = _subscriber(token)
    if request.method == "POST":
        announcing.unsubscribe(person, by=LINK)
        return redirect("resources:bulletin_left")
    return _leaving(request, left=False)


def _subscriber(token: str) -> Person:
    """Return whose word this is."""
    person = announcing.who(token)
    if person is None:
        raise Http404
    return person


def _leaving(request: HttpRequest, *, left: bool) -> HttpResponse:
    """Answer a page that no cache keeps: its address is somebody's."""
    context = {"left": left, "sensitive": False}
    response = render(request, "resources/bulletin_leave.html", context)
    no_store(response)
    return response


@login_not_required
@require_safe
def bulletin_left(request: HttpRequest) -> HttpResponse:
    """Say that the bulletin no longer comes."""
    return render(request, "resources/bulletin_leave.html", {"left": True, "sensitive": False})
