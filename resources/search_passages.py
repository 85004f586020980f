"""The passage of an entry that holds what was searched, cut in pieces that a template marks and escapes."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from red_genero.common.text import fold
from resources.models import Resource, SearchEntry
from resources.search_words import Word, root, word_keys

AROUND: Final = 110
"""Characters shown on each side of the first match in a file."""
_WORD: Final = re.compile(r"[^\W_]+")
_SPACES: Final = re.compile(r"\s+")


class Piece(NamedTuple):
    """Some text, and whether it is what was searched."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a list shows it."""

    resource: Resource
    title: list[Piece]
    summary: list[Piece]
    passage: list[Piece] = field(default_factory=list)
    """Where its file says it, when neither title nor summary does."""


def lines(resources: Sequence[Resource], words: Sequence[Word] = ()) -> list[Line]:
    """Return the entries as a list shows them; one query more when a file has to be quoted."""
    shown = [
        Line(entry, pieces(entry.title, words), pieces(entry.summary, words)) for entry in resources
    ]
    silent = [line.resource.pk for line in shown if words and not _said(line, words)]
    texts = dict(
        SearchEntry.objects.filter(resource__in=silent)
        .exclude(text="")
        .values_list("resource_id", "text")
        if silent
        else ()
    )
    for line in shown:
        if line.resource.pk in texts:
            line.passage.extend(_passage(texts[line.resource.pk], words))
    return shown


def pieces(text: str, words: Sequence[Word]) -> list[Piece]:
    """Return a text in pieces: what was searched, and what lies between."""
    return list(_pieces(text, words))


def _pieces(text: str, words: Sequence[Word]) -> Iterator[Piece]:
    """Yield the pieces in order; put together they are the text."""
    done = 0
    for start, end in _hits(text, words):
        if start > done:
            yield Piece(text[done:start], hit=False)
        yield Piece(text[start:end], hit=True)
        done = end
    if done < len(text):
        yield Piece(text[done:], hit=False)


def _hits(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield where the words stand."""
    wanted = {key for word in words for key in word.keys}
    if not wanted:
        return
    for found in _WORD.finditer(text):
        if word_keys(unicodedata.normalize("NFC", found[0]).lower()) & wanted:
            yield found.span()


def _said(line: Line, words: Sequence[Word]) -> bool:
    """Whether title, siglas and summary already show every word."""
    shown = fold(f"{line.resource.acronym} {line.resource.issuer}")
    marked = [word_keys(piece.text.lower()) for piece in (*line.title, *line.summary) if piece.hit]
    return all(word.folded in shown or any(keys & word.keys for keys in marked) for word in words)


def _passage(text: str, words: Sequence[Word]) -> list[Piece]:
    """Return the surroundings of the first place in a file that holds one of the words."""
    place = _first(text, words)
    if place is None:
        return []
    start, end = max(place[0] - AROUND, 0), min(place[1] + AROUND, len(text))
    if start:
        start = text.find(" ", start, place[0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", place[1], end), place[1])
    quoted = _SPACES.sub(" ", text[start:end]).strip()
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return pieces(f"{before}{quoted}{after}", words)


def _first(text: str, words: Sequence[Word]) -> tuple[int, int] | None:
    """Return where the first matching word stands; words are looked at only where their root is."""
    roots = "|".join(sorted({_loose(root(word.folded)) for word in words}))
    wanted = {key for word in words for key in word.keys}
    for found in re.finditer(rf"(?<![^\W_])(?:{roots})[^\W_]*", text, re.IGNORECASE):
        if word_keys(unicodedata.normalize("NFC", found[0]).lower()) & wanted:
            return found.span()
    return None


def _loose(folded: str) -> str:
    """Return a pattern of the root that also accepts its accents and the ñ."""
    marks = {"a": "[aáàä]", "e": "[eéèë]", "i": "[iíìï]", "o": "[oóòö]", "u": "[uúùü]", "n": "[nñ]"}
    return "".join(marks.get(char, re.escape(char)) for char in folded)
