"""Query counts of the lists of this app, the same with 1, 3 and many rows."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from members.models import Member, Person, User
from tests import make
from tests.conftest import signed_in

pytestmark = pytest.mark.once


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3, 120])
def test_directory_of_dependencias(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    above = None
    for number in range(rows):
        made = make.department(f"Dirección {number}", parent=above)
        above = made if number % 3 else above
    with django_assert_num_queries(4):
        assert client.get("/directorio/").status_code == 200
    with django_assert_num_queries(3):
        assert client.get("/directorio/?q=direccion").status_code == 200


@pytest.mark.parametrize("rows", [108, 5_000])
def test_pages_of_the_tree(
    alicia: Member, diana: User, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    make.tree(rows)
    Person.objects.update(show_in_directory=True)
    she, staff = signed_in(alicia.person.user), signed_in(diana)  # type: ignore[arg-type]
    counts = {
        "/directorio/": 8,
        "/directorio/?q=direccion": 7,
        "/directorio/nodo-0/": 22,
        "/directorio/integrantes/": 18,
        "/indicadores/cobertura/": 14,
        "/": 12,
    }
    for path, expected in counts.items():
        she.get(path)
        with django_assert_num_queries(expected, info=path):
            page = she.get(path)
        assert len(page.content) < 60_000, path
    staff.get("/admin/")
    with django_assert_num_queries(8):
        assert staff.get("/admin/members/department/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_directory_of_integrantes(
    alicia: Member, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows - 1):
        make.member()
    Person.objects.update(show_in_directory=True)
    she = signed_in(alicia.person.user)  # type: ignore[arg-type]
    she.get("/mis-datos/")
    with django_assert_num_queries(18):
        page = she.get("/directorio/integrantes/")
    assert page.context["page_obj"].paginator.count == rows


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_admin_lists(
    valentina: User, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        make.member()
        make.application()
    staff = signed_in(valentina)
    staff.get("/admin/")
    counts = {"application": 10, "member": 11, "person": 8, "department": 8, "assignment": 8}
    for model, expected in counts.items():
        with django_assert_num_queries(expected):
            assert staff.get(f"/admin/members/{model}/").status_code == 200
