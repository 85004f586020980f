"""A page laid out once and written many times: the same to the eye, to whoever copies its text and to a validator."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageChops

from red_genero.documents import Document, plain, plates, render, render_whole
from red_genero.documents.lettering import DoesNotFit
from red_genero.documents.text import clean_context
from tests.documents import reading
from tests.documents.papers import LONGEST_NAME, certificate, hardest_certificate

pytestmark = pytest.mark.once
DESIGNS = ("constancia-1", "diploma-1", "reconocimiento-1")
HOSTILE = (
    "<b>Ana</b> <script>alert(1)</script>",
    '"><img src="http://127.0.0.1:9/x">',
    "{{ folio }} {% now 'Y' %} {# x #}",
    "&amp; &lt;b&gt; (Tj) \\) ET [<0041>]",
    "http://127.0.0.1:9/ file:///etc/hostname",
    "'; DROP TABLE x; --",
    "Ana \N{RIGHT-TO-LEFT OVERRIDE}anuL\N{POP DIRECTIONAL FORMATTING} \x00\x07\N{RIGHT-TO-LEFT ISOLATE}Paz",
)
SURNAMES = tuple((Path(__file__).parent / "surnames.txt").read_text(encoding="utf-8").split("\n"))
ISSUED = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)


def serial(document: Document, design: str = "constancia-1", **changes: Any) -> Document:
    """Return the document as one of a series in that design."""
    return replace(
        document,
        template=f"documents/certificate/{design}.html",
        context={**document.context, **changes},
        serial=True,
        created=ISSUED,
    )


def both(document: Document) -> tuple[bytes, bytes]:
    """Return the document laid out from the beginning, and written on its plate."""
    context = clean_context(document.context, exact=True)
    return render_whole(document, context), plates.write(document, context)


def picture(pdf: bytes) -> Image.Image:
    """Return the page at 150 dpi, in greys."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page: Image.Image = document[0].render(scale=150 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    return page


def differing(one: bytes, other: bytes) -> float:
    """Return the share of pixels that the eye could tell apart."""
    gaps = ImageChops.difference(picture(one), picture(other)).histogram()
    return sum(gaps[16:]) / sum(gaps)


@pytest.mark.parametrize("design", DESIGNS)
def test_no_text_is_printed_over_another_however_many_lines_the_name_takes(design: str) -> None:
    hardest = hardest_certificate().context
    for length in (12, 28, 34, 40, 46, 60, 78, 100, 120):
        name = ("Güereña Íñiguez Yáñez Ángeles " * 4)[:length].strip()
        pdf = render(serial(certificate(**{**hardest, "name": name}), design))

        assert reading.overlapping(pdf) == []


@pytest.mark.parametrize("design", DESIGNS)
def test_a_copy_looks_and_reads_like_the_full_render(design: str) -> None:
    for name in ("María Luisa Güereña Íñiguez", "Ëlia Ÿturbe Ōtomí Hñähñu", LONGEST_NAME):
        whole, copy = both(serial(certificate(name=name), design))

        assert differing(whole, copy) <= 0.001
        assert reading.copied(copy) == reading.copied(whole)
        assert name in reading.copied(copy)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_copy_keeps_what_pdf_a_and_pdf_ua_ask(design: str) -> None:
    document = serial(certificate(name="Ÿ & <Ana> (Ñ) \\ D'Angelo"), design)
    whole, copy = both(replace(document, title="Constancia & <Ñ> (1)"))

    pdf, model = pikepdf.open(BytesIO(copy)), pikepdf.open(BytesIO(whole))

    assert pdf.check_pdf_syntax() == []
    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Constancia & <Ñ> (1)"
        assert metadata["xmp:CreateDate"] == "2026-11-27T18:30:00+00:00"
    assert str(pdf.docinfo.Title) == str(model.docinfo.Title) == "Constancia & <Ñ> (1)"
    assert str(pdf.docinfo.CreationDate) == str(model.docinfo.CreationDate)
    assert reading.structure(pdf) == reading.structure(model)
    assert (reading.untagged(pdf), reading.orphans(pdf)) == ([], [])
    assert reading.fonts(pdf) == reading.fonts(model)
    assert all(reading.fonts(pdf).values())
    assert "/ID" in pdf.trailer


def test_widths_and_meaning_are_told_of_every_glyph_that_is_drawn() -> None:
    _, copy = both(serial(certificate(name="Ÿturbe Ōtomí Hñähñu fiesta")))
    pdf = pikepdf.open(BytesIO(copy))

    for font in pdf.pages[0].Resources.Font.values():
        widths = font.DescendantFonts[0].W
        told = {int(widths[place]) for place in range(0, len(widths), 2)}
        meanings = bytes(font.ToUnicode.read_bytes())
        assert told
        assert all(b"<%04x> <" % glyph in meanings for glyph in told)


