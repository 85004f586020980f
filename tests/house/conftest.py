"""The whole portal in small, for the tests that walk it."""

import pytest
from django.core.cache import cache

from tests.house import world as house
from tests.house.world import World


@pytest.fixture
def world(roles: None) -> World:
    """One row of everything and everybody who may sign in."""
    cache.clear()
    return house.build()
