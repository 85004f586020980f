"""Laid out once, fields written alone: the page of a series is pressed one time and each copy only gets its own texts.

A template marks the boxes that vary with ``data-field``. For each shape of a document (its constant values, and the size
and lines of its fitted texts) WeasyPrint presses one specimen, which is cut at the texts of those boxes. A copy is that
*plate* with the texts shaped by HarfBuzz in the same faces, its own QR, title and date. What the plate cannot hold (a
character of another face, a stacked accent, a line too long) raises DoesNotFit: such a document is printed in full. Which
road a document takes depends on its values alone, so its bytes are always the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from hashlib import md5
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import escape

import pydyf
from django.template.loader import render_to_string

from red_genero.documents import engine, fitting, tagging
from red_genero.documents.cutting import Cutting, Slot
from red_genero.documents.fitting import Fitted
from red_genero.documents.lettering import DoesNotFit, Line, stream
from red_genero.documents.qr import qr_rows
from red_genero.documents.text import plain

if TYPE_CHECKING:
    from red_genero.documents import Document

TEXTS: Final = ("name", "department", "folio", "code")
"""What varies from one document of a series to the next; so does the QR of ``verify_url``."""
MARK: Final = "plate "
SPECIMEN: Final = "Campo"
TITLE: Final = "The title of a plate"
CREATED: Final = datetime(1970, 1, 2, 3, 4, 5, tzinfo=UTC)
KEPT: Final = 24
HEADER: Final = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


class Shape(NamedTuple):
    """How the varying texts of a document lie: the fitted ones, which are there at all, the modules of the QR."""

    fitted: dict[str, Fitted]
    present: frozenset[str]
    side: int


def write(document: "Document", context: Mapping[str, object]) -> bytes:
    """Return the PDF of a document of a series, its context already clean; raise DoesNotFit."""
    texts = {field: str(context.get(field, "")) for field in TEXTS}
    measures = _plates.measures(document, context)
    side, rows = qr_rows(str(context["verify_url"]))
    shape = Shape(
        {field: fitting.fit(texts[field], **measure) for field, measure in measures.items()},
        frozenset(field for field, text in texts.items() if text),
        side,
    )
    plate = _plates.plate(document, context, shape)
    lines: dict[str, tuple[str, ...]] = {field: (text,) for field, text in texts.items() if text}
    lines.update({field: box.lines for field, box in shape.fitted.items()})
    return plate.copy(lines, rows, document)


class Plate:
    """One pressed page, cut at its fields; what never varies is written once and opens every copy."""

    def __init__(self, document: Any, pdf: pydyf.PDF, side: int) -> None:
        cutting = Cutting(document, pdf, TEXTS)
        self.slots, self.pieces = cutting.slots, cutting.pieces
        self.letterings = cutting.letterings
        metadata: Any = pdf.objects[tagging.object_number(pdf.catalog["Metadata"])]
        picture = cutting.picture(side)
        self.content, self.picture = cutting.content.number, picture.number
        self.picture_head = pydyf.Dictionary(picture.extra)
        self.metadata, self.xmp = metadata.number, b"\n".join(metadata.stream)
        self.catalog, self.producer = pdf.catalog.reference, pdf.info["Producer"]
        changing = {self.content, self.picture, self.metadata}
        for lettering in self.letterings.values():
            changing |= {lettering.numbers.file, lettering.numbers.unicode}
        self.places, opening = [b"0000000000 65535 f "], bytearray(HEADER)
        for item in pdf.objects[1:]:
            self.places.append(b"%010d 00000 n " % len(opening))
            if item.number not in changing:
                opening += item.indirect + b"\n"
        self.places.extend([b""] * (len(self.letterings) + 1))
        self.opening = bytes(opening)
        self.digest = md5(self.opening, usedforsecurity=False)

    def copy(
        self, texts: Mapping[str, tuple[str, ...]], rows: bytes, document: "Document"
    ) -> bytes:
        """Return the whole file with these texts."""
        letters: dict[str, dict[int, str]] = {font: {} for font in self.letterings}
        content = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            lettering = self.letterings[slot.font]
            line = lettering.shape(texts[slot.place.field][slot.line], slot.size)
            letters[slot.font].update(line.letters)
            content += [_set(slot, line), piece]
        self.picture_head["Length"] = len(rows)
        made = [
            (self.content, stream(b"\n".join(content))),
            (self.picture, b"%s\nstream\n%s\nendstream" % (self.picture_head.data, rows)),
            (self.metadata, stream(self._xmp(document), b"/Type /Metadata /Subtype /XML")),
            (len(self.places) - 1, self._information(document)),
        ]
        for font, lettering in self.letterings.items():
            made.extend(lettering.objects(letters[font]))
        return self._assembled(made)

    def _xmp(self, document: "Document") -> bytes:
        """Return the metadata with the document's own title and date."""
        title = escape(plain(document.title)).encode("ascii", "xmlcharrefreplace")
        written = self.xmp.replace(TITLE.encode(), title)
        if document.created:
            date = engine.timestamp(document.created).encode()
            written = written.replace(engine.timestamp(CREATED).encode(), date)
        return written

    def _information(self, document: "Document") -> bytes:
        entries = {"Producer": self.producer, "Title": pydyf.String(plain(document.title))}
        if document.created:
            created = document.created.astimezone(UTC)
            entries["CreationDate"] = pydyf.String(f"D:{created:%Y%m%d%H%M%S}+00'00")
        return bytes(pydyf.Dictionary(entries).data)

    def _assembled(self, made: list[tuple[int, bytes]]) -> bytes:
        """Join the constant opening, the objects made for this copy, the table of places and the end."""
        places, digest = self.places.copy(), self.digest.copy()
        parts, position = [self.opening], len(self.opening)
        for number, data in made:
            places[number] = b"%010d 00000 n " % position
            part = b"%d 0 obj\n%s\nendobj\n" % (number, data)
            digest.update(part)
            parts.append(part)
            position += len(part)
        identity = digest.hexdigest().encode()
        parts.append(
            b"xref\n0 %d\n%s\ntrailer\n<<\n/Size %d\n/Root %s\n/Info %d 0 R\n/ID [(%s) (%s)]\n>>\n"
            b"startxref\n%d\n%%%%EOF\n"
            % (
                len(places),
                b"\n".join(places),
                len(places),
                self.catalog,
                len(places) - 1,
                identity,
                identity,
                position,
            )
        )
        return b"".join(parts)


