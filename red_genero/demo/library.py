"""The library of the demonstration: an entry whose file was corrected once, and a bulletin that some asked for."""

import io
from typing import Final

import pikepdf
from django.core.files.base import ContentFile

from members import privacy
from members.models import Consent
from red_genero.common.states import By
from red_genero.demo.cast import MEMBERS
from red_genero.demo.people import account_of, person_of
from resources import announcing, versioning
from resources.models import RelatedCourse, Resource

ENTRY: Final = "guia-instancias-municipales"
STUDIED: Final = (
    ("protocolo-hsas-gdl", "tr-02"),
    ("disposiciones-hsas-gdl-2022", "tr-02"),
    (ENTRY, "is-04"),
)
READERS: Final = tuple(someone.mailbox for someone in MEMBERS[:3])
ANNOUNCED: Final = (
    "protocolo-hsas-gdl",
    "disposiciones-hsas-gdl-2022",
    "ruta-atencion-jalisco",
    "decreto-17-leyes-2026",
    "programa-sectorial-mujeres-2025",
)
GREETING: Final = "Este es el primer número. Reúne lo que más se consulta para empezar; cada título lleva a su ficha."
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


def send_a_bulletin() -> None:
    """Let some ask for the news, send them a number, and leave the next one in draft on the desk."""
    for mailbox in READERS:
        reader = person_of(mailbox)
        privacy.choose(reader, {Consent.Purpose.BULLETIN: True}, by=By.web(account_of(mailbox)))
    by = By.admin(account_of("biblioteca"))
    number = announcing.prepare(by=by)
    number.resources.set(Resource.objects.filter(key__in=ANNOUNCED))
    number.greeting = GREETING
    number.save(update_fields=["greeting"])
    announcing.send(number, by=by)
    announcing.deliver_pending()
    announcing.prepare(by=by).resources.set(Resource.objects.filter(key=ENTRY))


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
