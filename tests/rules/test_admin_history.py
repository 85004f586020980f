"""Under «Historial» the staff reads every value that a row had, and nothing can be pressed there."""

import pytest
from django.contrib import admin
from django.urls import get_resolver, reverse
from pytest_django import DjangoAssertNumQueries

from members.models import Assignment, Member, User
from tests import make
from tests.conftest import signed_in


def test_each_change_is_told_with_its_values(alicia: Member, valentina: User) -> None:
    post = alicia.person.assignments.get()
    post.position, post.department = "Directora de área", make.department("Tesorería Municipal")
    setattr(post, "_history_user", valentina)  # noqa: B010
    post.save()

    page = signed_in(valentina).get(reverse("admin:members_assignment_history", args=[post.pk]))

    text = page.text
    assert page.status_code == 200
    assert "Jefa de departamento → Directora de área" in text
    assert "Dirección de Mercados → Tesorería Municipal" in text
    assert "Valentina Ríos" in text
    assert text.index("Cambio") < text.index("Alta")


def test_what_is_not_there_and_what_one_may_not_read(
    alicia: Member, valentina: User, fernanda: User
) -> None:
    name = "admin:members_assignment_history"
    post = alicia.person.assignments.get()

    assert signed_in(valentina).get(reverse(name, args=[10**9])).status_code == 404
    for pk in (post.pk, 10**9):
        assert signed_in(fernanda).get(reverse(name, args=[pk])).status_code == 403


@pytest.mark.parametrize("changes", [1, 3, 30])
def test_the_page_costs_the_same_whatever_its_length(
    alicia: Member, valentina: User, changes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = alicia.person.assignments.get()
    for number in range(changes):
        post.position = f"Jefa {number}"
        post.save()
    staff = signed_in(valentina)
    path = reverse("admin:members_assignment_history", args=[post.pk])
    staff.get(path)

    with django_assert_num_queries(10):
        page = staff.get(path)

    assert page.text.count("<td>Cambio</td>") == changes


def test_no_library_offers_to_take_a_row_back() -> None:
    """A former version is read, never restored: states move by verbs only."""
    names = [
        str(name)
        for name in get_resolver("red_genero.urls").namespace_dict["admin"][1].reverse_dict
    ]

    assert [name for name in names if "simple_history" in name] == []
    assert admin.site.is_registered(Assignment)
