"""The capture of a session: by keyboard, on a phone with 300 rows, offline, two people at once, and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from members.models import Person, User
from tests import make
from tests.browser.visiting import Inspector, Visits
from tests.browser.walking import sign_in
from tests.smtp import PostOffice
from trainings.models import Attendance, Edition, Enrollment

pytestmark = pytest.mark.once

ALL_SAVED = "Todo guardado."


@pytest.fixture
def carmen(office: PostOffice, roles: None) -> User:
    """Who coordinates."""
    return make.proven(make.user("carmen@guadalajara.example", roles=("Coordinación",)))


@pytest.fixture
def fernanda(office: PostOffice, roles: None) -> User:
    """Who coordinates with her."""
    return make.proven(make.user("fernanda@guadalajara.example", roles=("Coordinación",)))


def held(*coordinators: User, people: int) -> Edition:
    """Return an edición whose only sitting was held, with so many people, copied in bulk."""
    run = make.taught(people=0, sessions=1)
    works_in = make.department("Dirección de Parques y Jardines")
    persons = Person.objects.bulk_create(
        Person(
            given_names="Ñeca",
            first_surname=f"Apellido{number:03d}",
            second_surname="Íñiguez",
            institutional_email=f"neca{number}@guadalajara.example",
        )
        for number in range(people)
    )
    Enrollment.objects.bulk_create(
        Enrollment(edition=run, person=person, state="confirmada", department=works_in)
        for person in persons
    )
    run.coordinators.add(*coordinators)
    return run


def capture(visits: Visits, run: Edition, who: User, **more: object) -> Page:
    """Return the capture of its sitting, opened by somebody who coordinates it."""
    page = visits.open(**more)  # type: ignore[arg-type]
    sign_in(page, who.email)
    page.goto(f"/coordinacion/ediciones/{run.key}/asistencia/1/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sesión 1")
    return page


def row(page: Page, number: int) -> str:
    """Return the selector of the row of a person."""
    found = page.locator("fieldset[data-row]", has_text=re.compile(f"Apellido{number:03d}"))
    return f"fieldset[data-row='{found.get_attribute('data-row')}']"


def marks(run: Edition) -> dict[str, str]:
    """Return what is written, by surname."""
    stored = Attendance.objects.filter(session__edition=run)
    return dict(stored.values_list("enrollment__person__first_surname", "mark"))


def test_everybody_then_the_exceptions_by_keyboard_and_back(carmen: User, visits: Visits) -> None:
    run = held(carmen, people=4)
    page = capture(visits, run, carmen)
    page.get_by_role("button", name="Todas presentes").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Se guardaron 4 marcas.")

    page.locator(f"{row(page, 0)} input[type=radio][value=presente]").focus()
    for key in ("f", "r", "ArrowDown", "j"):
        page.keyboard.press(key)
    expect(page.locator("[data-state]")).to_have_text(ALL_SAVED)
    expected = {
        "Apellido000": "falta",
        "Apellido001": "retardo",
        "Apellido002": "presente",
        "Apellido003": "justificada",
    }
    assert marks(run) == expected
    page.keyboard.press("Control+z")
    expect(page.locator(f"{row(page, 3)} input[type=radio][value=presente]")).to_be_checked()
    expect(page.locator("[data-state]")).to_have_text(ALL_SAVED)
    assert marks(run) == {**expected, "Apellido003": "presente"}


def test_what_was_marked_without_network_arrives_once_and_late_marks_impose_nothing(
    carmen: User, fernanda: User, visits: Visits
) -> None:
    run = held(carmen, fernanda, people=3)
    phone, desk = capture(visits, run, carmen, width=390), capture(visits, run, fernanda)
    phone.context.set_offline(True)
    for number in (0, 1):
        phone.locator(f"{row(phone, number)} label", has_text="Falta").click()
    expect(phone.locator("[data-state]")).to_contain_text("2 marcas esperan en este equipo")
    assert marks(run) == {}

    desk.locator(f"{row(desk, 1)} label", has_text="Presente").click()
    expect(desk.locator("[data-state]")).to_have_text(ALL_SAVED)
    phone.context.set_offline(False)
    expect(phone.locator("[data-state]")).to_contain_text("marcas que otra persona cambió")
    assert marks(run) == {"Apellido000": "falta", "Apellido001": "presente"}
    expect(phone.locator(f"{row(phone, 1)} [data-note]")).to_be_visible()
    expect(phone.locator(f"{row(phone, 1)} input[type=radio][value=presente]")).to_be_checked()
    phone.reload()
    expect(phone.locator("[data-state]")).to_have_text("Cada marca se guarda sola.")
    assert marks(run) == {"Apellido000": "falta", "Apellido001": "presente"}
    visits.failed[:] = [each for each in visits.failed if "ERR_INTERNET_DISCONNECTED" not in each]
    visits.said[:] = [each for each in visits.said if "ERR_INTERNET_DISCONNECTED" not in each[1]]


def test_three_hundred_rows_on_a_phone(carmen: User, visits: Visits) -> None:
    run = held(carmen, people=300)
    page = capture(visits, run, carmen, width=390, has_touch=True)
    expect(page.locator("fieldset[data-row]")).to_have_count(300)

    page.get_by_label("Buscar").fill("apellido287")
    expect(page.locator("fieldset[data-row]:visible")).to_have_count(1)
    mark = page.locator(f"{row(page, 287)} label", has_text="Retardo")
    box = mark.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    mark.tap()
    expect(page.locator("[data-state]")).to_have_text(ALL_SAVED)
    expect(page.locator("[data-state]")).to_be_in_viewport()
    assert marks(run) == {"Apellido287": "retardo"}


def test_without_scripts_the_button_saves_and_axe_finds_nothing(
    carmen: User, visits: Visits
) -> None:
    run = held(carmen, people=3)
    inspector = Inspector()
    inspector.look(capture(visits, run, carmen), "captura")
    assert inspector.findings == []

    page = capture(visits, run, carmen, scripts=False)
    page.locator(f"{row(page, 1)} label", has_text="Retardo").click()
    page.get_by_role("button", name="Guardar asistencia").click()
    expect(page.get_by_role("status").first).to_contain_text("Se guardó 1 marca.")
    assert marks(run) == {"Apellido001": "retardo"}


def test_without_a_camera_a_number_or_part_of_a_name_registers_once(
    carmen: User, visits: Visits
) -> None:
    run = held(carmen, people=3)
    seat = run.enrollments.get(person__first_surname="Apellido001")
    page = capture(visits, run, carmen, width=390, has_touch=True)
    page.goto(f"/coordinacion/ediciones/{run.key}/asistencia/1/codigos/")

    said = page.get_by_role("status")
    page.get_by_label("Código, folio o nombre").fill(str(seat.pk))
    page.keyboard.press("Enter")
    expect(said.filter(has_text=": presente,")).to_contain_text("Ñeca Apellido001 Íñiguez")
    page.get_by_label("Código, folio o nombre").fill("apellido001")
    page.keyboard.press("Enter")
    expect(said.filter(has_text=": ya registrada")).to_contain_text("Ñeca Apellido001 Íñiguez")

    assert marks(run) == {"Apellido001": "presente"}
    stored = Attendance.objects.get()
    assert (stored.enrollment_id, stored.recorded_by_id) == (seat.pk, carmen.pk)
