"""The catalogue of stored files with their SHA-256: what was kept beside the row, else what is read now."""

import hashlib
from collections.abc import Iterator
from typing import Final

from django.db.models.fields.files import FieldFile

from members.models import (
    Designation,
    DesignationRequest,
    GenderUnit,
    GovernmentTerm,
    UnitPaper,
    UnitRatification,
    UnitStep,
)
from red_genero.handover.tables import Row, Table, counted
from resources.models import ResourceVersion
from trainings.models import Certificate

KEPT: Final = "Registrada al emitir"
READ: Final = "Calculada para este paquete"
MISSING: Final = "El archivo no se encontró"
OFICIO: Final = "Oficio de designación"
ANSWER: Final = "Respuesta a un oficio"
LETTER: Final = "Oficio del Instituto"
EVIDENCE: Final = "Documento de una Unidad de Género"
ON_PAPER: Final = frozenset({OFICIO, ANSWER, LETTER, EVIDENCE})
"""What the PDF lists too; the others may be thousands."""


def catalogue(term: GovernmentTerm) -> Table:
    """Return one row for each file that proves something."""
    rows = [*_designations(), *_letters(), *_units(), *_certificates(), *_library()]
    listed = sum(row[0] in ON_PAPER for row in rows)
    return Table(
        file="archivos.csv",
        title="Catálogo de archivos",
        note=f"{counted(len(rows), 'archivo', 'archivos')}; aquí, los {listed} de oficios y unidades. Los demás están en archivos.csv.",
        header=("Qué es", "Referencia", "Dependencia", "SHA-256", "Huella"),
        rows=rows,
    )


def _designations() -> Iterator[Row]:
    found = Designation.objects.exclude(oficio="").select_related("department").order_by("pk")
    for row in found.iterator():
        yield (OFICIO, row.oficio_number, row.department.name, *_read(row.oficio))


def _letters() -> Iterator[Row]:
    for letter in DesignationRequest.objects.select_related("department").order_by("pk"):
        yield (LETTER, letter.folio, letter.department.name, letter.sha256, KEPT)
        if letter.answer_file:
            number = letter.answer_number
            yield (ANSWER, number, letter.department.name, *_read(letter.answer_file))


def _units() -> Iterator[Row]:
    for model in (UnitStep, UnitPaper, UnitRatification):
        for row in model.objects.select_related("unit__department").order_by("pk").iterator():
            yield (EVIDENCE, row.number, row.unit.department.name, *_read(row.file))
    gone = GenderUnit.objects.exclude(dissolution_file="").select_related("department")
    for unit in gone.order_by("pk").iterator():
        document = unit.dissolution_document
        yield (EVIDENCE, document, unit.department.name, *_read(unit.dissolution_file))


def _certificates() -> Iterator[Row]:
    found = Certificate.objects.exclude(sha256="").order_by("pk").values_list("folio", "sha256")
    for folio, sha256 in found.iterator():
        yield ("Constancia", folio, "", sha256, KEPT)


def _library() -> Iterator[Row]:
    found = ResourceVersion.objects.exclude(sha256="").select_related("resource").order_by("pk")
    for version in found.iterator():
        name = f"{version.resource.title}, edición {version.number}"
        yield ("Recurso de la biblioteca", name, "", version.sha256, KEPT)


def _read(stored: FieldFile) -> tuple[str, str]:
    """Return the fingerprint of a file that has none beside it."""
    digest = hashlib.sha256()
    try:
        with stored.open("rb") as file:
            for piece in file.chunks():
                digest.update(piece)
    except FileNotFoundError:
        return "", MISSING
    return digest.hexdigest(), READ
