"""«Mis datos» in a real browser: axe at a phone's width, keyboard alone, a search without scripts."""

from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from members.models import ChangeRequest, Department, Member, Person
from tests import make
from tests.browser.test_keyboard import tab_to
from tests.browser.visiting import AXE, Visits
from tests.conftest import signed_in
from tests.smtp import PostOffice

pytestmark = pytest.mark.once

PAGES: Final = (
    "/mis-datos/",
    "/mis-datos/como-me-ven/",
    "/mis-datos/contacto/",
    "/mis-datos/visibilidad/",
    "/mis-datos/credencial/",
    "/mis-datos/cambio/nombre/",
    "/mis-datos/cambio/cargo/",
    "/mis-datos/cambio/dependencia/?q=cultura",
    "/mis-datos/derechos/",
    "/mis-datos/consentimientos/imagen/",
    "/mis-datos/baja/",
)


@pytest.fixture
def she(office: PostOffice, alicia: Member) -> Member:
    """An integrante, an aviso and another dependencia to move to."""
    make.notice()
    make.department("Dirección de Cultura")
    return alicia


def enter(page: Page, member: Member, base_url: str) -> Page:
    """Give the browser her session."""
    session = signed_in(make.proven(member.person.user)).cookies["sesion"].value  # type: ignore[arg-type]
    page.context.add_cookies([{"name": "sesion", "value": session, "url": base_url}])
    return page


def test_her_pages_pass_axe_and_fit_a_phone(she: Member, visits: Visits, base_url: str) -> None:
    page = enter(visits.open(width=320), she, base_url)
    wrong = []
    for path in PAGES:
        page.goto(path)
        found = Axe().run(page, options=AXE)
        wrong += [f"{path}: {each['id']}" for each in found.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong.append(f"{path}: wider than the phone")
    assert wrong == []
    assert visits.oddities() == []


def test_she_decides_who_sees_her_without_a_mouse(
    she: Member, visits: Visits, base_url: str
) -> None:
    page = enter(visits.open(), she, base_url)
    page.goto("/mis-datos/visibilidad/")
    tab_to(page, page.get_by_label("Aparecer en el directorio interno"))
    page.keyboard.press("Space")
    tab_to(page, page.locator("input[name=show_email]:checked"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Guardar"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Guardamos quién puede ver sus datos.")).to_be_visible()
    person = Person.objects.get(pk=she.person_id)
    assert (person.show_in_directory, person.show_email, person.show_phone) == (
        True,
        "integrantes",
        "nadie",
    )


def test_she_asks_for_a_change_without_scripts(she: Member, visits: Visits, base_url: str) -> None:
    page = enter(visits.open(scripts=False, width=390), she, base_url)
    page.goto("/mis-datos/cambio/dependencia/")
    page.get_by_label("Nombre o siglas de su nueva dependencia").fill("cultura")
    page.get_by_role("button", name="Buscar", exact=True).click()
    page.get_by_label("Dirección de Cultura").check()
    page.get_by_label("Área o unidad administrativa").fill("Museos")
    page.get_by_label("Cargo o puesto").fill("Jefa de unidad")
    page.get_by_label("Jefatura", exact=True).check()
    page.get_by_label("Desde").fill(she.since.isoformat())
    page.get_by_role("button", name="Enviar solicitud").click()
    expect(page.get_by_text("Recibimos su solicitud.")).to_be_visible()
    page.go_back()
    page.reload()
    assert ChangeRequest.objects.get().department == Department.objects.get(
        name="Dirección de Cultura"
    )
