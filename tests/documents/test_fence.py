"""The fence: a document reaches packaged static files and inline images, and nothing else."""

import base64
import logging
import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from red_genero.documents import DocumentRefused
from red_genero.documents.engine import press

pytestmark = pytest.mark.once

PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
FONTS = ("css/documents/fonts.css",)
PAGE = '<!doctype html><html lang="es-MX"><title>Prueba</title>{}</html>'


class Listener(threading.Thread):
    """Counts connections on loopback."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.connections = 0

    def run(self) -> None:
        """Accept until the socket is closed."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that nobody should reach."""
    thread = Listener()
    thread.start()
    yield thread
    thread.socket.close()


OUTWARD = [
    '<img src="{url}" alt="x">',
    '<embed src="{url}">',
    '<object data="{url}"></object>',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<style>@import "{url}";</style>',
    '<style>body {{ background: url("{url}") }}</style>',
    '<style>li {{ list-style-image: url("{url}") }}</style><ul><li>x</ul>',
    '<style>p::before {{ content: url("{url}") }}</style><p>x',
    '<style>@font-face {{ font-family: F; src: url("{url}") }} p {{ font-family: F }}</style><p>x',
    '<style>@page {{ @top-left {{ content: url("{url}") }} }}</style><p>x',
    '<svg width="9" height="9"><title>x</title><image href="{url}" width="9" height="9"/></svg>',
    '<base href="{url}"><img src="x.png" alt="x">',
]


@pytest.mark.parametrize("markup", OUTWARD)
def test_nothing_is_requested_from_the_network(
    markup: str, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"http://127.0.0.1:{listener.port}/a"

    with caplog.at_level(logging.WARNING), pytest.raises(DocumentRefused, match="Outside"):
        press(PAGE.format(markup.format(url=url)), FONTS)

    assert listener.connections == 0
    assert "red_genero.documents" in {record.name for record in caplog.records}


@pytest.mark.parametrize("markup", OUTWARD)
def test_no_file_of_the_machine_is_read(markup: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("contenido secreto")

    with pytest.raises(DocumentRefused):
        press(PAGE.format(markup.format(url=secret.as_uri())), FONTS)


def test_a_drawing_borrows_nothing_from_outside(listener: Listener) -> None:
    markup = '<svg width="9" height="9"><title>x</title><use href="http://127.0.0.1:{}/a#b"/></svg>'

    press(PAGE.format(markup.format(listener.port)), FONTS)

    assert listener.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "static:../pyproject.toml",
        "static:css/../../pyproject.toml",
        "static:/etc/hostname",
        "static:%2e%2e/pyproject.toml",
        "static:css\\..\\x.css",
        "static:img/documents/absent.png",
        "static:js",
        "static:",
        "file:///etc/hostname",
        "ftp://127.0.0.1/x.png",
        "STATIC-X:css/a.css",
        "//127.0.0.1/x.png",
        "data:text/html,<b>x</b>",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode(),
        "data:image/png;base64," + base64.b64encode(b"<svg xmlns='x'/>").decode(),
        "data:image/png;base64,AAA",
        "data:image/png,x",
        PIXEL + "A" * 4 * 1024 * 1024,
    ],
)
def test_only_packaged_files_and_inline_rasters_pass(url: str) -> None:
    with pytest.raises(DocumentRefused):
        press(PAGE.format(f'<base href="http://127.0.0.1:9/"><img src="{url}" alt="x">'), FONTS)


def test_what_belongs_to_a_document_passes() -> None:
    markup = f'<img src="{PIXEL}" alt="x"><img src="static:img/documents/rosette.svg" alt="y"><p>sí'

    pdf = press(PAGE.format(markup), FONTS)

    assert pdf.startswith(b"%PDF-1.7")


def test_the_next_document_is_not_spoilt_by_a_refused_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused):
        press(PAGE.format('<img src="file:///etc/hostname" alt="x">'), FONTS)

    pdf = press(PAGE.format("<p>bien"), FONTS)

    reader = PdfReader(BytesIO(pdf))
    assert reader.pages[0].extract_text() == "bien"
    assert reader.attachments == {}
