"""The editions of an entry: their page, their file, the picture of their first page."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from red_genero.common.http import no_store
from red_genero.common.serving import stored
from resources.counting import count
from resources.models import Resource, ResourceVersion
from resources.views.pages import Page, careful, library_crumb


@login_not_required
@require_safe
@careful
def version_detail(
    request: HttpRequest, topic: str, resource: str, number: int
) -> tuple[str, Page]:
    """One edition: what changed in it, and whether a newer one took its place."""
    version = _version(request, topic, resource, number)
    entry = version.resource
    newest = entry.versions.visible_to(request.user).light().filter(hidden_reason="").first()
    return "resources/version_detail.html", {
        "version": version,
        "resource": entry,
        "newest": newest if newest != version else None,
        "sensitive": entry.topic.sensitive,
        "crumbs": [
            library_crumb(),
            {"label": entry.topic.name, "url": entry.topic.get_absolute_url()},
            {"label": entry.title, "url": entry.get_absolute_url()},
        ],
    }


@login_not_required
@require_safe
def version_file(request: HttpRequest, topic: str, resource: str, number: int) -> HttpResponseBase:
    """The file, for whoever may open its page."""
    version = _version(request, topic, resource, number)
    response = stored(
        request,
        str(version.file.name),
        filename=version.filename,
        content_type=version.shape.content_type,
        fingerprint=version.sha256,
    )
    if response.status_code in {200, 206}:
        count(request, version.resource, "files")
    return _kept_as(version.resource, response)


@login_not_required
@require_safe
def version_thumbnail(
    request: HttpRequest, topic: str, resource: str, number: int
) -> HttpResponseBase:
    """The picture of its first page."""
    version = _version(request, topic, resource, number)
    if not version.thumbnail:
        raise Http404
    response = stored(
        request,
        str(version.thumbnail.name),
        filename="portada.webp",
        content_type="image/webp",
        fingerprint=f"{version.sha256}-portada",
        inline=True,
    )
    return _kept_as(version.resource, response)


def _version(request: HttpRequest, topic: str, resource: str, number: int) -> ResourceVersion:
    """Return the edition, if this reader may open it; else it does not exist."""
    found = (
        ResourceVersion.objects.visible_to(request.user).light().select_related("resource__topic")
    )
    return get_object_or_404(
        found, resource__topic__key=topic, resource__key=resource, number=number
    )


def _kept_as(entry: Resource, response: HttpResponseBase) -> HttpResponseBase:
    """Let no cache keep what is about violence or not for everybody, nor robots list any file."""
    if entry.topic.sensitive or entry.audience != Resource.Audience.OPEN:
        no_store(response)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
