"""Chooses the size and the lines of a text so that it always fits its box: arithmetic on the faces' own widths."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from red_genero.documents import fonts

SLACK = 0.985
"""Kerning may widen a pair by a hair."""

Ladder = Sequence[tuple[int, int]]
"""(size in points, lines) from the best to the last resort."""


@dataclass(frozen=True)
class Fitted:
    """A size in points, always one of the steps asked for, and the lines to print at that size."""

    size: int
    lines: tuple[str, ...]


def fit(text: str, *, face: str, width: float, ladder: Ladder, limit: int = 120) -> Fitted:
    """Returns the first rung (size in points, lines) on which the text fits lines of ``width`` points.

    A word longer than a line is cut as a last resort, so that every text up to ``limit`` characters is printed whole;
    a longer one is refused with a ValidationError (``too_long``).
    """
    text = " ".join(text.split())
    if len(text) > limit:
        raise ValidationError(
            "«%(start)s…» tiene %(length)s caracteres y en el documento caben %(limit)s. Acórtelo y vuelva a intentarlo.",
            code="too_long",
            params={"start": text[:40], "length": len(text), "limit": limit},
        )
    metrics = fonts.load(face)
    for size, lines in ladder:
        broken = _break(text, metrics, width * SLACK / size, lines)
        if broken is not None:
            return Fitted(size, broken)
    for size, lines in ladder:
        cut = _cut(text, metrics, width * SLACK / size)
        if len(cut) <= lines:
            return Fitted(size, cut)
    return Fitted(ladder[-1][0], cut)


def address_lines(address: str, *, ems: float, face: str = "text") -> list[str]:
    """Returns an address of mail in lines that fit: broken before the «@» and, only when that is not enough, after dots."""
    metrics = fonts.load(face)
    name, at, domain = address.rpartition("@")
    if metrics.width(address) <= ems or not at:
        return [address] if address else []
    lines: list[str] = []
    for half in (name, at + domain):
        line = ""
        for part in re.findall(r"[^.]*\.|[^.]+", half):
            if line and metrics.width(line + part) > ems:
                lines.append(line)
                line = ""
            line += part
        lines.append(line)
    return lines


Chooser = Callable[..., Fitted]
"""Has the arguments of ``fit``."""

_chooser: ContextVar[Chooser] = ContextVar("chooser", default=fit)


def chosen(text: str, *, face: str, width: float, ladder: Ladder, limit: int) -> Fitted:
    """Returns what ``fit`` or the chooser of the moment decides."""
    return _chooser.get()(text, face=face, width=width, ladder=ladder, limit=limit)


@contextmanager
def choosing(chooser: Chooser) -> Iterator[None]:
    """Lets another chooser decide while a template is written out."""
    token = _chooser.set(chooser)
    try:
        yield
    finally:
        _chooser.reset(token)


def _break(text: str, face: fonts.Face, ems: float, count: int) -> tuple[str, ...] | None:
    """Breaks at spaces into at most ``count`` lines as even as possible, or returns None when they do not fit."""
    if face.width(text) <= ems:
        return (text,)
    if count == 1:
        return None
    words = text.split(" ")
    best: tuple[float, tuple[str, ...]] | None = None
    for place in range(1, len(words)):
        first = " ".join(words[:place])
        first_width = face.width(first)
        if first_width > ems:
            break
        rest = _break(" ".join(words[place:]), face, ems, count - 1)
        if rest is None:
            continue
        unevenness = first_width**2 + sum(face.width(line) ** 2 for line in rest)
        if best is None or unevenness < best[0]:
            best = (unevenness, (first, *rest))
    return best[1] if best else None


def _cut(text: str, face: fonts.Face, ems: float) -> tuple[str, ...]:
    """Breaks a text without usable spaces between any two characters, never before a combining mark."""
    lines: list[str] = []
    line = ""
    for char in text:
        if line and face.width(line + char) > ems and face.widths.get(ord(char), 1.0) > 0:
            lines.append(line)
            line = ""
        line += char
    return (*lines, line)
