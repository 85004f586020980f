"""The pages of issued documents are frozen by name: a new look is a new name, never another content of an old one."""

from hashlib import sha256
from pathlib import Path

import pytest

from trainings.models import Design

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
SEALS = {
    "constancia-1": "b548db8c76a28436321ebd04b89c98fd6a2c9a885a0f9dc53a379c3008fde838",
    "diploma-1": "1f91cd7474d2ac0636edbf3a5212405d8a3ebb90ee5793493ef4b1f8d7ff4edd",
    "reconocimiento-1": "0265897cb20408e8a92655f3dbc90b3716b4602f3e3dc3c5501c37de95c79f98",
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
