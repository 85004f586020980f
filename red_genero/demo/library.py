"""The library of the demonstration: an entry whose file was corrected once."""

import io
from typing import Final

import pikepdf
from django.core.files.base import ContentFile

from red_genero.common.states import By
from red_genero.demo.people import account_of
from resources import versioning
from resources.models import RelatedCourse, Resource

ENTRY: Final = "guia-instancias-municipales"
STUDIED: Final = (
    ("protocolo-hsas-gdl", "tr-02"),
    ("disposiciones-hsas-gdl-2022", "tr-02"),
    (ENTRY, "is-04"),
)
TEXT: Final = (
    "Documento de demostración",
    "En un portal de verdad, aquí está el archivo que el Instituto subió:",
    "su texto se encuentra al buscar y cada edición dice qué cambió.",
)


def shelve_a_file() -> None:
    """Add two editions of a file to an entry of the catalogue, if it was loaded."""
    entry = Resource.objects.filter(key=ENTRY).first()
    if entry is None:
        return
    by = By.admin(account_of("biblioteca"))
    for pages, note in ((1, "Primera edición."), (2, "Se agregó la página que faltaba.")):
        file = ContentFile(_sheets(pages), name="Guía para instancias municipales.pdf")
        versioning.new_edition(entry, file=file, note=note, by=by)


def relate_courses() -> None:
    """Lead from some entries to the courses in which they are studied, and back."""
    for key, course in STUDIED:
        entry = Resource.objects.filter(key=key).first()
        if entry is not None:
            RelatedCourse.objects.get_or_create(resource=entry, course_key=course)


def _sheets(pages: int) -> bytes:
    """Return a document of so many pages, in the typeface that every reader has."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        face = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        made.Root.Lang = "es-MX"
        for number in range(1, pages + 1):
            page = made.add_blank_page()
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=face))
            page.obj.Contents = pikepdf.Stream(made, _drawn((*TEXT, f"Página {number} de {pages}")))
        made.save(out)
    return out.getvalue()


def _drawn(lines: tuple[str, ...]) -> bytes:
    """Return the orders that write these lines, the first one large."""
    orders = [b"BT /F1 24 Tf 72 680 Td 30 TL"]
    for number, line in enumerate(lines):
        size = b"/F1 12 Tf " if number else b""
        orders.append(size + b"(" + line.encode("cp1252") + b") Tj T*")
    return b"\n".join([*orders, b"ET"])