def test_the_qr_of_a_copy_is_its_own() -> None:
    for end in ("2345678", "8765432"):
        url = f"https://genero.guadalajara.example.mx/verificar/ABCDEFG-HJKMNPQ-RSTUVWX-{end}/"
        copy = render(serial(certificate(verify_url=url)))
        assert reading.scanned(reading.photocopy(copy)) == [url]


def test_the_bytes_of_a_copy_do_not_depend_on_who_was_printed_before() -> None:
    document = serial(certificate(name="Ana Luna"))
    first = render(document)
    plates.forget()
    render(serial(certificate(name="Ōto Ÿ")))

    assert render(document) == first


@pytest.mark.parametrize("design", DESIGNS)
def test_a_code_of_wide_letters_needs_no_layout_of_its_own(design: str) -> None:
    """One in three hundred codes was wider than its box, and cost a whole layout."""
    document = serial(certificate(code="WKMKHGQ-5MTWNND-WUM27SQ-GZMDHWV"), design)

    assert plates.write(document, clean_context(document.context, exact=True))


def test_what_a_plate_cannot_hold_is_printed_in_full() -> None:
    """A letter that only the other face has."""
    name = "\N{LATIN CAPITAL LIGATURE IJ}sabel Ruiz"
    document = serial(certificate(name=name))
    context = clean_context(document.context, exact=True)

    with pytest.raises(DoesNotFit):
        plates.write(document, context)

    assert render(document) == render_whole(document, context)
    assert name in reading.copied(render(document))


@pytest.mark.parametrize("design", DESIGNS)
def test_the_longest_dependencia_is_laid_out_in_even_lines(design: str) -> None:
    department = ("Coordinación General de Gestión Integral de la Ciudad, " * 3)[:160].strip()
    document = serial(certificate(department=department), design)
    pdf = plates.write(document, clean_context(document.context, exact=True))

    assert department in reading.copied(pdf)
    assert reading.overlapping(pdf) == []
    widths = [box[2] - box[0] for box in reading.boxes(pdf) if "Gestión Integral" in box[4]]
    assert len(widths) == 2
    assert min(widths) > 0.6 * max(widths)


@pytest.mark.parametrize(
    "name",
    [
        "M\N{COMBINING TILDE}aría J\N{COMBINING CIRCUMFLEX ACCENT}imé",
        "Nayelli X\N{COMBINING DIAERESIS}o\N{COMBINING MACRON BELOW}tsil",
        "Xóchitl I\N{COMBINING CARON}tzel q\N{COMBINING ACUTE ACCENT}uetzal",
        "\N{LATIN CAPITAL LETTER SALTILLO}Uxam Ch\N{LATIN SMALL LETTER SALTILLO}en",
        "K\N{MODIFIER LETTER APOSTROPHE}inich Tz\N{MODIFIER LETTER APOSTROPHE}utujil",
        "Hñähñu Mbö\N{COMBINING MACRON BELOW}hö Ndøté Łuįs Ɨtsɨ Ŋu",
    ],
)
def test_letters_with_stacked_marks_are_drawn_and_copied(name: str) -> None:
    """Of Mexico's languages: tones, nasals and glottal stops that have no letter of their own in Unicode."""
    document = serial(certificate(name=name))
    copy = plates.write(document, clean_context(document.context, exact=True))

    assert plain(name) in unicodedata.normalize("NFC", reading.copied(copy))
    assert differing(render_whole(document, document.context), copy) <= 0.001


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_prints_hostile_names_letter_by_letter_or_refuses_them(
    design: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A request would be logged by the fence, and refused."""
    for name in HOSTILE:
        pdf = render(serial(certificate(name=name, department=name), design))
        assert reading.copied(pdf).count(plain(name)) == 2
        with pikepdf.open(BytesIO(pdf)) as opened:
            assert len(opened.pages) == 1
            assert "/Annots" not in opened.pages[0]
    for name in ("María " * 1_667, "Ana \N{HEBREW LETTER ALEF}", "Ana \N{PURPLE HEART}"):
        with pytest.raises(ValidationError) as refusal:
            render(serial(certificate(name=name), design))
        assert refusal.value.messages[0].endswith(".")
    assert caplog.messages == []


@pytest.mark.parametrize("design", DESIGNS)
def test_every_surname_is_drawn_in_every_design(design: str) -> None:
    """Of the census and of the country's languages, each in every design: drawn and copied as it is stored."""
    for surname in SURNAMES:
        pdf = render(serial(certificate(name=f"Ana {surname}"), design))
        assert plain(f"Ana {surname}") in unicodedata.normalize("NFC", reading.copied(pdf))


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_holds_the_longest_texts_and_is_read_from_a_photocopy(design: str) -> None:
    document = serial(hardest_certificate(), design)
    pdf = render(document)

    assert len(reading.pages(pdf)) == 1
    for key in ("name", "course", "department", "legend", "dates"):
        assert str(document.context[key]) in reading.copied(pdf)
    assert reading.scanned(reading.photocopy(pdf)) == [document.context["verify_url"]]
