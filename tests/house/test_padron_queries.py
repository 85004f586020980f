"""Lists of people cost the same with three and with a thousand."""

from typing import Final

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import duplicates, padron
from members.models import (
    Application,
    Assignment,
    ChangeRequest,
    Consent,
    InformationRequest,
    Invitation,
    Level,
    Member,
    MemberImport,
    MembershipInterval,
    Person,
    PrivacyRequest,
    User,
)
from red_genero.common.models import AccessLog, QueuedMail, Transition
from tests import make
from tests.conftest import signed_in

MANY = 1_000


def fill(count: int, staff: User) -> None:
    """Make ``count`` integrantes of one dependencia, each with a row of everything that the desks list."""
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
    papers(people, staff)
    about = ContentType.objects.get_for_model(Member)
    Transition.objects.bulk_create(
        Transition(content_type=about, object_id=member.pk, to_state="activa", actor=staff)
        for member in members
    )
    QueuedMail.objects.bulk_create(
        QueuedMail(recipient="a@gdl.mx", subject="Novedades", text="", mime=b"", about=member)
        for member in members
    )


def papers(people: list[Person], staff: User) -> None:
    """Make what each one asked: her solicitud with a question, a change, a right, a consent, an invitation, a file."""
    now, today, place = timezone.now(), timezone.localdate(), make.department("Cultura")
    notice = make.notice()
    sent = Application.objects.bulk_create(
        Application(
            person=person,
            folio=f"SOL-2026-{number + 1000}",
            state=Application.State.NEEDS_INFO if number % 3 else Application.State.IN_REVIEW,
            department=place,
            reviewer=staff,
            sent_at=now,
        )
        for number, person in enumerate(people)
    )
    InformationRequest.objects.bulk_create(
        InformationRequest(application=row, question="¿Área?", asked_by=staff, deadline=now)
        for row in sent
    )
    ChangeRequest.objects.bulk_create(
        ChangeRequest(
            person=person,
            kind="dependencia",
            folio=f"CAM-2026-{number + 1000}",
            department=place,
            position="Jefa",
            effective_on=today,
        )
        for number, person in enumerate(people)
    )
    PrivacyRequest.objects.bulk_create(
        PrivacyRequest(
            person=person,
            kind="acceso",
            folio=f"ARCO-2026-{number + 1000}",
            state=PrivacyRequest.State.IN_HAND,
            handler=staff,
            text="Todo.",
            due_on=today,
        )
        for number, person in enumerate(people)
    )
    Consent.objects.bulk_create(
        Consent(person=person, notice=notice, purpose="aviso", given=True, channel="portal")
        for person in people
    )
    Invitation.objects.bulk_create(
        Invitation(email=person.institutional_email, person=person, invited_by=staff)
        for person in people
    )
    MemberImport.objects.bulk_create(
        MemberImport(filename="x.csv", sha256="0" * 64, started_by=staff) for _ in people
    )
    AccessLog.objects.bulk_create(
        AccessLog(user=staff, what="Lista", purpose="Prueba", rows=1) for _ in people
    )


LISTS: Final = {
    "members/application/": 10,
    "members/application/?bandeja=todas&q=iniguez00002": 10,
    "members/member/": 11,
    "members/member/?q=iniguez00002": 11,
    "members/person/": 8,
    "members/assignment/": 8,
    "members/changerequest/": 8,
    "members/privacyrequest/": 9,
    "members/informationrequest/": 9,
    "members/consent/": 10,
    "members/invitation/": 8,
    "members/memberimport/": 7,
    "members/user/": 11,
    "common/transition/": 10,
    "common/queuedmail/": 9,
    "common/accesslog/": 9,
}
"""Every list of the administration that grows with the people of the Red, and how many queries it takes."""


@pytest.mark.once
@pytest.mark.parametrize("count", [3, MANY])
def test_lists_of_people(
    diana: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    fill(count, diana)
    someone = Person.objects.filter(employee_number="000001").get()
    staff: Client = signed_in(diana)
    staff.get("/admin/")
    wrong: dict[str, int] = {}
    for path, expected in LISTS.items():
        staff.get(f"/admin/{path}")
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(f"/admin/{path}").status_code == 200
        if len(asked) != expected:
            wrong[path] = len(asked)
    assert wrong == {}
    with django_assert_num_queries(16):
        assert staff.get("/directorio/integrantes/").status_code == 200
    with django_assert_num_queries(2):
        assert len(list(padron.rows(diana))) == count
    with django_assert_num_queries(1):
        assert duplicates.of(someone) == []
