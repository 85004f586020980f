"""Plain text and tables in plain text: decoded, free of control characters, written as UTF-8."""

import csv
import re
import unicodedata
from pathlib import Path
from typing import Final

from red_genero.common.rewriting.kinds import Facts, Kind, Limits, Refusal

MARKUP: Final = re.compile(
    r"\s*(?:<(?:!--|!doctype|\?xml|html|head|body|script|svg|iframe|\w+[\s>/])|\{\\rtf|%!PS)",
    re.IGNORECASE,
)
SHEET: Final = re.compile(r"ID;.*\n(?:.*\n)*?[CF];(?:[^;\n]*;)*[XY]\d+(?:;|\n|$)")
"""A spreadsheet written as text (SYLK): Excel opens it as one, formulas included, whatever its suffix."""
NUMBER: Final = re.compile(r"[+-][\s$]*[\d.,]+\s*%?")
PHONE: Final = re.compile(r"\+[\d\s()-]+")
SEPARATORS: Final = ",;\t|"
CALL: Final = re.compile(r"[(!|]")
KEPT: Final = {"\n", "\t"}
BIDI: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def rewrite(source: Path, target: Path, kind: Kind, limits: Limits) -> Facts:
    """Write the text as UTF-8 with plain line ends; what looks like a page or a program is refused."""
    text = decoded(source.read_bytes())
    if MARKUP.match(text) or SHEET.match(text):
        raise Refusal("file_kind")
    if kind is Kind.CSV:
        _check_cells(text)
    target.write_text(text, encoding="utf-8", newline="\n")
    return Facts(kind.suffix)


def decoded(content: bytes) -> str:
    """Return the text of ``content``: UTF-8, or what Windows writes in Spanish."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _clean(text)
    raise Refusal("file_kind")


def _clean(text: str) -> str:
    """Refuse binary content; drop what hides or turns letters around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    strange = (
        {each for each in set(text) if unicodedata.category(each) == "Cc"} - KEPT - {"\f", "\v"}
    )
    if strange:
        raise Refusal("file_kind")
    return text.translate({ord(each): None for each in BIDI | {"\ufeff", "\f", "\v"}})


def _check_cells(text: str) -> None:
    """Refuse a table whose cells a spreadsheet would run as formulas."""
    try:
        own = _delimiter(text)
        for delimiter in SEPARATORS:
            runs = _formula if delimiter == own else _order
            for row in csv.reader(text.splitlines(), delimiter=delimiter, strict=False):
                for cell in row:
                    if runs(cell.strip()):
                        raise Refusal("csv_formula", cell.strip()[:40])
    except csv.Error as error:
        raise Refusal("file_broken") from error


def _delimiter(text: str) -> str:
    """Return the separator that the first line uses most."""
    head = text.partition("\n")[0]
    return max(SEPARATORS, key=head.count)


def _order(cell: str) -> bool:
    """Whether a spreadsheet that splits the rows elsewhere would run the cell: prose begins with a dash or an @ too."""
    return cell.startswith("=") or (_formula(cell) and bool(CALL.search(cell)))


def _formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell; signed numbers and phones are not formulas."""
    if cell.startswith(("=", "@", "＝", "＠")):
        return True
    if len(cell) < 2 or cell[0] not in "+-":
        return False
    return not (
        NUMBER.fullmatch(cell) or PHONE.fullmatch(cell) or cell[1].isspace() or cell[:2] == "--"
    )
