"""The upkeep of the library: queues, links asked politely and never inside, counts without names."""

import datetime
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User
from red_genero.common.states import By
from resources import checking, tasks, versioning
from resources.models import LinkCheck, ReadCount, RelatedCourse, Resource
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising
from trainings.models import Course

pytestmark = pytest.mark.django_db

Outcome = LinkCheck.Outcome
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class Site(BaseHTTPRequestHandler):
    """A site that answers each path in its own way, and remembers what it was asked."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self._answer({"/esta": 200, "/no": 404, "/solo-get": 405, "/caido": 500, "/muro": 403})

    def do_GET(self) -> None:
        """Answer what only GET knows."""
        self._answer({"/solo-get": 200, "/caido": 500, "/muro": 403})

    def _answer(self, known: dict[str, int]) -> None:
        self.asked.append((self.command, self.path))
        if self.path in {"/lleva", "/gira"}:
            self.send_response(302)
            self.send_header("Location", "/esta" if self.path == "/lleva" else "/gira")
        else:
            self.send_response(known.get(self.path, 418))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def anywhere(address: str) -> bool:
    return True


def linked(url: str, found: str = "") -> Resource:
    entry = make.resource()
    Resource.objects.filter(pk=entry.pk).update(url=url, found_url=found)
    entry.refresh_from_db()
    return entry


def test_each_answer_is_understood(site: str) -> None:
    outcomes = {
        path: checking.look(f"{site}{path}", permitted=anywhere, pause=0).outcome
        for path in ("/esta", "/no", "/solo-get", "/caido", "/muro", "/lleva", "/gira")
    }
    assert outcomes == {
        "/esta": Outcome.FINE,
        "/no": Outcome.GONE,
        "/solo-get": Outcome.FINE,
        "/caido": Outcome.SILENT,
        "/muro": Outcome.FINE,
        "/lleva": Outcome.FINE,
        "/gira": Outcome.SILENT,
    }
    assert (
        checking.look(f"{site}/niñas y más", permitted=anywhere, pause=0).detail == "Respondió 418"
    )
    assert ("GET", "/esta") not in Site.asked


def test_nothing_inside_a_network_is_asked(site: str) -> None:
    for url in (
        f"{site}/esta",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/admin",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://[::7f00:1]/",
        "http://100.64.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://ana:clave@example.org/",
    ):
        assert (
            checking.look(url, permitted=checking.is_public, pause=0).outcome == Outcome.REFUSED
        ), url
    assert Site.asked == []
    assert checking.is_public("200.56.1.1")
    assert checking.is_public("2606:4700::1111")


class Tarpit(BaseHTTPRequestHandler):
    """A site that never ends to answer."""

    def do_HEAD(self) -> None:
        """Say «wait» for as long as somebody listens."""
        with suppress(OSError):
            while True:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.once
def test_a_site_that_never_ends_holds_nobody() -> None:
    server = HTTPServer(("127.0.0.1", 0), Tarpit)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        told = checking.look(url, permitted=anywhere, pause=0, patience=0.3)
        assert told == checking.Answer(Outcome.SILENT, "Sin respuesta (TimeoutError)")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_redirection_is_asked_about_too(site: str) -> None:
    seen: list[str] = []

    def first_only(address: str) -> bool:
        seen.append(address)
        return len(seen) == 1

    assert checking.look(f"{site}/lleva", permitted=first_only, pause=0).outcome == Outcome.REFUSED
    assert Site.asked == [("HEAD", "/lleva")]


def test_a_turn_looks_once_a_week_and_forgets_old_addresses(site: str) -> None:
    entry = linked(f"{site}/no", f"{site}/esta")
    LinkCheck.objects.create(resource=entry, url="http://antes.example/", outcome=Outcome.GONE)
    assert checking.check_due(permitted=anywhere, pause=0) == 2
    assert checking.check_due(permitted=anywhere, pause=0) == 0
    assert dict(LinkCheck.objects.values_list("url", "outcome")) == {
        f"{site}/no": Outcome.GONE,
        f"{site}/esta": Outcome.FINE,
    }
    assert Resource.objects.with_broken_links().get() == entry
    LinkCheck.objects.update(checked_at=timezone.now() - datetime.timedelta(days=8))
    assert checking.check_due(permitted=anywhere, pause=0) == 2


def test_silence_counts_only_in_a_row(site: str) -> None:
    entry = linked(f"{site}/caido")
    silent = checking.Answer(Outcome.SILENT, "Sin respuesta")
    for expected in (0, 0, 1):
        checking.record(entry, entry.url, silent)
        assert Resource.objects.with_broken_links().count() == expected
    checking.record(entry, entry.url, checking.Answer(Outcome.FINE, "Respondió 200"))
    assert LinkCheck.objects.get().failures == 0


def test_no_link_is_asked_unless_the_settings_say_so(site: str) -> None:
    linked(f"{site}/esta")
    assert settings.CHECK_LINKS is False
    tasks.check_links()
    assert Site.asked == []


def test_norms_that_no_longer_rule_wait_on_the_desk() -> None:
    today = timezone.localdate()
    old, over, fine = make.resource("Antes"), make.resource("Plan"), make.resource("Ley")
    Resource.objects.filter(pk=fine.pk).update(replaces=old, valid_until=today)
    Resource.objects.filter(pk=over.pk).update(valid_until=today - datetime.timedelta(days=1))
    assert set(Resource.objects.outdated()) == {old, over}
    Resource.objects.filter(pk__in=[old.pk, over.pk]).update(force=Resource.Force.REPEALED)
    assert not Resource.objects.outdated().exists()


def test_readings_are_counted_by_the_month_and_never_by_whom(client: Client, diana: User) -> None:
    entry = make.resource()
    made = versioning.new_edition(entry, file=liaising.paper(), note="Primera.", by=By.admin(diana))
    page, agent = entry.get_absolute_url(), {"User-Agent": PERSON}
    with time_machine.travel(datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC), tick=False):
        for headers in (agent, agent, {"User-Agent": "Googlebot/2.1"}, {}):
            client.get(page, headers=headers)
        client.get(page, headers={**agent, "Sec-Purpose": "prefetch;prerender"})
        client.head(page, headers=agent)
        for asked in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=10-"}):
            client.get(made.file_url, headers={**agent, **asked})
        signed_in(diana).get(page, headers=agent)
    counted = ReadCount.objects.get()
    assert (counted.month, counted.pages, counted.files) == (datetime.date(2026, 11, 1), 2, 2)
    assert {field.name for field in ReadCount._meta.fields} == {
        "id",
        "resource",
        "month",
        "pages",
        "files",
    }


def test_the_desk_adds_an_edition_and_says_what_it_took_out(diana: User) -> None:
    entry, desk = make.resource(), signed_in(diana)
    change = f"/admin/resources/resource/{entry.pk}/"
    active = liaising.paper(liaising.scanned(OpenAction=liaising.SCRIPT), "Ley.pdf")
    refused = desk.post(
        f"{change}nueva-edicion/", {"file": liaising.paper(b"MZ\x00"), "note": "Uno"}
    )
    assert refused.status_code == 422
    assert "no es de un tipo que se reciba aquí" in refused.content.decode()
    done = desk.post(f"{change}nueva-edicion/", {"file": active, "note": "Primera."}, follow=True)
    assert "Quedó como edición 1." in done.content.decode()
    assert "Se le quitó: acciones" in done.content.decode()
    made = entry.versions.get()
    assert (made.filename, made.added_by) == ("Ley.pdf", diana)
    row = f"/admin/resources/resourceversion/{made.pk}/"
    assert "Ley.pdf" in desk.get(f"{row}change/").content.decode()
    desk.post(f"{row}ocultar/", {"reason": "Trae datos de más."})
    made.refresh_from_db()
    assert made.hidden_reason == "Trae datos de más."
    desk.post(f"{change}volver-a-borrador/", {"reason": "Se confirma la fuente."})
    entry.refresh_from_db()
    assert entry.state == Resource.State.DRAFT


@pytest.mark.parametrize("queue", ["vencida", "norma", "vinculo", "inventada"])
def test_each_queue_of_the_desk_opens(diana: User, queue: str) -> None:
    make.resource()
    answer = signed_in(diana).get(f"/admin/resources/resource/?revision={queue}")
    assert answer.status_code == 200
    assert ("Ley General" in answer.content.decode()) == (queue in {"vencida", "inventada"})


def test_an_entry_leads_to_the_published_courses_in_which_it_is_studied(
    client: Client, diana: User
) -> None:
    entry, course = make.resource(), make.course("Derechos humanos")
    desk = signed_in(diana)
    address = f"/admin/resources/resource/{entry.pk}/change/"
    assert course.title in desk.get(address).content.decode()
    for key in (course.key, "ya-no-esta"):
        RelatedCourse.objects.create(resource=entry, course_key=key)
    page = client.get(entry.get_absolute_url()).content.decode()
    assert "Se estudia en" in page
    assert reverse("trainings:course_detail", args=[course.key]) in page
    back = client.get(reverse("trainings:course_detail", args=[course.key])).content.decode()
    assert f'<a href="{entry.get_absolute_url()}">{entry.title}</a>' in back
    Resource.objects.update(audience=Resource.Audience.MEMBERS)
    back = client.get(reverse("trainings:course_detail", args=[course.key])).content.decode()
    assert entry.title not in back
    Resource.objects.update(audience=Resource.Audience.OPEN)
    assert "ya-no-esta (ya no está publicado)" in desk.get(address).content.decode()
    Course.objects.update(published=False)
    assert "Se estudia en" not in client.get(entry.get_absolute_url()).content.decode()
