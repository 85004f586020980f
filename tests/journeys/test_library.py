"""Somebody who must act finds what she needs in the library, and may leave at once."""

import datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.models import Member, User
from red_genero import errors
from red_genero.common.states import By
from resources import introducing
from resources.models import HelpLine, Introduction, Resource, Topic, Violence
from tests import make
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

SENSITIVE = ["/biblioteca/acoso/", "/biblioteca/lineas-de-ayuda/"]


@pytest.fixture
def acoso() -> Topic:
    return Topic.objects.create(key="acoso", name="Acoso sexual laboral", sensitive=True)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def member_client(who: Member) -> Client:
    assert who.person.user is not None
    return signed_in(who.person.user)


def test_the_doors_say_how_many_entries_each_reader_has(client: Client, alicia: Member) -> None:
    make.resource()
    make.resource(audience=Resource.Audience.MEMBERS)
    make.resource(state=Resource.State.DRAFT)

    assert "1 recurso\n" in text(client, "/biblioteca/").replace("</p>", "\n")
    assert "2 recursos" in text(member_client(alicia), "/biblioteca/")


def test_the_search_of_the_library_ignores_case_and_accents(client: Client) -> None:
    make.resource("Protocolo de Señalización para Víctimas")

    page = text(client, "/biblioteca/?q=SENALIZACION+victimas")

    assert "Protocolo de <mark>Señalización</mark> para <mark>Víctimas</mark></a>" in page
    assert "<strong>1</strong> recurso<" in page
    assert "No se encontró ningún recurso" in text(client, "/biblioteca/?q=inexistente")


def test_a_topic_is_filtered_by_its_address(client: Client) -> None:
    federal = make.resource("Ley federal")
    Resource.objects.filter(pk=make.resource("Reglamento municipal").pk).update(
        kind="reglamento", scope="municipal", binds="si", force="vigente"
    )

    def found(query: str) -> list[str]:
        page = text(client, f"/biblioteca/marco-normativo/?{query}")
        return [title for title in ("Ley federal", "Reglamento municipal") if f">{title}<" in page]

    assert found("") == ["Ley federal", "Reglamento municipal"]
    assert found("tipo=reglamento") == ["Reglamento municipal"]
    assert found("ambito=federal") == ["Ley federal"]
    assert found("obliga=si&vigencia=vigente") == ["Reglamento municipal"]
    assert found("q=reglamentos&ambito=federal") == []
    assert found(f"q={federal.title}") == []
    assert "<mark>Ley</mark> <mark>federal</mark></a>" in text(
        client, f"/biblioteca/marco-normativo/?q={federal.title}"
    )


def test_a_filter_that_does_not_exist_is_said_and_ignored(client: Client) -> None:
    make.resource("Ley federal")

    page = text(client, "/biblioteca/marco-normativo/?tipo=cuento&page=zzz")

    assert "cuento no es una de las opciones" in page
    assert ">Ley federal<" in page


def test_what_binds_the_municipality_comes_first(client: Client) -> None:
    make.resource("A, referencia")
    Resource.objects.filter(pk=make.resource("Z, obliga").pk).update(binds="si")

    page = text(client, "/biblioteca/marco-normativo/")

    assert page.index("Z, obliga") < page.index("A, referencia")


def test_an_entry_tells_what_it_is_and_where_it_leads(client: Client) -> None:
    before = make.resource("Ley anterior")
    entry = make.resource()
    Resource.objects.filter(pk=entry.pk).update(
        binds="si",
        binds_basis="Fija obligaciones a los municipios.",
        force="reformado",
        url="https://www.diputados.gob.mx/LGV.pdf",
        published_on=datetime.date(2013, 1, 9),
        verified_on=timezone.localdate(),
        replaces=before,
    )

    page = text(client, entry.get_absolute_url())

    for words in (
        "<h1>Ley General de Víctimas</h1>",
        "Fija obligaciones a los municipios.",
        "Vigente, reformado",
        "9 de enero de 2013",
        "Lleva fuera de este portal, a <strong>www.diputados.gob.mx</strong>",
        'rel="noopener noreferrer nofollow"',
        "Congreso de la Unión. Ley General de Víctimas, 9 de enero de 2013.",
        "Ley anterior",
    ):
        assert words in page
    assert "más de 180 días" not in page
    assert "Le sigue" in text(client, before.get_absolute_url())


