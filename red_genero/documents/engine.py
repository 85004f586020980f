"""The only file that knows WeasyPrint: turns HTML of our own templates into tagged, archivable PDF behind a fence."""

import base64
import binascii
import gc
import logging
import os
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import pydyf
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from PIL import Image, UnidentifiedImageError

from red_genero.documents import tagging

logger = logging.getLogger("red_genero.documents")

SCHEME = "static:"
FONTCONFIG = Path(__file__).with_name("fontconfig.xml")
STATIC_TYPES = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
STATIC_PATH = re.compile(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
DATA_IMAGE = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=]+)")
DATA_LIMIT = 3 * 1024 * 1024
SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
COLOURS = "srgb-of-the-documents"
VARIANT = "pdf/a-2a"
"""WeasyPrint's PDF/A writer; the PDF/UA identifier is added by ``tagging``."""


class DocumentsUnavailable(Exception):
    """WeasyPrint or one of its system libraries is missing; everything else of the portal works."""


class DocumentRefused(Exception):
    """A template asked for something outside the fence."""


Inspect = Callable[[Any, pydyf.PDF], object]
"""Reads the laid-out document and its file before it is written."""


def press(html: str, stylesheets: tuple[str, ...], inspect: Inspect | None = None) -> bytes:
    """Returns the PDF of the HTML dressed with packaged stylesheets, named by their path under ``static/``.

    Raises DocumentsUnavailable when the system libraries are missing and DocumentRefused when the HTML asked for
    anything but packaged static files and inline PNG or JPEG images.
    """
    return _press(os.getpid()).print(html, stylesheets, inspect)


def available() -> None:
    """Loads the libraries, or raises DocumentsUnavailable."""
    _libraries()


@cache
def _press(_pid: int) -> "_Press":
    """Keeps one press per process: a forked process builds its own."""
    return _Press()


def _libraries() -> Any:
    """Imports WeasyPrint with a fontconfig of our own, in which no system font exists."""
    os.environ.setdefault("FONTCONFIG_FILE", str(FONTCONFIG))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import weasyprint
            import weasyprint.text.fonts
            import weasyprint.urls
    except (ImportError, OSError) as error:
        logger.error("PDF documents are unavailable: %s", error)
        raise DocumentsUnavailable(str(error)) from error
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    return weasyprint


def _resolve(url: str) -> tuple[bytes, str]:
    """Returns the content and type of an address inside the fence, or raises DocumentRefused."""
    if url.startswith(SCHEME):
        return _static(url.removeprefix(SCHEME))
    if len(url) <= DATA_LIMIT and (match := DATA_IMAGE.fullmatch(url)):
        return _inline(match[1], match[2])
    raise DocumentRefused(f"Outside the fence: {url[:120]!r}")


def _static(path: str) -> tuple[bytes, str]:
    suffix = Path(path).suffix
    if not STATIC_PATH.fullmatch(path) or suffix not in STATIC_TYPES:
        raise DocumentRefused(f"Not the path of a packaged static file: {path[:120]!r}")
    try:
        found = finders.find(path)
    except SuspiciousFileOperation:
        found = None
    if not isinstance(found, str):
        raise DocumentRefused(f"No packaged static file: {path[:120]!r}")
    return Path(found).read_bytes(), STATIC_TYPES[suffix]


def _inline(content_type: str, encoded: str) -> tuple[bytes, str]:
    """Decodes an inline image; its first bytes must be what it says, or WeasyPrint would try it as SVG."""
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise DocumentRefused("An inline image is not valid base64.") from error
    if not content.startswith(SIGNATURES[content_type]):
        raise DocumentRefused(f"An inline image is not {content_type}.")
    try:
        with Image.open(BytesIO(content)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise DocumentRefused("An inline image cannot be read.") from error
    return content, content_type


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold back the cyclic collector: it would walk the growing layout again and again (a sixth of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Colours:
    """The sRGB profile that ships with WeasyPrint, byte for byte.

    WeasyPrint's own wrapper reads it through lcms, which writes it differently the second time, and leaves the file
    open at every document.
    """

    name = "sRGB2014"
    components = (["r"], ["g"], ["b"])

    def __init__(self) -> None:
        self.content = resources.files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
        self.pdf_reference = b""


class _Press:
    """What is shared by all documents of a process: fonts, parsed stylesheets, packaged images and the fence.

    Pango's font map is not safe between threads, so documents are printed one at a time.
    """

    def __init__(self) -> None:
        self.weasyprint = _libraries()
        self.lock = threading.Lock()
        self.refusals: list[str] = []
        self.fence = self._build_fence()
        self.fonts = self.weasyprint.text.fonts.FontConfiguration()
        self.colours = _Colours()
        self.styles: dict[tuple[str, int], Any] = {}
        self.images: dict[str, Any] = {}

    def print(
        self, html: str, stylesheets: tuple[str, ...], inspect: Inspect | None = None
    ) -> bytes:
        with self.lock, _uncollected():
            self.refusals.clear()
            images = dict(self.images)
            try:
                pdf: bytes = self.weasyprint.HTML(string=html, url_fetcher=self.fence).write_pdf(
                    stylesheets=[self._style(name) for name in stylesheets],
                    font_config=self.fonts,
                    cache=images,
                    pdf_variant=VARIANT,
                    pdf_tags=True,
                    color_profiles={COLOURS: self.colours},
                    output_intent=COLOURS,
                    finisher=partial(_finish, inspect),
                )
            except self.weasyprint.urls.FatalURLFetchingError as error:
                raise DocumentRefused("; ".join(self.refusals) or str(error)) from error
            if self.refusals:
                raise DocumentRefused("; ".join(self.refusals))
            self.images.update(
                {url: image for url, image in images.items() if url.startswith(SCHEME)}
            )
            return pdf

    def _build_fence(self) -> Any:
        """WeasyPrint's own fetcher opens anything; ours replaces all it does and remembers what it refused.

        Remembering matters: WeasyPrint swallows even fatal errors while it draws an SVG.
        """
        urls, refusals = self.weasyprint.urls, self.refusals

        class Fence(urls.URLFetcher):  # type: ignore[misc, name-defined]
            def fetch(self, url: str, headers: object = None) -> Any:
                try:
                    content, content_type = _resolve(url)
                except DocumentRefused as refusal:
                    logger.warning("Refused while printing a document: %s", refusal)
                    refusals.append(str(refusal))
                    raise
                return urls.URLFetcherResponse(url, content, {"Content-Type": content_type})

        return Fence(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def _style(self, name: str) -> Any:
        """Returns a parsed stylesheet; it is read again only when its file changed."""
        found = finders.find(name)
        if not isinstance(found, str):
            raise DocumentRefused(f"No packaged stylesheet: {name!r}")
        key = (found, Path(found).stat().st_mtime_ns)
        if key not in self.styles:
            self.styles[key] = self.weasyprint.CSS(
                string=Path(found).read_text(encoding="utf-8"),
                url_fetcher=self.fence,
                font_config=self.fonts,
            )
        return self.styles[key]


def _finish(inspect: Inspect | None, document: Any, pdf: pydyf.PDF) -> None:
    """Last touches before the file is written: what PDF/UA asks for beyond WeasyPrint's tags."""
    tagging.complete(pdf)
    if inspect:
        inspect(document, pdf)


def face_of(font: Any) -> bytes:
    """Returns the whole file of a face that WeasyPrint has already cut down for its own use."""
    content: bytes = _libraries().text.fonts.get_hb_object_data(font.hb_face)
    return content


def timestamp(moment: datetime) -> str:
    """Returns a date as it is written into a file: universal time, so that the same moment gives the same bytes."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
