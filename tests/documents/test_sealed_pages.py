"""The pages of issued documents are frozen by name: a new look is a new name, never another content of an old one."""

from hashlib import sha256
from pathlib import Path

import pytest

from trainings.models import Design

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
SEALS = {
    "constancia-1": "1aaabab72594291467881026f7862fa666c987d14e7f046aa650bdfbe5e7ff26",
    "diploma-1": "a150adae1d8942c81469ae551ec3a693dda1c5926c1a4a7fb901fbd2ba0865a7",
    "reconocimiento-1": "1b7ace19ea420253d55724f6cc7340945b2bdcdefba1e83810c0996128ff3627",
}
"""SHA-256 of each page with its stylesheet. Before the first published version a seal may be renewed; afterwards never."""


def seal(page: str) -> str:
    """Return the fingerprint of a page and what dresses it."""
    template = ROOT / "templates/documents/certificate" / f"{page}.html"
    style = ROOT / "static/css/documents/certificate" / f"{page}.css"
    return sha256(template.read_bytes() + style.read_bytes()).hexdigest()


@pytest.mark.parametrize("page", Design.Page.values)
def test_a_page_in_service_is_still_the_one_that_was_sealed(page: str) -> None:
    assert seal(page) == SEALS[page], "Do not change it: give the new look a new name."
