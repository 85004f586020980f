"""The code of the room: a screen shows it, each person types it on her phone, and the clock decides what it is worth."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.models import Person, User
from tests import make
from tests.browser.visiting import Inspector, Visits
from tests.browser.walking import sign_in
from tests.smtp import PostOffice
from trainings import checking_in
from trainings.models import Attendance, Edition, Session

pytestmark = pytest.mark.once


@pytest.fixture
def carmen(office: PostOffice, roles: None) -> User:
    """Who coordinates."""
    return make.proven(make.user("carmen@guadalajara.example", roles=("Coordinación",)))


@pytest.fixture
def run(carmen: User) -> Edition:
    """An edición whose first sitting began five minutes ago, with self check-in."""
    made = make.edition(starts_in_days=0, state=Edition.State.RUNNING)
    Edition.objects.filter(pk=made.pk).update(self_check_in=True)
    made.coordinators.add(carmen)
    begin(made, minutes_ago=5)
    return made


def begin(run: Edition, *, minutes_ago: int) -> Session:
    """Let its first sitting, of two hours, have begun then."""
    start = timezone.now() - datetime.timedelta(minutes=minutes_ago)
    end = start + datetime.timedelta(hours=2)
    run.sessions.filter(number=1).update(starts_at=start, ends_at=end)
    return run.sessions.get(number=1)


def seated(run: Edition, given_names: str) -> Person:
    """Return somebody with a seat and an account."""
    person = make.person(given_names, account=make.proven(make.user()))
    make.enrollment(run, make.member(person).person)
    return person


def phone(visits: Visits, run: Edition, who: Person) -> Page:
    """Return «Mi asistencia» on her phone."""
    assert who.user is not None
    page = visits.open(width=390, has_touch=True)
    sign_in(page, who.user.email)
    page.goto(f"/formacion/{run.course.key}/{run.key}/asistencia/")
    expect(page.get_by_role("heading", name="Registrar mi asistencia")).to_be_visible()
    return page


def press(page: Page, code: str) -> None:
    """Type a code and press."""
    page.get_by_label("Código que se muestra en la sala").fill(code)
    page.get_by_role("button", name="Registrar mi asistencia").tap()


def test_the_code_of_the_room_registers_each_person_once_and_the_clock_says_what(
    carmen: User, run: Edition, visits: Visits
) -> None:
    alma, berta = seated(run, "Alma"), seated(run, "Berta")
    inspector = Inspector()
    room = visits.open()
    sign_in(room, carmen.email)
    room.goto(f"/coordinacion/ediciones/{run.key}/asistencia/1/sala/")
    shown = room.locator(".desk-room__code")
    expect(shown).to_have_text(re.compile(r"[A-Z2-9]{3} [A-Z2-9]{3}"))
    inspector.look(room, "sala")

    hers = phone(visits, run, alma)
    inspector.look(hers, "mi asistencia")
    press(hers, shown.inner_text().lower())
    expect(hers.get_by_role("status").first).to_contain_text("quedó registrada: presente")
    expect(room.locator("dd").last).to_have_text("1")

    other = phone(visits, run, berta)
    wrong = other.get_by_role("alert")
    press(other, checking_in.code(run.sessions.get(number=1), timezone.now(), ago=2))
    expect(wrong).to_contain_text("Ese código no es el que se muestra ahora.")
    inspector.look(other, "código de antes")

    begin(run, minutes_ago=125)
    press(other, "ABC 234")
    expect(wrong).to_contain_text("cierra cuando termina")
    begin(run, minutes_ago=run.late_after + 1)
    other = phone(visits, run, berta)
    press(other, shown.inner_text())
    expect(other.get_by_role("status").first).to_contain_text("quedó registrada: retardo")

    stored = Attendance.objects.order_by("pk").values_list(
        "enrollment__person__given_names", "mark", "origin"
    )
    assert list(stored) == [("Alma", "presente", "codigo"), ("Berta", "retardo", "codigo")]
    assert inspector.findings == []
