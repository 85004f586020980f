"""The whole portal in small, for the tests that walk it."""

from collections.abc import Iterator
from contextlib import contextmanager

import coverage
import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker

from tests.house import crawl
from tests.house import world as house
from tests.house.crawl import Page
from tests.house.world import World


@pytest.fixture
def world(roles: None) -> World:
    """One row of everything and everybody who may sign in."""
    cache.clear()
    return house.build()


@contextmanager
def uncounted() -> Iterator[None]:
    """Leave what happens inside out of the count of coverage, as no_cover does for a test but not for its fixtures."""
    counting = coverage.Coverage.current()
    if counting:
        counting.stop()
    try:
        yield
    finally:
        if counting:
            counting.start()


@pytest.fixture(scope="session")
def crawled(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> tuple[list[Page], list[str]]:
    """Every page as every kind of person, and the text of every mail; read once, nothing stays."""
    with django_db_blocker.unblock(), uncounted():
        return crawl.read_all()


@pytest.fixture(scope="session")
def pages(crawled: tuple[list[Page], list[str]]) -> list[Page]:
    """The pages in HTML."""
    return [page for page in crawled[0] if page.html]


@pytest.fixture(scope="session")
def mails(crawled: tuple[list[Page], list[str]]) -> list[str]:
    """The texts of the mails."""
    return crawled[1]
