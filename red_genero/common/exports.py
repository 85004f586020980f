"""Tables that leave for a spreadsheet: nothing in them runs, nothing in them is changed on opening."""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from django.http import HttpResponse
from django.utils import timezone

from red_genero.common.http import attachment

Cell = str | int | float | Decimal | bool | datetime.date | None

BOM: Final = "\ufeff"
GUARD: Final = "'"

_STARTS_FORMULA: Final = tuple("=+-@\t\r\n\v\f＝＋－＠%|")
_LOOKS_LIKE_NUMBER: Final = re.compile(r"[\d(.,$][\d\s.,:/()$%eE+-]*")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows as written.

    What would run as a formula, lose a leading zero or turn into a number or a date gets an apostrophe
    before it, the mark by which spreadsheets know text; so does what already begins with one, so that
    taking one away always gives the original back.
    """
    clean = _CONTROLS.sub("", text)
    bare = clean.lstrip()
    if (
        bare.startswith((*_STARTS_FORMULA, GUARD))
        or clean[:1] in _STARTS_FORMULA
        or _LOOKS_LIKE_NUMBER.fullmatch(bare.rstrip())
    ):
        return GUARD + clean
    return clean


def unguarded(text: str) -> str:
    """Return what ``guarded`` received, when a file of ours comes back."""
    return text.removeprefix(GUARD)


def written(value: Cell) -> str:
    """Return one cell: numbers and dates as such, everything else as guarded text."""
    match value:
        case None:
            shown = ""
        case str():
            shown = guarded(value)
        case bool():
            shown = "sí" if value else "no"
        case datetime.datetime():
            shown = timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case datetime.date():
            shown = value.isoformat()
        case _:
            shown = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return shown


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(title) for title in header])
    writer.writerows([written(value) for value in row] for row in rows)
    return out.getvalue()


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return a table as a file to download."""
    return attachment(csv_text(header, rows).encode(), filename, "text/csv; charset=utf-8")
