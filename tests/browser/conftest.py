"""How the tests drive the machine's own Chromium, as a person of the Instituto has it set up."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, Playwright, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.visiting import PATIENCE, Visits, launch_arguments
from tests.smtp import PostOffice, post_office

# Playwright runs an event loop in the test's thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: ``-m "not browser"`` leaves them out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Return where the portal listens, so that ``page.goto("/panel/")`` finds it."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """Return Playwright, and close at the end what the tests' thread opened beside its event loop.

    While that loop runs the thread has database connections of its own, which nobody would find afterwards.
    """
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments for Debian's Chromium (or the one named by CHROMIUM), which calls nobody."""
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return a browser in Mexican Spanish, at Guadalajara's hour."""
    return {
        **browser_context_args,
        "locale": "es-MX",
        "timezone_id": "America/Mexico_City",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def office(transactional_db: None, base_url: str, settings: Settings) -> Iterator[PostOffice]:
    """A real mail server on loopback; the links in its letters lead to the portal of the test."""
    cache.clear()
    settings.PORTAL_URL = base_url
    with post_office() as made:
        settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        # Django's test runner puts a list in the place of the portal's outbox.
        settings.EMAIL_BACKEND = "red_genero.common.mail.OutboxBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield made


@pytest.fixture
def portal(office: PostOffice, roles: None) -> PostOffice:
    """The portal as it opens: the real catalogues, the roles, nobody in it; return its mail server."""
    call_command("load_catalogs", verbosity=0)
    return office


@pytest.fixture
def visits(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any]
) -> Iterator[Visits]:
    """Open browsers of different people; at the end nothing strange may have happened in any."""
    made = Visits(browser, base_url, browser_context_args)
    yield made
    made.close()
    assert made.oddities() == []
