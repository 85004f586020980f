"""The introductions of the topics: what they say comes from the data, and how their editions change."""

import csv
import datetime
import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from members.models import User
from red_genero.common.models import Transition
from red_genero.common.states import By
from resources import catalogs, introducing, markup, sourcing
from resources.models import HelpLine, Introduction, Resource, Topic, TopicFact
from tests import make
from tests.conftest import signed_in

DATA: Final = Path(settings.BASE_DIR) / "resources" / "data"
TEXTS: Final = sorted((DATA / "introducciones").glob("*.md"))
CLOCK: Final = By.job("Prueba")
_YEAR: Final = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
MONTHS: Final = _YEAR.split()
_DAY: Final = re.compile(rf"\d{{1,2}} de (?:{'|'.join(MONTHS)}) de \d{{4}}")
_MONTH: Final = re.compile(rf"(?<!\d de )\b(?:{'|'.join(MONTHS)}) de \d{{4}}")
_YEAR_ALONE: Final = re.compile(r"(?<![\d-])(?:1[89]|20)\d{2}(?![\d-])")
_AMOUNT: Final = re.compile(r"hasta \d+ \w+|\b\d+ leyes|\b\w+ medidas\b")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ENTRIES: Final = {row["clave"]: row for row in rows("recursos.csv")}
FACTS: Final = rows("introducciones/hechos.csv")


def in_words(iso: str) -> set[str]:
    """Return how a date of the data may be written: its day, its month and its year."""
    parts = [int(part) for part in iso.split("-")] if iso else []
    said = {str(parts[0])} if parts else set()
    if len(parts) > 1:
        month = f"{MONTHS[parts[1] - 1]} de {parts[0]}"
        said |= {month} | ({f"{parts[2]} de {month}"} if len(parts) > 2 else set())
    return said


def said_by(fact: dict[str, str]) -> list[str]:
    """Return the words with which a page says this fact; none when no page says it."""
    return [words for words in fact["dice"].split("|") if words]


def supported(topic: str, body: str) -> tuple[set[str], str]:
    """Return the dates that a text may say, and the words of what it cites."""
    cited = [ENTRIES[key] for kind, key in markup.references(body) if kind == "recurso"]
    dates = {words for row in FACTS if row["tema"] == topic for words in said_by(row)}
    dates |= {
        found for words in dates for found in (*_DAY.findall(words), *_YEAR_ALONE.findall(words))
    }
    for row in cited:
        dates |= in_words(row["fecha_publicacion"]) | in_words(row["ultima_reforma"])
    words = " ".join(f"{row['titulo']} {row['resumen']} {row['siglas']}" for row in cited)
    return dates, words


@pytest.mark.once
def test_every_topic_has_its_text() -> None:
    assert [path.stem for path in TEXTS] == sorted(row["clave"] for row in rows("temas.csv"))


