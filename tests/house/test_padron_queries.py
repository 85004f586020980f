"""Lists of people cost the same with three and with three thousand."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import duplicates, padron
from members.models import Assignment, Level, Member, MembershipInterval, Person, User
from tests import make
from tests.conftest import signed_in

MANY = 3_000


def fill(count: int) -> None:
    """Make ``count`` integrantes of one dependencia, in four writes."""
    today, place = timezone.localdate(), make.department("Tesorería")
    people = Person.objects.bulk_create(
        Person(
            given_names="Ñeca",
            first_surname=f"Íñiguez{number:05d}",
            institutional_email=f"n{number}@gdl.mx",
            employee_number=f"{number:06d}",
            show_in_directory=True,
        )
        for number in range(count)
    )
    members = Member.objects.bulk_create(
        Member(person=person, folio=f"INT-2026-{number + 1000}", since=today)
        for number, person in enumerate(people)
    )
    MembershipInterval.objects.bulk_create(
        MembershipInterval(member=member, start=today) for member in members
    )
    Assignment.objects.bulk_create(
        Assignment(person=person, department=place, position="Jefa", level=Level.HEAD, start=today)
        for person in people
    )


@pytest.mark.parametrize("count", [3, MANY])
def test_lists_of_people(
    valentina: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    fill(count)
    someone = Person.objects.filter(employee_number="000001").get()
    staff: Client = signed_in(valentina)
    staff.get("/admin/")
    for path, expected in (
        ("/admin/members/member/", 8),
        ("/admin/members/member/?q=iniguez00002", 8),
        ("/admin/members/person/", 8),
        ("/admin/members/assignment/", 8),
        ("/admin/members/application/", 9),
        ("/directorio/integrantes/", 10),
    ):
        with django_assert_num_queries(expected, info=path):
            assert staff.get(path).status_code == 200
    with django_assert_num_queries(2):
        assert len(list(padron.rows(valentina))) == count
    with django_assert_num_queries(1):
        assert duplicates.of(someone) == []
