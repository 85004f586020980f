"""The kinds of file that the portal keeps, and the way to say no to the others."""

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any


class Kind(Enum):
    """A kind of file: its suffix, the type with which it is served and its name for people."""

    PDF = ("pdf", "application/pdf", "PDF")
    JPG = ("jpg", "image/jpeg", "JPG")
    PNG = ("png", "image/png", "PNG")
    WEBP = ("webp", "image/webp", "WEBP")
    DOCX = (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "DOCX",
    )
    XLSX = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX")
    PPTX = (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PPTX",
    )
    ODT = ("odt", "application/vnd.oasis.opendocument.text", "ODT")
    ODS = ("ods", "application/vnd.oasis.opendocument.spreadsheet", "ODS")
    CSV = ("csv", "text/csv; charset=utf-8", "CSV")
    TXT = ("txt", "text/plain; charset=utf-8", "TXT")

    def __init__(self, suffix: str, content_type: str, label: str) -> None:
        self.suffix = suffix
        self.content_type = content_type
        self.label = label

    @property
    def picture(self) -> bool:
        """Whether it is a picture and nothing else."""
        return self in {Kind.JPG, Kind.PNG, Kind.WEBP}


BY_SUFFIX = {kind.suffix: kind for kind in Kind}


@dataclass(slots=True)
class Facts:
    """What was learnt of a file while it was written anew."""

    kind: str
    pages: int = 0
    language: str = ""
    tagged: bool = False
    signed: bool = False
    title: str = ""
    removed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each thing a file may hold."""

    pages: int = 2_000
    pixels: int = 60_000_000
    side: int = 30_000
    entries: int = 4_000
    unpacked: int = 150 * 1024 * 1024
    ratio: int = 300


class Refusal(Exception):
    """The file is not taken; ``code`` says why and ``inside`` names the part, when there is one."""

    def __init__(self, code: str, inside: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.inside = inside
