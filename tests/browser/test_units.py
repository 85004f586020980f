"""«Mi unidad» and the ladder of a dependencia in a real browser: axe, narrow screens, evidence sent without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from members.models import Designation, GenderUnit
from tests import make
from tests.browser.test_my_data import enter
from tests.browser.visiting import AXE, Visits
from tests.rules import liaising, units

pytestmark = pytest.mark.once


@pytest.fixture
def unit(transactional_db: None) -> GenderUnit:
    """A unit on the second rung."""
    call_command("sync_roles", verbosity=0)
    staff = make.user(staff=True, roles=("Validación",))
    return units.climbed(make.department("Dirección de Mercados"), 2, by=staff)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_ladder_passes_axe_and_fits(unit: GenderUnit, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/directorio/{unit.department.key}/")
    expect(page.get_by_role("heading", name="Unidad de Género", exact=True)).to_be_visible()
    current = page.locator('[aria-current="step"]')
    expect(current).to_contain_text("En instalación Peldaño actual")
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_she_presents_evidence_without_scripts(unit: GenderUnit, visits: Visits) -> None:
    page = visits.open(scripts=False, width=320)
    user = Designation.objects.get().person.user
    assert user is not None
    make.proven(user)
    page.goto("/cuenta/ingresar/")
    page.get_by_label("Correo").first.fill(user.email)
    page.get_by_label("Contraseña").first.fill("clave-de-prueba")
    page.get_by_role("button", name="Ingresar").click()
    expect(page).to_have_url("/panel/")
    page.get_by_role("link", name="Mi unidad").click()
    expect(page.get_by_role("heading", name="Mi unidad")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Presentar evidencia: 3 · Instalada").click()
    expect(page.get_by_role("heading", name="Presentar evidencia")).to_be_visible()
    page.get_by_label("Número del documento").fill("ACTA/1/2026")
    page.get_by_label("Fecha de firma del acta").fill("2026-01-15")
    page.get_by_label("Acta firmada").set_input_files(
        {"name": "acta.pdf", "mimeType": "application/pdf", "buffer": liaising.PDF}
    )
    page.get_by_role("button", name="Presentar").click()
    expect(page.get_by_text("espera la revisión del Instituto")).to_be_visible()
    assert unit.steps.waiting().get().number == "ACTA/1/2026"


def test_my_unit_passes_axe(unit: GenderUnit, visits: Visits, base_url: str) -> None:
    page = enter(visits.open(width=390), Designation.objects.get().person.member, base_url)
    for path in ("/enlace/unidad/", f"/enlace/unidad/{unit.key}/evidencia/"):
        page.goto(path)
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
