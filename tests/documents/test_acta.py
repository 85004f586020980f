"""The acta: whoever signs it signs beneath names and totals, never a sheet that holds nothing else."""

import pytest

from red_genero.documents import Document, render
from tests.documents import reading

pytestmark = pytest.mark.once
TOTALS = ("Presente", "Retardo", "Falta", "Justificada", "Sin marca")


def acta(people: int) -> Document:
    """Return the acta of an edición of one session."""
    row = {
        "name": "Güereña Íñiguez, María Luisa",
        "department": "Dirección de Obras Públicas",
        "marks": ["P"],
        "hours": "4 de 4",
        "percentage": "100 %",
        "result": "Concluida",
    }
    block = {
        "sessions": [{"number": 1, "date": "03/11", "hours": "4"}],
        "rows": [row] * people,
        "totals": [{"label": label, "numbers": [0]} for label in TOTALS],
        "last": True,
    }
    context = {
        "network": "Red Interinstitucional de Género",
        "network_place": "en el Gobierno Municipal de Guadalajara",
        "institution": "Instituto Municipal de las Mujeres en Guadalajara",
        "course": "Presupuestos públicos con perspectiva de género",
        "edition": "PP-01-2026-1",
        "dates": "el 3 de noviembre de 2026",
        "hours": "4 horas",
        "policy": "Asistencia mínima 80 %",
        "status": "Edición cerrada",
        "privacy": "Sus datos se usan solo para acreditar la asistencia.",
        "printed": "4 de noviembre de 2026, 10:50",
        "paper": "letter",
        "legend": "P presente",
        "people": people,
        "guests": 0,
        "signing": [{"name": "Laura Jiménez Ochoa", "post": "Coordinación de la edición"}],
        "blocks": [block],
    }
    return Document(
        template="documents/attendance_record.html",
        context=context,
        filename="acta.pdf",
        title="Acta",
        exact=False,
    )


@pytest.mark.parametrize("people", [10, 12, 13, 14, 15, 16, 17, 18])
def test_the_signatures_stand_under_names_and_totals(people: int) -> None:
    pages = reading.pages(render(acta(people)))

    assert "Coordinación de la edición" in pages[-1]
    assert "Güereña" in pages[-1]
    assert all(total in pages[-1] for total in TOTALS)
    assert sum(page.count("Güereña") for page in pages) == people
