"""Contexts of printed documents for the tests: ordinary ones and the hardest ones."""

from typing import Any

from red_genero.documents import Document
from red_genero.documents.contexts import (
    AttendanceListContext,
    AttendanceRow,
    AttendanceSheet,
    CertificateContext,
)

LONGEST_NAME = "María Guadalupe de la Luz Hernández-Echavarría y Fernández de Córdoba Saldívar"
LONGEST_TITLE = (
    "Incorporación de la perspectiva de género, y los derechos humanos de las mujeres "
    "en el presupuesto público del municipio"
)
LONGEST_DEPARTMENT = (
    "Coordinación General de Desarrollo Económico y Combate a la Desigualdad, Unidad de Enlace"
)
VERIFY_URL = "https://genero.guadalajara.example.mx/verificar/ABCDEFG-HJKMNPQ-RSTUVWX-2345678/"
PRIVACY = "Sus datos se usan solo para acreditar la asistencia a esta formación."


def certificate(**changes: Any) -> Document:
    """Return an ordinary constancia; ``changes`` replace values of its context."""
    context: CertificateContext = {
        "network": "Red Interinstitucional de Género",
        "network_place": "en el Gobierno Municipal de Guadalajara",
        "institution": "Instituto Municipal de las Mujeres en Guadalajara",
        "kind": "Constancia",
        "lead": "otorga la presente constancia a",
        "name": "María Luisa Güereña Íñiguez",
        "department": "Dirección de Obras Públicas",
        "reason": "por haber acreditado el taller",
        "course": "Presupuestos públicos con perspectiva de género",
        "details": ["Taller", "Modalidad presencial", "20 horas"],
        "dates": "del 3 al 24 de noviembre de 2026",
        "place_and_date": "Guadalajara, Jalisco, a 27 de noviembre de 2026",
        "signatories": [
            {"name": "Ana Sofía Ñáñez Echeverría", "post": "Titular del Instituto"},
            {"name": "Rosa Elena Pérez Luna", "post": "Coordinación de la Red"},
        ],
        "folio": "RED-2026-0007",
        "verify_url": VERIFY_URL,
        "verify_address": "genero.guadalajara.example.mx/verificar",
        "code": "ABCDEFG-HJKMNPQ-RSTUVWX-2345678",
        "legend": "2026, Año de la igualdad sustantiva",
        "logos": [],
    }
    return Document(
        template="documents/certificate/v1.html",
        context={**context, **changes},
        filename="constancia-RED-2026-0007.pdf",
        title="Constancia RED-2026-0007",
    )


def hardest_certificate() -> Document:
    """Return a constancia in which every text is as long as it may be."""
    signatory = {
        "name": "María del Refugio Monserrat Villanueva de la Garza y Ñúñez",
        "post": "Titular del Instituto Municipal de las Mujeres en Guadalajara y Coordinadora",
    }
    return certificate(
        name=LONGEST_NAME,
        course=LONGEST_TITLE,
        department=LONGEST_DEPARTMENT,
        reason="por haber concluido y acreditado con evaluación satisfactoria el diplomado",
        details=["Diplomado", "Modalidad mixta (presencial y en línea)", "120.5 horas"],
        dates="del 3 de noviembre de 2026 al 24 de septiembre de 2027",
        signatories=[signatory, signatory, signatory],
        legend="2026, Año del Bicentenario de la Constitución y de la Igualdad Sustantiva en Jalisco",
    )


def row(number: int, *, coded: bool = False) -> AttendanceRow:
    """Return the person number ``number`` of a list, with a name that says so."""
    names = (LONGEST_NAME, "Ana Luna", "Itzel Tlaltecuhtli Xóchitl", "Zoë D'Angelo Müller")
    made: AttendanceRow = {
        "name": f"{names[number % 4]} {number}",
        "department": LONGEST_DEPARTMENT if number % 3 else "Sindicatura",
        "position": "Jefa de Unidad Departamental" if number % 2 else "Directora",
    }
    if coded:
        made["url"] = f"https://genero.example.mx/coordinacion/marcas/{number:06d}/"
    return made


def attendance_list(
    people: int, *, sheets: int = 1, blank_rows: int = 0, coded: bool = False, **changes: Any
) -> Document:
    """Return a list with that many people on each of its sheets."""
    rows = [row(number, coded=coded) for number in range(1, people + 1)]
    made: list[AttendanceSheet] = [
        {
            "session": f"Sesión {number} de {sheets}",
            "date": "martes 10 de noviembre de 2026",
            "hours": "16:00 a 20:00",
            "place": "Sala de usos múltiples",
            "coordinator": "Laura Jiménez Ochoa",
            "rows": rows,
        }
        for number in range(1, sheets + 1)
    ]
    context: AttendanceListContext = {
        "network": "Red Interinstitucional de Género",
        "network_place": "en el Gobierno Municipal de Guadalajara",
        "institution": "Instituto Municipal de las Mujeres en Guadalajara",
        "course": "Presupuestos públicos con perspectiva de género",
        "edition": "Edición de noviembre de 2026",
        "sheets": made,
        "blank_rows": blank_rows,
        "privacy": PRIVACY,
    }
    return Document(
        template="documents/attendance_list.html",
        context={**context, **changes},
        filename="lista.pdf",
        title="Lista de asistencia",
        exact=False,
    )
