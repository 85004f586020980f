"""Pictures inside documents: the same picture, without place, camera, comments or what hangs behind its end."""

import struct
from typing import Final

JPEG: Final = b"\xff\xd8\xff"
PNG: Final = b"\x89PNG\r\n\x1a\n"
HEADS: Final = (
    JPEG,
    PNG,
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"II\xbc",
    b"\x01\x00\x00\x00",
    b"\xd7\xcd\xc6\x9a",
    b"\x01\x00\x09\x00",
    b"\x02\x00\x09\x00",
    b"VCLMTF",
)
"""How the pictures begin that office programs keep: JPEG, PNG, GIF, BMP, TIFF, WDP, EMF, WMF, SVM."""
TOLD: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
KEPT: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""The application segments without which the colours would change."""
SCAN: Final = 0xDA
END: Final = 0xD9
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


def is_picture(content: bytes) -> bool:
    """Whether it begins as a picture does; an empty one shows nothing and does nothing."""
    return not content or content.startswith(HEADS)


def bare(content: bytes) -> bytes:
    """Return a JPEG or a PNG with its pixels untouched and nothing else told; other pictures as they are.

    A broken one is kept from where it breaks: whoever opens it sees as much as before.
    """
    if content.startswith(JPEG):
        return _jpeg(content)
    return _png(content) if content.startswith(PNG) else content


def _jpeg(content: bytes) -> bytes:
    """Copy the segments that draw, up to the first end."""
    pieces, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == END:
            return b"".join([*pieces, b"\xff\xd9"])
        size = 0 if marker in ALONE else int.from_bytes(content[at + 2 : at + 4])
        stop = at + 2 + size
        if marker == SCAN:
            stop = _after_scan(content, stop)
        if _draws(marker, content[at + 4 : at + 18]):
            pieces.append(content[at:stop])
        at = stop
    return b"".join([*pieces, content[at:]])


def _draws(marker: int, head: bytes) -> bool:
    """Whether a segment is needed to see the picture."""
    if marker == 0xFE or 0xE0 <= marker <= 0xEF:
        return head.startswith(KEPT.get(marker, b"\0nunca"))
    return True


def _after_scan(content: bytes, at: int) -> int:
    """Return where the marker after the drawn lines is."""
    while (at := content.find(b"\xff", at)) >= 0:
        follows = content[at + 1 : at + 2]
        if follows and follows != b"\0" and not 0xD0 <= follows[0] <= 0xD7:
            return at
        at += 2
    return len(content)


def _png(content: bytes) -> bytes:
    """Copy the chunks that draw, up to the end."""
    pieces, at = [content[:8]], 8
    while at + 12 <= len(content):
        (size,) = struct.unpack_from(">I", content, at)
        kind, stop = content[at + 4 : at + 8], at + 12 + size
        if kind not in TOLD:
            pieces.append(content[at:stop])
        at = stop
        if kind == b"IEND":
            return b"".join(pieces)
    return b"".join([*pieces, content[at:]])