class _Plates:
    """The plates that this process pressed, the last used ones; pressing is done one at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: OrderedDict[Hashable, Plate | None] = OrderedDict()
        self.measured: dict[str, dict[str, dict[str, Any]]] = {}

    def measures(
        self, document: "Document", context: Mapping[str, object]
    ) -> dict[str, dict[str, Any]]:
        """Return how the template fits each varying text: asked once, by printing tokens."""
        if document.template not in self.measured:
            found: dict[str, dict[str, Any]] = {}

            def record(text: str, **measure: Any) -> Fitted:
                if text.startswith(MARK):
                    found[text.removeprefix(MARK)] = measure
                return fitting.fit(text, **measure)

            _html(document, context, TEXTS, record)
            self.measured[document.template] = found
        return self.measured[document.template]

    def plate(self, document: "Document", context: Mapping[str, object], shape: Shape) -> Plate:
        """Return the plate for that shape; a page that cannot be cut is remembered as such."""
        constant = {key: value for key, value in context.items() if key not in TEXTS}
        del constant["verify_url"]
        key = (
            document.template,
            document.lang,
            document.created is None,
            tuple((field, len(box.lines), box.size) for field, box in shape.fitted.items()),
            shape.present,
            shape.side,
            _frozen(constant),
        )
        with self.lock:
            if key not in self.kept:
                self.kept[key] = _press(document, context, shape)
                if len(self.kept) > KEPT:
                    self.kept.popitem(last=False)
            self.kept.move_to_end(key)
            plate = self.kept[key]
        if plate is None:
            raise DoesNotFit(document.template)
        return plate


_plates = _Plates()


def forget() -> None:
    """Forget every plate of this process."""
    _plates.kept.clear()


def _press(document: "Document", context: Mapping[str, object], shape: Shape) -> Plate | None:
    """Press a specimen of that shape and cut it; nothing when its fields cannot be told apart."""

    def choose(text: str, **measure: Any) -> Fitted:
        box = shape.fitted.get(text.removeprefix(MARK)) if text.startswith(MARK) else None
        if box is None:
            return fitting.fit(text, **measure)
        return Fitted(box.size, (SPECIMEN,) * len(box.lines))

    html = _html(document, context, shape.present, choose)
    made: list[Plate] = []
    try:
        engine.press(
            html,
            document.stylesheets,
            lambda page, pdf: made.append(Plate(page, pdf, shape.side)),
        )
    except DoesNotFit:
        return None
    return made[0]


def _html(
    document: "Document",
    context: Mapping[str, object],
    present: "frozenset[str] | tuple[str, ...]",
    choose: Callable[..., Fitted],
) -> str:
    """Return the template with a token in each field that is present."""
    tokens = {field: f"{MARK}{field}" if field in present else "" for field in TEXTS}
    created = engine.timestamp(CREATED) if document.created else ""
    page = {"title": TITLE, "lang": document.lang, "created": created}
    with fitting.choosing(choose):
        return render_to_string(document.template, {**context, **tokens, "page": page})


def _set(slot: Slot, line: Line) -> bytes:
    """Return the operators that write a line in its slot."""
    width = line.width * slot.size / 1000
    if width > slot.place.room:
        raise DoesNotFit(slot.place.field)
    left = slot.place.anchor - slot.place.align * width
    return b"1 0 0 -1 %.6f %.6f Tm\n/%s %g Tf\n%s" % (
        left,
        slot.place.baseline,
        slot.font.encode(),
        slot.size,
        line.shown,
    )


def _frozen(value: Any) -> Hashable:
    """Return plain values as something that a dictionary can find again."""
    if isinstance(value, Mapping):
        # In the order of the keys: a row that comes back from the database may hold them in another one.
        return tuple((key, _frozen(value[key])) for key in sorted(value))
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    hashable: Hashable = value
    return hashable
