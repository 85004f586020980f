"""Somebody comes near: the quick exit in a real browser, with and without scripts, and the button «Atrás»."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pytest_django import Settings

from resources.models import Resource, Topic
from tests import make

pytestmark = pytest.mark.once

NEUTRAL = "/salud/"
DOOR = "/biblioteca/acoso/"
BUTTON = "Salir de esta página"


@pytest.fixture
def entry(transactional_db: None, settings: Settings, base_url: str) -> Resource:
    """An entry of a careful topic; the neutral site is a page of the same server, since tests call nobody else."""
    settings.QUICK_EXIT_URL = base_url + NEUTRAL
    topic = Topic.objects.create(key="acoso", name="Acoso sexual laboral", sensitive=True)
    make.help_line()
    return make.resource("Protocolo contra el acoso", of=topic)


def on_neutral(page: Page) -> None:
    expect(page).to_have_url(re.compile(NEUTRAL + "$"))


def button(page: Page) -> None:
    link = page.get_by_role("region", name="Salida rápida").get_by_role("link", name=BUTTON)
    for key in ("Home", "End"):
        page.keyboard.press(key)
        expect(link).to_be_in_viewport(ratio=1)
    link.click()


def three_shifts(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def twin(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=BUTTON).first).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("way", [button, three_shifts, twin])
def test_each_way_leaves_and_back_does_not_return_to_the_page(
    page: Page, entry: Resource, way: object
) -> None:
    assert callable(way)
    page.goto("/la-red/")
    page.goto(entry.get_absolute_url())
    assert page.title() == "Consulta"
    page.evaluate("localStorage.setItem('nota', 'x')")

    way(page)
    on_neutral(page)
    assert page.evaluate("localStorage.length") == 0
    page.go_back()

    expect(page).to_have_url(re.compile("/la-red/$"))


def test_back_to_an_earlier_page_of_these_topics_leaves_again(page: Page, entry: Resource) -> None:
    page.goto(DOOR)
    page.goto(entry.get_absolute_url())
    button(page)
    on_neutral(page)

    page.evaluate("history.back()")
    on_neutral(page)
    expect(page.get_by_text("Acoso sexual laboral")).to_have_count(0)

    page.goto(DOOR)
    expect(page.get_by_role("heading", name="Acoso sexual laboral")).to_be_visible()


def test_the_content_is_hidden_even_when_the_other_site_does_not_answer(
    page: Page, entry: Resource
) -> None:
    page.goto(entry.get_absolute_url())
    page.route("**" + NEUTRAL, lambda route: route.fulfill(status=204))

    three_shifts(page)

    expect(page.locator("html")).to_have_class("is-leaving")
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    assert page.evaluate("location.pathname") == "/"


def test_capital_letters_and_slow_presses_do_not_leave(page: Page, entry: Resource) -> None:
    page.goto(DOOR)
    field = page.get_by_label("Buscar", exact=True)
    field.click()
    for letter in "LGV":
        page.keyboard.press(f"Shift+{letter}")

    expect(field).to_have_value("LGV")
    expect(page).to_have_url(re.compile(DOOR + "$"))


def test_without_scripts_the_button_is_a_link(
    browser: Browser, base_url: str, entry: Resource
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto(DOOR)
    expect(page.get_by_text("tres veces la tecla Mayús")).to_be_hidden()

    button(page)
    on_neutral(page)
    page.go_back()
    expect(page).to_have_url(re.compile(DOOR + "$"))
    context.close()


def test_nobody_else_is_asked_and_no_cookie_is_left(
    page: Page, base_url: str, entry: Resource
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    for path in (DOOR, entry.get_absolute_url(), "/biblioteca/salida-rapida/", "/biblioteca/"):
        page.goto(path)

    assert [url for url in asked if not url.startswith((base_url, "data:"))] == []
    assert page.context.cookies() == []
