"""Figures of former dependencias read in what continues them: nothing is lost, and nobody is worked out by taking away."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from members import coverage, headcount, reorganising, tree
from members.models import Department, Person, User
from members.tree_rules import New, Order, Part
from red_genero import department_figures
from red_genero.common import disclosure
from red_genero.common.disclosure import HIDDEN
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in

FIGURES = "/indicadores/dependencias/"
START = datetime.datetime(2026, 3, 2, 18, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def filled(name: str, people: int) -> Department:
    """Return a dependencia with so many integrantes."""
    made = make.department(name)
    for _ in range(people):
        make.member(works_in=made)
    return made


def order() -> Order:
    """Return an order of today."""
    return Order(day=timezone.localdate(), source="Acuerdo 7")


def figures(
    day: datetime.date, *, summed: bool, exact: bool = True
) -> dict[str, tuple[object, ...]]:
    """Return what the table says, without what is empty."""
    lines = department_figures.read(day, exact=exact, summed=summed)
    return {line.department.name: line.shown for line in lines if any(line.shown)}


def test_what_was_earned_before_is_read_where_it_lives_on(valentina: User, fernanda: User) -> None:
    by = By.admin(valentina)
    with time_machine.travel(START, tick=False):
        parks, trees, apart = filled("Parques", 2), filled("Arbolado", 1), filled("Catastro", 1)
        run = make.edition()
        seats = [
            make.enrollment(run, person)
            for person in Person.objects.filter(
                assignments__department__in=[parks, trees, apart]
            ).order_by("pk")
        ]
    with time_machine.travel(START + 40 * DAY, tick=False):
        make.certificate(seats[0], by=fernanda)
        day = timezone.localdate()
    hours = Decimal(run.hours)
    with time_machine.travel(START + 60 * DAY, tick=False):
        green = reorganising.merge([parks, trees], New(name="Áreas Verdes"), order=order(), by=by)
    with time_machine.travel(START + 61 * DAY, tick=False):
        final = reorganising.rename(green, New(name="Medio Ambiente"), order=order(), by=by)
        parts = [Part(new=New(name="Catastro norte")), Part(new=New(name="Catastro sur"))]
        reorganising.split(apart, parts, order=order(), by=by)
        today = timezone.localdate()
    assert figures(day, summed=False) == {
        "Parques": (2, 2, 2 * hours),
        "Arbolado": (1, 1, hours),
        "Catastro": (1, 1, hours),
    }
    assert figures(day, summed=True) == {
        "Medio Ambiente": (3, 3, 3 * hours),
        "Catastro": (1, 1, hours),
    }
    now = figures(today, summed=True)
    assert now["Medio Ambiente"] == (3, 3, 3 * hours)
    assert now["Catastro"] == (department_figures.ABSENT, 1, hours)
    board = {
        post.department.name: post for post in coverage.read(day, exact=True, summed=True).posts
    }
    assert (board["Parques"].members, board["Parques"].summed_in) == (3, final.name)
    assert (board["Catastro"].members, board["Catastro"].summed_in) == (1, "")
    assert figures(day - 30 * DAY, summed=True)["Medio Ambiente"] == (3, 0, 0)


def test_a_sum_never_tells_a_small_number(valentina: User) -> None:
    """Beside «9» and «reservada», a sum of 13 would say that the reservada is 4."""
    with time_machine.travel(START, tick=False):
        big, small, lone = filled("Obras", 9), filled("Bacheo", 4), filled("Catastro", 3)
        one, two = filled("Ferias", 3), filled("Tianguis", 4)
        day = timezone.localdate()
    with time_machine.travel(START + DAY, tick=False):
        by = By.admin(valentina)
        works = reorganising.merge([big, small], New(name="Obras y Bacheo"), order=order(), by=by)
        fairs = reorganising.merge([one, two], New(name="Comercio"), order=order(), by=by)
        heirs = tree.heirs()
        alone = headcount.integrantes(day)
        together = headcount.integrantes(day, heirs=heirs)
    assert alone == {big.pk: 9, small.pk: None, lone.pk: None, one.pk: None, two.pk: None}
    assert together == {works.pk: None, lone.pk: None, fairs.pk: 7}


CELLS = st.dictionaries(
    st.integers(0, 7), st.frozensets(st.integers(0, 60), max_size=12), min_size=1
)


@pytest.mark.once
@given(CELLS, st.dictionaries(st.integers(0, 7), st.integers(20, 22)))
def test_taking_away_what_is_read_never_leaves_few(
    cells: dict[int, frozenset[int]], heads: dict[int, int]
) -> None:
    alone, together = disclosure.told_alone(cells), disclosure.told_together(cells, heads)
    sums = disclosure.joined(cells, heads)
    assert together <= set(sums)
    kept: dict[int, list[frozenset[int]]] = {head: [] for head in sums}
    for key, people in cells.items():
        if key not in alone:
            kept[heads.get(key, key)].append(people)
    for head in together:
        if kept[head]:
            assert len(frozenset[int]().union(*kept[head])) >= 5
            assert sum(bool(people) for people in kept[head]) >= 2
    rest = [people for head in set(sums) - together for people in kept[head] if people]
    if rest and any(kept[head] for head in together):
        assert len(frozenset[int]().union(*rest)) >= 5
        assert len(rest) >= 2


def test_the_switch_works_by_address_on_every_page_and_file(
    valentina: User, client: Client
) -> None:
    with time_machine.travel(START, tick=False):
        first, second = filled("Parques", 6), filled("Arbolado", 7)
        day = timezone.localdate()
    with time_machine.travel(START + DAY, tick=False):
        by = By.admin(valentina)
        made = reorganising.merge([first, second], New(name="Áreas Verdes"), order=order(), by=by)
    query = f"?fecha={day}&sumar=on"
    page = client.get(FIGURES + query).content.decode()
    assert 'name="sumar" class="form-check-input" id="id_sumar" checked' in page
    assert "Con lo de Arbolado; Parques" in page
    rows = client.get(f"{FIGURES}datos.csv{query}").content.decode().splitlines()
    assert rows[1:] == [f"Áreas Verdes,{made.key},,13,{HIDDEN},{HIDDEN},Arbolado; Parques"]
    apart = client.get(f"{FIGURES}datos.csv?fecha={day}").content.decode().splitlines()
    assert [row.split(",")[3] for row in apart[1:]] == ["7", "6"]
    one = client.get(f"{FIGURES}{query}&clave={first.key}")
    assert [line.department for line in one.context["page_obj"]] == [made]
    detail = client.get(f"/directorio/{first.key}/?al={day}&sumar=on")
    assert (detail.context["count"], detail.context["summed_in"]) == (13, made)
    assert client.get(f"/directorio/{first.key}/?al={day}").context["count"] == 6
    board = client.get(f"/indicadores/cobertura/datos.csv{query}").content.decode().splitlines()
    assert {(row.split(",")[8], row.split(",")[10]) for row in board[1:]} == {
        ("13", "Áreas Verdes")
    }
    assert client.get(f"{FIGURES}?clave=no-existe").status_code == 404
    for wrong in ("ayer", "9999-01-01"):
        for address in (FIGURES, f"{FIGURES}datos.csv"):
            assert client.get(address, {"fecha": wrong}).status_code == 400


@pytest.mark.parametrize("rows", [3, 300])
def test_the_figures_ask_the_same_queries(
    rows: int, valentina: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.tree(rows)
    yesterday = timezone.localdate() - DAY
    staff = signed_in(valentina)
    staff.get(FIGURES)
    for query, expected in (("", 5), ("?sumar=on", 6), (f"?sumar=on&fecha={yesterday}", 6)):
        client.get(FIGURES + query)
        with django_assert_num_queries(expected, info=query):
            client.get(FIGURES + query)
    with django_assert_num_queries(5):
        client.get(f"{FIGURES}datos.csv?sumar=on")
    with django_assert_num_queries(10):
        staff.get(f"{FIGURES}?sumar=on")
