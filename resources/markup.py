"""The format of the staff's texts: a small Markdown, cleaned when it is saved and again when it is shown."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final, NamedTuple

import nh3
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt

TAGS: Final = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a"}
SCHEMES: Final = {"https", "recurso", "tema", "ayuda"}
HELP: Final = (
    "Escriba párrafos separados por un renglón vacío. «## Título» abre una sección; «- » y «1. », una lista; **negritas** y "
    "*cursivas*. Un enlace es [palabras](recurso:clave) para una ficha de la biblioteca, [palabras](tema:clave) para un tema "
    "o [palabras](https://…). [palabras](ayuda:urgente) lleva al teléfono de emergencia y lo escribe; [palabras](ayuda:lineas), a las "
    "líneas de ayuda de la página. El código HTML no se interpreta."
)

_INNER: Final = re.compile(r'<a href="(recurso|tema|ayuda):([a-z0-9-]+)"[^>]*>(.*?)</a>', re.DOTALL)
_REFERENCE: Final = re.compile(r"\]\((recurso|tema|ayuda):([^)\s]+)\)")
_HEADING: Final = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_LANGUAGE: Final = MarkdownIt("zero").enable(["heading", "list", "emphasis", "link", "escape"])

Reference = tuple[str, str]
URGENT: Final[Reference] = ("ayuda", "urgente")
LINES: Final[Reference] = ("ayuda", "lineas")


class Target(NamedTuple):
    """Where a link leads, and what is written after its words: a number to dial must be read too."""

    address: str
    number: str = ""


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
    """Return the entries, topics and help that a text links: ``("recurso", "lgamvlv")``."""
    return set(_REFERENCE.findall(text))


def show(html: str, targets: Mapping[Reference, Target]) -> SafeString:
    """Return stored HTML ready to print, cleaned again; a link to what the reader may not see is only its words."""

    def resolved(found: re.Match[str]) -> str:
        target = targets.get((found[1], found[2]))
        if target is None:
            return found[3]
        number = f": {escape(target.number)}" if target.number else ""
        return f'<a href="{escape(target.address)}">{found[3]}{number}</a>'

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
