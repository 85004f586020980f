"""The files of the library: editions, who may open them, how they leave, and what the worker reads in them."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from members.models import Member, User
from red_genero.common.models import Transition
from red_genero.common.states import By
from resources import extracting, publishing, versioning
from resources.models import Collection, CollectionItem, Resource, ResourceVersion, SearchEntry
from resources.tasks import read_what_is_left
from tests import make
from tests.conftest import signed_in
from tests.rules import hostile, liaising

pytestmark = pytest.mark.django_db

CLOCK = By.job("Prueba")
Reading = ResourceVersion.Reading


def paper(text: str = "Cuidar es trabajo de todas las personas.") -> ContentFile[bytes]:
    return ContentFile(text.encode(), name="Guía de cuidados.txt")


def edition(entry: Resource | None = None, **how: Any) -> ResourceVersion:
    """Return a new edition; a text, which is quick to write anew."""
    wanted = {"file": paper(), "note": "Primera edición.", "by": CLOCK, **how}
    return versioning.new_edition(entry or make.resource(), **wanted)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def refused(call: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        call()
    return str(refusal.value.code)


def test_editions_follow_each_other_and_pressing_twice_adds_one(diana: User) -> None:
    entry = make.resource()
    first = edition(entry, by=By.admin(diana))
    assert edition(entry) == first
    second = edition(entry, file=paper("Otra."), note="Corrige el anexo.")
    assert [(each.number, each.note) for each in entry.versions.all()] == [
        (2, "Corrige el anexo."),
        (1, "Primera edición."),
    ]
    assert (first.added_by, second.added_by, first.filename) == (
        diana,
        None,
        "Guía de cuidados.txt",
    )
    assert [line.to_state for line in Transition.objects.about(entry)] == ["edición 1", "edición 2"]


def test_what_is_refused_leaves_no_file_behind() -> None:
    entry, other = make.resource(), make.resource("Otra ley")
    edition(entry)
    before = sorted(default_storage.listdir("biblioteca")[1])
    assert refused(lambda: edition(other, note="  ")) == "no_note"
    assert refused(lambda: edition(other)) == "duplicate"
    assert refused(lambda: edition(other, file=ContentFile(b"MZ\x00", name="a"))) == "file_kind"
    assert sorted(default_storage.listdir("biblioteca")[1]) == before
    assert edition(other, repeated=True).number == 1


def test_a_file_that_left_the_portal_is_known_when_it_comes_back() -> None:
    first = edition(file=ContentFile(hostile.pdf(hostile.script), name="a.pdf"))
    with first.file.open() as stored:
        again = ContentFile(stored.read(), name="b.pdf")
    assert refused(lambda: edition(make.resource("Otra"), file=again)) == "duplicate"
    assert (first.pages, first.kind, first.sha256 == first.source_sha256) == (1, "pdf", False)


READERS = ("anonymous", "member", "enlace", "library", "training")
MATRIX = {
    # audience, state → who may open the page, who may open the file, who finds it in lists, searches and counts
    ("abierta", "publicado"): (READERS, READERS, READERS),
    ("integrantes", "publicado"): (("member", "enlace", "library"),) * 3,
    ("enlaces", "publicado"): (("enlace", "library"),) * 3,
    ("abierta", "borrador"): (("library",), ("library",), ()),
    ("abierta", "retirado"): (READERS, ("library",), ()),
    ("integrantes", "retirado"): (("member", "enlace", "library"), ("library",), ()),
}


@pytest.fixture
def readers(alicia: Member, diana: User, fernanda: User) -> dict[str, Client]:
    enlace = liaising.in_force(make.department(), by=diana).person.user
    library = make.user("biblioteca@guadalajara.gob.mx")
    library.is_staff = True
    library.save()
    library.groups.add(Group.objects.get(name="Biblioteca"))
    assert alicia.person.user is not None
    assert enlace is not None
    return {
        "anonymous": Client(),
        "member": signed_in(alicia.person.user),
        "enlace": signed_in(enlace),
        "library": signed_in(library),
        "training": signed_in(fernanda),
    }


@pytest.mark.once
def test_the_page_and_the_file_ask_who_reads(readers: dict[str, Client]) -> None:
    made = edition()
    entry = made.resource
    found, wanted = {}, {}
    for (audience, state), (page, file, _) in MATRIX.items():
        reason = "Se retiró." if state == "retirado" else ""
        Resource.objects.filter(pk=entry.pk).update(
            audience=audience, state=state, withdrawal_reason=reason
        )
        for what, address, allowed in (
            ("page", entry.get_absolute_url(), page),
            ("edition", made.get_absolute_url(), file),
            ("file", made.file_url, file),
        ):
            wanted[audience, state, what] = set(allowed)
            found[audience, state, what] = {
                who for who, client in readers.items() if client.get(address).status_code == 200
            }
    assert found == wanted


LISTS = (
    "/biblioteca/marco-normativo/",
    "/biblioteca/marco-normativo/?q=xilofono",
    "/biblioteca/?q=xilofono",
    "/biblioteca/?q=xilofono+zzzz",
    "/biblioteca/colecciones/todo/",
    "/buscar/?q=xilofono",
)
NEWS = ("/biblioteca/novedades/atom/", "/biblioteca/novedades/texto/")


@pytest.mark.once
def test_lists_searches_counts_and_news_ask_who_reads(readers: dict[str, Client]) -> None:
    entry, other = make.resource("Guía del xilófono"), make.resource("Otra guía")
    collection = Collection.objects.create(key="todo", name="Todo", published=True)
    CollectionItem.objects.create(collection=collection, resource=entry, position=1)
    says = re.compile(r"Guía del (<mark>)?xilófono")
    found: dict[tuple[str, ...], Any] = {}
    wanted: dict[tuple[str, ...], Any] = {}
    for (audience, state), (_, _, listed) in MATRIX.items():
        reason = "Se retiró." if state == "retirado" else ""
        Resource.objects.filter(pk=entry.pk).update(
            audience=audience, state=state, withdrawal_reason=reason
        )
        told = READERS if (audience, state) == ("abierta", "publicado") else ()
        for address, allowed in (
            *((each, listed) for each in (*LISTS, other.get_absolute_url())),
            *((each, told) for each in NEWS),
        ):
            wanted[audience, state, address] = set(allowed)
            found[audience, state, address] = {
                who
                for who, client in readers.items()
                if says.search(client.get(address).content.decode())
            }
        for who, client in readers.items():
            wanted[audience, state, who] = 2 if who in listed else 1
            count = re.search(r"(\d+) recursos?<", client.get("/biblioteca/").content.decode())
            found[audience, state, who] = int(count[1]) if count else 0
    assert found == wanted


def test_a_hidden_edition_is_for_the_library_only(readers: dict[str, Client]) -> None:
    made = edition()
    extracting.read(made)
    assert SearchEntry.objects.get(resource=made.resource).text != ""
    assert refused(lambda: versioning.hide_edition(made, reason=" ", by=CLOCK)) == "no_reason"
    versioning.hide_edition(made, reason="Trae un dato personal.", by=CLOCK)
    versioning.hide_edition(made, reason="Otra vez.", by=CLOCK)
    assert SearchEntry.objects.get(resource=made.resource).text == ""
    assert readers["anonymous"].get(made.file_url).status_code == 404
    assert readers["member"].get(made.get_absolute_url()).status_code == 404
    staff = readers["library"].get(made.get_absolute_url()).content.decode()
    assert "Edición oculta" in staff
    assert "Trae un dato personal." in staff
    versioning.show_edition(made, by=CLOCK)
    assert readers["anonymous"].get(made.file_url).status_code == 200
    assert SearchEntry.objects.get(resource=made.resource).text != ""


def test_an_old_edition_says_so_and_is_still_read(client: Client) -> None:
    entry = make.resource()
    first = edition(entry)
    second = edition(entry, file=paper("Otra."), note="Corrige el anexo.")
    old = client.get(first.get_absolute_url()).content.decode()
    assert "Es una edición anterior" in old
    assert second.get_absolute_url() in old
    assert "Es una edición anterior" not in client.get(second.get_absolute_url()).content.decode()
    page = client.get(entry.get_absolute_url()).content.decode()
    assert "Descargar TXT" in page
    assert "Corrige el anexo." in page
    assert second.file_url in page
    assert first.get_absolute_url() in page
    assert client.get(f"{entry.get_absolute_url()}ediciones/9/").status_code == 404


def test_a_file_leaves_as_attachment_and_goes_on_where_it_stopped(client: Client) -> None:
    made = edition()
    with made.file.open() as stored:
        content = stored.read()
    whole = client.get(made.file_url)
    etag = whole.headers["ETag"]
    assert (whole.status_code, body(whole)) == (200, content)
    assert whole.headers["Content-Disposition"].startswith("attachment; filename")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert not whole.cookies
    size = len(content)
    for asked, status, answer, told in (
        ("bytes=0-4", 206, content[:5], f"bytes 0-4/{size}"),
        ("bytes=7-", 206, content[7:], f"bytes 7-{size - 1}/{size}"),
        ("bytes=-3", 206, content[-3:], f"bytes {size - 3}-{size - 1}/{size}"),
        ("bytes=5-99999", 206, content[5:], f"bytes 5-{size - 1}/{size}"),
        (f"bytes={size}-", 416, b"", f"bytes */{size}"),
        ("bytes=-0", 416, b"", f"bytes */{size}"),
        ("bytes=4-2", 200, content, None),
        ("bytes=0-1,4-5", 200, content, None),
        ("páginas=1", 200, content, None),
    ):
        got = client.get(made.file_url, headers={"Range": asked})
        assert (got.status_code, body(got)) == (status, answer), asked
        assert got.headers.get("Content-Range") == told
    piece = {"Range": "bytes=0-4"}
    assert client.get(made.file_url, headers={**piece, "If-Range": etag}).status_code == 206
    assert client.get(made.file_url, headers={**piece, "If-Range": '"otra"'}).status_code == 200
    assert client.get(made.file_url, headers={"If-None-Match": etag}).status_code == 304
    head = client.head(made.file_url)
    assert (head.headers["Content-Length"], body(head)) == (str(size), b"")
    assert client.post(made.file_url).status_code == 405


def test_what_is_about_violence_or_not_for_all_is_kept_by_no_cache(client: Client) -> None:
    entry = make.resource(of=make.topic("acoso", sensitive=True))
    make.help_line("Urgencias")
    made = edition(entry)
    assert "no-store" in client.get(made.file_url).headers["Cache-Control"]
    page = client.get(made.get_absolute_url())
    assert "no-store" in page.headers["Cache-Control"]
    assert "<title>Consulta</title>" in page.content.decode()
    assert "Salir de esta página" in page.content.decode()
    assert "Urgencias" in page.content.decode()


def test_a_lost_file_is_a_404_and_not_an_error(client: Client) -> None:
    made = edition()
    default_storage.delete(str(made.file.name))
    assert client.get(made.file_url).status_code == 404
    assert client.get(f"{made.get_absolute_url()}portada/").status_code == 404


def test_the_worker_reads_the_text_and_draws_the_first_page(client: Client) -> None:
    made = edition(file=ContentFile(liaising.PDF, name="acta.pdf"))
    read_what_is_left()
    read_what_is_left()
    made.refresh_from_db()
    assert (made.reading, made.text, made.attempts) == (Reading.EMPTY, "", 1)
    picture = client.get(made.thumbnail_url)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")
    assert body(picture)[8:12] == b"WEBP"
    assert "portada/" in client.get(made.resource.get_absolute_url()).content.decode()
    extracting.read_again(made)
    made.refresh_from_db()
    assert (made.reading, made.attempts) == (Reading.PENDING, 0)


def test_the_text_of_the_newest_edition_is_what_is_found() -> None:
    entry = make.resource()
    office = ContentFile(hostile.docx(), name="oficio.docx")
    for file, text in (
        (paper(), "Cuidar es trabajo de todas las personas."),
        (office, "Texto del oficio"),
    ):
        read = extracting.read(edition(entry, file=file, note="Cambia."))
        assert (read.reading, read.text) == (Reading.DONE, text)
        assert SearchEntry.objects.get(resource=entry).text == text


def test_a_file_that_cannot_be_read_waits_for_nobody() -> None:
    made = edition()
    with default_storage.open(str(made.file.name), "rb") as stored:
        stored.read()
    ResourceVersion.objects.filter(pk=made.pk).update(kind="pdf")
    made.refresh_from_db()
    assert extracting.read(made).reading == Reading.FAILED
    assert not ResourceVersion.objects.unread().exists()


def test_only_what_may_be_read_is_visible_to_a_visitor() -> None:
    made = edition()
    assert ResourceVersion.objects.visible_to(AnonymousUser()).get() == made
    publishing.hide(made.resource, by=CLOCK, reason="Se revisa.")
    assert not ResourceVersion.objects.visible_to(AnonymousUser()).exists()


def test_the_page_says_that_the_term_is_over(client: Client) -> None:
    entry = make.resource()
    entry.valid_until = timezone.localdate() - datetime.timedelta(days=1)
    entry.save()
    assert "Su plazo terminó" in client.get(entry.get_absolute_url()).content.decode()
