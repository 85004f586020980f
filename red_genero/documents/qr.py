"""QR codes as small PNG images inside a data address."""

import struct
import zlib
from base64 import b64encode
from functools import lru_cache

import segno

QUIET_ZONE = 4
MASK = 2
WHITE = b"\xff"
SHADES = bytes.maketrans(b"\x00\x01", b"\xff\x00")


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
    modules = segno.make_qr(url, error=level, mask=MASK, boost_error=False).matrix
    side = len(modules) + 2 * QUIET_ZONE
    margin = [b"\x00" + WHITE * side] * QUIET_ZONE
    quiet = WHITE * QUIET_ZONE
    rows = [b"\x00" + quiet + row.translate(SHADES) + quiet for row in modules]
    return side, zlib.compress(b"".join([*margin, *rows, *margin]), 9)


def _grey_png(side: int, rows: bytes) -> bytes:
    """Return a square PNG of 8-bit grey: WeasyPrint would blow one bit a pixel up to full colour."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
