"""The look holds: contrast of the tokens, formats, strict templates, fonts, weight of the first load."""

import datetime
import gzip
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format, localize
from fontTools.ttLib import TTFont

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAPERS = (ROOT / "templates" / "documents", ROOT / "templates" / "emails")
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
TEXT = 4.5
SHAPE = 3.0

PAIRS = [
    ("--ink", "--paper", TEXT),
    ("--ink", "--sheet", TEXT),
    ("--ink-soft", "--paper", TEXT),
    ("--ink-soft", "--violeta-100", TEXT),
    ("--ink-soft", "--cantera-100", TEXT),
    ("--ink-faint", "--paper", TEXT),
    ("--violeta-900", "--paper", TEXT),
    ("--violeta-700", "--paper", TEXT),
    ("--violeta-700", "--violeta-100", TEXT),
    ("--cantera-700", "--paper", TEXT),
    ("--cantera-700", "--violeta-50", TEXT),
    ("--cantera-200", "--violeta-900", TEXT),
    ("--violeta-100", "--violeta-900", TEXT),
    ("--ok", "--ok-bg", TEXT),
    ("--wait", "--wait-bg", TEXT),
    ("--attention", "--attention-bg", TEXT),
    ("--stop", "--stop-bg", TEXT),
    ("--stop", "--sheet", TEXT),
    ("--info", "--info-bg", TEXT),
    ("--neutral", "--neutral-bg", TEXT),
    ("--line-strong", "--sheet", SHAPE),
    ("--cantera-500", "--sheet", SHAPE),
    ("--violeta-300", "--violeta-900", SHAPE),
    ("--focus", "--paper", SHAPE),
    ("--focus", "--violeta-100", SHAPE),
    ("--focus-on-dark", "--violeta-900", SHAPE),
]


def luminance(token: str) -> float:
    found = re.search(rf"{token}: #([0-9a-f]{{6}});", TOKENS)
    assert found, token
    channels = [int(found[1][start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_pairs_of_tokens_have_contrast(ink: str, ground: str, least: float) -> None:
    darker, lighter = sorted((luminance(ink), luminance(ground)))
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_dates_and_numbers_are_mexican() -> None:
    moment = datetime.datetime(2026, 11, 22, 18, 4)  # noqa: DTZ001 - only its words matter
    assert date_format(moment) == "22 de noviembre de 2026"
    assert date_format(moment, "DATETIME_FORMAT") == "22 de noviembre de 2026, 18:04"
    assert date_format(moment, "SHORT_DATE_FORMAT") == "22/11/2026"
    assert localize(Decimal("1234.5")) == "1,234.5"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_inline_script_style_or_handler(path: Path) -> None:
    if any(folder in path.parents for folder in PAPERS):
        return
    source = re.sub(r"\{[%#{].*?[%#}]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    executed = r"<script(?![^>]*(?:\bsrc=|application/(?:ld\+)?json))"
    assert not re.search(executed, source)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", source)
    assert "|safe" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_address_of_third_parties(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", source)


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "404.html", "405.html", "429.html", "500.html"]
)
def test_error_pages_stand_without_request_or_database(name: str) -> None:
    page = render_to_string(name)
    assert '<html lang="es-MX">' in page
    assert page.count("<h1>") == 1
    assert 'content="noindex"' in page


NAMES = "María Ñuño Güemes Xóchitl Tōnatiuh Hernández Ẽvyra Cuɨ Wirrárika Mā’kame ʼUc Kuaꞌi Ṯeresa Chëbë"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "static/fonts").glob("*.ttf")), ids=lambda p: p.name
)
def test_every_face_draws_the_surnames_of_mexico(path: Path) -> None:
    cmap = TTFont(path).getBestCmap()
    assert {char for char in NAMES if ord(char) not in cmap} == set()


def test_cut_serif_does_not_carry_the_reserved_name() -> None:
    for path in (ROOT / "static/fonts").glob("SourceSerif4-*.ttf"):
        names = TTFont(path)["name"]
        assert names.getDebugName(1) == "Red Serif"
        assert names.getDebugName(16) == "Red Serif"


def test_first_load_stays_under_150_kb() -> None:
    static = ROOT / "static"
    texts = [
        static / "vendor/bootstrap/bootstrap.min.css",
        *(static / "css").glob("*.css"),
        static / "js/portal.js",
        static / "img/sign.svg",
    ]
    faces = [
        static / "fonts" / f"{face}-latin.woff2"
        for face in (
            "AtkinsonHyperlegibleNext-Regular",
            "AtkinsonHyperlegibleNext-Bold",
            "SourceSerif4-Regular",
            "SourceSerif4-SemiBold",
            "SourceSerif4-Bold",
        )
    ]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in texts)
    weight += sum(path.stat().st_size for path in faces)
    assert weight < 145_000, weight
