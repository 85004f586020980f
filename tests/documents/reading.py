"""How the tests read a PDF: as a person copies it, as a phone scans it, as a validator walks it."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import combinations
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter
from pypdf import PdfReader

DRAWING = {"Tj", "TJ", "Do", "f", "f*", "S", "s", "B", "b", "sh"}


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page as it is copied, with runs of white space as one space."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def copied(pdf: bytes) -> str:
    """Return the text of the first page as a browser copies it, white space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(document[0].get_textpage().get_text_bounded().split())
    finally:
        document.close()


def boxes(pdf: bytes) -> list[tuple[float, float, float, float, str]]:
    """Return where the texts of the first page stand (left, bottom, right, top, in points) and what they say."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = document[0].get_textpage()
        places = [text.get_rect(place) for place in range(text.count_rects())]
        return [(*place, text.get_text_bounded(*place)) for place in places]
    finally:
        document.close()


def overlapping(pdf: bytes) -> list[tuple[str, str]]:
    """Return the pairs of texts of the first page that are printed one over the other."""
    return [
        (one[4], other[4])
        for one, other in combinations(boxes(pdf), 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[1], other[1]) > 1
    ]


def photocopy(pdf: bytes, page: int = 0) -> Image.Image:
    """Return a page scanned at 300 dpi, blurred and faded as by a tired copier."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet: Image.Image = document[page].render(scale=300 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    blurred = sheet.filter(ImageFilter.GaussianBlur(1.5))
    return blurred.point([min(255, 60 + level * 3 // 4) for level in range(256)]).rotate(
        0.7, fillcolor=255
    )


def scanned(image: Image.Image) -> list[str]:
    """Return what every QR of a picture says."""
    return [code.text for code in zxingcpp.read_barcodes(image)]


def structure(pdf: pikepdf.Pdf) -> Counter[str]:
    """Return how often each kind of structure element hangs in the tree."""
    return Counter(str(element.S) for element in elements(pdf.Root.StructTreeRoot))


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Walk the structure tree below a node, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def untagged(pdf: pikepdf.Pdf) -> list[str]:
    """Return the drawing operators that stand outside tags and artifacts."""
    found: list[str] = []
    for page in pdf.pages:
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            name = str(instruction.operator)
            depth += name in {"BMC", "BDC"}
            depth -= name == "EMC"
            if name in DRAWING and not depth:
                found.append(name)
    return found


def orphans(pdf: pikepdf.Pdf) -> list[int]:
    """Return the marked content that points to an element which hangs nowhere in the tree."""
    hanging = {element.objgen for element in elements(pdf.Root.StructTreeRoot)}
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    return [
        mcid
        for place in range(1, len(numbers), 2)
        if isinstance(numbers[place], pikepdf.Array)
        for mcid, element in enumerate(numbers[place])
        if element is not None and element.objgen not in hanging
    ]


def fonts(pdf: pikepdf.Pdf) -> dict[str, bool]:
    """Return every font's name and whether its file is embedded."""
    return {
        str(item.FontName): "/FontFile2" in item
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
    }


def images(pdf: pikepdf.Pdf) -> list[Any]:
    """Return the raster images of the file."""
    return [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
    ]
