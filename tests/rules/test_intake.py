"""The one door for files: what is dangerous is refused with a sentence or made harmless; nothing breaks the portal."""

import io
import zipfile
from contextlib import closing

import pikepdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image

from red_genero.common import intake
from red_genero.common.intake.receiving import clean_name
from red_genero.common.intake.words import REFUSALS, WORDS
from red_genero.common.rewriting.kinds import Kind
from tests.rules import hostile

pytestmark = pytest.mark.once


def receive(content: bytes, name: str = "archivo.pdf") -> intake.Received:
    return intake.receive(ContentFile(content, name=name), intake.LIBRARY)


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "a.pdf", "file_empty"),
    "a program": (b"MZ\x90\x00\x03", "a.pdf", "file_kind"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "a.pdf", "file_kind"),
    "a page called text": (b"  <html onload=alert(1)>", "a.txt", "file_kind"),
    "a page called table": (b"<script>alert(1)</script>,2", "a.csv", "file_kind"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.png", "file_kind"),
    "svg with head": (b"<?xml version='1.0'?><svg onload='x()'/>", "a.svg", "file_kind"),
    "gif": (b"GIF89a\x01\x00\x01\x00/*", "a.png", "file_kind"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx", "file_kind"),
    "another archive": (hostile.packed({"a.js": "x()"}), "a.docx", "file_kind"),
    "archive in disguise": (
        b"%PDF-1.7\n" + hostile.packed({"a.js": "x()"}),
        "a.pdf",
        "file_broken",
    ),
    "pdf cut short": (hostile.pdf(pages=3)[:-90], "a.pdf", "file_broken"),
    "pdf with junk inside": (b"%PDF-1.7\n" + bytes(4_000) + b"%%EOF", "a.pdf", "file_broken"),
    "pdf with password": (
        hostile.pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
        "a.pdf",
        "file_encrypted",
    ),
    "pdf protected": (
        hostile.pdf(encryption=pikepdf.Encryption(owner="a", user="")),
        "a.pdf",
        "file_encrypted",
    ),
    "signed pdf with script": (hostile.pdf(hostile.signed_with_script), "a.pdf", "file_active"),
    "signed pdf with a tail": (
        hostile.pdf(hostile.signed) + hostile.packed({"a.js": "x()"}),
        "a.pdf",
        "file_active",
    ),
    "picture cut short": (hostile.picture("PNG")[:60], "a.png", "file_broken"),
    "400 megapixels": (hostile.bomb_png(), "a.png", "file_too_big"),
    "macros": (hostile.docx(main=hostile.MACRO), "a.docx", "file_active"),
    "macros without saying so": (
        hostile.docx({"word/vbaProject.bin": b"\xd0\xcf"}),
        "a.docx",
        "file_active",
    ),
    "ole object": (hostile.docx({"word/embeddings/oleObject1.bin": b"x"}), "a.docx", "file_active"),
    "dde": (
        hostile.docx(body="<w:instrText>DDEA</w:instrText><w:instrText>UTO cmd</w:instrText>"),
        "a.docx",
        "file_active",
    ),
    "zip bomb": (hostile.docx({"word/media.xml": bytes(60_000_000)}), "a.docx", "file_too_complex"),
    "billion laughs": (hostile.docx({"word/x.xml": hostile.nested_xml()}), "a.docx", "file_broken"),
    "traversal": (hostile.docx({"../../etc/x.xml": "<a/>"}), "a.docx", "file_broken"),
    "windows traversal": (hostile.docx({"word\\..\\x.xml": "<a/>"}), "a.docx", "file_broken"),
    "absolute": (hostile.docx({"/etc/x.xml": "<a/>"}), "a.docx", "file_broken"),
    "docx cut short": (hostile.docx()[:-40], "a.docx", "file_broken"),
    "odt with macros": (hostile.odt(extra={"Basic/x.xml": "<a/>"}), "a.odt", "file_active"),
    "odt with a listener": (
        hostile.odt('<a xmlns:s="urn:s"><s:event-listener/></a>'),
        "a.odt",
        "file_active",
    ),
    "odt with password": (
        hostile.odt(extra={"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        "a.odt",
        "file_encrypted",
    ),
    "odt that names a macro": (
        hostile.odt('<a xmlns:t="urn:t"><t:execute-macro/></a>'),
        "a.odt",
        "file_active",
    ),
    "odt condition": (
        hostile.odt('<c:condition xmlns:c="urn:c" c:value="formula-is(WEBSERVICE(1))"/>'),
        "a.odt",
        "file_active",
    ),
    "text called a font": (hostile.disguised("odttf"), "a.docx", "file_broken"),
    "formula of a column": (
        hostile.workbook("<calculatedColumnFormula>cmd|'/c calc'!A0</calculatedColumnFormula>"),
        "a.xlsx",
        "file_active",
    ),
    "spreadsheet called table": (
        b'ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;EEXEC("calc.exe")\nE\n',
        "a.csv",
        "file_kind",
    ),
    "rtf called text": (b"{\\rtf1{\\field{\\*\\fldinst DDEAUTO cmd}}}", "a.txt", "file_kind"),
    "svg behind a comment": (b"<!-- x --><svg onload='x()'/>", "a.txt", "file_kind"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF\n(cmd) run", "a.png", "file_kind"),
    "formula": (b"nombre,monto\n=HYPERLINK(1),2\n", "a.csv", "file_active"),
    "formula behind another separator": (
        b"nombre;monto;fecha\nana,=HYPERLINK(1);2;3\n",
        "a.csv",
        "file_active",
    ),
    "encrypted archive": (
        hostile.sealed(hostile.docx()),
        "a.docx",
        "file_encrypted",
    ),
    "nested beyond reason": (hostile.pdf(hostile.nested), "a.pdf", "file_broken"),
    "formula with sign": (b"a;b\n+cmd|' /C calc'!A0;2\n", "a.csv", "file_active"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_dangerous_is_refused_with_a_sentence(case: str) -> None:
    content, name, code = REFUSED[case]
    with pytest.raises(ValidationError) as refusal:
        receive(content, name)
    assert refusal.value.code == code
    (sentence,) = refusal.value.messages
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize(
    ("change", "removed", "trace"),
    [
        (hostile.script, "programas", b"alert"),
        (hostile.launch, "acciones", b"cmd.exe"),
        (hostile.attachment, "archivos dentro", b"escondido"),
        (hostile.form, "formularios activos", b"SubmitForm"),
        (hostile.embedded, "acciones", b"oculto.pdf"),
        (hostile.elsewhere, "vínculos externos", b"servidor"),
        (hostile.printed, "programas", b"escondido"),
    ],
)
def test_a_pdf_loses_what_acts_and_keeps_its_pages(
    change: object, removed: str, trace: bytes
) -> None:
    sent = hostile.pdf(change, pages=2, compress_streams=False)  # type: ignore[arg-type]
    assert trace in sent
    received = receive(sent)
    assert (received.pages, removed in received.removed) == (2, True)
    with pikepdf.open(io.BytesIO(received.read())) as written:
        streams = (each for each in written.objects if isinstance(each, pikepdf.Stream))
        everything = b"".join(each.unparse(resolved=True) for each in written.objects)
        everything += b"".join(each.read_bytes() for each in streams)
    assert trace not in everything
    assert b"JavaScript" not in everything
    assert b"javascript:" not in everything


def test_links_that_only_lead_somewhere_stay() -> None:
    def linked(made: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.gob.mx/")
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        made.pages[0].Annots = pikepdf.Array([note])

    with pikepdf.open(io.BytesIO(receive(hostile.pdf(linked)).read())) as written:
        (note,) = written.pages[0].Annots
        assert str(note.A.URI) == "https://www.gob.mx/"


def test_who_wrote_it_stays_out_and_its_title_in() -> None:
    received = receive(hostile.pdf(hostile.author))
    assert received.title == "Protocolo"
    assert b"No Debe Verse" not in received.read()


def test_a_signed_pdf_that_does_nothing_is_kept_byte_by_byte() -> None:
    content = hostile.pdf(hostile.signed)
    received = receive(content)
    assert (received.signed, received.read()) == (True, content)


def test_what_is_stored_is_a_fixed_point() -> None:
    once = receive(hostile.pdf(hostile.script)).read()
    assert receive(once).read() == once


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_with_two_faces_keeps_one(kind: str) -> None:
    tail = hostile.packed({"a.js": "x()"}) + b"<script>alert(1)</script>"
    received = receive(hostile.picture(kind, tail), "foto.html.jpg.exe")
    content = received.read()
    assert b"<script>" not in content
    assert not zipfile.is_zipfile(io.BytesIO(content))
    with Image.open(io.BytesIO(content)) as written:
        assert (written.format, written.size) == (kind, (60, 40))


def test_a_photograph_does_not_tell_where_it_was_taken() -> None:
    content = hostile.located()
    with Image.open(io.BytesIO(content)) as before:
        assert before.getexif()
    with Image.open(io.BytesIO(receive(content, "foto.jpg").read())) as after:
        assert not after.getexif()


def test_a_document_fetches_nothing_and_forgets_its_author() -> None:
    rels = hostile.relation("attachedTemplate", "http://example.org/t.dotm")
    links = hostile.relation("hyperlink", "https://www.gob.mx/").replace("r1", "r2")
    received = receive(hostile.docx(rels=rels + links), "oficio.docx")
    assert received.kind is Kind.DOCX
    assert received.removed == ("autoría", "vínculos externos")
    with zipfile.ZipFile(io.BytesIO(received.read())) as written:
        relations = written.read("word/_rels/document.xml.rels")
        assert b"example.org" not in relations
        assert b"www.gob.mx" in relations
        assert b"Ana" not in written.read("docProps/core.xml")
        assert b"Texto del oficio" in written.read("word/document.xml")


def test_an_open_document_fetches_nothing() -> None:
    fetched = '<image x:href="http://example.org/a.png"/><a x:href="\\\\example.org\\a.exe"/>'
    content = f'<p xmlns:x="http://www.w3.org/1999/xlink">{fetched}</p>'
    received = receive(hostile.odt(content), "texto.odt")
    assert received.kind is Kind.ODT
    with zipfile.ZipFile(io.BytesIO(received.read())) as written:
        assert written.namelist()[0] == "mimetype"
        assert b"example.org" not in written.read("content.xml")


def test_plain_text_and_tables_come_in_as_utf8() -> None:
    table = receive(
        "nombre;teléfono\r\nAna Núñez;+52 33 1234 5678\r\n".encode("cp1252"), "lista.csv"
    )
    assert (table.kind, table.label) == (Kind.CSV, "lista.csv")
    assert table.read().decode() == "nombre;teléfono\nAna Núñez;+52 33 1234 5678\n"
    listed = receive(b"ID;Nombre\n1;Ana\nC;Karla\n", "lista.csv")
    assert listed.kind is Kind.CSV
    assert receive("\u202egnp.exe hola".encode(), "nota").read() == b"gnp.exe hola"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ana\\Oficio 12.PDF", "Oficio 12.pdf"),
        ("factura\u202efdp.exe", "factura fdp.pdf"),
        ("a.pdf.exe.js", "a.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("\x00\n.pdf", "pdf.pdf"),
        ("", "archivo.pdf"),
        ("ñ" * 300, "ñ" * 120 + ".pdf"),
        ("Lineamientos v2.1.pdf", "Lineamientos v2.1.pdf"),
    ],
)
def test_a_name_is_shown_without_its_tricks(given: str, shown: str) -> None:
    assert clean_name(given, Kind.PDF) == shown


def test_each_door_takes_only_its_kinds_and_parses_a_file_once() -> None:
    picture = receive(hostile.picture("WEBP"), "a.webp")
    with pytest.raises(ValidationError) as refusal:
        intake.receive(picture, intake.PAPERS)
    assert refusal.value.code == "file_kind"
    assert "PDF, JPG o PNG" in refusal.value.messages[0]
    assert intake.receive(picture, intake.LIBRARY) is picture


class Letter(forms.Form):
    """Two files at once."""

    first = intake.ReceivedField(label="Oficio", policy=intake.PAPERS)
    second = intake.ReceivedField(label="Anexo", policy=intake.PAPERS)


def test_what_weighs_too_much_is_counted_and_not_kept() -> None:
    big = SimpleUploadedFile("enorme.pdf", bytes(intake.LIMIT + 1))
    small = SimpleUploadedFile("anexo.pdf", hostile.pdf())
    with closing(RequestFactory().post("/", {"first": big, "second": small})) as request:
        first, second = request.FILES.getlist("first")[0], request.FILES.getlist("second")[0]
        assert (first.size, first.read()) == (intake.LIMIT + 1, b"")
        assert second.read() == hostile.pdf()
        form = Letter(request.POST, request.FILES)
        assert not form.is_valid()
        assert list(form.errors) == ["first"]
        assert form.errors.get_json_data()["first"][0]["code"] == "file_too_big"


def test_what_weighs_just_the_limit_is_kept() -> None:
    exact = SimpleUploadedFile("justo.pdf", bytes(intake.LIMIT))
    with closing(RequestFactory().post("/", {"file": exact})) as request:
        assert len(request.FILES.getlist("file")[0].read()) == intake.LIMIT


def test_a_file_that_breaks_its_reader_is_a_refusal(caplog: pytest.LogCaptureFixture) -> None:
    answer = intake.apart({"do": "read", "source": "/nada", "target": "/nada", "kind": "pdf"})
    assert answer == {"refused": "file_too_complex", "inside": ""}
    assert "broke its reader" in caplog.text


def test_every_word_of_the_parsers_has_its_sentence() -> None:
    assert {code for code, _ in WORDS.values()} <= set(REFUSALS)
    assert all(sentence.endswith(".") for _, sentence in WORDS.values())
