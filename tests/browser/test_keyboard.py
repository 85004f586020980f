"""A member signs in, enrols and cancels with the keyboard alone, and always sees where she is."""

from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from members.models import Member
from tests import make
from tests.browser.visiting import Visits
from tests.browser.walking import heading
from tests.smtp import PostOffice
from trainings.models import Edition, Enrollment

pytestmark = pytest.mark.once

LONGEST_WAY: Final = 60
SEEN: Final = """() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const drawn = getComputedStyle(one);
    const ring = drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 2;
    const onScreen = box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0;
    return onScreen && (ring || drawn.boxShadow !== "none");
}"""


@pytest.fixture
def run(office: PostOffice) -> Edition:
    """An edición with open enrolment."""
    return make.edition()


def _seen(page: Page) -> bool:
    """Whether the focus shows, once the page has scrolled to it."""
    for _ in range(20):
        if page.evaluate(SEEN):
            return True
        page.wait_for_timeout(100)
    return False


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until ``target`` has the focus; each stop on the way is seen."""
    for _ in range(LONGEST_WAY):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert _seen(page), f"The focus is not seen at {where}"
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{LONGEST_WAY} stops do not reach {target}; the last one is {where}")


def test_she_enrols_and_cancels_without_a_mouse(
    run: Edition, alicia: Member, visits: Visits
) -> None:
    assert alicia.person.user
    account = make.proven(alicia.person.user)
    page = visits.open()
    way = f"/formacion/{run.course.key}/{run.key}/"
    page.goto(f"{way}inscripcion/")
    heading(page, "Ingresar")
    tab_to(page, page.get_by_label("Correo electrónico"))
    page.keyboard.type(account.email)
    tab_to(page, page.get_by_label("Contraseña", exact=True))
    page.keyboard.type("clave-de-prueba")
    page.keyboard.press("Enter")
    heading(page, run.course.title)

    page.goto(way)
    tab_to(page, page.locator("main").get_by_role("link", name="Inscribirme"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ajustes que necesita para participar")).to_be_visible()
    tab_to(page, page.get_by_label("Ajustes que necesita para participar"))
    page.keyboard.type("Letra grande")
    tab_to(page, page.get_by_role("button", name="Inscribirme"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Su inscripción está confirmada.")
    seat = Enrollment.objects.get(edition=run, person=alicia.person)
    assert (seat.state, seat.adjustments) == (Enrollment.State.CONFIRMED, "Letra grande")

    tab_to(page, page.locator("summary", has_text="Cancelar mi inscripción"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Cancelar mi inscripción"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Su inscripción quedó cancelada.")
    seat.refresh_from_db()
    assert seat.state == Enrollment.State.CANCELLED


def test_a_coordinator_captures_without_a_mouse(
    office: PostOffice, roles: None, visits: Visits
) -> None:
    carmen = make.proven(make.user(roles=("Coordinación",)))
    held = make.taught(people=2, sessions=1)
    held.coordinators.add(carmen)
    page = visits.open()
    page.goto(f"/coordinacion/ediciones/{held.key}/asistencia/1/")
    tab_to(page, page.get_by_label("Correo electrónico"))
    page.keyboard.type(carmen.email)
    tab_to(page, page.get_by_label("Contraseña", exact=True))
    page.keyboard.type("clave-de-prueba")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Todas presentes")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Todas presentes"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Se guardaron 2 marcas.")
