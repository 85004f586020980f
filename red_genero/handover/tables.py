"""The parts of the pack as tables: the same rows go to the CSV files and, in words, to the PDF.

Of people they say only what the post needs: who is enlace, by which oficio. Integrantes are numbers.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from members import coverage, headcount
from members.models import (
    Application,
    ChangeRequest,
    ContentArea,
    Designation,
    DesignationRequest,
    GovernmentTerm,
    LiaisonRole,
    Person,
    PrivacyRequest,
)
from red_genero.common.exports import Cell
from trainings.models import Certificate, Edition

Row = tuple[Cell, ...]
SHIELDED: Final = "Reservado por seguridad"
YEAR: Final = "Año"
"""The column of whole numbers that are printed without separators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One part; ``printed`` names the columns that go to paper, all of them when it is empty."""

    file: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: list[Row]
    printed: tuple[str, ...] = ()
    people: int = 0
    """How many names of people it holds."""


def counted(number: int, one: str, many: str) -> str:
    """Return a number and its noun."""
    return f"{number} {one if number == 1 else many}"


def liaisons(term: GovernmentTerm) -> Table:
    """Return every post of titular, held or vacant, and every suplente."""
    board = coverage.read(exact=True)
    holders = coverage.holders(board.day)
    rows: list[Row] = []
    for post in coverage.ordered(board.posts, "dependencia"):
        key = post.department.pk
        titular = holders.get((key, str(LiaisonRole.HOLDER)))
        rows.append(
            (
                post.department.name,
                post.department.key,
                "Titular",
                post.words,
                *_post(titular),
                post.vacant_since,
                post.vacant_days,
            )
        )
        alternate = holders.get((key, str(LiaisonRole.ALTERNATE)))
        if alternate is not None:
            rows.append(
                (
                    post.department.name,
                    post.department.key,
                    "Suplente",
                    "Con suplente",
                    *_post(alternate),
                    None,
                    None,
                )
            )
    percent = "" if board.percent is None else f" ({board.percent} %)"
    return Table(
        file="enlaces.csv",
        title="Enlaces de género y vacantes",
        note=f"{board.covered} de {board.expected} dependencias con titular{percent}; "
        f"{board.only_alternate} solo con suplente y {board.vacant} sin enlace.",
        header=(
            "Dependencia",
            "Clave",
            "Puesto",
            "Situación",
            "Persona",
            "Oficio",
            "Fecha del oficio",
            "En funciones desde",
            "Último día",
            "Vacante desde",
            "Días vacante",
        ),
        rows=rows,
        printed=(
            "Dependencia",
            "Puesto",
            "Situación",
            "Persona",
            "Oficio",
            "En funciones desde",
            "Último día",
            "Vacante desde",
        ),
        people=len(holders),
    )


def tasks(term: GovernmentTerm) -> Table:
    """Return what the change of government left to each dependencia."""
    found = term.tasks.select_related("department", "outgoing__person", "designation__person")
    counting = [task for task in found if task.state != "sin_efecto"]
    settled = sum(task.state != "pendiente" for task in counting)
    rows: list[Row] = [
        (
            task.department.name,
            task.department.key,
            task.get_state_display(),
            _name(task.outgoing),
            _name(task.designation),
            task.designation.oficio_number if task.designation else "",
            timezone.localdate(task.settled_at) if task.settled_at else None,
            task.reason,
        )
        for task in found
    ]
    note = (
        f"{settled} de {len(counting)} resueltas."
        if rows
        else "El periodo no se ha cerrado: aún no hay tareas."
    )
    return Table(
        file="tareas.csv",
        title=f"Tareas del cambio de gobierno: {term.name}",
        note=note,
        header=(
            "Dependencia",
            "Clave",
            "Estado",
            "Titular al cierre",
            "Titular después",
            "Oficio",
            "Resuelta",
            "Motivo de la vacante",
        ),
        rows=rows,
        printed=(
            "Dependencia",
            "Estado",
            "Titular al cierre",
            "Titular después",
            "Oficio",
            "Resuelta",
        ),
        people=sum(bool(task.outgoing_id) + bool(task.designation_id) for task in found),
    )


def letters(term: GovernmentTerm) -> Table:
    """Return the oficios that still wait for an answer."""
    found = DesignationRequest.objects.waiting().select_related("department")
    return Table(
        file="oficios_pendientes.csv",
        title="Oficios sin respuesta",
        note=counted(len(found), "oficio espera", "oficios esperan")
        + " la respuesta de una dependencia.",
        header=(
            "Folio",
            "Dependencia",
            "Puesto",
            "Cargo de quien recibe",
            "Fecha",
            "Responder a más tardar",
            "SHA-256",
        ),
        rows=[
            (
                letter.folio,
                letter.department.name,
                letter.get_role_display(),
                letter.addressee_position,
                letter.issued_on,
                letter.answer_due,
                letter.sha256,
            )
            for letter in found
        ],
        printed=(
            "Folio",
            "Dependencia",
            "Puesto",
            "Cargo de quien recibe",
            "Fecha",
            "Responder a más tardar",
        ),
    )


def pending(term: GovernmentTerm) -> Table:
    """Return how much waits at each desk, in numbers."""
    running = (Edition.State.PUBLISHED, Edition.State.RUNNING)
    waiting = {
        "Solicitudes de ingreso": Application.objects.open().count(),
        "Cambios de nombre o adscripción": ChangeRequest.objects.waiting().count(),
        "Solicitudes ARCO": PrivacyRequest.objects.waiting().count(),
        "Designaciones de enlace en camino": Designation.objects.open().count(),
        "Ediciones publicadas o en curso": Edition.objects.filter(state__in=running).count(),
    }
    return Table(
        file="pendientes.csv",
        title="Asuntos en trámite",
        note=f"{sum(waiting.values())} en total; los expedientes siguen en el portal.",
        header=("Asunto", "En trámite"),
        rows=list(waiting.items()),
    )


def members(term: GovernmentTerm) -> Table:
    """Return how many active integrantes each dependencia has."""
    board = coverage.read(exact=True)
    shown = headcount.integrantes(board.day, exact=True)
    placed = sorted(board.departments, key=lambda department: department.name)
    rows: list[Row] = [
        (department.name, department.key, shown[department.pk])
        for department in placed
        if shown.get(department.pk)
    ]
    return Table(
        file="integrantes.csv",
        title="Integrantes activas por dependencia",
        note=f"{counted(sum(shown.get(row.pk) or 0 for row in placed), 'integrante', 'integrantes')} en "
        f"{counted(len(rows), 'dependencia', 'dependencias')}. Incluye números menores que 5: no se publica.",
        header=("Dependencia", "Clave", "Integrantes"),
        rows=rows,
        printed=("Dependencia", "Integrantes"),
    )


def hours(term: GovernmentTerm) -> Table:
    """Return what was taught and certified in each área de contenido."""
    areas = ContentArea.objects.order_by("order", "name")
    closed = Edition.objects.filter(state=Edition.State.CLOSED).order_by()
    given = {
        row["course__area"]: (row["runs"], _tidy(row["given"]))
        for row in closed.values("course__area").annotate(runs=Count("pk"), given=Sum("hours"))
    }
    issued = {
        row["edition__course__area"]: (row["papers"], _tidy(row["earned"]))
        for row in Certificate.objects.valid()
        .exclude(kind=Certificate.Kind.RECOGNITION)
        .order_by()
        .values("edition__course__area")
        .annotate(papers=Count("pk"), earned=Sum("hours"))
    }
    rows: list[Row] = [
        (area.name, *given.get(area.pk, (0, 0)), *issued.get(area.pk, (0, 0))) for area in areas
    ]
    runs, papers = (sum(row[0] for row in found.values()) for found in (given, issued))
    return Table(
        file="horas_por_area.csv",
        title="Formación por área de contenido",
        note=f"{counted(runs, 'edición concluida', 'ediciones concluidas')} y "
        f"{counted(papers, 'constancia o diploma vigente', 'constancias y diplomas vigentes')}.",
        header=(
            "Área de contenido",
            "Ediciones",
            "Horas impartidas",
            "Constancias",
            "Horas acreditadas",
        ),
        rows=rows,
    )


def certificates(term: GovernmentTerm) -> Table:
    """Return how many documents were issued, by year and kind."""
    found = (
        Certificate.objects.order_by()
        .annotate(year=ExtractYear("issued_at"))
        .values("year", "kind")
        .annotate(
            valid=Count("pk", filter=Q(state=Certificate.State.VALID)),
            replaced=Count("pk", filter=Q(state=Certificate.State.REPLACED)),
            revoked=Count("pk", filter=Q(state=Certificate.State.REVOKED)),
        )
        .order_by("year", "kind")
    )
    rows: list[Row] = [
        (
            row["year"],
            str(Certificate.Kind(row["kind"]).label),
            row["valid"],
            row["replaced"],
            row["revoked"],
        )
        for row in found
    ]
    total = sum(row["valid"] + row["replaced"] + row["revoked"] for row in found)
    return Table(
        file="constancias.csv",
        title="Documentos emitidos",
        note=f"{counted(total, 'documento', 'documentos')}. Cada uno se verifica "
        "por su código en el portal; sus folios y huellas están en archivos.csv.",
        header=(YEAR, "Documento", "Vigentes", "Reemplazados", "Revocados"),
        rows=rows,
    )


def vacancies_by_age(term: GovernmentTerm) -> Table:
    """Return how long the posts without titular have waited."""
    ages = Counter({tally.label: tally.value or 0 for tally in coverage.read(exact=True).ages()})
    return Table(
        file="vacantes_por_antiguedad.csv",
        title="Vacantes de titular por antigüedad",
        note="",
        header=("Tiempo sin titular", "Dependencias"),
        rows=list(ages.items()),
    )


PARTS: Final[tuple[Callable[[GovernmentTerm], Table], ...]] = (
    liaisons,
    vacancies_by_age,
    tasks,
    letters,
    pending,
    members,
    hours,
    certificates,
)


def _tidy(given: Decimal | None) -> Decimal | int:
    """Return hours without idle decimals, on either database."""
    some = given or Decimal(0)
    return int(some) if some == int(some) else some.normalize()


def _post(designation: Designation | None) -> tuple[Cell, ...]:
    """Return the person, her oficio and her days."""
    if designation is None:
        return ("", "", None, None, None)
    return (
        _name(designation),
        designation.oficio_number,
        designation.oficio_date,
        designation.start,
        designation.last_in_force,
    )


def _name(designation: Designation | None) -> str:
    """Return who it is; whoever is hidden for her safety is not named on a paper that travels."""
    if designation is None:
        return ""
    person: Person = designation.person
    return SHIELDED if person.hidden else person.full_name
