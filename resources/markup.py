"""The format of the staff's texts: a small Markdown, cleaned when it is saved and again when it is shown."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final, NamedTuple

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
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
_HEADING: Final = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_LANGUAGE: Final = MarkdownIt("zero").enable(["heading", "list", "emphasis", "link", "escape"])

Reference = tuple[str, str]


class Section(NamedTuple):
    """A part of a text: where it begins, and what it is called."""

    anchor: str
    title: str

    @property
    def step(self) -> bool:
        """Whether it says what to do: «Si le pasa», «Si se lo cuentan»."""
        return self.title.startswith("Si ")


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

    return SafeString(_HEADING.sub(_anchored, _INNER.sub(resolved, _clean(html))))


def sections(html: str) -> list[Section]:
    """Return the parts of a stored text, what to do before the rest, so that a page may lead to each."""
    found = [
        Section(_anchor(words), unescape(strip_tags(words)))
        for words in _HEADING.findall(_clean(html))
    ]
    return sorted(found, key=lambda section: not section.step)


def _anchored(found: re.Match[str]) -> str:
    return f'<h2 id="{_anchor(found[1])}">{found[1]}</h2>'


def _anchor(words: str) -> str:
    """Return where a heading is; the prefix keeps it apart from the page's own anchors."""
    return f"guia-{slugify(unescape(strip_tags(words)))}"


def _clean(html: str) -> str:
    """Return only the harmless part."""
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES).strip()
