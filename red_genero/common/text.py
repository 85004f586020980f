"""Text as people of Jalisco type it: folding for search, names, phones, codes."""

import re
import secrets
import unicodedata

from django.core.exceptions import ValidationError

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 28
CODE_GROUP = 7

_BIDI_AND_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Return text without case, accents, ñ tilde or punctuation, words joined by one space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", bare).strip()


def sort_key(text: str) -> str:
    """Return a key that orders Spanish text by code point: accents ignored, ñ after n."""
    marked = unicodedata.normalize("NFC", text.casefold()).replace("ñ", "n\uffff")
    decomposed = unicodedata.normalize("NFKD", marked)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def plain(text: str) -> str:
    """Return one line in NFC without control, direction or invisible characters."""
    composed = unicodedata.normalize("NFC", text)
    visible = _BIDI_AND_INVISIBLE.sub("", composed)
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in visible)
    return _SPACES.sub(" ", kept).strip()


def validate_plain(text: str) -> None:
    """Refuse control and direction characters, which no name or title needs."""
    if any(unicodedata.category(char) == "Cc" and char not in "\r\n\t" for char in text) or (
        _BIDI_AND_INVISIBLE.search(text)
    ):
        raise ValidationError(
            "El texto contiene caracteres invisibles. Escríbalo de nuevo sin copiar y pegar.",
            code="invisible_characters",
        )


def normalise_email(address: str) -> str:
    """Return the address in lower case without outer spaces."""
    return address.strip().lower()


def normalise_phone(typed: str) -> str:
    """Return the 10 digits of a Mexican phone; +52, 01, 044 and 045 are understood.

    Raises ValidationError (codes ``phone_lada`` and ``phone_invalid``).
    """
    digits = re.sub(r"[\s().\-+]", "", typed)
    if not digits.isascii() or not digits.isdigit():
        raise ValidationError(
            "Escriba el teléfono solo con números, por ejemplo 33 1234 5678.",
            code="phone_invalid",
        )
    for prefix in ("521", "52", "044", "045", "01"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 10:
            digits = digits[len(prefix) :]
            break
    if len(digits) == 8:
        raise ValidationError(
            "Faltan dos dígitos: agregue la lada, por ejemplo 33 antes del número.",
            code="phone_lada",
        )
    if len(digits) != 10 or digits[0] in "01":
        raise ValidationError(
            "Escriba los 10 dígitos del teléfono, por ejemplo 33 1234 5678.",
            code="phone_invalid",
        )
    return digits


def format_phone(digits: str) -> str:
    """Return 10 digits as ``33 1234 5678`` (or ``664 123 4567`` outside the big cities)."""
    if len(digits) != 10:
        return digits
    if digits[:2] in {"33", "55", "56", "81"}:
        return f"{digits[:2]} {digits[2:6]} {digits[6:]}"
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def random_code() -> str:
    """Return a random code of 28 characters (138 bits) without look-alike characters."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def normalise_code(typed: str) -> str:
    """Return the code as stored: case, spaces and dashes do not matter."""
    return re.sub(r"[\s\-–—.]+", "", typed).upper()


def group_code(code: str) -> str:
    """Return the code in groups of seven, as it is printed."""
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP))


def join_with_y(items: list[str]) -> str:
    """Return «a, b y c» («e» before an i sound)."""
    if len(items) < 2:
        return "".join(items)
    last = items[-1]
    sound = fold(last)
    conjunction = "e" if sound.startswith(("i", "hi")) and not sound.startswith("hie") else "y"
    return f"{', '.join(items[:-1])} {conjunction} {last}"


def dialable(number: str) -> str:
    """Return a phone as a ``tel:`` link wants it."""
    return "".join(char for char in number if char.isdigit() or char == "+")
