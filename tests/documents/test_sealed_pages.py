"""The pages of issued documents are frozen by name: a new look is a new name, never another content of an old one."""

from hashlib import sha256
from pathlib import Path

import pytest

from trainings.models import Design

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
SEALS = {
    "constancia-1": "069f26b9545aa2f964ecc6c6e0c65d3aa4a5dce681552c98b98a293b83eb5084",
    "diploma-1": "2ef2ed417b0481471c8f39f981d0935d3d566da50fe1f7d90b88f2ec6c06a41b",
    "reconocimiento-1": "b4037b0a026bee3f44866aaffc9d52ebb368004b8ea485c394ffa410702b0b7a",
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
