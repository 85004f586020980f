"""The catalogue of this app: the courses of the Red's programme."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from members.models import ContentArea
from red_genero.common.catalogs import Entry, Report, Row, in_order, load, read_csv
from resources.catalogs import tags
from resources.models import Violence
from trainings.models import Course, Mode

DATA: Final = Path(__file__).resolve().parent / "data"

COLUMNS: Final = (
    "clave",
    "area",
    "titulo",
    "formato",
    "modalidad",
    "horas",
    "sesiones",
    "nivel",
    "dirigido_a",
    "objetivo",
    "contenidos",
    "prerrequisito",
    "evaluacion",
    "asistencia_minima_pct",
    "documento",
    "violencias",
)
MODES: Final = {"presencial": Mode.IN_PERSON, "en línea": Mode.ONLINE, "mixta": Mode.MIXED}
DIFFICULTIES: Final = {
    "básico": Course.Difficulty.BASIC,
    "intermedio": Course.Difficulty.INTERMEDIATE,
    "avanzado": Course.Difficulty.ADVANCED,
}
PAPERS: Final = {
    "constancia": Course.Paper.ACCREDITATION,
    "constancia de asistencia": Course.Paper.ATTENDANCE,
    "diploma": Course.Paper.DIPLOMA,
}


def load_all(folder: Path = DATA) -> list[Report[Any]]:
    """Load the courses, each after those it asks for."""
    rows = in_order(
        read_csv(folder / "cursos.csv", COLUMNS), "prerrequisito", _needs, what="la formación"
    )
    areas = {area.key: area for area in ContentArea.objects.all()}
    placed: dict[str, Course] = {}
    violences = {violence.key: violence for violence in Violence.objects.all()}
    entries = (_course(row, areas, placed, violences) for row in rows)
    return [load(Course, "cursos", "Formaciones", entries, objects=placed)]


def _needs(row: Row) -> list[str]:
    """Return the keys of the courses that one asks for."""
    return [part.lower() for part in _parts(row["prerrequisito"])]


def _course(
    row: Row,
    areas: dict[str, ContentArea],
    placed: dict[str, Course],
    violences: dict[str, Violence],
) -> Entry[Course]:
    """Return what one row should become."""
    key = row["clave"].lower()
    return Entry(
        row,
        key,
        {"key": key},
        {
            "title": row.needed("titulo"),
            "area": row.choice("area", areas),
            "format": row.one_of("formato", Course.Format),
            "mode": row.choice("modalidad", MODES),
            "hours": _hours(row),
            "sittings": row.whole("sesiones"),
            "difficulty": row.choice("nivel", DIFFICULTIES),
            "audience": row["dirigido_a"],
            "objective": row["objetivo"],
            "contents": "\n".join(_parts(row["contenidos"].removeprefix("Módulos:"))),
            "evaluation": row["evaluacion"],
            "minimum_attendance": row.whole("asistencia_minima_pct"),
            "paper": row.choice("documento", PAPERS),
        },
        {
            "prerequisites": [placed[need] for need in _needs(row) if need in placed],
            "violences": tags(row, violences),
        },
    )


def _hours(row: Row) -> Decimal:
    """Return the hours of the whole course."""
    try:
        return Decimal(row["horas"])
    except InvalidOperation:
        row.refuse("horas", f"«{row['horas']}» no es un número de horas.")


def _parts(text: str) -> list[str]:
    """Return what is separated by semicolons; each begins with a capital."""
    parts = (part.strip() for part in text.split(";"))
    return [part[0].upper() + part[1:] for part in parts if part]
