"""The directory, a dependencia, its people and a request for contact: axe, narrow screens, and the keyboard alone."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from members.models import ContactRequest, Person
from tests import make
from tests.browser.visiting import PATIENCE, Inspector, Visits

pytestmark = pytest.mark.once

WORDS = "Quisiera conocer cómo organizaron su plan de trabajo."


@pytest.fixture
def reader(transactional_db: None) -> str:
    """The address of an integrante; another one is in the directory."""
    call_command("sync_roles", verbosity=0)
    root = make.department("Presidencia Municipal")
    place = make.department("Dirección de Mercados", parent=root)
    shown = make.member(make.person("Beatriz", "Güemes", ""), works_in=place).person
    Person.objects.filter(pk=shown.pk).update(show_in_directory=True)
    account = make.member(make.person("Alicia", "Muñoz", ""), works_in=place).person.user
    assert account is not None
    make.proven(account)
    return account.email


def press(page: Page, name: str, *, kind: str = "link") -> None:
    """Reach a link or a button with the tabulator, and press it."""
    target = page.get_by_role(kind, name=name).first  # type: ignore[arg-type]
    expect(target).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            break
    else:
        raise AssertionError(f"The keyboard does not reach «{name}».")
    page.keyboard.press("Enter")


def test_from_the_directory_to_a_message_by_keyboard(reader: str, visits: Visits) -> None:
    page, seen = visits.open(), Inspector()
    page.goto("/cuenta/ingresar/")
    page.get_by_label("Correo").first.fill(reader)
    page.get_by_label("Contraseña").first.fill("clave-de-prueba")
    page.get_by_role("button", name="Ingresar").click()
    expect(page).to_have_url(f"{visits.base_url}/panel/", timeout=PATIENCE)
    page.goto("/directorio/")
    seen.look(page, "directorio")
    press(page, "Dirección de Mercados")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dirección de Mercados")
    seen.look(page, "dependencia")
    press(page, "ver quiénes aparecen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Integrantes")
    seen.look(page, "integrantes")
    press(page, "Pedir contacto a Beatriz")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beatriz Güemes")
    seen.look(page, "pedir contacto")
    page.get_by_label("¿Para qué quiere comunicarse?").focus()
    page.keyboard.type(WORDS)
    press(page, "Enviar la solicitud", kind="button")
    expect(page.get_by_text("Enviamos su solicitud")).to_be_visible(timeout=PATIENCE)
    seen.look(page, "solicitud de contacto")
    page.goto("/mis-datos/visibilidad/")
    seen.look(page, "quién puede ver qué")
    assert seen.findings == []
    assert ContactRequest.objects.get().message == WORDS
