"""The document engine: a document is a template, plain values and a file name; what comes out is an archivable PDF."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from red_genero.documents import plates
from red_genero.documents.engine import DocumentRefused, DocumentsUnavailable, press, timestamp
from red_genero.documents.lettering import DoesNotFit
from red_genero.documents.text import clean_context, plain

__all__ = ["Document", "DocumentRefused", "DocumentsUnavailable", "plain", "render", "response"]

FONTS_STYLESHEET = "css/documents/fonts.css"


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is needed to print a document again, always with the same bytes.

    ``template`` lives in ``documents/`` and brings its own stylesheet, found by the same name. ``context`` holds plain
    values only (see ``contexts``). ``exact`` refuses characters that the fonts cannot draw; lists, where one odd name
    must not stop the rest, print «?» instead. ``created`` is written as the file's date. ``serial`` marks a page that
    is printed many times with other names (see ``plates``).
    """

    template: str
    context: Mapping[str, object]
    filename: str
    title: str
    lang: str = "es-MX"
    exact: bool = True
    created: datetime | None = None
    serial: bool = False

    @property
    def stylesheets(self) -> tuple[str, str]:
        """The shared font faces and the template's own stylesheet, by path under ``static/``."""
        return FONTS_STYLESHEET, f"css/{PurePosixPath(self.template).with_suffix('.css')}"


def render(document: Document) -> bytes:
    """Returns the PDF: tagged, PDF/A-2a and PDF/UA-1, fonts embedded.

    Raises ValidationError (``unprintable``, ``too_long``) when the values do not fit the document, DocumentsUnavailable
    without the system libraries, and DocumentRefused when the template reaches outside the fence.
    """
    context = clean_context(document.context, exact=document.exact)
    if document.serial:
        with suppress(DoesNotFit):
            return plates.write(document, context)
    return render_whole(document, context)


def render_whole(document: Document, context: Mapping[str, object]) -> bytes:
    """Returns the PDF laid out from the beginning, its context already clean."""
    page = {
        "title": plain(document.title),
        "lang": document.lang,
        "created": timestamp(document.created) if document.created else "",
    }
    html = render_to_string(document.template, {"page": page, **dict(context)})
    return press(html, document.stylesheets)


def response(document: Document | bytes, filename: str, *, inline: bool = False) -> HttpResponse:
    """Returns the PDF as an answer to be read in the browser (``inline``) or saved, never kept by a cache."""
    content = render(document) if isinstance(document, Document) else document
    answer = HttpResponse(content, content_type="application/pdf")
    name = plain(filename).replace("/", "-") or "documento.pdf"
    answer["Content-Disposition"] = content_disposition_header(not inline, name) or "inline"
    answer["Content-Length"] = str(len(content))
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