def test_an_old_verification_says_so(client: Client) -> None:
    entry = make.resource()
    Resource.objects.filter(pk=entry.pk).update(
        verified_on=timezone.localdate() - datetime.timedelta(days=181)
    )

    assert "Se verificó hace más de 180 días" in text(client, entry.get_absolute_url())


def test_an_entry_without_verification_says_so(client: Client) -> None:
    page = text(client, make.resource().get_absolute_url())

    assert "Sin fecha registrada" in page
    assert "el Instituto aún no la revisa" in page


def test_a_withdrawn_entry_keeps_its_page_with_the_reason(client: Client) -> None:
    entry = make.resource("Guía retirada", state=Resource.State.WITHDRAWN)

    assert "Se publicó otra." in text(client, entry.get_absolute_url())
    assert "Guía retirada" not in text(client, "/biblioteca/marco-normativo/")
    assert "Guía retirada" not in text(client, "/biblioteca/?q=guia")


def test_what_is_not_hers_answers_like_what_does_not_exist(
    client: Client, alicia: Member, diana: User
) -> None:
    draft = make.resource(state=Resource.State.DRAFT)
    inner = make.resource(audience=Resource.Audience.MEMBERS)
    liaisons = make.resource(audience=Resource.Audience.LIAISONS)
    other_door = reverse("resources:resource_detail", args=["otro-tema", make.resource().key])

    def seen(reader: Client) -> list[int]:
        pages = [entry.get_absolute_url() for entry in (draft, inner, liaisons)]
        return [reader.get(page).status_code for page in [*pages, other_door]]

    assert seen(client) == [404, 404, 404, 404]
    assert seen(member_client(alicia)) == [404, 200, 404, 404]
    assert seen(signed_in(diana)) == [200, 200, 200, 404]


def test_somebody_who_left_the_red_reads_what_a_visitor_reads(alicia: Member) -> None:
    inner = make.resource(audience=Resource.Audience.MEMBERS)
    Member.objects.update(state=Member.State.ENDED)

    assert member_client(alicia).get(inner.get_absolute_url()).status_code == 404


def test_pages_on_violence_are_careful(client: Client, acoso: Topic) -> None:
    entry = make.resource("Protocolo contra el acoso", of=acoso)
    make.help_line()

    for address in [*SENSITIVE, entry.get_absolute_url()]:
        response = client.get(address)
        page = response.content.decode()
        assert "<title>Consulta</title>" in page
        assert f'href="{settings.QUICK_EXIT_URL}"' in page
        assert "No borra el historial" in page
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies


