"""A real browser reaches the portal."""

from playwright.sync_api import Page


def test_the_portal_answers_that_it_is_alive(page: Page) -> None:
    answer = page.goto("/salud/")
    assert answer is not None
    assert answer.status == 200
    assert answer.json() == {"estado": "vivo"}
