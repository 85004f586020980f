"""Plain Mexican Spanish everywhere: no English, usted, inclusive; dates and hours of Guadalajara."""

import datetime
import gettext
import re
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format

from tests.house.crawl import Page, reading

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.no_cover,
    pytest.mark.xdist_group("pages"),
]

ENGLISH: Final = re.compile(
    r"\b(sign|log ?in|log ?out|submit|delete|save|required|this field|choose|select|search|filter|password|e-?mail|"
    r"your|please|enter a|invalid|error occurred|back|next|previous|change|add|view|remove|history|home|welcome|"
    r"skip to|toggle|navigation|successfully|warning|the|and|with|user|users|username|group|groups|permissions|"
    r"authenticators?|addresses|task|tasks|results?|sessions|cancel|confirm|unknown|none|yes|today|now|show|hide|"
    r"breadcrumbs|sidebar|loading|by|of|is|not|are|was|available|chosen|all|date|time|object|objects|update[ds]?|"
    r"code|security|key|keys|two-factor|authentication|verification|recovery|website|dashboard|staff)\b",
    re.IGNORECASE,
)
SAME_IN_SPANISH: Final = {"folio", "total"}
NAMES: Final = re.compile(
    r"https?://\S+|\S+@\S+|ManagementForm.*?TOTAL_FORMS\S*|\b[\w.-]+\.(?:mx|org|com|pdf|csv|json)\b|«[^»]*»|\bpg-[\w-]+|\b[0-9A-Z]{4,7}(?:-[0-9A-Z]{4,7})+\b|\b[2-9A-HJ-NP-Z]{20,}\b"
)
"""Addresses, files, codes and what is quoted are nobody's language."""

FAMILIAR: Final = re.compile(
    r"\b(tú|tus?|puedes|tienes|debes|quieres|eres|estás|contigo|olvidaste|necesitas|podrás|tendrás|recibirás|"
    r"deberás|quieras|puedas|asegúrate|inténtalo|comprueba|pulsa|haz clic)\b",
    re.IGNORECASE,
)
TWISTED: Final = re.compile(
    r"[a-záéíóúñ](?:@|\*)s?\b(?!\w)|\b(?:tod|nosotr|ell|compañer|amig|servidor|human|ciudadan|mexican|funcionari)[xe]s\b"
    r"|\b\w{3,}[dtlrn]xs?\b|\btodes?\b|\belles?\b",
    re.IGNORECASE,
)
MONTHS: Final = (
    "Enero|Febrero|Marzo|Abril|Mayo|Junio|Julio|Agosto|Septiembre|Octubre|Noviembre|Diciembre"
)
WRONG_DATES: Final = re.compile(
    rf"\bde (?:{MONTHS})\b|\b\d{{1,2}} (?:{MONTHS})\b|\b[ap]\.? ?m\.|\b\d{{4}}-\d{{2}}-\d{{2}}\b|"
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)


@pytest.fixture(scope="session")
def said(pages: list[Page]) -> dict[str, str]:
    """Every different piece of text of the pages, with the first page that says it."""
    pieces: dict[str, str] = {}
    for page in pages:
        for piece in reading(page.html).words:
            pieces.setdefault(piece, f"{page}: {page.name}")
    return {NAMES.sub(" ", piece): where for piece, where in pieces.items()}


def found(said: dict[str, str], pattern: re.Pattern[str]) -> dict[str, str]:
    """Return each sentence in which the pattern stands, with the page that says it."""
    return {piece[:160]: where for piece, where in said.items() if pattern.search(piece)}


def test_every_page_says_that_it_is_in_spanish(pages: list[Page]) -> None:
    """Ours say of Mexico; the administration's frame is Django's, which says the language alone."""
    wrong = []
    for page in pages:
        told = re.search(r'<html[^>]*? lang="([^"]+)"', page.html)
        allowed = {"es", "es-MX"} if page.path.startswith("/admin/") else {"es-MX"}
        if told is None or told[1] not in allowed:
            wrong.append(str(page))

    assert wrong == []


def test_no_page_speaks_english(said: dict[str, str]) -> None:
    assert found(said, ENGLISH) == {}


def test_no_page_speaks_of_tu(said: dict[str, str]) -> None:
    assert found(said, FAMILIAR) == {}


def test_inclusive_without_signs_in_place_of_letters(said: dict[str, str]) -> None:
    assert found(said, TWISTED) == {}


def test_dates_are_written_as_in_mexico(said: dict[str, str]) -> None:
    assert found(said, WRONG_DATES) == {}


@pytest.mark.parametrize("pattern", [ENGLISH, FAMILIAR, TWISTED, WRONG_DATES])
def test_mails_keep_the_same_rules(mails: list[str], pattern: re.Pattern[str]) -> None:
    texts = [NAMES.sub(" ", text) for text in mails]

    assert mails
    assert [match[0] for text in texts if (match := pattern.search(text))] == []


def test_the_administration_names_its_rooms_and_tables_in_spanish() -> None:
    named = {
        str(label)
        for model in admin.site._registry
        for label in (
            model._meta.verbose_name,
            model._meta.verbose_name_plural,
            model._meta.app_config.verbose_name,
        )
    }

    assert {name for name in named if ENGLISH.search(name)} == set()


def test_every_column_that_is_shown_has_a_spanish_name() -> None:
    wrong = {
        f"{model._meta.label}.{column.name}": str(column.verbose_name)
        for model in admin.site._registry
        for column in model._meta.fields
        if column.verbose_name == column.name.replace("_", " ")
        and column.editable
        and column.name not in SAME_IN_SPANISH
    }

    assert wrong == {}


@pytest.mark.parametrize("year", range(2026, 2031))
@pytest.mark.parametrize("month", [1, 4, 7, 10, 12])
def test_guadalajara_is_six_hours_behind_all_year(year: int, month: int) -> None:
    noon = datetime.datetime(year, month, 15, 12, tzinfo=datetime.UTC)

    assert settings.TIME_ZONE == "America/Mexico_City"
    assert noon.astimezone(ZoneInfo(settings.TIME_ZONE)).utcoffset() == datetime.timedelta(hours=-6)
    assert timezone.localtime(noon).hour == 6


def test_a_date_in_words() -> None:
    day = datetime.datetime(2026, 11, 22, 23, 5, tzinfo=ZoneInfo(settings.TIME_ZONE))

    assert date_format(day.date()) == "22 de noviembre de 2026"
    assert date_format(day, "DATETIME_FORMAT").endswith("23:05")
    assert date_format(day, "TIME_FORMAT") == "23:05"


def test_our_own_sentences_of_the_administration_are_compiled() -> None:
    folder = settings.BASE_DIR / "red_genero" / "locale" / "es" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    source = (folder / "django.po").read_text(encoding="utf-8")
    joined = re.sub(r'"\n"', "", source.replace('msgid ""\n"', 'msgid "'))
    written = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', joined, re.MULTILINE)

    assert len(written) >= 12
    assert {
        key: (compiled.gettext(key.replace('\\"', '"')), value)
        for key, value in written
        if compiled.gettext(key.replace('\\"', '"')) != value.replace('\\"', '"')
    } == {}
