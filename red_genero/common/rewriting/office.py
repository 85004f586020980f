"""DOCX, XLSX and PPTX: no macros, no programs inside, nothing fetched from outside."""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from red_genero.common.rewriting.kinds import Facts, Kind, Limits, Refusal
from red_genero.common.rewriting.packages import Package, local, parsed, written

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
        "png",
        "jpg",
        "jpeg",
        "jfif",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "emf",
        "wmf",
        "wdp",
        "odttf",
        "fntdata",
        "ttf",
        "vml",
    ]
)
PACKAGES: Final = frozenset({"xlsx", "docx", "pptx"})
PRINTER: Final = re.compile(r"(?:xl|word|ppt)/printerSettings/[^/]+\.bin", re.IGNORECASE)
SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
NOWHERE: Final = "about:blank"
NEVER: Final = re.compile(r"\b(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b")
FIELDS: Final = frozenset({"instrText", "delInstrText"})
AUTHORS: Final = frozenset({"creator", "lastModifiedBy"})


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
        for tail, each in MAIN.items():
            if content_type.endswith(tail):
                kind = each
    if kind is None:
        raise Refusal("file_kind")
    return kind


def _clean(name: str, content: bytes, removed: set[str], limits: Limits, depth: int) -> bytes:
    """Return a part as it may stay."""
    suffix = name.rpartition(".")[2].lower()
    if suffix in PACKAGES:
        return _embedded(name, content, removed, limits, depth)
    if suffix not in PARTS and not PRINTER.fullmatch(name):
        raise Refusal("office_objects", name.rpartition("/")[2])
    if suffix == "rels":
        return _relations(content, removed)
    if suffix in {"xml", "vml"}:
        return _document(name, content, removed)
    return content


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
        if relation.get("TargetMode", "").lower() != "external":
            continue
        link = relation.get("Type", "").endswith("/hyperlink")
        target = relation.get("Target", "")
        if link and target.strip().lower().startswith((*SCHEMES, "#")):
            continue
        relation.set("Target", NOWHERE)
        removed.add("vínculos externos")
    return written(root)


def _document(name: str, content: bytes, removed: set[str]) -> bytes:
    """Refuse fields that run or fetch; forget who wrote it."""
    if name.rpartition(".")[2].lower() == "vml":
        return content
    root = parsed(content)
    fields: list[str] = []
    for element in root.iter():
        tag = local(element.tag)
        if tag in {"ddeLink", "oleLink"}:
            raise Refusal("office_dde")
        if tag in FIELDS:
            fields.append(element.text or "")
        elif tag == "fldSimple":
            fields.extend(str(value) for value in element.attrib.values())
    if NEVER.search("".join(fields)):
        raise Refusal("office_dde")
    if name.lower() == "docprops/core.xml":
        for element in root.iter():
            if local(element.tag) in AUTHORS and element.text:
                element.text = ""
                removed.add("autoría")
        return written(root)
    return content
