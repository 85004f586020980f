"""The library in a real browser: axe on a narrow screen, the keyboard, the paper, and leaving the account from a careful page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from members.models import Member
from red_genero.common.states import By
from resources import indexing, introducing
from resources.models import Collection, CollectionItem, HelpLine, Resource, Topic
from tests import make
from tests.conftest import signed_in

pytestmark = pytest.mark.once

DOOR = "/biblioteca/acoso/"
TEXT = """## Qué es

El **hostigamiento** tiene mando; el acoso, no. Lo dice la [ley](recurso:{key}).

## Si le pasa

1. Use la primera de las líneas de ayuda.
2. Pida orientación.

## Si es titular de un área

- Canalice.
"""


@pytest.fixture
def entry(transactional_db: None) -> Resource:
    """An entry of a careful topic that has its introduction, its collection and its help lines."""
    topic = Topic.objects.create(key="acoso", name="Acoso sexual laboral", sensitive=True)
    made = make.resource("Protocolo contra el acoso", of=topic)
    indexing.reindex([made.pk], texts={made.pk: "Las sanciones se aplican de oficio."})
    by = By.job("Prueba")
    draft = introducing.open_draft(topic, by=by)
    introducing.write(draft, body=TEXT.format(key=made.key), by=by)
    introducing.publish(draft, by=by)
    kept = Collection.objects.create(key="25n", name="25N", published=True)
    CollectionItem.objects.create(collection=kept, resource=made, position=1)
    HelpLine.objects.filter(pk=make.help_line("Emergencias").pk).update(
        emergency=True, number="911"
    )
    make.help_line("Orientación")
    return made


def test_its_pages_pass_axe_and_fit_a_narrow_screen(page: Page, entry: Resource) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    addresses = (
        "/biblioteca/",
        DOOR,
        entry.get_absolute_url(),
        "/biblioteca/?q=sancion&ambito=federal",
        "/biblioteca/?q=xilofono",
        "/biblioteca/colecciones/25n/",
        "/biblioteca/salida-rapida/",
        "/biblioteca/lineas-de-ayuda/",
        "/biblioteca/acoso/nada/",
    )
    for address in addresses:
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_what_to_do_is_two_keys_away_and_the_paper_has_the_lines(
    page: Page, entry: Resource
) -> None:
    page.goto(DOOR)
    expect(page.get_by_text("Si hay riesgo inmediato:")).to_be_in_viewport()
    steps = page.get_by_role("navigation", name="En esta página")
    expect(steps.get_by_role("link").first).to_have_text("Si le pasa")
    steps.get_by_role("link", name="Si le pasa").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#guia-si-le-pasa$"))
    expect(page.get_by_role("heading", name="Si le pasa")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_be_in_viewport(ratio=1)

    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="Salida rápida")).to_be_hidden()
    expect(page.get_by_text("911", exact=True)).to_be_visible()


def test_somebody_may_leave_her_account_from_a_careful_page(
    page: Page, entry: Resource, base_url: str, alicia: Member
) -> None:
    assert alicia.person.user is not None
    session = signed_in(alicia.person.user).cookies["sesion"].value
    page.context.add_cookies([{"name": "sesion", "value": session, "url": base_url}])
    page.goto(DOOR)
    page.get_by_role("navigation", name="Su cuenta").get_by_role("button", name="Salir").click()
    expect(page.get_by_role("link", name="Ingresar").first).to_be_visible()
