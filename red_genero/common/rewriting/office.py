"""DOCX, XLSX and PPTX: no macros, no programs inside, nothing fetched from outside."""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from lxml import etree

from red_genero.common.rewriting import orders
from red_genero.common.rewriting.kinds import Facts, Kind, Limits, Refusal
from red_genero.common.rewriting.packages import Package, local, parsed, written
from red_genero.common.rewriting.photographs import bare, is_picture

TYPES: Final = "[Content_Types].xml"
MAIN: Final = {
    "wordprocessingml.document.main+xml": Kind.DOCX,
    "spreadsheetml.sheet.main+xml": Kind.XLSX,
    "presentationml.presentation.main+xml": Kind.PPTX,
}
MACROS: Final = ("macroenabled", "vbaproject", "activex", "oleobject", "ms-excel.sheet.binary")
PARTS: Final = frozenset(
    [
        "xml",
        "rels",
        "odttf",
        "fntdata",
        "ttf",
        "vml",
    ]
)
PICTURES: Final = frozenset(
    ["png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp"]
)
TEXTS: Final = frozenset({"xml", "rels"})
PACKAGES: Final = frozenset({"xlsx", "docx", "pptx"})
BUTTONS: Final = re.compile(r"(?:^|/)(?:activeX|customUI)/", re.IGNORECASE)
"""Controls and ribbons: what they are for is to run something."""
PRINTER: Final = re.compile(r"(?:xl|word|ppt)/printerSettings/[^/]+\.bin", re.IGNORECASE)
SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
NOWHERE: Final = "about:blank"
SHAPES: Final = "urn:schemas-microsoft-com:"
FILLED: Final = frozenset({"imagedata", "fill", "stroke"})
SOURCES: Final = frozenset({"src", "href", "althref"})
AUTHORS: Final = frozenset({"creator", "lastModifiedBy"})
EMPLOYERS: Final = frozenset({"Company", "Manager"})


def rewrite(source: Path, target: Path, kind: Kind, limits: Limits) -> Facts:
    """Write the document anew; links that would fetch something by themselves lead nowhere."""
    package = Package(source, limits)
    found, removed = kind_of(package), set[str]()
    package.write(target, lambda name, content: _clean(name, content, removed, limits, 0))
    return Facts(found.suffix, removed=sorted(removed))


def kind_of(package: Package) -> Kind:
    """Return what the archive says that it is; anything with macros is refused."""
    if TYPES not in package.names:
        raise Refusal("file_kind")
    kind = None
    for element in parsed(package.read(TYPES)).iter():
        content_type = str(element.get("ContentType", "")).lower()
        if any(word in content_type for word in MACROS):
            raise Refusal("office_macros")
        if _disguised(element, content_type):
            raise Refusal("office_broken")
        for tail, each in MAIN.items():
            if content_type.endswith(tail):
                kind = each
    if kind is None:
        raise Refusal("file_kind")
    return kind


def _disguised(entry: etree._Element, content_type: str) -> bool:
    """Whether a text of the document is kept under the name of a font or of a picture, where nobody reads it."""
    if not content_type.endswith(("+xml", "/xml")) or content_type.startswith("image/"):
        return False
    named = str(entry.get("PartName") or entry.get("Extension") or "xml")
    return named.rpartition(".")[2].lower() not in TEXTS


def _clean(name: str, content: bytes, removed: set[str], limits: Limits, depth: int) -> bytes:
    """Return a part as it may stay."""
    suffix = name.rpartition(".")[2].lower()
    if BUTTONS.search(name):
        raise Refusal("office_macros")
    if suffix in PACKAGES:
        return _embedded(name, content, removed, limits, depth)
    if suffix in PICTURES:
        return picture(name, content, removed)
    if suffix not in PARTS and not PRINTER.fullmatch(name):
        raise Refusal("office_objects", name.rpartition("/")[2])
    if suffix == "rels":
        return _relations(content, removed)
    if suffix in {"xml", "vml"}:
        return _document(name, content, removed)
    return content


def picture(name: str, content: bytes, removed: set[str]) -> bytes:
    """Return a picture without what it tells beside itself; what only calls itself a picture is refused."""
    if not is_picture(content):
        raise Refusal("office_objects", name.rpartition("/")[2])
    shown = bare(content)
    if shown != content:
        removed.add("datos de las imágenes")
    return shown


def _embedded(name: str, content: bytes, removed: set[str], limits: Limits, depth: int) -> bytes:
    """Clean the workbook behind a chart like the document that holds it."""
    if depth:
        raise Refusal("office_objects", name.rpartition("/")[2])
    try:
        package = Package(zipfile.ZipFile(io.BytesIO(content)), limits)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refusal("office_broken") from error
    kind_of(package)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for inner in package.names:
            packed.writestr(
                zipfile.ZipInfo(inner), _clean(inner, package.read(inner), removed, limits, 1)
            )
    return out.getvalue()


def _relations(content: bytes, removed: set[str]) -> bytes:
    """Send nowhere what is fetched when the document is opened; links to press may stay."""
    root = parsed(content)
    for relation in root.iter():
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if kind.lower().endswith("/control"):
            raise Refusal("office_macros")
        if relation.get("TargetMode", "").lower() != "external" and not _leaves(target):
            continue
        link = kind.endswith("/hyperlink")
        if link and target.strip().lower().startswith((*SCHEMES, "#")):
            continue
        relation.set("Target", NOWHERE)
        removed.add("vínculos externos")
    return written(root)


def _leaves(target: str) -> bool:
    """Whether an address that does not say so leads out of the document."""
    lowered = target.strip().lower()
    return lowered.startswith(("//", "\\\\")) or ":" in lowered.split("/")[0]


def _document(name: str, content: bytes, removed: set[str]) -> bytes:
    """Refuse orders; send shapes that fetch nowhere; forget who wrote it."""
    root = parsed(content, mend=name.lower().endswith(".vml"))
    orders.check(root)
    forgotten = {"docprops/core.xml": AUTHORS, "docprops/app.xml": EMPLOYERS}.get(name.lower())
    changed = False
    for element in root.iter():
        if forgotten and local(element.tag) in forgotten and element.text:
            element.text = ""
            removed.add("autoría")
            changed = True
        if str(element.tag).startswith("{" + SHAPES) and _disarm_shape(element):
            removed.add("vínculos externos")
            changed = True
    return written(root) if changed else content


def _disarm_shape(element: etree._Element) -> bool:
    """Send nowhere the pictures that a drawn shape would fetch, and its links that are no pages."""
    found = False
    for key, value in element.attrib.items():
        address = str(value).strip().lower()
        if local(key) not in SOURCES or not address or address == NOWHERE:
            continue
        page = local(element.tag) not in FILLED and local(key) == "href"
        if page and address.startswith((*SCHEMES, "#")):
            continue
        element.set(key, NOWHERE)
        found = True
    return found
