"""The format of the staff's texts: a small Markdown, cleaned when it is saved and again when it is shown."""

import re
from collections.abc import Mapping
from typing import Final

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

TAGS: Final = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a"}
SCHEMES: Final = {"https", "recurso", "tema"}
HELP: Final = (
    "Escriba párrafos separados por un renglón vacío. «## Título» abre una sección; «- » y «1. », una lista; **negritas** y "
    "*cursivas*. Un enlace es [palabras](recurso:clave) para una ficha de la biblioteca, [palabras](tema:clave) para un tema "
    "o [palabras](https://…). El código HTML no se interpreta."
)

_INNER: Final = re.compile(r'<a href="(recurso|tema):([a-z0-9-]+)"[^>]*>(.*?)</a>', re.DOTALL)
_REFERENCE: Final = re.compile(r"\]\((recurso|tema):([^)\s]+)\)")
_LANGUAGE: Final = MarkdownIt("zero").enable(["heading", "list", "emphasis", "link", "escape"])

Reference = tuple[str, str]


def to_html(text: str) -> str:
    """Return a text in Markdown as clean HTML."""
    return _clean(_LANGUAGE.render(text))


def references(text: str) -> set[Reference]:
    """Return the entries and topics that a text links: ``("recurso", "lgamvlv")``."""
    return set(_REFERENCE.findall(text))


def show(html: str, addresses: Mapping[Reference, str]) -> SafeString:
    """Return stored HTML ready to print, cleaned again; a link to what the reader may not see is only its words."""

    def resolved(found: re.Match[str]) -> str:
        address = addresses.get((found[1], found[2]))
        return f'<a href="{address}">{found[3]}</a>' if address else found[3]

    return SafeString(_INNER.sub(resolved, _clean(html)))


def _clean(html: str) -> str:
    """Return only the harmless part."""
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES).strip()
