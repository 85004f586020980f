"""Which kind a file is, by its own bytes, and the module that writes that kind anew."""

from importlib import import_module
from pathlib import Path
from typing import Final

from red_genero.common.rewriting.kinds import BY_SUFFIX, Facts, Kind, Limits, Refusal

HEAD: Final = 16
ODF_HEAD: Final = slice(30, 38)
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MODULES: Final = {
    Kind.PDF: "pdf",
    **dict.fromkeys((Kind.JPG, Kind.PNG, Kind.WEBP), "pictures"),
    **dict.fromkeys((Kind.DOCX, Kind.XLSX, Kind.PPTX), "office"),
    **dict.fromkeys((Kind.ODT, Kind.ODS), "opendocument"),
    **dict.fromkeys((Kind.CSV, Kind.TXT), "plain"),
}


def rewrite(
    source: Path, target: Path, name: str, kinds: frozenset[str], limits: Limits | None = None
) -> Facts:
    """Write ``source`` anew into ``target`` if it is one of ``kinds`` (suffixes); ``name`` only tells CSV from TXT.

    Raises Refusal; then ``target`` is not to be used.
    """
    kind = guess(source, name)
    if kind.suffix not in kinds and not _sister(kind, kinds):
        raise Refusal("file_kind")
    module = import_module(f"red_genero.common.rewriting.{MODULES[kind]}")
    facts: Facts = module.rewrite(source, target, kind, limits or Limits())
    if facts.kind not in kinds:
        raise Refusal("file_kind")
    return facts


def guess(source: Path, name: str) -> Kind:
    """Return what the first bytes announce; the parser of that kind has the last word."""
    with source.open("rb") as file:
        head = file.read(64)
    if not head:
        raise Refusal("file_empty")
    if head.startswith(OLD_OFFICE):
        raise Refusal("office_old")
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head.startswith(b"PK\x03\x04"):
        return Kind.ODT if head[ODF_HEAD] == b"mimetype" else Kind.DOCX
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal("file_kind")
    return Kind.CSV if name.lower().endswith(".csv") else Kind.TXT


def _sister(kind: Kind, kinds: frozenset[str]) -> bool:
    """Whether some kind of the same family may come out of the same parser."""
    return any(MODULES[BY_SUFFIX[suffix]] == MODULES[kind] for suffix in kinds)
