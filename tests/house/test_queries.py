"""Lists of the administration cost the same with one row and with many; the other lists are counted beside their rooms."""

import datetime
from collections.abc import Callable
from typing import Final

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from members import formalizing
from members.models import GovernmentTerm, TermTask, User
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising

pytestmark = pytest.mark.once


def _term() -> GovernmentTerm:
    """Return a term after those that there are."""
    first = datetime.date(1900 + 3 * GovernmentTerm.objects.count(), 10, 1)
    last = datetime.date(first.year + 3, 9, 30)
    return GovernmentTerm.objects.create(
        key=str(first.year), name=str(first.year), first_day=first, last_day=last
    )


def _task() -> TermTask:
    """Return the task of one more dependencia, with who was its enlace."""
    ended = GovernmentTerm.objects.first() or _term()
    staff = User.objects.filter(groups__name="Dirección")[0]
    place = make.department()
    return TermTask.objects.create(
        term=ended, department=place, outgoing=liaising.in_force(place, by=staff)
    )


LISTS: Final[dict[str, tuple[Callable[[], object], int]]] = {
    "members_person": (make.person, 8),
    "members_assignment": (make.member, 8),
    "members_department": (make.department, 8),
    "members_user": (make.user, 11),
    "members_genderunit": (
        lambda: formalizing.open_unit(make.department(), by=By.job("prueba")),
        14,
    ),
    "members_governmentterm": (_term, 7),
    "members_termtask": (_task, 9),
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
