"""A key that a page writes is read again by a machine: from the thousandth on it may not get a comma."""

import re

import pytest
from django.conf import settings
from django.template import engines

BARE_KEY = re.compile(r"\{\{ *[\w.]+\.(?:pk|id|year) *\}\}")


@pytest.mark.once
def test_no_template_writes_a_key_as_a_quantity() -> None:
    written = {
        f"{file.relative_to(settings.BASE_DIR)}: {found[0]}"
        for file in (settings.BASE_DIR / "templates").rglob("*.html")
        for found in BARE_KEY.finditer(file.read_text())
    }
    assert written == set()


@pytest.mark.once
def test_a_quantity_gets_a_comma_and_a_key_does_not() -> None:
    page = engines["django"].from_string('{{ n }} {{ n|stringformat:"d" }}')
    assert page.render({"n": 1234}) == "1,234 1234"
