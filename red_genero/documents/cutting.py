"""Where the varying texts of a pressed page stand: read from WeasyPrint's boxes, found again in what it wrote."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pydyf

from red_genero.documents import engine, tagging
from red_genero.documents.lettering import DoesNotFit, FontNumbers, Lettering

if TYPE_CHECKING:
    from collections.abc import Collection

NEAR: Final = 0.01
ALIGNMENT: Final = {"center": 0.5, "right": 1.0, "end": 1.0}


class Place(NamedTuple):
    """One line of a field, in CSS pixels; the text's ``anchor`` is its left end (align 0), middle or right end (1)."""

    field: str
    left: float
    baseline: float
    anchor: float
    align: float
    room: float


class Slot(NamedTuple):
    """A place with the letters that the page uses there."""

    place: Place
    line: int
    font: str
    size: float


class Cutting:
    """The content of a page cut at its fields: ``pieces`` has one more than ``slots``."""

    def __init__(self, document: Any, pdf: pydyf.PDF, fields: "Collection[str]") -> None:
        self.pdf = pdf
        page = pdf.objects[pdf.pages["Kids"][0]]
        self.content: Any = pdf.objects[tagging.object_number(page["Contents"])]
        found: dict[int, Place] = {}
        for place in _places(document.pages[0]._page_box, fields):  # noqa: SLF001
            line = sum(other.field == place.field for other in found.values())
            found[self._position(place)] = place
            if line >= len(found):
                raise DoesNotFit(place.field)
        self.slots, self.pieces = self._cut(found)
        self.letterings = self._letterings(document)

    def _position(self, place: Place) -> int:
        """Return where the place's text begins in the content; it stands there alone and in one face."""
        for index, part in enumerate(self.content.stream):
            if isinstance(part, bytes) and part.endswith(b" Tm"):
                *_, left, baseline, _ = part.split()
                if (
                    abs(float(left) - place.left) < NEAR
                    and abs(float(baseline) - place.baseline) < NEAR
                    and self.content.stream[index + 3] == b"ET"
                ):
                    return index
        raise DoesNotFit(place.field)

    def _cut(self, found: dict[int, Place]) -> tuple[list[Slot], list[bytes]]:
        slots: list[Slot] = []
        pieces: list[bytes] = []
        start = 0
        for index in sorted(found):
            place = found[index]
            font, size, _ = self.content.stream[index + 1].split()
            line = sum(slot.place.field == place.field for slot in slots)
            slots.append(Slot(place, line, font.decode().lstrip("/"), float(size)))
            pieces.append(_joined(self.content.stream[start:index]))
            start = index + 3
        return slots, [*pieces, _joined(self.content.stream[start:])]

    def _letterings(self, document: Any) -> dict[str, Lettering]:
        """Give every face that the fields use its letters, and its widths an object of their own."""
        page = self.pdf.objects[self.pdf.pages["Kids"][0]]
        resources = self.pdf.objects[tagging.object_number(page["Resources"])]
        fonts = self.pdf.objects[tagging.object_number(resources["Font"])]
        made: dict[str, Lettering] = {}
        for name in dict.fromkeys(slot.font for slot in self.slots):
            font = self.pdf.objects[tagging.object_number(fonts[name])]
            descendant = self.pdf.objects[tagging.object_number(font["DescendantFonts"][0])]
            descriptor = self.pdf.objects[tagging.object_number(descendant["FontDescriptor"])]
            numbers = FontNumbers(
                file=tagging.object_number(descriptor["FontFile2"]),
                widths=len(self.pdf.objects) + len(made),
                unicode=tagging.object_number(font["ToUnicode"]),
            )
            descendant["W"] = b"%d 0 R" % numbers.widths
            used = next(each for each in document.fonts.values() if each.hash == name)
            made[name] = Lettering(engine.face_of(used), used.to_unicode, numbers)
        return made

    def picture(self, side: int) -> Any:
        """Return the only square picture of that side: the QR."""
        found = [
            item
            for item in self.pdf.objects
            if isinstance(item, pydyf.Stream)
            and item.extra.get("Subtype") == "/Image"
            and item.extra["Width"] == item.extra["Height"] == side
        ]
        if len(found) != 1:
            raise DoesNotFit("qr")
        return found[0]


def _places(
    box: Any, fields: "Collection[str]", field: str = "", block: Any = None
) -> Iterator[Place]:
    """Walk the boxes in the order of drawing and yield the lines of the fields."""
    box = getattr(box, "_box", box)
    if box.element is not None and (mark := box.element.get("data-field")):
        field = mark if mark in fields else ""
    if hasattr(box, "pango_layout"):
        if field and box.text.strip():
            align = ALIGNMENT.get(block.style["text_align_all"], 0.0)
            left = box.position_x
            baseline = box.position_y + box.baseline
            anchor = left + align * box.width
            yield Place(field, left, baseline, anchor, align, block.width)
        return
    for child in getattr(box, "children", ()):
        inner = box if type(child).__name__ == "LineBox" else block
        yield from _places(child, fields, field, inner)


def _joined(parts: Sequence[Any]) -> bytes:
    """Return the parts of a content stream as they are written."""
    return bytes(pydyf.Stream(list(parts)).data.partition(b"stream\n")[2].rpartition(b"\n")[0])
