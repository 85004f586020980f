"""Makes text safe to print: no controls, no direction overrides, only characters that the packaged fonts can draw."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.core.exceptions import ValidationError

from red_genero.common import text as common
from red_genero.documents import fonts

REPLACEMENT = "?"
INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
IMAGE_ADDRESSES = ("data:image/", "static:")
LONGEST = 4_000
REMEMBERED = 512
"""Texts of a letterhead are printed again and again; a batch spent a tenth of its time on cleaning them anew."""


def plain(text: str) -> str:
    """Returns the text as one line that can be printed.

    Controls, surrogates and format characters disappear, among them every mark that overrides or isolates direction;
    tabs, line breaks and runs of spaces become one ordinary space; letters are composed (NFC).
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = "".join(char for char in text if unicodedata.category(char) not in INVISIBLE)
    return common.plain(visible)


@lru_cache(maxsize=1)
def _drawable() -> frozenset[str]:
    return frozenset(chr(code) for code in fonts.coverage())


def unprintable(text: str) -> str:
    """Returns the characters that no packaged font can draw, whole or as letter and mark, each once, in order."""
    drawable = _drawable()
    return "".join(
        dict.fromkeys(
            char
            for char in plain(text)
            if char not in drawable and not drawable.issuperset(unicodedata.normalize("NFD", char))
        )
    )


def printable(text: str, *, exact: bool) -> str:
    """Returns the plain text; characters that no font can draw are refused when ``exact``, else printed as «?»."""
    if len(text) > LONGEST:
        raise ValidationError(
            "Un texto del documento tiene %(length)s caracteres y caben %(limit)s. Acórtelo y vuelva a intentarlo.",
            code="too_long",
            params={"length": len(text), "limit": LONGEST},
        )
    clean, missing = _cleaned(text)
    if not missing:
        return clean
    if exact:
        raise ValidationError(
            "El documento no puede imprimir estos caracteres: %(characters)s. Revise el texto «%(text)s».",
            code="unprintable",
            params={"characters": " ".join(missing), "text": clean[:60]},
        )
    return "".join(REPLACEMENT if char in missing else char for char in clean)


@lru_cache(maxsize=REMEMBERED)
def _cleaned(text: str) -> tuple[str, str]:
    """Returns the plain text and what of it cannot be drawn."""
    clean = plain(text)
    return clean, unprintable(clean)


def clean_context(context: Mapping[str, object], *, exact: bool) -> dict[str, object]:
    """Returns a copy of a context of plain values in which every text can be printed.

    Addresses of images (``data:image/…``, ``static:…``) pass as they are: the fence judges them.
    """
    return {key: _clean(value, exact=exact) for key, value in context.items()}


def _clean(value: object, *, exact: bool) -> object:
    if isinstance(value, str):
        return value if value.startswith(IMAGE_ADDRESSES) else printable(value, exact=exact)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return clean_context(value, exact=exact)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_clean(item, exact=exact) for item in value]
    raise TypeError(f"A document's context holds plain values, not {type(value).__name__}.")
