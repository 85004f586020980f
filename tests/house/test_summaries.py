"""What is wrong with a form is told once: crispy prints the summary above every form that it renders."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
TEMPLATES = Path(__file__).parents[2] / "templates"
CRISPY = re.compile(r"{% crispy (?P<one>\w+) %}|{{ (?P<other>\w+)\|crispy }}")


def test_no_page_repeats_the_summary_that_crispy_prints() -> None:
    """One in the branch of a page without its form is another matter: it opens with ``elif form.errors``."""
    twice = []
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"{% elif \w+\.errors %}\s*{% error_summary \w+ %}", "", path.read_text())
        rendered = {found["one"] or found["other"] for found in CRISPY.finditer(text)}
        told = set(re.findall(r"{% error_summary (\w+) %}", text))
        twice += [f"{path.name}: {name}" for name in rendered & told]

    assert twice == []
