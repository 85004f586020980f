"""Whatever is typed, into any form or address: a sentence and a status, never a fault."""

import enum
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve, reverse

from tests.house import crawl
from tests.house import world as house
from tests.house.crawl import Form, Reader
from tests.house.test_language import ENGLISH, NAMES
from tests.house.world import World

HOSTILE: Final = {
    "empty": "",
    "long": "Ñ" * 10_000,
    "nul": "a\0b",
    "reversed": "María \u202enúL",
    "invisible": "\u200b\u2066",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "emoji": "👩🏽‍💼💜",
    "template": "{{7*7}}{% debug %}${7*7}",
    "sql": "' OR 1=1; --",
    "huge": "9" * 400,
    "over": str(2**63),
    "negative": "-1",
    "float": "1e309",
    "nan": "NaN",
    "date": "31/02/2026",
    "year": "9999-12-31T23:59",
    "lines": "a\r\nBcc: x@example.org",
    "combining": "Z" + "\u0301" * 500,
}
ALONE: Final = ("nul", "over")
"""Tried in each field by itself, the others being as the page gave them."""
TELLING: Final = ("long", "nul", "over")
"""What databases refuse, each in its own way: tried in every form of the portal on either."""
BROKEN: Final = ("%FF%FE", "%ED%A0%80", "%00", "%C0%AF", "%F4%90%80%80")
"""Bytes that are no UTF-8: half a character, a lone surrogate, an overlong slash, beyond the last one."""
ECHOED: Final = ("alert(1)", "7*7", "debug", "Bcc")
"""By these words one knows what was typed and is shown again."""
FINE: Final = {200, 301, 302, 400, 403, 404, 405, 409, 413, 422, 429}
WRITERS: Final = (
    "visitor",
    "account",
    "applicant",
    "drafter",
    "integrante",
    "coordinator",
    "superuser",
)
"""Who is offered the fewest forms goes first."""


pytestmark = [pytest.mark.long, pytest.mark.no_cover]


@dataclass(frozen=True, slots=True)
class Target:
    """One form, where it goes and what the page put in it."""

    path: str
    form: Form

    def __str__(self) -> str:
        return f"{self.path} {sorted(self.form.fields)[:4]}"

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """What it is, whoever is offered it and whichever row it is about: the view and the names of its fields."""
        return resolve(self.path.partition("?")[0]).view_name, tuple(sorted(self.form.fields))

    @property
    def open_fields(self) -> list[str]:
        """The fields that somebody may write by hand, hidden ones too; the token is the client's business."""
        return [name for name in self.form.fields if name != "csrfmiddlewaretoken"]

    def as_given(self) -> dict[str, Any]:
        """Return the values of the page."""
        return {name: list(self.form.fields[name]) for name in self.open_fields}


def targets(client: Client, paths: dict[str, str]) -> list[Target]:
    """Return every form that these pages offer to press, once each."""
    found: dict[tuple[str, tuple[str, ...]], Target] = {}
    for name, path in paths.items():
        shown = crawl.page("", name, path, client.get(path))
        for form in Reader(shown.html).forms:
            action = form.action or path
            if form.method == "post" and not action.endswith(("/salir/", "/logout/")):
                found.setdefault((action, tuple(sorted(form.fields))), Target(action, form))
    return list(found.values())


class Thoroughness(enum.Enum):
    """How much is tried in each form."""

    WHOLE = enum.auto()
    """Everything hostile, in all fields at once and what tells most in each alone: the portal, once."""
    TELLING = enum.auto()
    """What databases refuse: the portal on the other database."""
    IN_TURN = enum.auto()
    """One of each sort, so that everything reaches some form: the administration, whose pages are many and all made
    by the same hand."""


