"""One box finds what this reader may see; the indicators tell nobody's secret; the desk says what waits."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.models import Application, Assignment, Institute, Level, Member, Person, User
from red_genero import desk, indicators
from red_genero.common.models import QueuedMail
from resources.models import Resource
from tests import make
from tests.conftest import signed_in
from trainings.models import Course, Edition

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def member_client(who: Member) -> Client:
    assert who.person.user is not None
    return signed_in(who.person.user)


def listed(given_names: str, first_surname: str) -> Person:
    who = make.member(make.person(given_names, first_surname, "")).person
    Person.objects.filter(pk=who.pk).update(show_in_directory=True)
    return who


def test_one_box_searches_every_part(client: Client) -> None:
    make.department("Dirección de Niñez")
    make.course("Taller sobre niñez")
    make.resource("Ley de la Niñez")
    make.department("Obras Públicas")

    page = text(client, "/buscar/?q=NINEZ")

    assert "Dependencias (1)" in page
    assert "Formación (1)" in page
    assert "Biblioteca (1)" in page
    assert "Obras Públicas" not in page
    assert "<title>Buscar · Red de Género, Guadalajara</title>" in page


def test_each_group_leads_to_its_whole_list(client: Client) -> None:
    for number in range(8):
        make.resource(f"Ley {number}")

    page = text(client, "/buscar/?q=ley")

    assert "Biblioteca (8)" in page
    assert page.count('/">Ley ') == 6
    assert 'href="/biblioteca/?q=ley">Ver los 8 resultados' in page


@pytest.mark.parametrize("typed", ["zzzz", "", "   ", "¡¿!?", "%", "a" * 500, "\x00"])
def test_nothing_found_suggests_where_to_go(client: Client, typed: str) -> None:
    make.resource("Ley")

    page = client.get("/buscar/", {"q": typed}).content.decode()

    assert "También puede recorrer" in page
    assert ">Ley<" not in page


def test_what_was_typed_is_printed_harmless(client: Client) -> None:
    page = text(client, "/buscar/?q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_each_reader_finds_what_is_hers(client: Client, alicia: Member, diana: User) -> None:
    make.resource("Guía abierta")
    make.resource("Guía de integrantes", audience=Resource.Audience.MEMBERS)
    make.resource("Guía de enlaces", audience=Resource.Audience.LIAISONS)
    make.resource("Guía en borrador", state=Resource.State.DRAFT)
    make.resource("Guía retirada", state=Resource.State.WITHDRAWN)
    Course.objects.filter(pk=make.course("Guía sin publicar").pk).update(published=False)

    assert "Biblioteca (1)" in text(client, "/buscar/?q=guia")
    assert "Biblioteca (2)" in text(member_client(alicia), "/buscar/?q=guia")
    assert "Biblioteca (3)" in text(signed_in(diana), "/buscar/?q=guia")
    for reader in (client, member_client(alicia), signed_in(diana)):
        page = text(reader, "/buscar/?q=guia")
        assert "borrador" not in page
        assert "retirada" not in page
        assert "Formación" not in page.split("<main")[1].split("</main")[0].split("</form>")[1]


def test_people_are_found_by_name_only_and_only_by_integrantes(
    client: Client, alicia: Member
) -> None:
    shown = listed("Ximena", "Ibáñez")
    hidden = listed("Ximena", "Oculta")
    Person.objects.filter(pk=hidden.pk).update(hidden=True)
    make.member(make.person("Ximena", "Silenciosa", ""))
    inside = member_client(alicia)

    assert "Ximena" not in text(client, "/buscar/?q=ximena").split("</form>")[1]
    page = text(inside, "/buscar/?q=ximena+ibanez")
    assert "Integrantes (1)" in page
    assert "Ximena Ibáñez" in page
    page = text(inside, "/buscar/?q=ximena")
    assert "Oculta" not in page
    assert "Silenciosa" not in page
    assert shown.institutional_email
    assert "Integrantes (" not in text(inside, f"/buscar/?q={shown.institutional_email}")


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_search_asks_the_same_queries_for_any_number_of_rows(
    client: Client,
    alicia: Member,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        make.department(f"Común {number}")
        make.course(f"Común {number}")
        make.resource(f"Común {number}")
        listed("Común", f"Apellido{number}")
    inside = member_client(alicia)
    inside.get("/buscar/")

    with django_assert_num_queries(7):
        assert client.get("/buscar/?q=comun").status_code == 200
    with django_assert_num_queries(14):
        assert inside.get("/buscar/?q=comun").status_code == 200


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"a": 10, "b": 20}, {"a": 10, "b": 20}),
        ({"a": 3, "b": 20, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 0, "b": 0, "c": 7, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}),
        ({"a": 3, "b": 4, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 4, "b": 9}, {"a": None, "b": None}),
        ({}, {}),
    ],
)
def test_small_cells_cannot_be_worked_out(
    cells: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert indicators.suppressed(cells) == shown


def test_the_indicators_are_counted_from_the_database(client: Client) -> None:
    Institute.objects.create(valid_from=datetime.date(2024, 10, 1), member_goal=100)
    place = make.department("Mercados")
    make.department("Rastro")
    for _ in range(6):
        make.member(works_in=place)
    for _ in range(7):
        make.member(works_in=place)
    directors = Assignment.objects.order_by("pk")[:6].values_list("pk", flat=True)
    Assignment.objects.filter(pk__in=list(directors)).update(level=Level.DIRECTION)
    run = make.edition()
    Edition.objects.filter(pk=run.pk).update(state=Edition.State.CLOSED, hours=Decimal("7.5"))

    page = text(client, "/indicadores/")
    table = list(csv.reader(io.StringIO(text(client, "/indicadores/datos.csv").lstrip("\ufeff"))))

    assert '<progress id="integrantes-activas" value="13" max="100">' in page
    assert ["Totales", "Integrantes activas", "13", "100"] in table
    assert ["Totales", "Dependencias con al menos una integrante", "1", "2"] in table
    assert ["Totales", "Ediciones concluidas", "1", ""] in table
    assert ["Totales", "Horas de formación impartidas", "7.5", ""] in table
    assert ["Integrantes por nivel", "Jefatura", "7", ""] in table
    assert ["Integrantes por nivel", "Operativo", "reservada", ""] in table
    assert ["Horas por área de contenido", "Perspectiva de Género", "7.5", ""] in table


def test_the_indicators_ask_the_same_queries_for_any_number_of_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows in (1, 2, 27):
        for _ in range(rows):
            make.member()
        with django_assert_num_queries(9):
            client.get("/indicadores/")


def test_the_desk_says_what_waits_for_each_person(
    valentina: User, fernanda: User, diana: User, alicia: Member
) -> None:
    make.resource()
    make.resource(state=Resource.State.DRAFT)
    make.help_line(verified_days_ago=120)
    ended = make.edition(starts_in_days=-20, sessions=1)
    Edition.objects.filter(pk=ended.pk).update(state=Edition.State.RUNNING)
    solicitud = Application.objects.create(
        person=make.person(),
        state=Application.State.SENT,
        folio="SOL-2026-0001",
        sent_at=timezone.now(),
    )
    QueuedMail.objects.create(
        kind="members/application_sent",
        recipient="a@b.mx",
        subject="x",
        text="x",
        mime=b"x",
        state=QueuedMail.State.FAILED,
        about=solicitud,
    )

    def queues(user: User) -> dict[str, int]:
        return {queue.title: queue.count for queue in desk.waiting(user)}

    enlaces = {
        "Enlaces por validar": 0,
        "Oficios sin respuesta en plazo": 0,
        "Evidencias por validar": 0,
        "Unidades de Género en riesgo": 0,
        "Tareas del cambio de gobierno": 0,
    }
    assert queues(valentina) == {
        "Solicitudes por revisar": 1,
        "Cambios por revisar": 0,
        "Correos sin entregar": 1,
        **enlaces,
    }
    assert queues(fernanda) == {"Ediciones por cerrar": 1, "Correos sin entregar": 0}
    assert queues(diana) == {
        "Solicitudes por revisar": 1,
        "Ediciones por cerrar": 1,
        "Líneas de ayuda por verificar": 1,
        "Recursos por verificar": 1,
        "Normas por actualizar": 0,
        "Recursos con vínculos rotos": 0,
        "Recursos en borrador": 1,
        "Hechos por confirmar": 0,
        "Periodos de gobierno por cerrar": 0,
        "Cambios por revisar": 0,
        "Solicitudes ARCO sin respuesta": 0,
        "Correos sin entregar": 1,
        **enlaces,
    }
    assert alicia.person.user is not None
    assert queues(alicia.person.user) == {}


def test_every_queue_leads_to_a_list_with_as_many_rows(diana: User) -> None:
    make.resource()
    make.resource(state=Resource.State.DRAFT)
    make.help_line(verified_days_ago=120)
    make.help_line()
    make.edition(starts_in_days=-20, sessions=1)
    make.edition()
    inside = signed_in(diana)

    page = text(inside, "/admin/")
    for queue in desk.waiting(diana):
        assert queue.title in page
        response = inside.get(queue.url)
        assert response.status_code == 200, queue.url
        assert response.context["cl"].result_count == queue.count, queue.title
