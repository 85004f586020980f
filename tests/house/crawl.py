"""Every page of the portal, read once as every kind of person, for the tests that look at pages as text."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from red_genero.common.models import QueuedMail
from tests.house import world as house
from tests.house.world import World

READERS: Final = (
    "visitor",
    "account",
    "applicant",
    "drafter",
    "integrante",
    "coordinator",
    "superuser",
)
"""Every kind of page is read by somebody; who may read which is for the walk of security to hold."""
IN_ADMIN: Final = ("superuser",)
ANSWERED_THE_SAME: Final = {"cuenta": ("visitor", "account"), "admin": ("superuser",)}
"""Where a form left empty is answered the same whoever presses: by whom it is pressed."""
SILENT: Final = {"script", "style", "template"}
SAID: Final = ("alt", "title", "aria-label", "placeholder", "data-label", "summary")
VOID: Final = {"input", "textarea", "select", "button"}


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, with who asked for it."""

    role: str
    name: str
    path: str
    status: int
    headers: dict[str, str]
    html: str

    def __str__(self) -> str:
        return f"{self.role} {self.path} ({self.status})"


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes and what it asks."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    files: bool = False

    def emptied(self) -> dict[str, list[str]]:
        """Return what a browser sends when nothing was filled in: what is hidden goes as it came."""
        return {
            name: values if self.kinds.get(name) == "hidden" else [""]
            for name, values in self.fields.items()
        }


class Reader(HTMLParser):
    """Collects what a person reads or hears, the tags with their attributes, and the forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._select = self._textarea = ""
        self._form: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; a field belongs to the form around it."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag in SILENT:
            self._open.append(tag)
        self.words += [given[name] for name in SAID if given.get(name)]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.words.append(given.get("value", ""))
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._note_field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Leave what was open."""
        if tag in SILENT and tag in self._open:
            self._open.remove(tag)
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Keep the text that is shown."""
        if self._open or not data.strip():
            return
        if self._textarea and self._form is not None:
            self._form.fields[self._textarea] = [data.removeprefix("\n")]
            return
        self.words.append(" ".join(data.split()))

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self._form, given.get("name", "")
        if form is None:
            return
        if tag == "select":
            self._select = name
        if tag == "textarea":
            self._textarea = name
        if tag == "option" and self._select:
            form.kinds[self._select] = "select"
            values = form.fields.setdefault(self._select, [])
            if "selected" in given or (given.get("value") and not values):
                values[:] = [given.get("value", "")]
        elif name and tag in VOID and tag != "option":
            self._note_input(form, tag, name, given)

    def _note_input(self, form: Form, tag: str, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", tag)
        if kind == "file":
            form.files = True
        form.kinds.setdefault(name, kind)
        values = form.fields.setdefault(name, [])
        chosen = kind not in {"checkbox", "radio"} or "checked" in given
        if chosen and kind not in {"file", "select"} and tag != "select":
            values.append(given.get("value", ""))
        elif kind == "radio" and not values:
            values.append(given.get("value", "on"))


@functools.cache
def reading(html: str) -> Reader:
    """Return the page as it is read; several tests look at the same one."""
    return Reader(html)


def page(role: str, name: str, path: str, answer: HttpResponseBase) -> Page:
    """Return an answer as plain data; a file keeps its headers only."""
    html = ""
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        html = bytes(getattr(answer, "content", b"")).decode()
    return Page(role, name, path, answer.status_code, dict(answer.headers), html)


def read_all() -> tuple[list[Page], list[str]]:
    """Return every page and every text of a mail of a world that is undone afterwards."""
    with transaction.atomic():
        cache.clear()
        call_command("sync_roles", verbosity=0)
        world = house.build()
        pages = list(_read(world))
        mails = list(QueuedMail.objects.values_list("subject", "text"))
        transaction.set_rollback(True)
    return pages, [f"{subject}\n{text}" for subject, text in mails]


def _read(world: World) -> Iterator[Page]:
    """Read each address, then press the button of each form of the page with nothing in it."""
    for role in READERS:
        client = world.client(role)
        paths = house.portal_paths(world)
        if role in IN_ADMIN:
            paths |= house.admin_paths()
        paths |= more(world)
        for name, path in paths.items():
            answer = client.get(path)
            yield page(role, name, path, answer)
            if answer.status_code == 200:
                yield from _pressed_empty(role, name, path, client, answer)


def more(world: World) -> dict[str, str]:
    """Return addresses of which one sample is not enough: searches, steps, things that are over."""
    steps = ("dependencia", "puesto", "que-hace", "estadistica")
    return {
        **{f"step {step}": reverse("members:application_edit", args=[step]) for step in steps},
        "search found": "/buscar/?q=ley",
        "search nothing": "/buscar/?q=zzzz",
        "library found": "/biblioteca/?q=ley",
        "directory found": "/directorio/?q=obras",
        "directory nothing": "/directorio/?q=zzzz",
        "courses nothing": "/formacion/?q=zzzz",
        "verify nothing": "/verificar/?clave=zzzz",
        "verify unknown": "/verificar/ABCD2345/",
        "enrol": reverse(
            "trainings:enrollment", args=[world.free_run.course.key, world.free_run.key]
        ),
        "missing": "/no-existe/",
        "closed board": reverse("trainings:coordination_edition", args=[world.closed_run.key]),
        "open board": reverse("trainings:coordination_edition", args=[world.open_run.key]),
        "issue too early": reverse("trainings:certificate_issue", args=[world.taught.key]),
        "closed course": reverse(
            "trainings:edition_detail", args=[world.course.key, world.closed_run.key]
        ),
    }


def _pressed_empty(
    role: str, name: str, path: str, client: Client, answer: HttpResponseBase
) -> Iterator[Page]:
    """Send each form of the page empty; what it would have changed is undone."""
    shown = page(role, name, path, answer)
    for form in reading(shown.html).forms:
        to = form.action or path
        if form.method != "post" or "salir" in to or "logout" in to:
            continue
        if role not in ANSWERED_THE_SAME.get(to.split("/")[1], READERS):
            continue
        with transaction.atomic():
            empty = client.post(form.action or path, form.emptied())
            transaction.set_rollback(True)
        yield page(role, f"{name} (vacío)", form.action or path, empty)
