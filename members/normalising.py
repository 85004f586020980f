"""What people type about themselves, made even; or a sentence that says how to write it."""

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from red_genero.common import text

NAME_MARKS: Final = frozenset(" '’ʼ`´-‐‑–.·")
_EMPLOYEE_NUMBER: Final = re.compile(r"[0-9A-Z]+(?:[-/][0-9A-Z]+)*")


def normalise_line(typed: str) -> str:
    """Return one line in NFC with single spaces.

    Raises ValidationError (codes ``invisible_characters`` and ``markup``).
    """
    text.validate_plain(typed)
    if "<" in typed or ">" in typed:
        raise ValidationError(
            "Escriba solo texto, sin los signos < y >.",
            code="markup",
        )
    return text.plain(typed)


def normalise_name(typed: str) -> str:
    """Return a name as it is written on paper; capitals and accents are hers.

    Raises ValidationError (codes ``invisible_characters``, ``markup`` and ``name_invalid``).
    """
    name = normalise_line(typed)
    if all(_belongs_in_a_name(char) for char in name) and (not name or _has_letter(name)):
        return name
    raise ValidationError(
        "Escriba el nombre con letras; puede llevar espacios, guion, punto o apóstrofo.",
        code="name_invalid",
    )


def normalise_paragraphs(typed: str) -> str:
    """Return a text of several lines in NFC, without trailing spaces.

    Raises ValidationError (code ``invisible_characters``).
    """
    text.validate_plain(typed)
    composed = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in composed.split("\n")).strip()


def normalise_mail(typed: str) -> str:
    """Return an address in lower case without outer spaces; one in quotes, which no office gives, is refused.

    Raises ValidationError (codes ``invisible_characters`` and ``mail_invalid``).
    """
    text.validate_plain(typed)
    address = text.normalise_email(typed)
    try:
        validate_email("" if '"' in address else address)
    except ValidationError:
        raise ValidationError(
            "Escriba un correo completo, por ejemplo nombre@guadalajara.gob.mx.",
            code="mail_invalid",
        ) from None
    return address


def normalise_employee_number(typed: str) -> str:
    """Return an employee number in capitals, without spaces; leading zeros stay.

    Raises ValidationError (code ``employee_number_invalid``).
    """
    number = re.sub(r"\s+", "", typed).upper()
    if number and not _EMPLOYEE_NUMBER.fullmatch(number):
        raise ValidationError(
            "Escriba el número de empleada con cifras y letras, tal como aparece en su gafete.",
            code="employee_number_invalid",
        )
    return number


def _belongs_in_a_name(char: str) -> bool:
    """Whether a character is a letter, its accent, or a mark that names carry."""
    return char in NAME_MARKS or unicodedata.category(char)[0] in {"L", "M"}


def _has_letter(name: str) -> bool:
    """Whether there is at least one letter."""
    return any(char.isalpha() for char in name)
