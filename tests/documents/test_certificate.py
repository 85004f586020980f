"""The constancia: one page whatever the lengths, its text copied whole, its QR read from a photocopy."""

import datetime
import logging
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError

from red_genero.documents import plain, render
from tests.documents import reading
from tests.documents.papers import (
    LONGEST_NAME,
    LONGEST_TITLE,
    VERIFY_URL,
    certificate,
    hardest_certificate,
)

pytestmark = pytest.mark.once

SIGNATURE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    "name",
    [
        "Ana Luna",
        "María Luisa Güereña Íñiguez",
        "Zoë Ñúñez de la Cruz",
        "D'Angelo Müller d’Ors",
        "Itzel Tlaltecuhtli Xochiquetzal K\N{MODIFIER LETTER APOSTROPHE}inich",
        "\N{LATIN CAPITAL LETTER SALTILLO}Uxam Ch\N{LATIN SMALL LETTER SALTILLO}en",
        "Be\N{COMBINING CIRCUMFLEX ACCENT}n\N{COMBINING TILDE}ito Pe\N{COMBINING ACUTE ACCENT}rez",
        "Ëlia Ÿturbe Ōtomí Hñähñu",
        "Àngela Çeballos Peña-Ávila",
        LONGEST_NAME,
    ],
)
def test_the_name_is_copied_as_it_is_stored(name: str) -> None:
    pdf = render(certificate(name=name))

    assert plain(name) in reading.copied(pdf)
    assert plain(name) in reading.pages(pdf)[0]


def test_every_text_is_printed() -> None:
    document = certificate()

    text = reading.copied(render(document))

    for key in ("lead", "department", "reason", "course", "dates", "place_and_date", "folio"):
        assert str(document.context[key]) in text
    assert "Taller · Modalidad presencial · 20 horas" in text
    assert "Ana Sofía Ñáñez Echeverría Titular del Instituto" in text


@pytest.mark.parametrize("signatories", [0, 1, 2, 3])
def test_it_is_one_page_with_any_number_of_signatories(signatories: int) -> None:
    people = [
        {"name": f"Persona {number}", "post": "Dirección", "image": SIGNATURE}
        for number in range(signatories)
    ]

    pages = reading.pages(render(certificate(signatories=people)))

    assert len(pages) == 1
    assert [f"Persona {number}" in pages[0] for number in range(3)] == [
        number < signatories for number in range(3)
    ]


def test_the_longest_texts_fit_on_one_page() -> None:
    document = hardest_certificate()

    pdf = render(document)

    assert len(reading.pages(pdf)) == 1
    text = reading.copied(pdf)
    assert len(LONGEST_NAME) == 78
    assert LONGEST_NAME in text
    assert len(LONGEST_TITLE) == 120
    assert LONGEST_TITLE in text


@pytest.mark.parametrize("name", ["W" * 120, "María " * 20, "Ñ", "i" * 118 + " W"])
def test_any_name_of_120_characters_is_printed_whole(name: str) -> None:
    pdf = render(certificate(name=name))

    assert len(reading.pages(pdf)) == 1
    assert name.replace(" ", "") in reading.copied(pdf).replace(" ", "")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("María " * 2_000, "too_long"),
        ("x" * 121, "too_long"),
        ("Ana \N{HEBREW LETTER ALEF}", "unprintable"),
        ("Ana \N{PURPLE HEART}", "unprintable"),
    ],
)
def test_a_name_that_cannot_be_printed_whole_is_refused(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        render(certificate(name=name))

    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    "name",
    [
        "<b>Ana</b> <script>alert(1)</script>",
        '"><img src="http://127.0.0.1:9/x">',
        "{{ folio }} {% now 'Y' %}",
        "&amp; &lt;b&gt;",
        "http://127.0.0.1:9/ file:///etc/hostname",
        "'; DROP TABLE x; --",
    ],
)
def test_a_hostile_name_is_printed_letter_by_letter(name: str) -> None:
    assert name in reading.copied(render(certificate(name=name)))


def test_marks_that_turn_the_writing_around_disappear() -> None:
    name = "Ana \N{RIGHT-TO-LEFT OVERRIDE}anuL\N{POP DIRECTIONAL FORMATTING} \x00\x07\N{RIGHT-TO-LEFT ISOLATE}Paz"

    text = reading.copied(render(certificate(name=name)))

    assert "Ana anuL Paz" in text


def test_the_qr_is_read_from_a_photocopy() -> None:
    assert reading.scanned(reading.photocopy(render(hardest_certificate()))) == [VERIFY_URL]


def test_it_declares_and_keeps_what_pdf_a_and_pdf_ua_ask() -> None:
    pdf = pikepdf.open(BytesIO(render(certificate())))

    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Constancia RED-2026-0007"
    assert str(pdf.Root.Lang) == "es-MX"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
    assert str(pdf.docinfo.Title) == "Constancia RED-2026-0007"
    assert len(reading.fonts(pdf)) == 4
    assert all(reading.fonts(pdf).values())
    assert [bool(image.Interpolate) for image in reading.images(pdf)] == [False]
    assert "/Names" not in pdf.Root
    tags = reading.structure(pdf)
    assert tags["/Document"] == 1
    assert tags["/H1"] == 1
    assert tags["/Figure"] == 1
    assert reading.untagged(pdf) == []
    assert reading.orphans(pdf) == []


def test_every_figure_has_words() -> None:
    people = [{"name": "Ana Luna", "post": "Dirección", "image": SIGNATURE}]

    pdf = pikepdf.open(BytesIO(render(certificate(signatories=people))))

    figures = [
        str(element.Alt)
        for element in reading.elements(pdf.Root.StructTreeRoot)
        if str(element.S) == "/Figure"
    ]
    assert figures == [
        "Firma de Ana Luna",
        "Código QR que lleva a la verificación de este documento",
    ]


def test_the_same_values_give_the_same_bytes() -> None:
    document = certificate()

    first = render(document)
    render(hardest_certificate())

    assert render(document) == first


def test_the_date_of_issue_is_the_date_of_the_file() -> None:
    issued = datetime.datetime(2026, 11, 27, 18, 30, tzinfo=datetime.UTC)
    document = certificate()
    dated = type(document)(
        template=document.template,
        context=document.context,
        filename=document.filename,
        title=document.title,
        created=issued,
    )

    pdf = pikepdf.open(BytesIO(render(dated)))

    assert str(pdf.docinfo.CreationDate) == "D:20261127183000+00'00"


def test_the_engine_has_nothing_to_complain_about(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        render(hardest_certificate())

    assert caplog.messages == []
