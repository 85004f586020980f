"""The pack is made: tables are read one by one, printed in one PDF and put with it in a ZIP of CSV files."""

import datetime
import hashlib
import io
import logging
import zipfile
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.formats import date_format, number_format

from members.documents import NETWORK, NETWORK_PLACE
from members.models import GovernmentTerm, HandoverPack, Institute, Member
from red_genero.common import jobs
from red_genero.common.exports import Cell, csv_text
from red_genero.common.models import Job
from red_genero.documents import Document, DocumentsUnavailable, render
from red_genero.handover import files, units
from red_genero.handover.tables import PARTS, YEAR, Row, Table

logger = logging.getLogger(__name__)

TEMPLATE: Final = "documents/handover.html"
EVERY_PART: Final = (
    *PARTS[:2],
    units.units,
    units.dissolved,
    units.evidence,
    units.plans,
    *PARTS[2:],
    files.catalogue,
)
PARTS_IN_ALL: Final = len(EVERY_PART) + 2
"""The tables, the PDF and the ZIP."""


def make(pack: HandoverPack) -> None:
    """Write both files and end the job; done before, nothing happens."""
    if pack.job.over:
        return
    Job.objects.filter(pk=pack.job_id).update(done=0, failed=0)
    try:
        _make(pack)
    except (DocumentsUnavailable, ValidationError):
        logger.exception("Handover %s", pack.pk)
        jobs.advance(pack.job, failed=True)
        jobs.finish(pack.job, detail="No se pudo hacer el PDF. Avise a quien administra el portal.")
        return
    jobs.finish(pack.job, detail="Está en la página del periodo. Guárdelo fuera del portal.")


def _make(pack: HandoverPack) -> None:
    tables = []
    for read in EVERY_PART:
        tables.append(read(pack.term))
        jobs.advance(pack.job)
    data = {table.file: csv_text(table.header, table.rows).encode() for table in tables}
    pdf = render(document(pack, tables, data))
    jobs.advance(pack.job)
    archive = _zip(pack, tables, data, pdf)
    pack.pdf_sha256, pack.data_sha256 = _sha256(pdf), _sha256(archive)
    stem = f"entrega-{pack.term.key}-{pack.pk}"
    pack.pdf.save(f"{stem}.pdf", ContentFile(pdf), save=False)
    pack.data.save(f"{stem}.zip", ContentFile(archive), save=False)
    pack.named = sum(table.people for table in tables)
    pack.save(update_fields=["pdf", "data", "pdf_sha256", "data_sha256", "named"])
    jobs.advance(pack.job)


def document(pack: HandoverPack, tables: list[Table], data: dict[str, bytes]) -> Document:
    """Return the paper: figures, every part in words, and what the ZIP holds."""
    made_at = timezone.localtime()
    return Document(
        template=TEMPLATE,
        context={
            "network": NETWORK,
            "network_place": NETWORK_PLACE,
            "institution": Institute.current().name,
            "term": pack.term.name,
            "dates": _dates(pack.term),
            "made_at": date_format(made_at, "DATETIME_FORMAT"),
            "purpose": pack.purpose,
            "asked_by": str(pack.asked_by),
            "figures": _figures(tables),
            "sections": [_section(table) for table in tables],
            "contents": [
                [table.file, str(len(table.rows)), _sha256(data[table.file])] for table in tables
            ],
        },
        filename=f"entrega-{pack.term.key}.pdf",
        title=f"Entrega de la Red: {pack.term.name}",
        exact=False,
        created=made_at,
    )


def _figures(tables: list[Table]) -> list[list[str]]:
    """Return the notes that sum up each part, and the goal."""
    institute = Institute.current()
    goal = f"{Member.objects.active().count()} de {institute.member_goal}"
    noted = [[table.title, table.note] for table in tables if table.note and table.rows]
    return [["Integrantes activas, frente a la meta", goal], *noted]


def _section(table: Table) -> dict[str, object]:
    """Return one part in the words that are printed."""
    columns = table.printed or table.header
    places = [table.header.index(name) for name in columns]
    rows = [row for row in table.rows if table.file != "archivos.csv" or row[0] in files.ON_PAPER]
    return {
        "title": table.title,
        "note": table.note,
        "header": [
            {
                "name": table.header[place],
                "numeric": table.header[place] != YEAR and _numeric(rows, place),
            }
            for place in places
        ],
        "rows": [[_cell(table.header[place], row[place]) for place in places] for row in rows],
    }


def _cell(name: str, value: Cell) -> dict[str, object]:
    """Return what is printed under that heading."""
    if name == YEAR:
        return {"text": str(value), "numeric": False}
    return {"text": _words(value), "numeric": _is_number(value)}


def _numeric(rows: list[Row], place: int) -> bool:
    return bool(rows) and _is_number(rows[0][place])


def _is_number(value: Cell) -> bool:
    return not isinstance(value, str | bool | datetime.date) and value is not None


def _words(value: Cell) -> str:
    """Return one cell as it is read on paper."""
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime.date):
        return date_format(value, "j M Y").lower()
    if isinstance(value, str):
        return value
    return str(number_format(value, use_l10n=True))


def _dates(term: GovernmentTerm) -> str:
    closed = ""
    if term.closed_at:
        closed = f"; se cerró el {date_format(timezone.localtime(term.closed_at))}"
    return f"del {date_format(term.first_day)} al {date_format(term.last_day)}{closed}"


def _zip(pack: HandoverPack, tables: list[Table], data: dict[str, bytes], pdf: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LEEME.txt", _readme(pack, tables, data, pdf).encode())
        archive.writestr("entrega.pdf", pdf)
        for name, content in data.items():
            archive.writestr(f"datos/{name}", content)
    return out.getvalue()


def _readme(pack: HandoverPack, tables: list[Table], data: dict[str, bytes], pdf: bytes) -> str:
    """Return what the ZIP holds, how to open it and what it leaves out."""
    lines = [
        f"{NETWORK} {NETWORK_PLACE}",
        f"Paquete de entrega: {pack.term.name}, {_dates(pack.term)}",
        f"Hecho el {date_format(timezone.localtime(), 'DATETIME_FORMAT')} para: {pack.purpose}",
        f"Lo pidió: {pack.asked_by}",
        "",
        "Qué contiene",
        f"- entrega.pdf: el documento para imprimir y firmar. SHA-256 {_sha256(pdf)}",
    ]
    lines += [
        f"- datos/{table.file}: {table.title}. {len(table.rows)} renglones. SHA-256 {_sha256(data[table.file])}"
        for table in tables
    ]
    lines += [
        "",
        "Cómo se abre",
        "Los CSV están en UTF-8, separados por comas, con una línea de títulos. Se abren en Excel o LibreOffice.",
        "Un apóstrofo al inicio de una celda indica que es texto y no una fórmula o un número; puede quitarse.",
        "",
        "Qué no contiene",
        "No lleva nombres, correos ni teléfonos de las integrantes, ni expedientes de solicitudes. Dice quién es",
        "enlace y con qué oficio; si una persona está protegida por seguridad, no dice su nombre.",
        "",
    ]
    return "\r\n".join(lines)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
