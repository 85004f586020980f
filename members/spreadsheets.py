"""Files of people as they come: XLSX or CSV turned into rows of text, nothing run, nothing lost.

Values only are read. A formula, a file that unpacks beyond measure, or one that is neither kind is refused with a sentence.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import openpyxl
from defusedxml.common import DefusedXmlException
from django.core.exceptions import ValidationError
from openpyxl.cell import WriteOnlyCell

from red_genero.common.exports import Cell, unguarded

LARGEST: Final = 2 * 1024 * 1024
UNPACKED: Final = 30 * 1024 * 1024
PARTS: Final = 200
MOST_ROWS: Final = 500
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 2_000

_ZEROS: Final = re.compile(r"0{2,20}")
Table = list[list[str]]


def read(name: str, content: bytes, *, most: int = MOST_ROWS) -> Table:
    """Return the rows of a file as text, the titles first, empty rows left out; at most ``most`` below the titles.

    Raises ValidationError (codes ``file_large``, ``file_kind``, ``file_broken``, ``file_bomb``, ``rows_many``, ``formula``).
    """
    if len(content) > LARGEST:
        raise ValidationError("El archivo pesa más de 2 MB. Divídalo.", code="file_large")
    zipped = content.startswith(b"PK\x03\x04")
    rows = _xlsx(content, most) if zipped else _csv(content)
    table: Table = []
    for row in rows:
        if len(table) > most:
            raise _too_many(most)
        if any(row):
            table.append(row)
    if not table:
        raise ValidationError("El archivo está vacío.", code="file_broken")
    width = max(number for number, title in enumerate(table[0], start=1) if title)
    return [[*row, *[""] * width][:width] for row in table]


def xlsx(titles: list[str], rows: Iterable[list[Cell]]) -> bytes:
    """Return a workbook in which every cell is text: plus signs and zeros stay, no formula exists."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Integrantes")
    head: list[Cell] = [*titles]
    for row in (head, *rows):
        line = []
        for value in row:
            cell = WriteOnlyCell(sheet, value="" if value is None else str(value))
            cell.data_type = "s"
            cell.number_format = "@"
            line.append(cell)
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a CSV with commas or semicolons; the apostrophe of our own exports is taken away."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            "El archivo no es XLSX ni CSV en UTF-8. En Excel: Guardar como, «CSV UTF-8».",
            code="file_kind",
        ) from None
    if "\x00" in text:
        raise ValidationError("El archivo no es XLSX ni CSV en UTF-8.", code="file_kind")
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [_short(unguarded(value).strip()) for value in row[:MOST_COLUMNS]]
    except csv.Error:
        raise ValidationError(
            "El CSV está mal formado: revise las comillas.", code="file_broken"
        ) from None


def _too_many(most: int) -> ValidationError:
    """Return the refusal of a file with more rows than are read."""
    return ValidationError(
        f"El archivo tiene más de {most:,} renglones. Divídalo.", code="rows_many"
    )


def _xlsx(content: bytes, most: int) -> Iterator[list[str]]:
    """Yield the rows of the first sheet."""
    _guard(content)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > most * 10:
                raise _too_many(most)
            yield [_short(_cell(cell, number)) for cell in row]
    except ValidationError:
        raise
    except DefusedXmlException:
        raise ValidationError(
            "El archivo contiene partes que no se aceptan.", code="file_bomb"
        ) from None
    except Exception as error:  # whatever openpyxl stumbles on in a broken part
        raise ValidationError(
            "El archivo XLSX está dañado. Ábralo en su programa y guárdelo de nuevo.",
            code="file_broken",
        ) from error


def _guard(content: bytes) -> None:
    """Refuse what unpacks beyond measure before anything unpacks it; the sizes are those at which reading stops."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise ValidationError("El archivo XLSX está dañado.", code="file_broken") from None
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise ValidationError("El archivo es demasiado grande al abrirse.", code="file_bomb")
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise ValidationError("El archivo no es XLSX ni CSV en UTF-8.", code="file_kind")


def _cell(cell: Any, number: int) -> str:
    """Return a cell as it is read on the screen."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValidationError(
            "El renglón %(number)s tiene una fórmula. Péguela como valor.",
            code="formula",
            params={"number": number},
        )
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, int | float):
        whole = str(int(value)) if float(value).is_integer() else f"{Decimal(str(value)):f}"
        shape = str(cell.number_format)
        return whole.zfill(len(shape)) if _ZEROS.fullmatch(shape) else whole
    return str(value).strip()


def _short(text: str) -> str:
    """Refuse a cell that no column of ours holds."""
    if len(text) > LONGEST_CELL:
        raise ValidationError(
            "Una celda tiene más de 2,000 letras: no es una lista de personas.", code="file_broken"
        )
    return text
