"""Name badges: whatever the name, nothing is printed over anything else, and the code is read."""

import pytest

from red_genero.documents import Document, render
from tests.documents import reading
from tests.documents.papers import LONGEST_DEPARTMENT, LONGEST_NAME, LONGEST_TITLE

pytestmark = pytest.mark.once
HARDEST = (
    "W" * 120,
    "W" * 100 + " " + "M" * 100 + " " + "Ñ" * 100,
    "Wenceslaa " * 12,
    LONGEST_NAME,
)


def badges(*names: str) -> Document:
    """Return a badge for each name, with the longest dependencia and course."""
    context = {
        "network": "Red Interinstitucional de Género",
        "course": LONGEST_TITLE,
        "paper": "letter",
        "badges": [
            {
                "name": name,
                "department": LONGEST_DEPARTMENT,
                "code": str(number),
                "url": f"https://genero.example.mx/coordinacion/ediciones/pg-1/pase/{number}/",
            }
            for number, name in enumerate(names, start=1001)
        ],
    }
    return Document(
        template="documents/badges.html",
        context=context,
        filename="gafetes.pdf",
        title="Gafetes",
        exact=False,
    )


def test_the_longest_names_stay_in_their_boxes() -> None:
    pdf = render(badges(*HARDEST))

    assert reading.overlapping(pdf) == []
    said = "".join(reading.copied(pdf).split())
    assert all("".join(name.split()) in said for name in HARDEST)
    assert sorted(reading.scanned(reading.photocopy(pdf))) == [
        f"https://genero.example.mx/coordinacion/ediciones/pg-1/pase/{number}/"
        for number in range(1001, 1001 + len(HARDEST))
    ]
