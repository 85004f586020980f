"""How much memory uploads of 10 MB take in the web process: ``python -m tests.bench.uploads``.

One server process of its own, with the portal's own handlers and parsers, is sent files of the limit one after another
and two at a time; its peak of memory is read before and after. It ends with 1 if it grew by more than 50 MB.
"""

import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

MB: Final = 1024 * 1024
LIMIT: Final = 50
ROUNDS: Final = 4
EDGE: Final = b"orilla"


def large_pdf(size: int = 10 * MB - 4_096) -> bytes:
    """Return a document of about ``size`` bytes that nothing compresses."""
    import pikepdf

    out = BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page()
        noise = random.Random(7).randbytes(size - 4_096)  # noqa: S311
        page.obj["/Ruido"] = pikepdf.Stream(made, zlib.compress(noise, 0)[: size - 4_096])
        made.save(out)
    return out.getvalue()


def large_picture() -> bytes:
    """Return a photograph of 24 megapixels full of detail."""
    from PIL import Image

    out = BytesIO()
    noise = Image.frombytes("RGB", (6_000, 4_000), random.Random(7).randbytes(72_000_000))  # noqa: S311
    noise.resize((6_000, 4_000)).save(out, "JPEG", quality=22)
    return out.getvalue()


def peak(pid: int) -> float:
    """Return the most memory that a process ever held, in MB."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert told is not None
    return int(told.group(1)) / 1024


def send(port: int, content: bytes, name: str) -> int:
    """Send one file as a browser does and return the status."""
    head = (
        b"--"
        + EDGE
        + b'\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    body = head + content + b"\r\n--" + EDGE + b"--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    kind = f"multipart/form-data; boundary={EDGE.decode()}"
    connection.request("POST", "/", body, {"Content-Type": kind})
    status = connection.getresponse().status
    connection.close()
    return status


def serve() -> None:
    """Receive files on a port of the system's choice, as the portal's forms do."""
    from socketserver import ThreadingMixIn

    django.setup()
    from django.core.handlers.wsgi import WSGIRequest

    from red_genero.common import intake

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    def application(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        from django.core.exceptions import ValidationError
        from django.core.files.storage import default_storage

        status = "204 No Content"
        try:
            received = intake.receive(WSGIRequest(environ).FILES.getlist("file")[0], intake.LIBRARY)
            default_storage.delete(default_storage.save(f"prueba/{received.stored_name}", received))
        except ValidationError:
            status = "422 Unprocessable Content"
        start(status, [])
        return []

    server = make_server("127.0.0.1", 0, application, Server, Quiet)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def main() -> int:
    """Measure, print, judge."""
    files = {"grande.pdf": large_pdf(), "foto.jpg": large_picture(), "enorme.pdf": bytes(30 * MB)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.uploads", "serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        send(port, b"hola", "uno.txt")
        before = peak(server.pid)
        print(f"memoria del proceso web en reposo: {before:.1f} MB")
        for name, content in files.items():
            began = time.perf_counter()
            statuses = {send(port, content, name) for _ in range(ROUNDS)}
            pair = [threading.Thread(target=send, args=(port, content, name)) for _ in range(2)]
            for each in pair:
                each.start()
            for each in pair:
                each.join()
            spent = (time.perf_counter() - began) / (ROUNDS + 2)
            grown = peak(server.pid) - before
            print(
                f"{name:<11} {len(content) / MB:5.1f} MB  {statuses}  {spent:.2f} s cada uno  pico +{grown:.1f} MB"
            )
        grown = peak(server.pid) - before
        server.terminate()
    print(f"el proceso web creció {grown:.1f} MB (límite {LIMIT})")
    return 0 if grown <= LIMIT else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    sys.exit(main())
