"""ODT and ODS: no macros, no programs inside, nothing fetched from outside."""

import re
from pathlib import Path
from typing import Final

from lxml import etree

from red_genero.common.rewriting.kinds import Facts, Kind, Limits, Refusal
from red_genero.common.rewriting.office import picture
from red_genero.common.rewriting.orders import check_open_formula
from red_genero.common.rewriting.packages import Package, local, parsed, written

MIMETYPE: Final = "mimetype"
KINDS: Final = {
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
}
PARTS: Final = frozenset(
    [
        "xml",
        "rdf",
        "ttf",
        "otf",
    ]
)
PICTURES: Final = frozenset(
    ["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svm"]
)
BARE: Final = re.compile(r"ObjectReplacements/[^/]+|Pictures/[^/.]+|mimetype")
MACROS: Final = re.compile(r"(?:Basic|Scripts|Dialogs)/")
SCHEMES: Final = ("http://", "https://", "mailto:", "tel:", "#")
LINKS: Final = frozenset({"a", "bookmark-ref"})
FORMULAS: Final = frozenset({"formula", "condition", "expression"})
CONDITIONS: Final = frozenset({"condition", "formatting-entry"})
"""Elements whose value is a formula: LibreOffice's own conditional formats."""
XLINK: Final = "{http://www.w3.org/1999/xlink}href"
NOWHERE: Final = "about:blank"
AUTHORS: Final = frozenset({"creator", "initial-creator", "printed-by"})
ACTIVE: Final = frozenset(
    {"event-listener", "execute-macro", "applet", "plugin", "dde-source", "dde-connection-decl"}
)


def rewrite(source: Path, target: Path, kind: Kind, limits: Limits) -> Facts:
    """Write the document anew; pictures and sections taken from elsewhere lead nowhere."""
    package = Package(source, limits)
    found, removed = kind_of(package), set[str]()
    package.write(target, lambda name, content: _clean(name, content, removed), first=MIMETYPE)
    return Facts(found.suffix, removed=sorted(removed))


def kind_of(package: Package) -> Kind:
    """Return what the archive says that it is."""
    found = KINDS.get(package.read(MIMETYPE).strip()) if MIMETYPE in package.names else None
    if found is None:
        raise Refusal("file_kind")
    return found


def _clean(name: str, content: bytes, removed: set[str]) -> bytes:
    """Return a part as it may stay."""
    if MACROS.match(name):
        raise Refusal("office_macros")
    suffix = name.rpartition(".")[2].lower()
    if suffix in PICTURES:
        return picture(name, content, removed)
    if suffix not in PARTS and not BARE.fullmatch(name):
        raise Refusal("office_objects", name.rpartition("/")[2])
    if suffix not in {"xml", "rdf"} or not content:
        return content
    root = parsed(content)
    for element in list(root.iter()):
        tag = local(element.tag)
        if tag == "encryption-data":
            raise Refusal("file_encrypted")
        if tag in ACTIVE or (tag == "script" and _holds(element)):
            raise Refusal("office_macros")
        for key, value in element.attrib.items():
            if local(key) in FORMULAS or (tag in CONDITIONS and local(key) == "value"):
                check_open_formula(str(value))
        _disarm(element, tag, removed)
    return written(root)


def _holds(script: etree._Element) -> bool:
    """Whether a script is written or called there; LibreOffice leaves empty ones in every document."""
    return bool(len(script) or (script.text or "").strip() or script.get(XLINK))


def _disarm(element: etree._Element, tag: str, removed: set[str]) -> None:
    """Send nowhere what is fetched when the document is opened; forget who wrote it."""
    address = element.get(XLINK, "")
    if address and _outside(address, link=tag in LINKS):
        element.set(XLINK, NOWHERE)
        removed.add("vínculos externos")
    if tag in AUTHORS and element.text:
        element.text = ""
        removed.add("autoría")


def _outside(address: str, *, link: bool) -> bool:
    """Whether an address leaves the document by itself, or by a press to a place that is no page."""
    lowered = address.strip().lower()
    if link and lowered.startswith(("//", "\\\\")):
        return True
    if link:
        return ":" in lowered.split("/")[0] and not lowered.startswith(SCHEMES)
    return ":" in lowered.split("/")[0] or lowered.startswith(("//", "../", "/", "\\"))
