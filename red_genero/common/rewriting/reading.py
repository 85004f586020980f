"""What a file says and how its first page looks: text for the search, a small picture for its page."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any, Final

from red_genero.common.rewriting.kinds import BY_SUFFIX, Kind, Limits
from red_genero.common.rewriting.packages import Package, local, parsed

LONGEST: Final = 400_000
"""Characters of text that are kept: some 130 pages."""
WIDTH: Final = 480
HEIGHT: Final = 720
PARTS: Final = {
    Kind.DOCX: re.compile(r"word/(?:document|footnotes|endnotes)\.xml"),
    Kind.XLSX: re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml"),
    Kind.PPTX: re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml"),
    Kind.ODT: re.compile(r"content\.xml"),
    Kind.ODS: re.compile(r"content\.xml"),
}
BREAKS: Final = frozenset({"p", "h", "br", "tab", "tc", "si", "row", "table-cell"})


def read(source: Path, suffix: str, target: Path) -> dict[str, Any]:
    """Return ``text`` and whether a picture of the first page was written to ``target`` (WEBP)."""
    kind = BY_SUFFIX[suffix]
    if kind is Kind.PDF:
        return _pdf(source, target)
    if kind.picture:
        _shrink(source, target)
        return {"text": "", "thumbnail": True}
    if kind in PARTS:
        return {"text": _office(source, kind), "thumbnail": False}
    return {"text": _plain(source, kind), "thumbnail": False}


def _pdf(source: Path, target: Path) -> dict[str, Any]:
    """Read page by page until there is enough; draw the first."""
    import pypdfium2

    pieces, room = [], LONGEST
    document = pypdfium2.PdfDocument(source)
    for number in range(len(document)):
        page = document[number]
        if number == 0:
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
            page.render(scale=scale).to_pil().convert("RGB").save(target, "WEBP", quality=80)
        words = page.get_textpage()
        pieces.append(words.get_text_bounded())
        words.close()
        page.close()
        room -= len(pieces[-1])
        if room <= 0:
            break
    document.close()
    return {"text": _tidy("\n".join(pieces)), "thumbnail": True}


def _shrink(source: Path, target: Path) -> None:
    """Write the picture small."""
    from PIL import Image

    with Image.open(source) as picture:
        picture.draft("RGB", (WIDTH * 2, HEIGHT * 2))
        small = picture.convert("RGB")
        small.thumbnail((WIDTH, HEIGHT))
        small.save(target, "WEBP", quality=80)


def _office(source: Path, kind: Kind) -> str:
    """Return the words of a document that was written anew before."""
    pieces: list[str] = []
    with zipfile.ZipFile(source) as archive:
        package = Package(archive, Limits())
        for name in package.names:
            if not PARTS[kind].fullmatch(name):
                continue
            for element in parsed(package.read(name)).iter():
                if local(element.tag) in BREAKS:
                    pieces.append("\n")
                pieces.extend(each for each in (element.text, element.tail) if each)
            if sum(map(len, pieces)) > LONGEST:
                break
    return _tidy("".join(pieces))


def _plain(source: Path, kind: Kind) -> str:
    """Return the text; of a table, its cells."""
    text = source.read_text(encoding="utf-8")
    if kind is Kind.CSV:
        rows = csv.reader(io.StringIO(text))
        text = "\n".join(" ".join(row) for row in rows)
    return _tidy(text)


def _tidy(text: str) -> str:
    """Return the text without hyphens at line ends, controls and long blanks."""
    joined = re.sub(r"(?<=\w)[\u00ad\ufffe\x02-]\r?\n(?=[a-záéíóúñü])", "", text)
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", joined)
    return re.sub(r"[ \t\xa0]+", " ", re.sub(r"\s*\n\s*", "\n", plain)).strip()[:LONGEST]
