"""How a stored file leaves: as attachment, never sniffed, in pieces, and from where a cut download stopped."""

import re
from collections.abc import Iterator
from typing import Final

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

BLOCK: Final = 64 * 1024
RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def stored(
    request: HttpRequest,
    name: str,
    *,
    filename: str,
    content_type: str,
    fingerprint: str,
    inline: bool = False,
) -> HttpResponseBase:
    """Return the file ``name`` of the private storage; whoever calls has asked whether it may be read.

    ``fingerprint`` (its SHA-256) is the ETag. One range is answered with 206, one beyond the end with 416, several as
    if none had been asked. Raises Http404 when the file is gone.
    """
    try:
        size = default_storage.size(name)
    except FileNotFoundError as missing:
        raise Http404 from missing
    etag = f'"{fingerprint}"'
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in asked or etag in (each.removeprefix("W/") for each in asked):
        return _dressed(HttpResponse(status=304), etag)
    first, last, status = _wanted(request, etag, size)
    if status == 416:
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _dressed(refused, etag)
    body = iter(()) if request.method == "HEAD" else _pieces(name, first, last)
    response = StreamingHttpResponse(body, status=status, content_type=content_type)
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Content-Disposition"] = (
        content_disposition_header(not inline, filename) or "attachment"
    )
    if status == 206:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _dressed(response, etag)


def _dressed(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Add what every answer about a file carries."""
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _wanted(request: HttpRequest, etag: str, size: int) -> tuple[int, int, int]:
    """Return the first and the last byte to send and the status of the answer."""
    whole = (0, size - 1, 200)
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or asked.group(0) == "bytes=-":
        return whole
    if request.headers.get("If-Range", etag).strip() != etag:
        return whole
    start, end = asked.groups()
    if not start:
        tail = min(int(end), size)
        return (size - tail, size - 1, 206) if tail else (0, 0, 416)
    first = int(start)
    last = min(int(end), size - 1) if end else size - 1
    if first >= size:
        return 0, 0, 416
    return (first, last, 206) if first <= last else whole


def _pieces(name: str, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes asked for, block by block; the file is open only meanwhile."""
    with default_storage.open(name) as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
