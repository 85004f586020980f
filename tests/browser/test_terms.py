"""The progress of a change of government in a real browser: axe, narrow screens, filters without scripts, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from members import closing_terms, settling
from members.models import User
from red_genero.common.states import By
from tests import make
from tests.browser.visiting import AXE
from tests.conftest import signed_in
from tests.rules import liaising
from tests.rules.test_terms import term

pytestmark = pytest.mark.once


@pytest.fixture
def direction(transactional_db: None) -> User:
    """Dirección, who also hands over."""
    call_command("sync_roles", verbosity=0)
    return make.person(  # type: ignore[return-value]
        "Diana", "Ibarra", account=make.user(staff=True, roles=("Dirección",))
    ).user


def test_the_progress_passes_axe_fits_and_prints(
    page: Page, base_url: str, direction: User
) -> None:
    for number in range(27):
        place = make.department(f"Dirección {number:02d}")
        if number == 0:
            liaising.in_force(place, by=direction)
    by = By.admin(direction)
    this = closing_terms.close(term(), by=by)
    settling.declare_vacant(this.tasks.order_by("-pk")[0], reason="En reestructura", by=by)
    session = signed_in(direction).cookies["sesion"].value
    page.context.add_cookies([{"name": "sesion", "value": session, "url": base_url}])
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/periodos/{this.key}/")
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Estado").select_option("vacante")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.get_by_role("status").filter(has_text="1 tarea")).to_be_visible()
    page.goto(f"/periodos/{this.key}/?todas=si")
    page.emulate_media(media="print")
    expect(page.get_by_role("row")).to_have_count(28)
    expect(page.get_by_role("button", name="Preparar el paquete")).to_be_hidden()