@pytest.mark.parametrize(
    "address", ["/biblioteca/acoso/nada/", "/biblioteca/acoso/nada/ediciones/3/archivo/"]
)
def test_an_error_of_the_section_is_as_careful(client: Client, acoso: Topic, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    page = answer.content.decode()
    assert "<title>Consulta</title>" in page
    assert f'href="{settings.QUICK_EXIT_URL}"' in page
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    elsewhere = client.get("/no-existe/").content.decode()
    assert "<title>No encontramos esa página" in elsewhere
    assert "quick-exit" not in elsewhere


def test_a_failure_of_the_section_is_as_careful(rf: RequestFactory) -> None:
    failed = errors.failed(rf.get("/biblioteca/acoso/")).content.decode()

    assert "Algo falló en el portal" in failed
    assert "<title>Consulta</title>" in failed
    assert f'href="{settings.QUICK_EXIT_URL}"' in failed
    assert "quick-exit" not in errors.failed(rf.get("/formacion/")).content.decode()


def test_a_course_on_violence_is_read_with_the_same_care(client: Client) -> None:
    run = make.edition()
    pages = [
        reverse("trainings:course_detail", args=[run.course.key]),
        reverse("trainings:edition_detail", args=[run.course.key, run.key]),
    ]
    make.help_line()

    tag = Violence.objects.create(key="digital", kind="modalidad", name="Violencia digital")
    for careful in (False, True):
        run.course.violences.set([tag] if careful else [])
        for address in pages:
            answer = client.get(address)
            page = answer.content.decode()
            assert ("<title>Consulta</title>" in page) is careful
            assert ("Salir de esta página" in page) is careful
            assert ("Líneas de ayuda</h2>" in page) is careful
            assert ("no-store" in answer.get("Cache-Control", "")) is careful


def test_somebody_who_finds_nothing_is_told_where_to_call_and_may_leave(client: Client) -> None:
    make.resource("Ley de archivos")
    HelpLine.objects.filter(pk=make.help_line("Urgencias").pk).update(emergency=True)

    for address in ("/biblioteca/?q=me+golpea", "/buscar/?q=me+golpea"):
        answer = client.get(address)
        page = answer.content.decode()
        assert "<title>Consulta</title>" in page
        assert "Si hay riesgo inmediato:" in page
        assert "Salir de esta página" in page
        assert "no-store" in answer["Cache-Control"]
    found = client.get("/buscar/?q=archivos").content.decode()
    assert "<title>Buscar" in found
    assert "quick-exit" not in found


def test_a_search_that_shows_such_entries_is_as_careful(client: Client, acoso: Topic) -> None:
    make.resource("Protocolo contra el acoso", of=acoso)
    make.resource("Ley de archivos")

    careful, other = client.get("/biblioteca/?q=acoso"), client.get("/biblioteca/?q=archivos")

    assert "<title>Consulta</title>" in careful.content.decode()
    assert "no-store" in careful["Cache-Control"]
    assert f'href="{settings.QUICK_EXIT_URL}"' in careful.content.decode()
    assert "quick-exit" not in other.content.decode()


def test_other_pages_carry_their_title_and_no_exit(client: Client) -> None:
    entry = make.resource()

    page = text(client, entry.get_absolute_url())

    assert "<title>Ley General de Víctimas · Red de Género, Guadalajara</title>" in page
    assert "quick-exit" not in page


def test_nobody_gets_a_cookie_for_reading(client: Client, acoso: Topic) -> None:
    make.resource(of=acoso)

    assert not client.get("/biblioteca/").cookies
    assert not client.get("/biblioteca/?q=ley").cookies


def test_help_lines_are_verified_dated_and_start_with_the_emergency(
    client: Client, acoso: Topic
) -> None:
    make.help_line("Línea A")
    first = make.help_line("Urgencias")
    HelpLine.objects.filter(pk=first.pk).update(emergency=True, number="911")
    make.help_line("Sin fecha", verified_days_ago=None)
    HelpLine.objects.filter(pk=make.help_line("Oculta").pk).update(published=False)

    for address in ("/biblioteca/", *SENSITIVE):
        page = text(client, address)
        assert page.index("Urgencias") < page.index("Línea A")
        assert "según fuente del" in page
        assert "Sin fecha" not in page
        assert "Oculta" not in page


def test_the_introduction_is_printed_without_what_runs(client: Client, acoso: Topic) -> None:
    draft = introducing.open_draft(acoso, by=By.job("Prueba"))
    introducing.write(draft, body="Texto <script>alert(1)</script>", by=By.job("Prueba"))
    edition = introducing.publish(draft, by=By.job("Prueba"))
    Introduction.objects.filter(pk=edition.pk).update(html="<p>Texto</p><script>alert(1)</script>")

    page = text(client, "/biblioteca/acoso/")

    assert "<p>Texto</p>" in page
    assert "alert" not in page


def test_long_lists_have_pages(client: Client) -> None:
    for number in range(21):
        make.resource(f"Ley {number:02d}")

    first = text(client, "/biblioteca/marco-normativo/?ambito=federal")

    assert "<strong>21</strong> recursos" in first
    assert 'rel="next" href="?ambito=federal&amp;page=2"' in first
    assert ">Ley 20<" in text(client, "/biblioteca/marco-normativo/?ambito=federal&page=2")


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow_with_the_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, acoso: Topic, rows: int
) -> None:
    made = [make.resource(f"Ley {number}", of=acoso) for number in range(rows)]
    for number in range(rows):
        make.help_line(f"Línea {number}")
        Topic.objects.create(key=f"tema-{number}", name=f"Tema {number}")

    for address, queries in (
        ("/biblioteca/", 4),
        ("/biblioteca/?q=ley", 5),
        ("/biblioteca/acoso/", 6),
        (made[0].get_absolute_url(), 8),
        ("/biblioteca/lineas-de-ayuda/", 2),
    ):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_the_library_desk_moves_entries_with_the_same_verbs(roles: None) -> None:
    editor = make.user(staff=True)
    editor.groups.add(Group.objects.get(name="Biblioteca"))
    desk = signed_in(editor)
    entry = make.resource(state=Resource.State.DRAFT)
    base = f"/admin/resources/resource/{entry.pk}"

    assert desk.get(f"{base}/change/").status_code == 200
    for verb in ("verificar", "publicar"):
        assert desk.post(f"{base}/{verb}/").status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.verified_by) == ("publicado", editor)

    refused = desk.post(f"{base}/retirar/", {"reason": ""})
    assert refused.status_code == 422
    desk.post(f"{base}/retirar/", {"reason": "Se publicó otra edición."})
    entry.refresh_from_db()
    assert (entry.state, entry.withdrawal_reason) == ("retirado", "Se publicó otra edición.")