@pytest.mark.once
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_link_leads_to_an_entry_that_may_be_published(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    asked = markup.references(body)
    topics = {row["clave"] for row in rows("temas.csv")}

    assert {key for kind, key in asked if kind == "tema"} <= topics
    entries = {key for kind, key in asked if kind == "recurso"}
    assert {key for key in entries if ENTRIES.get(key, {}).get("publicable") != "si"} == set()
    assert len(re.findall(r"\]\(", body)) == len(
        re.findall(r"\]\((?:recurso|tema):[a-z0-9-]+\)|\]\(ayuda:(?:urgente|lineas)\)", body)
    )


@pytest.mark.once
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_date_and_amount_is_in_the_data(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    dates, words = supported(path.stem, body)
    plain = re.sub(r"\((?:recurso|tema|ayuda):[a-z0-9-]+\)", "", body)
    said = {*_DAY.findall(plain), *_MONTH.findall(plain), *_AMOUNT.findall(plain)}
    said |= set(_YEAR_ALONE.findall(_DAY.sub("", _MONTH.sub("", plain))))

    unsupported = {what for what in said if what not in dates and what not in words}
    assert unsupported - {"fija medidas", "qué medidas"} == set()


@pytest.mark.once
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_text_answers_the_same_questions_without_phones(path: Path) -> None:
    body = path.read_text(encoding="utf-8")

    assert re.findall(r"^## (.+)$", body, re.MULTILINE) == [
        "Qué es",
        "Qué debe hacer el municipio",
        "Qué protocolo aplica",
        "Si le pasa",
        "Si se lo cuentan",
        "Si es titular de un área",
        "Fuentes",
    ]
    protocols = {"protocolo-hsas-gdl", "protocolo-cero-jalisco", "protocolo-hsas-apf-2020"}
    assert protocols <= {key for kind, key in markup.references(body)}
    words = re.sub(r"\]\([^)]*\)", "]", body)
    assert re.findall(r"\b(?:911|079|089)\b|\d{2,4} \d{4}\b|https?:", words) == []
    assert re.findall(r"\btú\b|\bte\b|\btu\b|\btus\b|@|\b\w+xs\b", body.lower()) == []


@pytest.mark.once
def test_a_page_says_what_has_a_source_and_nothing_that_waits_for_one() -> None:
    for row in FACTS:
        body = (DATA / "introducciones" / f"{row['tema']}.md").read_text(encoding="utf-8")
        assert bool(said_by(row)) == (row["verificacion"] != "por confirmar"), row
        assert row["fuente"].strip(), row
        assert [words for words in said_by(row) if words not in body] == [], row
    everything = "".join(path.read_text(encoding="utf-8") for path in TEXTS)
    assert re.findall("Querétaro|Chihuahua|San Luis|1977|de abril de 1884", everything) == []


def test_only_the_staff_reads_what_waits_for_a_source(
    client: Client, diana: User, db: None
) -> None:
    catalogs.load_all()
    waiting = TopicFact.objects.to_confirm()
    assert {fact.topic.key for fact in waiting} == {
        "alerta-violencia",
        "muav",
        "observatorio",
        "unidades-genero",
    }
    desk = signed_in(diana)
    assert "Querétaro" in desk.get("/admin/resources/topicfact/").content.decode()
    assert "Querétaro" not in client.get("/biblioteca/unidades-genero/").content.decode()
    assert "Hechos por confirmar" in desk.get("/admin/").content.decode()

    fact = waiting.get(key="unidades-queretaro")
    pressed = f"/admin/resources/topicfact/{fact.pk}/confirmar/"
    assert desk.post(pressed, {"source": "  "}).status_code == 422
    for _ in range(2):
        assert desk.post(pressed, {"source": "Convenio de 2012."}).status_code == 302
    fact.refresh_from_db()
    assert (fact.verification, fact.source, fact.confirmed_by) == (
        "verificado",
        "Convenio de 2012.",
        diana,
    )
    assert Transition.objects.about(fact).count() == 1
    assert any(
        "unidades-queretaro" in kept for report in catalogs.load_all() for kept in report.kept
    )
    with pytest.raises(ValidationError) as refusal:
        sourcing.confirm(fact, source=" ", by=CLOCK)
    assert refusal.value.code == "no_source"


@pytest.mark.once
def test_the_pages_follow_their_links(client: Client, db: None) -> None:
    catalogs.load_all()

    for topic in Topic.objects.all():
        page = client.get(topic.get_absolute_url()).content.decode()
        assert "Si le pasa" in page, topic
        assert "recurso:" not in page
        assert "tema:" not in page
        assert '"ayuda:' not in page
        assert "Líneas de ayuda</h2>" in page
        for target in set(re.findall(r'href="(/biblioteca/[^"?#]+)"', page)):
            if topic.key == "acoso-hostigamiento":
                assert client.get(target).status_code == 200, target
    before = Introduction.objects.count()
    catalogs.load_all()
    assert Introduction.objects.count() == before == len(TEXTS)


def test_the_steps_write_the_number_to_dial(client: Client, db: None) -> None:
    draft = introducing.open_draft(make.topic(), by=CLOCK)
    introducing.write(
        draft, body="Llame a la [primera](ayuda:urgente) o vea [las demás](ayuda:lineas).", by=CLOCK
    )
    introducing.publish(draft, by=CLOCK)
    page = draft.topic.get_absolute_url()
    assert "<p>Llame a la primera o vea las demás.</p>" in client.get(page).content.decode()

    row = make.help_line("Urgencias <1>")
    HelpLine.objects.filter(pk=row.pk).update(emergency=True, number="55 <1>")
    for address in (page, draft.get_absolute_url()):
        shown = client.get(address).content.decode()
        assert '<a href="tel:551">primera: 55 &lt;1&gt;</a>' in shown
        assert '<a href="#lineas">las demás</a>' in shown
        assert 'id="lineas"' in shown
    with pytest.raises(ValidationError) as refusal:
        introducing.write(
            introducing.open_draft(draft.topic, by=CLOCK), body="[x](ayuda:otra)", by=CLOCK
        )
    assert refusal.value.code == "unknown_reference"


def test_an_edition_is_drafted_previewed_published_and_kept(
    client: Client, diana: User, db: None
) -> None:
    topic = make.topic()
    by = By.admin(diana)
    first = introducing.open_draft(topic, by=by)
    introducing.write(first, body="Primera.", by=by)
    introducing.publish(first, by=by)
    introducing.publish(first, by=by)
    second = introducing.open_draft(topic, by=by)
    assert second == introducing.open_draft(topic, by=by)
    assert (second.number, second.body) == (2, "Primera.")
    introducing.write(second, body="Segunda.", change_note="Otra fecha", by=by)

    page = topic.get_absolute_url()
    assert "Primera." in client.get(page).content.decode()
    assert client.get(second.get_absolute_url()).status_code == 404
    assert "Borrador" in signed_in(diana).get(second.get_absolute_url()).content.decode()

    introducing.publish(second, by=by)
    assert "Segunda." in client.get(page).content.decode()
    former = client.get(first.get_absolute_url()).content.decode()
    assert "ya no está en vigor" in former
    assert [
        (line.from_state, line.to_state, line.actor_name)
        for line in Transition.objects.about(first)
    ] == [
        ("", "borrador", str(diana)),
        ("borrador", "publicada", str(diana)),
        ("publicada", "anterior", str(diana)),
    ]
    with pytest.raises(ValidationError) as refusal:
        introducing.write(first, body="Otra.", by=by)
    assert refusal.value.code == "not_a_draft"
    with pytest.raises(ValidationError) as again:
        introducing.publish(Introduction.objects.get(pk=first.pk), by=by)
    assert again.value.code == "move_refused"


def test_what_cannot_be_published_is_refused(db: None) -> None:
    draft = introducing.open_draft(make.topic(), by=CLOCK)

    with pytest.raises(ValidationError) as refusal:
        introducing.publish(draft, by=CLOCK)
    assert refusal.value.code == "empty"
    with pytest.raises(ValidationError) as unknown:
        introducing.write(draft, body="[Ley](recurso:no-existe) [x](tema:tampoco)", by=CLOCK)
    assert unknown.value.messages[0].startswith(
        "No existe en la biblioteca: recurso:no-existe, tema:tampoco."
    )
    now = datetime.datetime.now(tz=datetime.UTC)
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.create(topic=draft.topic, number=9, state="borrador")
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.create(topic=draft.topic, number=1, state="anterior", published_at=now)


@pytest.mark.once
@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](http://a.mx)", '<p><a rel="noopener noreferrer">x</a></p>'),
        (
            "![x](https://a.mx/x.png)",
            '<p>!<a href="https://a.mx/x.png" rel="noopener noreferrer">x</a></p>',
        ),
        ("## T\n\n- **a**", "<h2>T</h2>\n<ul>\n<li><strong>a</strong></li>\n</ul>"),
        ('<a href="x" onclick="y">z</a>', '<p>&lt;a href="x" onclick="y"&gt;z&lt;/a&gt;</p>'),
    ],
)
def test_the_format_lets_nothing_run(written: str, printed: str) -> None:
    assert markup.to_html(written) == printed


def test_a_link_to_what_the_reader_may_not_see_is_only_words(client: Client, db: None) -> None:
    hidden = make.resource("Ley oculta", state=Resource.State.DRAFT)
    shown = make.resource("Ley abierta")
    draft = introducing.open_draft(shown.topic, by=CLOCK)
    body = f"[una](recurso:{hidden.key}) y [otra](recurso:{shown.key})"
    introducing.write(draft, body=body, by=CLOCK)
    introducing.publish(draft, by=CLOCK)

    page = client.get(shown.topic.get_absolute_url()).content.decode()

    assert f'<p>una y <a href="{shown.get_absolute_url()}">otra</a></p>' in page
