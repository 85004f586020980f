"""Constancias históricas from a spreadsheet: every row is judged first, and all are loaded or none."""

import csv
import datetime
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from members import spreadsheets
from members.models import ContentArea, Person, User
from red_genero.common.text import fold, plain
from trainings.models import PastCertificate

COLUMNS: Final = ("correo", "folio", "formacion", "area", "horas", "inicio", "fin", "emitio")
OPTIONAL: Final = frozenset({"area", "emitio"})
MOST_ROWS: Final = 2_000
LARGEST: Final = 1_000_000
WORKBOOK: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: what would be loaded, or why not."""

    number: int
    said: Mapping[str, str]
    paper: PastCertificate | None
    errors: tuple[str, ...]


def as_csv(name: str, content: bytes) -> bytes:
    """Return a workbook as the CSV it would be saved as, and anything else as it is.

    Raises ValidationError with the codes of ``spreadsheets.read``: a formula, for instance, is refused.
    """
    if not content.startswith(WORKBOOK):
        return content
    written = io.StringIO(newline="")
    csv.writer(written).writerows(spreadsheets.read(name, content))
    return written.getvalue().encode()


def read(content: bytes, *, by: User) -> list[Line]:
    """Return the rows, judged against the database as it is now; four queries for any number and one check a row.

    Raises ValidationError (``unreadable``, ``columns_missing``, ``too_many``) when it is not such a spreadsheet.
    """
    rows = _rows(content)
    wanted = {row["correo"].strip().lower() for row in rows}
    people = _people(wanted)
    areas = {fold(area.name): area for area in ContentArea.objects.all()}
    known = set(
        PastCertificate.objects.filter(person__in=people.values()).values_list("person", "folio")
    )
    lines = []
    for number, row in enumerate(rows, start=2):
        paper, errors = _judge(row, people, areas, by)
        key = (paper.person_id, paper.folio) if paper else None
        if key in known:
            errors = (*errors, "Esa persona ya tiene una constancia histórica con ese folio.")
        if key:
            known.add(key)
        lines.append(Line(number, row, None if errors else paper, errors))
    return lines


def load(content: bytes, *, by: User) -> int:
    """Load every row and return how many; with one error nothing is loaded (``rows_wrong``). No mail is sent."""
    with transaction.atomic():
        lines = read(content, by=by)
        papers = [line.paper for line in lines if line.paper]
        if len(papers) < len(lines):
            raise ValidationError(
                "Hay renglones con errores: no se cargó ninguno. Corrija el archivo y súbalo otra vez.",
                code="rows_wrong",
            )
        PastCertificate.objects.bulk_create(papers)
    return len(papers)


def _rows(content: bytes) -> list[dict[str, str]]:
    if len(content) > LARGEST:
        raise ValidationError("El archivo pesa más de 1 MB.", code="too_many")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        found = [fold(name or "").strip() for name in reader.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in found and name not in OPTIONAL]
        if missing:
            raise ValidationError(
                "Faltan columnas: %(names)s. El primer renglón debe tener estos títulos: %(all)s.",
                code="columns_missing",
                params={"names": ", ".join(missing), "all": ", ".join(COLUMNS)},
            )
        reader.fieldnames = found
        rows = [
            {name: plain(str(row.get(name) or "")) for name in COLUMNS}
            for row in reader
            if any(row.values())
        ]
    except csv.Error as error:
        raise ValidationError(
            "El archivo no es una hoja guardada como CSV.", code="unreadable"
        ) from error
    if not rows or len(rows) > MOST_ROWS:
        raise ValidationError(
            "El archivo debe tener entre 1 y %(most)s renglones.",
            code="too_many",
            params={"most": MOST_ROWS},
        )
    return rows


def _people(addresses: set[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    wanted = Q(user__email__in=addresses) | Q(institutional_email__in=addresses)
    for person in Person.objects.filter(wanted).select_related("user"):
        for address in (person.institutional_email, person.user.email if person.user else ""):
            if address:
                found[address.lower()] = person
    return found


def _judge(
    row: Mapping[str, str], people: Mapping[str, Person], areas: Mapping[str, ContentArea], by: User
) -> tuple[PastCertificate | None, tuple[str, ...]]:
    """Return the paper of a row with everything that speaks against it."""
    errors = list(_refusals(row, people, areas, by))
    starts, ends = _day(row["inicio"]), _day(row["fin"])
    hours = _number(row["horas"])
    if errors or starts is None or ends is None or hours is None:
        return None, tuple(errors)
    paper = PastCertificate(
        person=people[row["correo"].lower()],
        folio=row["folio"],
        course_title=row["formacion"],
        area=areas.get(fold(row["area"])),
        hours=hours,
        starts_on=starts,
        ends_on=ends,
        issuer=row["emitio"],
        loaded_by=by,
    )
    try:
        paper.clean_fields(exclude={"person", "loaded_by", "area"})
        paper.validate_constraints()
    except ValidationError as refusal:
        return paper, tuple(refusal.messages)
    return paper, ()


def _refusals(
    row: Mapping[str, str], people: Mapping[str, Person], areas: Mapping[str, ContentArea], by: User
) -> Iterator[str]:
    person = people.get(row["correo"].lower())
    if person is None:
        yield "Nadie del portal tiene ese correo."
    elif person.user_id == by.pk:
        yield "Es su propia constancia: la debe cargar otra persona."
    if row["area"] and fold(row["area"]) not in areas:
        yield "No existe esa área de contenido: déjela vacía o escriba una del catálogo."
    if _number(row["horas"]) is None:
        yield "Las horas deben ser un número, como 20 o 7.5."
    if _day(row["inicio"]) is None or _day(row["fin"]) is None:
        yield "Escriba las fechas como 03/11/2024 o 2024-11-03."


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(text: str) -> datetime.date | None:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
