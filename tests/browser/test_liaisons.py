"""The board of coverage and her answer in a real browser: axe, narrow screens, keyboard, no scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from members.models import Designation, LiaisonRole, Member
from tests import make
from tests.browser.visiting import AXE, Visits
from tests.browser.walking import heading
from tests.rules import liaising

pytestmark = pytest.mark.once

BOARD = "/indicadores/cobertura/"


@pytest.fixture
def waiting(transactional_db: None) -> Designation:
    """Some posts held and one that waits for her."""
    call_command("sync_roles", verbosity=0)
    staff = make.user(staff=True, roles=("Validación",))
    root = make.department("Presidencia")
    held, alone, asked = (make.department(f"Dirección {n}", parent=root) for n in range(3))
    liaising.in_force(held, by=staff)
    liaising.in_force(alone, by=staff, role=LiaisonRole.ALTERNATE)
    return liaising.nominated(asked, by=staff)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("width", [320, 1280])
def test_the_board_passes_axe_and_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(BOARD)
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawing = page.get_by_role("img", name="Dependencias del gobierno municipal")
    expect(drawing).to_be_visible()
    expect(page.get_by_role("table", name="Situación del enlace")).to_be_visible()
    page.get_by_role("link", name="Situación").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('?')[0]}?orden=situacion")


def test_she_answers_without_scripts(waiting: Designation, visits: Visits) -> None:
    page = visits.open(scripts=False, width=320)
    user = Member.objects.get(person=waiting.person).person.user
    assert user is not None
    make.proven(user)
    page.goto("/cuenta/ingresar/")
    page.get_by_label("Correo").first.fill(user.email)
    page.get_by_label("Contraseña").first.fill("clave-de-prueba")
    page.get_by_role("button", name="Ingresar").click()
    heading(page, waiting.person.full_name)
    page.goto("/enlace/")
    page.get_by_role("link", name="Enlace titular").click()
    heading(page, "Enlace titular")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Integrantes de la Red").check()
    page.get_by_role("button", name="Aceptar el encargo").click()
    expect(page.get_by_text("Aceptada, en validación")).to_be_visible()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.show_name) == ("aceptada", "integrantes")
