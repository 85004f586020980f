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
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    import pydyf

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
"""WeasyPrint's PDF/A writer; the PDF/UA identifier is added by ``_declare_accessibility``."""

UA_DECLARATION = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class DocumentsUnavailable(Exception):
    """WeasyPrint or one of its system libraries is missing; everything else of the portal works."""


class DocumentRefused(Exception):
    """A template asked for something outside the fence."""


Inspect = Callable[[Any, "pydyf.PDF"], object]
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


def _finish(inspect: Inspect | None, document: Any, pdf: "pydyf.PDF") -> None:
    """Last touches before the file is written: running titles become artifacts, PDF/UA is declared."""
    _unlink_running_titles(pdf)
    _declare_accessibility(pdf)
    if inspect:
        inspect(document, pdf)


def face_of(font: Any) -> bytes:
    """Returns the whole file of a face that WeasyPrint has already cut down for its own use."""
    content: bytes = _libraries().text.fonts.get_hb_object_data(font.hb_face)
    return content


def timestamp(moment: datetime) -> str:
    """Returns a date as it is written into a file: universal time, so that the same moment gives the same bytes."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _declare_accessibility(pdf: "pydyf.PDF") -> None:
    """Adds the PDF/UA identifier, with the schema that PDF/A asks for, and a description to every link."""
    stream = pdf.objects[object_number(pdf.catalog["Metadata"])].stream
    head, mark, tail = stream[0].rpartition(b"</rdf:RDF>")
    stream[0] = head + UA_DECLARATION + mark + tail
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Subtype") == "/Link" and "A" in item:
            item["Contents"] = item["A"]["URI"]


def _unlink_running_titles(pdf: "pydyf.PDF") -> None:
    """Marks what stands in page margins as artifact: it repeats on every page and belongs to no reading order.

    WeasyPrint gives that text a structure element without hanging it in the tree, which PDF/UA forbids.
    """
    reached = _reachable(pdf, object_number(pdf.catalog["StructTreeRoot"]))
    root = pdf.objects[object_number(pdf.catalog["StructTreeRoot"])]
    parents = pdf.objects[object_number(root["ParentTree"])]["Nums"][1::2]
    for kid, elements in zip(pdf.pages["Kids"][::3], parents, strict=False):
        orphans = {
            mcid for mcid, element in enumerate(elements) if object_number(element) not in reached
        }
        if not orphans:
            continue
        content = pdf.objects[object_number(pdf.objects[kid]["Contents"])].stream
        for place, operand in enumerate(content):
            if isinstance(operand, dict) and operand.get("MCID") in orphans:
                content[place - 1] = "/Artifact"
                content[place] = type(operand)({"Type": "/Pagination"})
        for mcid in orphans:
            elements[mcid] = b"null"


def _reachable(pdf: "pydyf.PDF", root: int) -> set[int]:
    """Returns the numbers of the structure elements that hang in the tree."""
    reached: set[int] = set()
    waiting = [root]
    while waiting:
        number = waiting.pop()
        reached.add(number)
        kids = pdf.objects[number].get("K", ())
        waiting.extend(object_number(kid) for kid in kids if isinstance(kid, bytes))
    return reached


def object_number(reference: bytes) -> int:
    """Returns the object number of a reference such as ``b"12 0 R"``."""
    return int(reference.split(b" ", 1)[0])
