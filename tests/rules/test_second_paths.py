"""Second ways into a state or a datum: none of them skips the rule that the first one keeps."""

import time
from typing import Final

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from members import vetting
from members.models import Assignment, Consent, Member, Person, User
from red_genero.common import mail
from red_genero.common.admin import PeopleAdmin
from red_genero.common.models import AccessLog, QueuedMail, Transition
from red_genero.common.states import By
from resources.models import Resource
from tests import make
from tests.conftest import signed_in
from trainings import enrolling, scheduling
from trainings.models import Edition, Enrollment

pytestmark = pytest.mark.django_db


def test_nobody_chooses_who_judges_her_own_solicitud(valentina: User, diana: User) -> None:
    friend = make.user(staff=True, roles=("Validación",))
    make.proven(valentina)
    hers = make.application(valentina)
    vetting.take(hers, by=By.admin(diana))

    with pytest.raises(ValidationError) as refused:
        vetting.hand_over(hers, to=friend, by=By.admin(valentina))

    assert refused.value.code == "not_hers_to_judge"
    hers.refresh_from_db()
    assert hers.reviewer == diana


def test_a_role_given_after_signing_in_asks_for_the_second_factor(
    roles: None, settings: Settings
) -> None:
    settings.REQUIRE_STAFF_MFA = True
    coordinator = make.user()
    edition = make.edition()
    edition.coordinators.add(coordinator)
    client = signed_in(coordinator)
    coordinator.groups.add(Group.objects.get(name="Coordinación"))

    answer = client.get(reverse("trainings:coordination_edition", args=[edition.key]))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_index"))


