"""The attendance list: header, column titles and page numbers on every page, whole rows, codes that are read."""

import logging
import re
from collections import Counter
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from red_genero.documents import render
from tests.documents import reading
from tests.documents.papers import LONGEST_NAME, PRIVACY, attendance_list

pytestmark = pytest.mark.once

TITLES = "N.º Nombre Dependencia Cargo Entrada Salida Firma"


def numbers(text: str) -> list[int]:
    """Return the row numbers of a page, from the text between titles and foot."""
    body = text.split(TITLES, 1)[1]
    return [int(found) for found in re.findall(r"(?:(?<=^)|(?<= ))(\d{1,3})(?= |$)", body)]


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("people", [1, 30, 100])
def test_every_page_can_stand_alone(people: int, orientation: str) -> None:
    pdf = render(attendance_list(people, orientation=orientation))

    pages = reading.pages(pdf)
    for number, text in enumerate(pages, start=1):
        assert "Presupuestos públicos con perspectiva de género" in text
        assert "Edición de noviembre de 2026" in text
        assert "martes 10 de noviembre de 2026" in text
        assert "16:00 a 20:00" in text
        assert "Sala de usos múltiples" in text
        assert "Laura Jiménez Ochoa" in text
        assert TITLES in text
        assert PRIVACY in text
        assert f"página {number} de {len(pages)}" in text


def test_every_person_is_listed_once_in_order() -> None:
    document = attendance_list(100)

    text = " ".join(reading.pages(render(document)))

    rows = document.context["sheets"][0]["rows"]  # type: ignore[index]
    places = [text.find(f"{number} {row['name']}") for number, row in enumerate(rows, start=1)]
    assert -1 not in places
    assert places == sorted(places)
    assert text.count(LONGEST_NAME) == 25


def test_blank_rows_go_on_with_the_numbers() -> None:
    text = reading.pages(render(attendance_list(2, blank_rows=4)))[0]

    assert "3 4 5 6" in text


def test_a_list_without_people_is_all_blank_rows() -> None:
    text = reading.pages(render(attendance_list(0, blank_rows=3)))[0]

    assert f"{TITLES} 1 2 3" in text


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({}, (612, 792)),
        ({"orientation": "landscape"}, (792, 612)),
        ({"paper": "a4"}, (595, 842)),
        ({"paper": "a4", "orientation": "landscape"}, (842, 595)),
    ],
)
def test_paper_and_orientation(changes: dict[str, Any], size: tuple[int, int]) -> None:
    pdf = pikepdf.open(BytesIO(render(attendance_list(1, **changes))))

    box = [round(float(side)) for side in pdf.pages[0].MediaBox]
    assert box == [0, 0, *size]


def test_each_session_begins_on_its_own_page_with_the_whole_header() -> None:
    pages = reading.pages(render(attendance_list(30, sheets=3)))

    first = [text for text in pages if "Lista de asistencia".upper() in text.upper()]
    assert [f"Sesión {number} de 3" in text for number, text in enumerate(first, start=1)] == [
        True,
        True,
        True,
    ]
    assert len(first) == 3
    assert f"página {len(pages)} de {len(pages)}" in pages[-1]


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_the_code_of_every_row_is_read_from_a_photocopy(orientation: str) -> None:
    pdf = render(attendance_list(20, coded=True, orientation=orientation))

    read: list[str] = []
    for page in range(len(reading.pages(pdf))):
        read += reading.scanned(reading.photocopy(pdf, page))
    assert sorted(read) == [
        f"https://genero.example.mx/coordinacion/marcas/{number:06d}/" for number in range(1, 21)
    ]


def test_rows_are_never_split() -> None:
    """Each row has its number and all its cells on one page: the tree has whole rows only."""
    pdf = pikepdf.open(BytesIO(render(attendance_list(100))))

    rows = [
        [str(cell.S) for cell in reading.elements(row)]
        for row in reading.elements(pdf.Root.StructTreeRoot)
        if str(row.S) == "/TR"
    ]
    listed = [row for row in rows if row.count("/TD") == 7]
    assert len(listed) == 100


def test_a_character_that_no_font_has_does_not_stop_the_list() -> None:
    document = attendance_list(1)
    document.context["sheets"][0]["rows"][0]["name"] = "Ana \N{PURPLE HEART} Luna"  # type: ignore[index]

    assert "Ana ? Luna" in reading.pages(render(document))[0]


def test_the_file_is_tagged_and_its_margins_are_artifacts() -> None:
    pdf = pikepdf.open(BytesIO(render(attendance_list(40, coded=True))))

    assert reading.untagged(pdf) == []
    assert reading.orphans(pdf) == []
    assert all(reading.fonts(pdf).values())
    tags = reading.structure(pdf)
    assert tags["/H1"] == 1
    assert tags["/Figure"] == 40
    assert tags["/TH"] >= 6 + 8
    assert str(pdf.Root.Lang) == "es-MX"


def test_every_header_cell_says_what_it_heads_and_is_found_by_its_name() -> None:
    pdf = pikepdf.open(BytesIO(render(attendance_list(30))))
    heads = [cell for cell in reading.elements(pdf.Root.StructTreeRoot) if cell.S == "/TH"]

    assert Counter(str(cell.A.Scope) for cell in heads) == {
        "/Row": 6,
        "/Column": 7 * len(pdf.pages),
    }
    names = pdf.Root.StructTreeRoot.IDTree.Names
    told = [(str(name), cell.objgen) for name, cell in zip(names[::2], names[1::2], strict=True)]
    assert sorted(told) == told
    assert sorted(told) == sorted((str(cell.ID), cell.objgen) for cell in heads)


def test_the_engine_has_nothing_to_complain_about(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        render(attendance_list(30, sheets=2, coded=True, blank_rows=3))

    assert caplog.messages == []