def deliveries(
    target: Target, turn: int, thoroughness: Thoroughness
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what is sent: everything hostile at once, then one field at a time, then what no page sends."""
    given, names = target.as_given(), target.open_fields
    whole, in_turn = thoroughness is Thoroughness.WHOLE, thoroughness is Thoroughness.IN_TURN
    hostile = tuple(HOSTILE) if whole else TELLING
    if in_turn:
        hostile = (tuple(HOSTILE)[turn % len(HOSTILE)],)
    for label in hostile:
        yield label, dict.fromkeys(names, HOSTILE[label])
    for label in ALONE if whole else ():
        for name in names:
            yield f"{name}={label}", {**given, name: HOSTILE[label]}
    never_sent: list[tuple[str, dict[str, Any]]] = [
        ("nothing", {}),
        ("as given", given),
        ("twice", {name: [*values, *values, "otra"] for name, values in given.items()}),
        ("missing", dict(list(given.items())[: len(given) // 2])),
        ("unknown", {**given, "no_existe": "x", "is_superuser": "on", "state": "aprobada"}),
    ]
    yield from [never_sent[turn % len(never_sent)]] if in_turn else never_sent


def pressed(client: Client, path: str, **sent: Any) -> tuple[str, str]:
    """Return the status, or the fault, and the page; what was written is undone."""
    with transaction.atomic():
        cache.clear()
        try:
            answer = client.post(path, **sent)
        except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001
            transaction.set_rollback(True)
            return f"{type(fault).__name__}: {str(fault)[:200]}", ""
        transaction.set_rollback(True)
    page = crawl.page("", "", path, answer)
    return str(page.status), page.html


def faults(client: Client, found: list[Target], thoroughness: Thoroughness) -> dict[str, str]:
    """Press every form with every delivery; return what was no decent answer."""
    wrong: dict[str, str] = {}
    whole = thoroughness is Thoroughness.WHOLE
    for turn, target in enumerate(found):
        for label, data in deliveries(target, turn, thoroughness):
            status, html = pressed(client, target.path, data=data)
            if status not in {str(fine) for fine in FINE}:
                wrong[f"{target} {label}"] = status
            elif whole and "=" not in label and (spoken := in_english(html)):
                wrong[f"{target} {label}"] = spoken
        broken = BROKEN[turn % len(BROKEN)]
        body = "&".join(f"{name}={broken}" for name in target.open_fields)
        kind = "application/x-www-form-urlencoded"
        status, _ = pressed(client, target.path, data=body, content_type=kind)
        if status not in {str(fine) for fine in FINE}:
            wrong[f"{target} {broken}"] = status
    return wrong


def in_english(html: str) -> str:
    """Return the first sentence of a page that is not in Spanish."""
    return next((piece for piece in Reader(html).words if _is_english(piece)), "")


@functools.cache
def _is_english(piece: str) -> bool:
    """Pages repeat their words: each piece is looked at once."""
    said = NAMES.sub(" ", piece)
    return bool(ENGLISH.search(said)) and not any(word in said for word in ECHOED)


def test_no_form_of_the_portal_fails(world: World) -> None:
    """Each form once, by the first who is offered it: it is read by the same code whoever presses."""
    tried: set[tuple[str, tuple[str, ...]]] = set()
    wrong: dict[str, dict[str, str]] = {}
    again = connection.vendor == "postgresql"
    thoroughness = Thoroughness.TELLING if again else Thoroughness.WHOLE
    for role in WRITERS:
        client = world.client(role)
        mine = targets(client, {**house.portal_paths(world), **crawl.more(world)})
        new = [target for target in mine if target.kind not in tried]
        tried |= {target.kind for target in new}
        wrong[role] = faults(client, new, thoroughness)

    assert {role: found for role, found in wrong.items() if found} == {}
    assert must_be_tried(world) - {view for view, _ in tried} == set()


def must_be_tried(world: World) -> set[str]:
    """The forms are found by reading the pages: here are the views that must be among them."""
    paths = house.portal_paths(world)
    named = {
        paths[name]
        for name in (
            "account_login",
            "account_signup",
            "account_reset_password",
            "account_request_login_code",
            "account_email",
            "account_change_password",
            "members:application_start",
            "members:application_review",
            "members:application_answer",
            "members:application_withdraw",
            "members:application_edit",
            "members:visibility",
            "members:consent",
            "trainings:attendance_capture(number)",
            "trainings:attendance_all_present",
            "trainings:edition_close",
        )
    }
    named.add(crawl.more(world)["enrol"])
    return {resolve(path).view_name for path in named}


@pytest.mark.once
def test_no_form_of_the_administration_fails(world: World) -> None:
    client = world.client("superuser")

    found = targets(client, house.admin_paths())

    assert len(found) >= len(HOSTILE)
    assert faults(client, found, Thoroughness.IN_TURN) == {}


def test_no_filter_fails(world: World) -> None:
    """The coordinator reads whatever a visitor reads, and more. A page that offers a filter is asked everything, once; one that offers none, what tells most."""
    client = world.client("coordinator")
    wrong: dict[str, str] = {}
    everything = TELLING if connection.vendor == "postgresql" else tuple(HOSTILE)
    for turn, path in enumerate(house.portal_paths(world).values()):
        shown = crawl.page("", "", path, client.get(path))
        if not shown.html:
            continue
        asked = filters_of(shown.html)
        names = sorted(asked | {"q", "page", "no_existe"})
        whole = bool(asked - {"q"})
        for label in everything if whole else TELLING[1:]:
            value = HOSTILE[label]
            wrong |= read(client, path, urlencode(dict.fromkeys(names, value)), label)
            if whole:
                wrong |= read(client, path, f"page=1&{urlencode({'q': value})}", label)
        for broken in BROKEN if whole else [BROKEN[turn % len(BROKEN)]]:
            wrong |= read(client, path, "&".join(f"{name}={broken}" for name in names), broken)

    assert wrong == {}


def test_no_filter_of_the_administration_fails(world: World) -> None:
    """A list is asked what tells most; a page that is no list, one thing in turn."""
    client = world.client("superuser")
    wrong: dict[str, str] = {}
    for turn, (name, path) in enumerate(house.admin_paths().items()):
        hostile = [(label, quote(HOSTILE[label])) for label in TELLING[1:]]
        hostile.append((BROKEN[turn % len(BROKEN)],) * 2)
        names = {"q", "p", "o", "e", "no_existe"}
        if name.endswith("_changelist"):
            names |= filters_of(crawl.page("", name, path, client.get(path)).html)
        else:
            hostile = [hostile[turn % len(hostile)]]
        for label, value in hostile:
            query = "&".join(f"{each}={value}" for each in sorted(names))
            wrong |= read(client, path, query, label)

    assert wrong == {}


def filters_of(html: str) -> set[str]:
    """Return the names that the page's own filter forms send; the search of every page's frame is one of its own."""
    return {
        name
        for form in Reader(html).forms
        if form.method == "get" and form.action != reverse("search")
        for name in form.fields
    }


def read(client: Client, path: str, query: str, label: str) -> dict[str, str]:
    """Return the fault of a reading, if it is one."""
    try:
        status = client.get(f"{path}?{query}").status_code
    except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001
        return {f"{path} {label}": f"{type(fault).__name__}: {str(fault)[:200]}"}
    return {} if status in FINE else {f"{path} {label}": str(status)}


def test_no_address_fails(world: World) -> None:
    client = world.client("superuser")
    wrong: dict[str, str] = {}
    for address in house.addresses():
        if address.in_admin or not house.arguments(world, address):
            continue
        for word in ("%00", "%FF", "%F0%9F%92%9C", "a" * 3000, "..%2F..", "<b>", "-1"):
            wrong |= read(client, house.path_with(address, word), "", word[:9])

    assert wrong == {}


def test_no_key_of_a_row_fails_in_the_administration(world: World) -> None:
    client = world.client("superuser")
    wrong: dict[str, str] = {}
    for address in house.addresses():
        if not address.in_admin or "<path:object_id>" not in address.pattern:
            continue
        for key in ("x", "%00", "9" * 400, "-1", "None"):
            wrong |= read(client, house.path_with(address, key), "", key[:9])

    assert wrong == {}