def test_a_role_given_after_signing_in_shortens_the_session(roles: None) -> None:
    coordinator = make.user()
    client = signed_in(coordinator)
    coordinator.groups.add(Group.objects.get(name="Coordinación"))
    assert client.get(reverse("trainings:coordination")).status_code == 200
    session = client.session
    session["session_seen"] = time.time() - 3600
    session.save()

    answer = client.get(reverse("trainings:coordination"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("state", [Edition.State.CLOSED, Edition.State.CANCELLED])
def test_what_ended_is_no_longer_edited(fernanda: User, state: str) -> None:
    edition = make.edition(state=state)
    desk = signed_in(fernanda)
    page = reverse("admin:trainings_edition_change", args=[edition.pk])

    shown, written = desk.get(page), desk.post(page, {"seats": "1", "hours": "99"})

    assert shown.status_code == 200
    assert "_save" not in shown.content.decode()
    assert written.status_code == 403


def test_a_cancelled_edition_forgets_what_people_needed(fernanda: User) -> None:
    seat = make.enrollment(make.edition())
    Enrollment.objects.update(adjustments="Intérprete de LSM", care_needs="Salir a las 18:00")

    scheduling.cancel_edition(seat.edition, by=By.admin(fernanda), reason="Sin sede")

    seat.refresh_from_db()
    assert (seat.state, seat.adjustments, seat.care_needs) == (Enrollment.State.CANCELLED, "", "")


def test_a_seat_given_up_forgets_what_she_needed(alicia: Member) -> None:
    seat = make.enrollment(make.edition(), alicia.person)
    Enrollment.objects.update(adjustments="Intérprete de LSM", care_needs="Salir a las 18:00")

    enrolling.cancel(seat, by=By.web(alicia.person.user))  # type: ignore[arg-type]

    seat.refresh_from_db()
    assert (seat.state, seat.adjustments, seat.care_needs) == (Enrollment.State.CANCELLED, "", "")


def test_the_shared_logs_show_each_role_what_it_may_see_elsewhere(
    valentina: User, fernanda: User, diana: User
) -> None:
    application = make.in_review(valentina)
    vetting.request_information(application, question="¿En qué área?", by=By.admin(valentina))
    moves = reverse("admin:common_transition_changelist")
    mails = reverse("admin:common_queuedmail_changelist")
    line = Transition.objects.about(application).latest("pk")
    letter = QueuedMail.objects.filter(about_id=application.pk).latest("pk")

    for reader in (valentina, diana):
        assert "¿En qué área?" in signed_in(reader).get(moves).content.decode()
        assert letter.recipient in signed_in(reader).get(mails).content.decode()
    outside = signed_in(fernanda)
    assert "¿En qué área?" not in outside.get(moves).content.decode()
    assert letter.recipient not in outside.get(mails).content.decode()
    assert outside.get(f"{moves}{line.pk}/change/").status_code == 302
    assert outside.get(f"{mails}{letter.pk}/change/").status_code == 302


def test_mail_of_the_accounts_stays_with_the_direction(valentina: User, diana: User) -> None:
    mail.send(
        "account/second_factor_forgotten",
        to="nueva@guadalajara.gob.mx",
        context={"timestamp": timezone.now(), "reset_url": "/"},
    )
    mails = reverse("admin:common_queuedmail_changelist")

    assert "nueva@guadalajara.gob.mx" in signed_in(diana).get(mails).content.decode()
    assert "nueva@guadalajara.gob.mx" not in signed_in(valentina).get(mails).content.decode()


def test_consents_of_an_unsent_solicitud_are_hers_alone(valentina: User) -> None:
    make.draft()
    ledger = signed_in(valentina).get(reverse("admin:members_consent_changelist"))

    assert Consent.objects.exists()
    assert "Güereña" not in ledger.content.decode()


def test_where_she_worked_is_not_rewritten(valentina: User, alicia: Member) -> None:
    post = alicia.person.assignments.get()
    elsewhere = make.department("Sindicatura")
    page = reverse("admin:members_assignment_change", args=[post.pk])

    answer = signed_in(valentina).post(
        page,
        {
            "person": make.person("Otra").pk,
            "department": elsewhere.pk,
            "position": "Directora",
            "level": post.level,
            "start": "2020-01-01",
        },
    )

    assert answer.status_code == 302
    kept = Assignment.objects.get(pk=post.pk)
    assert (kept.person, kept.department, kept.start) == (post.person, post.department, post.start)
    assert kept.position == "Directora"


def test_what_an_entry_replaces_is_named_to_its_own_readers_only(client: Client) -> None:
    inner = make.resource("Guía interna", audience=Resource.Audience.MEMBERS)
    outer = make.resource("Guía abierta")
    outer.replaces = inner
    outer.save()

    page = client.get(outer.get_absolute_url())

    assert page.status_code == 200
    assert "Guía interna" not in page.content.decode()


def test_verification_says_what_the_law_lists_and_not_where_she_works(
    client: Client, carmen: User
) -> None:
    edition = make.taught(people=1)
    issued = make.certificate(edition.enrollments.get(), by=carmen)

    page = client.get(reverse("trainings:verify_code", args=[issued.code])).content.decode()

    assert issued.name in page
    assert issued.frozen["department"] not in page


@pytest.mark.parametrize(
    "table",
    ["person", "member", "assignment", "application", "consent", "user"],
)
def test_reading_a_list_of_people_leaves_a_line(diana: User, table: str) -> None:
    make.member()
    make.application()
    path = reverse(f"admin:members_{table}_changelist")

    answer = signed_in(diana).get(f"{path}?q=" if table != "consent" else path)

    assert answer.status_code == 200
    line = AccessLog.objects.get()
    assert (line.user, line.rows > 0, line.purpose != "") == (diana, True, True)


@pytest.mark.parametrize("table", ["enrollment", "attendance", "certificate"])
def test_reading_who_was_taught_leaves_a_line(fernanda: User, carmen: User, table: str) -> None:
    make.certificate(make.taught(people=1).enrollments.get(), by=carmen)

    signed_in(fernanda).get(reverse(f"admin:trainings_{table}_changelist"))

    line = AccessLog.objects.get()
    assert (line.user, line.rows) == (fernanda, 2 if table == "attendance" else 1)


@pytest.mark.parametrize(
    "page", ["coordination_edition", "edition_close", "certificate_issue", "attendance_capture"]
)
def test_the_desk_leaves_a_line_too(carmen: User, page: str) -> None:
    edition = make.taught()
    edition.coordinators.add(carmen)

    answer = signed_in(carmen).get(reverse(f"trainings:{page}", args=[edition.key]), follow=True)

    assert answer.status_code == 200
    line = AccessLog.objects.get()
    assert (line.user, line.rows) == (carmen, 3)
    assert edition.key in line.what


def test_a_list_without_people_is_no_reading(diana: User) -> None:
    signed_in(diana).get(reverse("admin:members_member_changelist"))

    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("name", ["department_list", "privacy"])
def test_whoever_checks_links_gets_an_answer(client: Client, name: str) -> None:
    assert client.head(reverse(f"members:{name}")).status_code == 200


FACILITATORS: Final = {"instructor"}
"""They teach in public: their names are in the catalogue."""


def test_every_list_of_people_notes_its_readers() -> None:
    silent = {
        model._meta.model_name
        for model, site in admin.site._registry.items()
        if any(field.related_model in {Person, Member} for field in model._meta.concrete_fields)
        and not isinstance(site, PeopleAdmin)
    }

    assert silent == FACILITATORS
