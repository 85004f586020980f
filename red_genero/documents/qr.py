"""QR codes as small PNG images inside a data address."""

import struct
import zlib
from base64 import b64encode
from functools import lru_cache

import segno

QUIET_ZONE = 4
MASK = 2
WHITE = b"\xff"
DIGITS = bytes.maketrans(b"\x00\x01", b"01")
SHADES = bytes.maketrans(b"01", b"\xff\x00")


@lru_cache(maxsize=256)
def qr_data_uri(url: str, *, level: str = "m") -> str:
    """Return the QR of an address as ``data:image/png``, one pixel a module, quiet zone of four.

    The mask is fixed: the same address gives the same bytes, and nothing is spent on comparing
    masks. ``level`` is the error correction: m (15 %) or q (25 %). Show it with
    ``image-rendering: pixelated``.
    """
    return f"data:image/png;base64,{b64encode(qr_png(url, level=level)).decode('ascii')}"


def qr_png(url: str, *, level: str = "m") -> bytes:
    """Return the same as a PNG file."""
    return _grey_png(*qr_rows(url, level=level))


def qr_rows(url: str, *, level: str = "m") -> tuple[int, bytes]:
    """Return the pixels of a side and the packed rows of that picture, as a PNG or a PDF holds them."""
    address = url.encode()
    series = _series(len(address), level)
    return series.side, zlib.compress(series.rows(address))


class _Series:
    """The QR codes of all addresses of one length.

    With a fixed mask, two of them differ where, and only where, the difference of their addresses says (error
    correction is linear over GF(2)). So what was drawn before is kept as a basis: an address whose difference is a sum
    of known ones is the sum of their pictures; every other one is drawn by segno and makes the basis larger. Of the
    codes of constancias the first 170 or so are drawn; those that follow cost a tenth.
    """

    def __init__(self, length: int, level: str) -> None:
        self.level = level
        self.modules, self.start = self._drawn(bytes(length))
        self.side = self.modules + 2 * QUIET_ZONE
        self.known: dict[int, tuple[int, int]] = {}

    def rows(self, address: bytes) -> bytes:
        """Return the rows of pixels, each after the zero with which PNG names its filter."""
        left, picture = int.from_bytes(address), self.start
        while left and (known := self.known.get(left.bit_length())):
            left, picture = left ^ known[0], picture ^ known[1]
        if left:
            _, drawn = self._drawn(address)
            self.known[left.bit_length()] = (left, drawn ^ picture)
            picture = drawn
        return self._pixels(picture)

    def _drawn(self, address: bytes) -> tuple[int, int]:
        """Return the modules of a side and all of them, row by row, as one number: a bit each."""
        matrix = segno.make_qr(
            address, error=self.level, mode="byte", mask=MASK, boost_error=False
        ).matrix
        return len(matrix), int(b"".join(matrix).translate(DIGITS), 2)

    def _pixels(self, picture: int) -> bytes:
        shades = f"{picture:0{self.modules**2}b}".encode().translate(SHADES)
        margin = (b"\x00" + WHITE * self.side) * QUIET_ZONE
        before, after = b"\x00" + WHITE * QUIET_ZONE, WHITE * QUIET_ZONE
        starts = range(0, len(shades), self.modules)
        rows = (before + shades[start : start + self.modules] + after for start in starts)
        return margin + b"".join(rows) + margin


@lru_cache(maxsize=64)
def _series(length: int, level: str) -> _Series:
    return _Series(length, level)


def _grey_png(side: int, rows: bytes) -> bytes:
    """Return a square PNG of 8-bit grey: WeasyPrint would blow one bit a pixel up to full colour."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
