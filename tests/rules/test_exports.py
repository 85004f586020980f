"""What leaves for a spreadsheet keeps its text and runs nothing."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from red_genero.common.exports import BOM, csv_response, csv_text, guarded, unguarded, written

CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+52 33 1234 5678",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "＝1+1",
        "0331234567",
        "12345678901234567",
        "2026-11-22",
        "3/4",
        "1e5",
        "'ya marcado",
        '=HYPERLINK("http://x")',
    ],
)
def test_what_a_spreadsheet_would_change_is_marked_as_text(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Núñez", "Ñeca", "Dirección de Obras", "C190", "a=b", "79 %x"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
@example([["=cmd|' /C calc'!A0", "0012"], ["ñandú\r\nsegunda", '"comillas", comas;']])
def test_every_text_comes_back_whole_and_none_is_a_formula(rows: list[list[str]]) -> None:
    read = cells(csv_text(["uno", "dos"], rows))

    assert read[0] == ["uno", "dos"]
    assert [[unguarded(cell) for cell in row] for row in read[1:]] == [
        [CONTROLS.sub("", cell) for cell in row] for row in rows
    ]
    assert not [cell for row in read for cell in row if cell.lstrip()[:1] in {*"=+-@"} - {""}]


def test_values_that_are_not_text_stay_values() -> None:
    assert [written(value) for value in (None, True, False, -3, Decimal("12.50"))] == [
        "",
        "sí",
        "no",
        "-3",
        "12.50",
    ]
    assert written(datetime.date(2026, 11, 22)) == "2026-11-22"
    moment = datetime.datetime(2026, 11, 22, 18, 4, tzinfo=datetime.UTC)
    assert written(moment) == "2026-11-22 12:04"


def test_the_file_is_an_attachment_in_utf8_with_its_mark() -> None:
    response = csv_response("lista.csv", ["Apellido"], [["Ñúñez"]])

    assert response.content == b"\xef\xbb\xbfApellido\r\n\xc3\x91\xc3\xba\xc3\xb1ez\r\n"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="lista.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
