"""What a production portal may not be."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from pytest_django import Settings

from red_genero import checks


def found() -> set[str]:
    """Return the codes that ``check --deploy`` would say."""
    return {str(each.id).removeprefix("red_genero.") for each in checks.fit_for_production(None)}


@pytest.fixture(autouse=True)
def fit(settings: Settings) -> None:
    """A portal with nothing to say against it."""
    settings.SECRET_KEY = "k" * 50
    settings.ALLOWED_HOSTS = ["red.example.org"]
    settings.PORTAL_URL = "https://red.example.org"
    settings.REQUIRE_STAFF_MFA = True
    settings.DEMO = settings.DEBUG = False
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def test_a_fit_portal_passes() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DEMO", True, "E001"),
        ("DEBUG", True, "E002"),
        ("SECRET_KEY", "solo-para-probar-" + "x" * 50, "E003"),
        ("ALLOWED_HOSTS", ["*"], "E004"),
        ("EMAIL_DELIVERY_BACKEND", "django.core.mail.backends.console.EmailBackend", "E005"),
        ("EMAIL_DELIVERY_BACKEND", "red_genero.common.delivery.DemoDeliveryBackend", "E005"),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            "E006",
        ),
        ("SECRET_KEY", "short", "E007"),
        ("PORTAL_URL", "http://red.example.org", "E010"),
        ("PORTAL_URL", "https://localhost:8000", "E010"),
        ("PORTAL_URL", "https://other.example.org", "E010"),
        ("REQUIRE_STAFF_MFA", False, "W009"),
    ],
)
def test_what_is_refused(settings: Settings, name: str, value: object, code: str) -> None:
    setattr(settings, name, value)

    assert found() == {code}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS accepts any name."),
        ({"EMAIL_URL": "consolemail://"}, "Mail would not leave this machine."),
    ],
)
def test_it_does_not_start(change: dict[str, str], sentence: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "red.example.org",
        "DATABASE_URL": "sqlite:////nowhere/portal.sqlite3",
        **change,
    }

    ended = subprocess.run(
        [sys.executable, "-c", "import red_genero.wsgi"],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode != 0
    assert sentence in ended.stderr.decode()


def test_an_address_must_name_its_hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = []

    assert found() == {"E008", "E010"}


def test_the_database_keeps_what_its_address_asks_for() -> None:
    asked = "postgres://red@db.example.org/red?sslmode=verify-full"
    told = (
        "from red_genero.settings import DATABASES as d;"
        "print(d['default']['OPTIONS']['sslmode'], 'pool' in d['default']['OPTIONS'])"
    )

    ended = subprocess.run(
        [sys.executable, "-c", told],
        cwd=project.BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, "DATABASE_URL": asked},
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout.decode().split() == ["verify-full", "True"]
