"""The cast: people whom the tests know by name."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from members.models import Member, User
from tests import make

Made = TypeVar("Made")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests; the others keep the order that chance gave them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def roles(db: None) -> None:
    """The groups of the portal with their permissions."""
    call_command("sync_roles", verbosity=0)


@pytest.fixture
def still_clock() -> Iterator[None]:
    """A clock that does not advance: a limit by the minute must not meet the minute's end."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def alicia(db: None) -> Member:
    """An active integrante."""
    return make.member(make.person("Alicia", "Muñoz", "Íñiguez"))


@pytest.fixture
def beatriz(db: None) -> Member:
    """Another active integrante, of another dependencia."""
    return make.member(make.person("Beatriz", "Güemes", ""), works_in=make.department("Tesorería"))


@pytest.fixture
def valentina(roles: None) -> User:
    """Staff who vets solicitudes (Validación)."""
    return make.person(
        "Valentina", "Ríos", account=make.user(staff=True, roles=("Validación",))
    ).user  # type: ignore[return-value]


@pytest.fixture
def fernanda(roles: None) -> User:
    """Staff who runs every edición (Formación)."""
    return make.person(
        "Fernanda", "Ochoa", account=make.user(staff=True, roles=("Formación",))
    ).user  # type: ignore[return-value]


@pytest.fixture
def carmen(roles: None) -> User:
    """A coordinator: only the ediciones given to her."""
    return make.person("Carmen", "Lozano", account=make.user(roles=("Coordinación",))).user  # type: ignore[return-value]


@pytest.fixture
def diana(roles: None) -> User:
    """Dirección."""
    return make.person("Diana", "Ibarra", account=make.user(staff=True, roles=("Dirección",))).user  # type: ignore[return-value]


@contextmanager
def uncounted() -> Iterator[None]:
    """Leave what happens inside out of the count of coverage, which makes it twice as quick."""
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(counting)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Do not count the walks over every page: pytest-cov's own ``no_cover`` stops nothing in a process of pytest-xdist."""
    with uncounted() if item.get_closest_marker("no_cover") else nullcontext():
        yield


@contextmanager
def undone(blocker: DjangoDbBlocker, make_rows: Callable[[], Made]) -> Iterator[Made]:
    """Make rows for a whole file of tests: what each test changes is undone inside, and all of it at the end."""
    with blocker.unblock(), transaction.atomic():
        made = make_rows()
        with blocker.block():
            yield made
        transaction.set_rollback(True)


def signed_in(user: User) -> Client:
    """Return a client in which ``user`` has signed in."""
    client = Client()
    client.force_login(user)
    return client
