"""Letters of one face inside a PDF: text shaped by HarfBuzz, and the font objects that draw exactly the glyphs used."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import uharfbuzz  # type: ignore[import-untyped]

REPERTOIRE = "ABCDEFGHIJKLMNÑOPQRSTUVWXYZabcdefghijklmnñopqrstuvwxyzÁÉÍÓÚÜáéíóúü0123456789 -.,'()/&"
"""What every copy embeds, so that most need no font of their own."""
DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT")
BFCHARS = 100
PANGO_SCALE = 1024


class DoesNotFit(Exception):
    """This text cannot be written glyph by glyph; the document is printed in full."""


class Line(NamedTuple):
    """A shaped text: the operators that show it, its width in thousandths of an em, what each glyph stands for."""

    shown: bytes
    width: float
    letters: dict[int, str]


@dataclass(frozen=True)
class FontNumbers:
    """Object numbers of the three parts of an embedded font that depend on the glyphs used."""

    file: int
    widths: int
    unicode: int


class Lettering:
    """One face of a plate.

    ``letters`` are the glyphs that the constant part of the page uses; ``numbers`` tell where its objects stand and
    ``descendant`` writes the descendant font with its widths.
    """

    def __init__(self, face: bytes, letters: Mapping[int, str], numbers: FontNumbers) -> None:
        self.face = uharfbuzz.Face(uharfbuzz.Blob(face))
        self.font = uharfbuzz.Font(self.face)
        self.numbers = numbers
        self.base = dict(letters)
        for letter in REPERTOIRE:
            glyph = self.font.get_nominal_glyph(ord(letter))
            if glyph:
                self.base.setdefault(glyph, letter)

    def shape(self, text: str, size: float) -> Line:
        """Return the text as it is drawn at that size; raise DoesNotFit for a character of another face.

        Advances are rounded as Pango rounds them, so that copies look like the full render. What is not one glyph a
        character, a tilde over an M for instance, carries its text along, so that it is copied as it was written.
        """
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self.font, buffer)
        infos, places = buffer.glyph_infos, buffer.glyph_positions
        shown, width, letters = bytearray(b"[<"), 0.0, dict[int, str]()
        scale, unit = size * PANGO_SCALE / self.face.upem, 1000 / (size * PANGO_SCALE)
        ends = [info.cluster for info in infos[1:]] + [len(text)]
        said_otherwise = False
        for info, place, end in zip(infos, places, ends, strict=True):
            glyph, meaning = info.codepoint, text[info.cluster : end] or text[info.cluster]
            if not glyph:
                raise DoesNotFit(text)
            known = self.base.get(glyph) or letters.setdefault(glyph, meaning)
            said_otherwise = said_otherwise or known != meaning or end == info.cluster
            plain = self.font.get_glyph_h_advance(glyph)
            advance = (round(plain * scale) + round((place.x_advance - plain) * scale)) * unit
            shown += self._show(glyph, place, self.width(glyph) - advance, size)
            width += advance
        operators = bytes(shown + b">] TJ").replace(b"<>", b" ")
        return Line(_saying(text, operators) if said_otherwise else operators, width, letters)

    def _show(self, glyph: int, place: Any, kerning: float, size: float) -> bytes:
        """Return the operators for one glyph inside a TJ; a moved one goes to its place and back."""
        aside = round(place.x_offset * 1000 / self.face.upem)
        shown = b"%04x" % glyph
        if aside:
            shown = b">%d<%s>%d<" % (-aside, shown, aside)
        if place.y_offset:
            rise = place.y_offset * size / self.face.upem
            shown = b">] TJ\n%.4f Ts\n[<%s>] TJ\n0 Ts\n[<" % (rise, shown)
        return shown + b">%d<" % int(kerning) if int(kerning) else shown

    def width(self, glyph: int) -> int:
        """Return a glyph's advance in thousandths of an em."""
        advance: float = self.font.get_glyph_h_advance(glyph) * 1000 / self.face.upem
        return round(advance)

    def objects(self, letters: Mapping[int, str]) -> Iterator[tuple[int, bytes]]:
        """Yield number and bytes of the objects that a document with these letters needs."""
        if letters.keys() <= self.base.keys():
            yield from self._usual
        else:
            yield from self._embed({**self.base, **letters})

    @cached_property
    def _usual(self) -> tuple[tuple[int, bytes], ...]:
        return tuple(self._embed(self.base))

    def _embed(self, letters: Mapping[int, str]) -> Iterator[tuple[int, bytes]]:
        file = self._subset(letters)
        yield self.numbers.file, stream(file, b"/Length1 %d" % len(file))
        yield self.numbers.widths, b"[" + b" ".join(self._widths(letters)) + b"]"
        yield self.numbers.unicode, stream(_character_map(letters))

    def _subset(self, letters: Mapping[int, str]) -> bytes:
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(letters)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in DROPPED)
        wanted.flags = uharfbuzz.SubsetFlags.RETAIN_GIDS | uharfbuzz.SubsetFlags.NO_HINTING
        return bytes(uharfbuzz.subset(self.face, wanted).blob.data)

    def _widths(self, letters: Mapping[int, str]) -> Iterator[bytes]:
        for glyph in sorted(letters):
            yield b"%d [%d]" % (glyph, self.width(glyph))


def _saying(text: str, operators: bytes) -> bytes:
    """Return the operators with the text that they stand for."""
    said = ("\ufeff" + text).encode("utf-16-be").hex().encode()
    return b"/Span <</ActualText <%s>>> BDC\n%s\nEMC" % (said, operators)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return a compressed PDF stream with its dictionary."""
    packed = zlib.compress(content)
    return b"<</Filter /FlateDecode %s /Length %d>>\nstream\n%s\nendstream" % (
        extra,
        len(packed),
        packed,
    )


def _character_map(letters: Mapping[int, str]) -> bytes:
    """Return the table that says which text each glyph stands for when it is copied."""
    rows = [
        b"<%04x> <%s>" % (glyph, text.encode("utf-16-be").hex().encode())
        for glyph, text in sorted(letters.items())
    ]
    blocks = [rows[start : start + BFCHARS] for start in range(0, len(rows), BFCHARS)]
    body = b"\n".join(
        b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        + body
        + b"\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