def test_the_library_desk_warns_of_lines_to_confirm(roles: None) -> None:
    editor = make.user(staff=True)
    editor.groups.add(Group.objects.get(name="Biblioteca"))
    desk = signed_in(editor)
    line = make.help_line("Vieja", verified_days_ago=91)
    make.help_line("Reciente")

    page = text(desk, "/admin/resources/helpline/?verificacion=vencida")
    assert "Vieja" in page
    assert "Verificada hace más de 90 días" in page
    assert "Reciente" not in page

    desk.post(f"/admin/resources/helpline/{line.pk}/verificar/")
    line.refresh_from_db()
    assert (line.verified_on, line.verified_by) == (timezone.localdate(), editor)


def test_another_number_needs_another_verification(roles: None, client: Client) -> None:
    editor = make.user(staff=True)
    editor.groups.add(Group.objects.get(name="Biblioteca"))
    desk = signed_in(editor)
    line = make.help_line("Orientación")
    form = {
        "name": "Orientación y apoyo",
        "number": line.number,
        "channel": "llamada",
        "order": "5",
    }

    desk.post(f"/admin/resources/helpline/{line.pk}/change/", form)
    assert "Orientación y apoyo" in text(client, "/biblioteca/")

    desk.post(f"/admin/resources/helpline/{line.pk}/change/", form | {"number": "33 1111 1111"})
    line.refresh_from_db()
    assert (line.number, line.verified_on) == ("33 1111 1111", None)
    assert "Orientación y apoyo" not in text(client, "/biblioteca/")


def test_the_desk_finds_entries_without_accents(roles: None) -> None:
    editor = make.user(staff=True)
    editor.groups.add(Group.objects.get(name="Biblioteca"))
    make.resource("Ley de Víctimas")
    make.resource("Código Civil")

    page = text(signed_in(editor), "/admin/resources/resource/?q=victimas")

    assert "Ley de Víctimas" in page
    assert "Código Civil" not in page
