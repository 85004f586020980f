"""The whole portal in small, for the tests that walk it."""

import copy
import gc
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from tests.conftest import uncounted, undone
from tests.house import crawl
from tests.house import world as house
from tests.house.crawl import Page
from tests.house.world import World


def _made() -> World:
    with uncounted():
        call_command("sync_roles", verbosity=0)
        return house.build()


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of a file of tests."""
    with undone(django_db_blocker, _made) as made:
        yield made


@pytest.fixture
def world(built: World, db: None) -> World:
    """One row of everything and everybody who may sign in."""
    cache.clear()
    return copy.deepcopy(built)


@pytest.fixture(scope="session")
def crawled(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> tuple[list[Page], list[str]]:
    """Every page as every kind of person, and the text of every mail; read once, nothing stays."""
    with django_db_blocker.unblock(), uncounted():
        return crawl.read_all()


@pytest.fixture(scope="session")
def pages(crawled: tuple[list[Page], list[str]]) -> list[Page]:
    """The pages in HTML, taken apart; they stay to the end, so that the collector need not look at them again and again."""
    found = [page for page in crawled[0] if page.html]
    for page in found:
        crawl.reading(page.html)
    gc.freeze()
    return found


@pytest.fixture(scope="session")
def mails(crawled: tuple[list[Page], list[str]]) -> list[str]:
    """The texts of the mails."""
    return crawled[1]
