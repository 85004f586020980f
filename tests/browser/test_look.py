"""The public pages in a real browser: axe, keyboard, narrow screens, the menu without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from members.models import PageText
from tests import make

pytestmark = pytest.mark.once

PAGES = ["/", "/la-red/", "/no-existe/"]


@pytest.fixture
def furnished(transactional_db: None) -> None:
    """A portal with something to show on its public pages."""
    root = make.department("Presidencia")
    make.member(works_in=make.department("Dirección de Mercados", parent=root))
    make.edition()
    PageText.objects.create(slug="la-red-por-que", title="Por qué una red", body="<p>Texto.</p>")


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("furnished")
def test_public_pages_pass_axe_and_do_not_overflow(page: Page, address: str, width: int) -> None:
    refused: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.url))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert refused == []


@pytest.mark.usefixtures("furnished")
def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page) -> None:
    page.goto("/la-red/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Saltar al contenido")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.usefixtures("furnished")
def test_the_menu_opens_on_a_phone_without_scripts(browser: Browser, base_url: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}, base_url=base_url
    )
    page = context.new_page()
    page.goto("/")
    menu = page.get_by_role("navigation", name="Principal")
    expect(menu).to_be_hidden()
    page.get_by_text("Menú", exact=True).click()
    menu.get_by_role("link", name="La Red").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qué es la Red")
    context.close()


@pytest.mark.usefixtures("furnished")
def test_the_first_load_weighs_little_and_asks_nobody_else(page: Page, base_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith((base_url, "data:")) for url in asked)
    assert len(asked) < 16
