"""Whether the addresses of the library still answer: asked politely, never to the inside of a network."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from resources.models import LinkCheck, Resource

TIMEOUT: Final = 8
"""Seconds that a site may be silent."""
PATIENCE: Final = 20.0
"""Seconds that one question may take in all: a site that answers a letter at a time holds nobody."""
PAUSE: Final = 1.0
"""Seconds between two questions to the same host."""
A_TURN: Final = 20
BUDGET: Final = 60.0
"""Seconds that one turn may take: the worker has other things to do."""
REDIRECTS: Final = 5
PORTS: Final = {"http": 80, "https": 443}
GONE: Final = frozenset({404, 410})
ASK_AGAIN: Final = frozenset({400, 403, 405, 406, 500, 501, 503})
"""Answers to HEAD that say nothing: some servers only know GET."""

OPEN_IPV6: Final = ipaddress.ip_network("2000::/3")
CARRYING_IPV4: Final = tuple(map(ipaddress.ip_network, ("2001::/32", "2002::/16")))
"""Addresses with another one inside, which may be of a network of ours."""

Outcome = LinkCheck.Outcome
Permitted = Callable[[str], bool]


class Refused(Exception):
    """The address is not one that the portal asks."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one look ended."""

    outcome: Outcome
    detail: str


def check_due(*, permitted: Permitted | None = None, pause: float = PAUSE) -> int:
    """Look at the addresses that are due, the longest unseen first, and return how many were looked at.

    Each host is asked at most once a second; the turn ends when its time is over and the next one goes on.
    """
    began, asked, looked = time.monotonic(), dict[str, float](), 0
    for resource, url in _due():
        if time.monotonic() - began > BUDGET:
            break
        host = urlsplit(url).hostname or ""
        wait = asked.get(host, -pause) + pause - time.monotonic() if host in asked else 0
        if wait > 0:
            time.sleep(wait)
        record(resource, url, look(url, permitted=permitted or is_public, pause=pause))
        asked[host] = time.monotonic()
        looked += 1
    return looked


def _due() -> Iterator[tuple[Resource, str]]:
    """Yield the addresses of published entries that nobody looked at for a week; forget those that changed."""
    limit = timezone.now() - LinkCheck.AGAIN_AFTER
    seen = {(check.resource_id, check.url): check.checked_at for check in LinkCheck.objects.all()}
    current: set[tuple[int, str]] = set()
    waiting = []
    for resource in Resource.objects.published().exclude(Q(url="") & Q(found_url="")):
        for url in resource.addresses:
            current.add((resource.pk, url))
            last = seen.get((resource.pk, url))
            if last is None or last < limit:
                waiting.append((last.timestamp() if last else 0.0, resource.pk, resource, url))
    for pk, url in seen.keys() - current:
        LinkCheck.objects.filter(resource=pk, url=url).delete()
    for _, _, resource, url in sorted(waiting, key=lambda row: row[:2])[:A_TURN]:
        yield resource, url


def record(resource: Resource, url: str, answer: Answer) -> LinkCheck:
    """Write how the last look ended; only silence in a row counts as a broken link."""
    check = LinkCheck.objects.filter(resource=resource, url=url).first() or LinkCheck(
        resource=resource, url=url
    )
    silent = answer.outcome == Outcome.SILENT
    check.failures = min(check.failures + 1, 999) if silent else 0
    check.outcome, check.detail, check.checked_at = answer.outcome, answer.detail, timezone.now()
    check.save()
    return check


def look(
    url: str, *, permitted: Permitted, pause: float = PAUSE, patience: float = PATIENCE
) -> Answer:
    """Ask an address whether it is there, following where it leads; nothing is kept of what it sends."""
    try:
        for step in range(REDIRECTS):
            time.sleep(pause if step else 0)
            status, onward = _ask(url, "HEAD", permitted, patience)
            if status in ASK_AGAIN:
                time.sleep(pause)
                status, onward = _ask(url, "GET", permitted, patience)
            if not onward:
                return _judged(status)
            url = urljoin(url, onward)
    except Refused as refused:
        return Answer(Outcome.REFUSED, str(refused))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(Outcome.SILENT, f"Sin respuesta ({type(error).__name__})")
    return Answer(Outcome.SILENT, "Lleva de una dirección a otra sin fin")


def _judged(status: int) -> Answer:
    """Return what a status means for whoever would press the link."""
    if status in GONE:
        return Answer(Outcome.GONE, f"Respondió {status}")
    # a wall against robots is no proof that people cannot read the page
    fine = status < 400 or status in {401, 403, 429}
    return Answer(Outcome.FINE if fine else Outcome.SILENT, f"Respondió {status}")


def _ask(url: str, method: str, permitted: Permitted, patience: float) -> tuple[int, str]:
    """Send one question to an address that was looked up once; return the status and where it leads."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    if parts.scheme not in PORTS or not host or parts.username is not None:
        raise Refused("No es una dirección de la web")
    place, until = _place(host, port, permitted), time.monotonic() + patience
    connection = _connection(parts.scheme, host, port, place, until)
    try:
        path = iri_to_uri(urlunsplit(("", "", parts.path or "/", parts.query, "")))
        connection.request(method, path, headers={"User-Agent": _name(), "Accept": "*/*"})
        answer = connection.getresponse()
        onward = (
            answer.headers.get("Location", "") if answer.status in {301, 302, 303, 307, 308} else ""
        )
        return answer.status, onward
    finally:
        connection.close()


class _Hurried:
    """A line on which one waits until an hour, however much the other side has to say."""

    until = float("inf")

    def recv_into(self, *arguments: Any) -> int:
        """Read what there is; TimeoutError when the time is over."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("It goes on and on.")
        line: Any = super()
        self.settimeout(min(TIMEOUT, left))  # type: ignore[attr-defined]
        return int(line.recv_into(*arguments))


class _Plain(_Hurried, socket.socket):
    """One in the open."""


class _Secure(_Hurried, ssl.SSLSocket):
    """One under TLS."""


def _connection(
    scheme: str, host: str, port: int, place: str, until: float
) -> http.client.HTTPConnection:
    """Return a connection to ``place``, which was checked, that calls itself ``host`` and ends at that hour."""
    line: Any = socket.create_connection((place, port), TIMEOUT)
    if scheme == "http":
        made = http.client.HTTPConnection(host, port)
        made.sock = _Plain(fileno=line.detach())
    else:
        made = http.client.HTTPSConnection(host, port)
        context = ssl.create_default_context()
        context.sslsocket_class = _Secure
        made.sock = context.wrap_socket(line, server_hostname=host)
    made.sock.settimeout(TIMEOUT)
    made.sock.until = until  # type: ignore[union-attr]
    return made


def _place(host: str, port: int, permitted: Permitted) -> str:
    """Return the network address of a host, if every one of its addresses may be asked."""
    found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(permitted(each) for each in found):
        raise Refused("Está en una red privada")
    return min(found, key=lambda each: (":" in each, each))


def is_public(address: str) -> bool:
    """Whether a network address belongs to the open internet, by itself and not through one that it carries."""
    known = ipaddress.ip_address(address.partition("%")[0])
    real = getattr(known, "ipv4_mapped", None) or known
    if real.version == 6 and (real not in OPEN_IPV6 or any(real in net for net in CARRYING_IPV4)):
        return False
    return real.is_global and not real.is_multicast


def _name() -> str:
    """Return how the portal presents itself."""
    return f"RedDeGenero-vinculos/1.0 (+{settings.PORTAL_URL})"
