"""Four real server processes over a database, and many signed-in browsers that press at the same instant."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection
from django.test import Client

from members.models import Person

WORKERS: Final = 4
TOKEN: Final = "a" * 32
PATIENCE: Final = 120


@dataclass(frozen=True, slots=True)
class Press:
    """One request: who, when it left, when its answer came, and the status."""

    person: int
    sent: float
    answered: float
    status: int


def database_url() -> str:
    """Return the address of the database in use, for other processes."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


@contextmanager
def server() -> Iterator[int]:
    """Serve with four processes on a free port; the whole group ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }
    command = f"granian --interface wsgi --host 127.0.0.1 --port {port} --no-ws --no-access-log"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", *command.split()),
            *("--workers", str(WORKERS), "--blocking-threads", "4"),
            *("--backlog", "1024", "--log-level", "error", "red_genero.wsgi:application"),
        ],
        env=environment,
        start_new_session=True,
    )
    try:
        _await(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def sign_in(people: Sequence[Person]) -> dict[int, str]:
    """Return the cookies of each person's browser, by her key."""
    cookies = {}
    for person in people:
        client = Client()
        if person.user is None:
            raise AssertionError("The cast signs in.")
        client.force_login(person.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies[person.pk] = (
            f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        )
    return cookies


def press_at_once(port: int, path: str, cookies: dict[int, str], method: str) -> list[Press]:
    """Let every browser connect, then press at the same instant; return what happened to each."""
    gate = threading.Barrier(len(cookies))
    presses: list[Press] = []

    def browser(person: int, cookie: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.connect()
        gate.wait()
        presses.append(_press(line, path, person, cookie, method))

    threads = [threading.Thread(target=browser, args=item) for item in cookies.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return presses


def press_in_turn(port: int, path: str, cookies: dict[int, str]) -> list[Press]:
    """Let each browser press once the one before has its answer."""
    return [
        _press(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE), path, *item, "POST")
        for item in cookies.items()
    ]


def per_second(presses: Sequence[Press]) -> float:
    """Return how many were answered per second."""
    return len(presses) / (max(p.answered for p in presses) - min(p.sent for p in presses))


def _press(
    line: http.client.HTTPConnection, path: str, person: int, cookie: str, method: str
) -> Press:
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = f"csrfmiddlewaretoken={TOKEN}" if method == "POST" else None
    sent = time.perf_counter()
    line.request(method, path, body=body, headers=headers)
    answer = line.getresponse()
    answer.read()
    answered = time.perf_counter()
    line.close()
    return Press(person, sent, answered, answer.status)


def _await(port: int) -> None:
    """Wait until every process has had time to load, and one answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/salud/")
            if line.getresponse().status == http.client.OK:
                break
        except OSError:
            time.sleep(0.3)
    for _ in range(WORKERS * 12):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", "/formacion/")
        line.getresponse().read()
        line.close()
