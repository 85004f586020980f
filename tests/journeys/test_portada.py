"""Somebody who arrives reads what the Red is, how far it is, and how to join."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from members.models import ContentArea, Department, Institute, Member, PageText
from red_genero import network
from resources.models import HelpLine, Topic
from tests import make

pytestmark = pytest.mark.django_db


def test_an_empty_portal_still_says_what_the_red_is(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "igualdad sustantiva" in page
    assert "Cómo integrarse" in page
    assert "Por ahora no hay grupos con fecha" in page
    assert '<progress id="avance" value="0" max="100">' in page


def test_progress_is_counted_from_the_database(
    client: Client, alicia: Member, beatriz: Member
) -> None:
    Institute.objects.create(
        valid_from=datetime.date(2026, 1, 1), member_goal=1200, goal_date=datetime.date(2027, 9, 30)
    )
    page = client.get("/").content.decode()
    assert '<progress id="avance" value="2" max="1200">' in page
    assert "<strong>2</strong> de 1,200" in page
    assert "La meta es para el 30 de septiembre de 2027." in page


def test_only_published_help_lines_with_a_date_are_shown(client: Client) -> None:
    line = {"channel": "llamada", "verified_on": datetime.date(2026, 11, 2)}
    HelpLine.objects.create(
        key="uno", name="Emergencias", number="911", order=1, published=True, **line
    )
    HelpLine.objects.create(key="dos", name="Sin publicar", number="33 0000 0000", **line)
    HelpLine.objects.create(
        key="tres", name="Sin fecha", number="33 1111 1111", channel="llamada", published=True
    )
    page = client.get("/").content.decode()
    assert 'href="tel:911"' in page
    assert "Sin publicar" not in page
    assert "Sin fecha" not in page


def test_the_network_fills_the_nodes_that_have_integrantes() -> None:
    root = make.department("Presidencia")
    works = make.department("Mercados", parent=root)
    make.department("Tesorería", parent=root)
    make.member(works_in=works)
    drawn = network.draw()
    assert [node.live for node in drawn.nodes].count(True) == 1
    assert len(drawn.nodes) == 3
    assert drawn.lines.count("M") + drawn.live_lines.count("M") == 2
    assert drawn.caption.endswith("1 de 3 ya tiene integrantes.")


def test_the_network_leaves_out_closed_dependencias_and_ended_members(alicia: Member) -> None:
    closed = make.department("Cerrada")
    Department.objects.filter(pk=closed.pk).update(valid_to=datetime.date(2024, 9, 30))
    Member.objects.filter(pk=alicia.pk).update(state=Member.State.ENDED)
    drawn = network.draw()
    assert [node.live for node in drawn.nodes] == [False]


def test_every_node_stays_inside_the_drawing() -> None:
    root = make.department("Presidencia")
    for branch in range(6):
        middle = make.department(f"Coordinación {branch}", parent=root)
        for leaf in range(5):
            make.department(f"Dirección {branch}{leaf}", parent=middle)
    for node in network.draw().nodes:
        assert float(node.x) - float(node.r) > 0
        assert float(node.y) + float(node.r) < network.SIZE


def test_the_portada_costs_the_same_with_one_and_with_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make.edition()
        make.member()
        with django_assert_num_queries(8):
            client.get("/")


def test_la_red_shows_the_texts_of_staff_in_order(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for slug in ("la-red-historia", "la-red-por-que", "la-red-contenidos"):
        PageText.objects.create(slug=slug, title=f"Título {slug}", body="<p>Texto <b>x</b></p>")
    ContentArea.objects.create(key="ds", name="Derechos Humanos de las Mujeres")
    ContentArea.objects.create(key="tr", name="Transversal", crosscutting=True)
    with django_assert_num_queries(4):
        page = client.get("/la-red/").content.decode()
    order = [page.index(f'id="la-red-{slug}"') for slug in ("por-que", "contenidos", "historia")]
    assert order == sorted(order)
    assert "Derechos Humanos de las Mujeres" in page
    assert "<li>Transversal</li>" not in page


def test_the_default_texts_are_whole() -> None:
    folder = Path(settings.BASE_DIR) / "members/data/textos"
    for path in folder.glob("*.html"):
        first, body = path.read_text(encoding="utf-8").split("\n", 1)
        assert first.startswith("<!-- title: ")
        assert body.count("<p>") == body.count("</p>") > 0


def test_doors_of_the_library_come_from_its_topics(client: Client) -> None:
    Topic.objects.create(key="marco-normativo", name="Marco normativo")
    assert "Marco normativo" in client.get("/").content.decode()


@pytest.mark.parametrize("address", ["/no-existe/", "/directorio/no-existe-tampoco/"])
def test_an_unknown_address_answers_404_in_our_style(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "No encontramos esa página" in answer.content.decode()
