"""Lists of the administration cost the same with one row and with many; the other lists are counted beside their rooms."""

from collections.abc import Callable
from typing import Final

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from members import formalizing
from members.models import User
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in

LISTS: Final[dict[str, tuple[Callable[[], object], int]]] = {
    "members_person": (make.person, 8),
    "members_assignment": (make.member, 8),
    "members_department": (make.department, 8),
    "members_user": (make.user, 11),
    "members_genderunit": (
        lambda: formalizing.open_unit(make.department(), by=By.job("prueba")),
        13,
    ),
    "resources_helpline": (make.help_line, 8),
    "resources_resource": (make.resource, 8),
    "trainings_course": (make.course, 9),
    "trainings_edition": (make.edition, 11),
    "trainings_enrollment": (lambda: make.enrollment(make.edition()), 11),
    "trainings_signatory": (make.signatory, 8),
}
"""What makes one more row, and how many queries the list takes."""


@pytest.mark.parametrize("rows", [1, 3, 30])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_administration(
    name: str, rows: int, diana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add, queries = LISTS[name]
    for _ in range(rows):
        add()
    client = signed_in(diana)
    path = reverse(f"admin:{name}_changelist")
    client.get(path)

    with django_assert_num_queries(queries):
        client.get(path)
