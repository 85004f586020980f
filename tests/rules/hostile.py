"""Files that nobody should be able to store as they are: each built here, byte by byte."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

SCRIPT = "app.alert(document.cookie)"
OOXML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODT = "application/vnd.oasis.opendocument.text"


def pdf(change: Callable[[Pdf], None] | None = None, *, pages: int = 1, **how: object) -> bytes:
    """Return a document of blank pages that ``change`` made hostile."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        if change:
            change(made)
        made.save(out, deterministic_id="encryption" not in how, **how)  # type: ignore[arg-type]
    return out.getvalue()


def script(made: Pdf) -> None:
    """Run a program when it is opened, and again from its names and its pages."""
    action = Dictionary(S=Name.JavaScript, JS=SCRIPT)
    made.Root.OpenAction = made.make_indirect(action)
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", action])))
    made.Root.AA = Dictionary(WC=action)
    made.pages[0].AA = Dictionary(O=action)


def launch(made: Pdf) -> None:
    """Hide a program behind a link, behind another that is innocent."""
    link = Dictionary(S=Name.GoTo, D=Array([0]), Next=Dictionary(S=Name.Launch, F="cmd.exe"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link)
    address = Dictionary(S=Name.URI, URI="javascript:alert(1)")
    other = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=address)
    made.pages[0].Annots = Array([made.make_indirect(note), other])


def attachment(made: Pdf) -> None:
    """Carry a program inside, in its names and in a note."""
    stream = Stream(made, b"MZ programa escondido")
    spec = made.make_indirect(
        Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=made.make_indirect(stream)))
    )
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(["a.exe", spec])))
    made.Root.AF = Array([spec])
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)
    made.pages[0].Annots = Array([made.make_indirect(note)])


def form(made: Pdf) -> None:
    """Carry an active form that sends what is typed elsewhere."""
    button = made.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            Rect=[0, 0, 9, 9],
            A=Dictionary(S=Name.SubmitForm, F="http://example.org/"),
        )
    )
    made.Root.AcroForm = Dictionary(Fields=Array([button]), XFA=Stream(made, b"<xdp/>"))
    made.pages[0].Annots = Array([button])


def embedded(made: Pdf) -> None:
    """Open another file by an action that pretends to be the attributes of a structure."""
    action = Dictionary(S=Name.GoToE, O=Name.Layout, F="oculto.pdf", D=Array([0]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    made.pages[0].Annots = Array([made.make_indirect(note)])


def elsewhere(made: Pdf) -> None:
    """Take its drawing from another machine."""
    drawing = Stream(made, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    drawing.Ref = Dictionary(F="\\\\servidor\\a.pdf", Page=0)
    made.pages[0].Resources = Dictionary(XObject=Dictionary(X=made.make_indirect(drawing)))


def printed(made: Pdf) -> None:
    """Send a program to the printer with the page."""
    program = Stream(made, b"(escondido) run", Type=Name.XObject, Subtype=Name.PS)
    made.pages[0].Resources = Dictionary(XObject=Dictionary(X=made.make_indirect(program)))


def nested(made: Pdf) -> None:
    """Hold a thing inside a thing, three hundred times."""
    inner = Dictionary(X=1)
    for _ in range(300):
        inner = Dictionary(N=inner)
    made.Root.Hondo = inner


def author(made: Pdf) -> None:
    """Say who made it."""
    made.docinfo[Name.Author] = "Persona Que No Debe Verse"
    made.docinfo[Name.Title] = "Protocolo"


def signed(made: Pdf) -> None:
    """Carry something that looks like a signature over its bytes."""
    value = Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"firma")
    made.Root.AcroForm = Dictionary(
        Fields=Array([made.make_indirect(Dictionary(FT=Name.Sig, V=made.make_indirect(value)))])
    )


def signed_with_script(made: Pdf) -> None:
    """Both at once."""
    signed(made)
    script(made)


def bomb_png(side: int = 20_000) -> bytes:
    """Return a picture of 400 megapixels that weighs nothing."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(side // 8 + 1) * side, 9)
    parts = [(b"IHDR", head), (b"IDAT", data), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(each)) + kind + each + struct.pack(">I", zlib.crc32(kind + each))
        for kind, each in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def picture(kind: str = "JPEG", tail: bytes = b"", **how: object) -> bytes:
    """Return a small picture with something behind it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#efe7f7").save(out, kind, **how)
    return out.getvalue() + tail


def located() -> bytes:
    """Return a photograph that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Cámara de Ana"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def packed(parts: dict[str, str | bytes], *, stored: str = "") -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def sealed(archive: bytes) -> bytes:
    """Return an archive whose first entry says that it is encrypted."""
    changed = bytearray(archive)
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def docx(
    extra: dict[str, str | bytes] | None = None,
    *,
    main: str = OOXML,
    body: str = "",
    rels: str = "",
) -> bytes:
    """Return a small document with something wrong."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return packed(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": f'<Relationships xmlns="{RELS}"/>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Texto del oficio</w:t>'
            f"{body}</w:r></w:p></w:body></w:document>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}">{rels}</Relationships>',
            "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Ana</dc:creator></c>',
            **(extra or {}),
        }
    )


def disguised(suffix: str) -> bytes:
    """Return a document whose text, which runs a program, calls itself a font."""
    entry = f'<Override PartName="/word/document.{suffix}" ContentType="{OOXML}"/>'
    return packed(
        {
            "[Content_Types].xml": f"<Types>{entry}</Types>",
            f"word/document.{suffix}": f'<w:document xmlns:w="{WORD}"><w:instrText>DDEAUTO cmd</w:instrText></w:document>',
        }
    )


def workbook(part: str) -> bytes:
    """Return a workbook with a table."""
    entry = f'<Override PartName="/xl/workbook.xml" ContentType="{OOXML.replace("wordprocessingml.document", "spreadsheetml.sheet")}"/>'
    return packed(
        {
            "[Content_Types].xml": f"<Types>{entry}</Types>",
            "xl/workbook.xml": "<workbook/>",
            "xl/tables/table1.xml": f"<table>{part}</table>",
        }
    )


def relation(kind: str, target: str) -> str:
    """Return a link to the outside."""
    return f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def odt(content: str = "<a/>", extra: dict[str, str | bytes] | None = None) -> bytes:
    """Return a small OpenDocument text."""
    return packed({"mimetype": ODT, "content.xml": content, **(extra or {})}, stored="mimetype")


def nested_xml() -> str:
    """Return the billion laughs."""
    lines = ['<!ENTITY a0 "ja">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE r [{''.join(lines)}]><r>&a9;</r>"
