"""Liveness says that the process answers; readiness says what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from members.models import User
from red_genero.common.http import PERMISSIONS_POLICY
from red_genero.common.models import WorkerBeat
from tests.conftest import signed_in

FINE = {
    "base_de_datos": "bien",
    "migraciones": "bien",
    "procesos": "bien",
    "archivos": "bien",
}


@pytest.fixture
def beat(db: None) -> WorkerBeat:
    """A worker that has just given a sign."""
    return WorkerBeat.objects.create(worker="prueba", at=timezone.now())


@pytest.mark.django_db
def test_liveness_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(reverse("health_live"))

    assert (answer.status_code, answer.json()) == (200, {"estado": "vivo"})


def test_ready_when_all_is_well(client: Client, beat: WorkerBeat) -> None:
    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 200
    assert answer.json() == {"estado": "listo", "partes": FINE}
    assert default_storage.listdir("salud")[1] == []


@pytest.mark.django_db
def test_no_worker(client: Client) -> None:
    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 503
    assert answer.json() == {
        "estado": "no listo",
        "partes": {**FINE, "procesos": "ningún proceso ha dado señal"},
    }


def test_silent_worker(client: Client, beat: WorkerBeat) -> None:
    WorkerBeat.objects.update(at=timezone.now() - timedelta(seconds=75))

    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 503
    assert answer.json()["partes"]["procesos"].startswith("sin señal desde hace 7")


def test_pending_migration(client: Client, beat: WorkerBeat) -> None:
    last = MigrationExecutor(connection).loader.graph.leaf_nodes("common")[0]
    MigrationRecorder(connection).record_unapplied(*last)

    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 503
    assert "faltan" in answer.json()["partes"]["migraciones"]


def test_storage_that_cannot_write(
    client: Client, beat: WorkerBeat, settings: Settings, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(blocked)},
        },
    }

    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 503
    assert answer.json()["partes"]["archivos"] == "no responde"


def test_answers_over_plain_http_too(client: Client, beat: WorkerBeat, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(reverse("health_live")).status_code == 200
    assert client.get(reverse("health_ready")).status_code == 200
    assert client.get(reverse("home")).status_code == 301


@contextmanager
def away() -> Iterator[list[str]]:
    """Let the database refuse every statement; yield those that were tried."""
    asked: list[str] = []

    def refuse(execute: object, sql: str, *rest: object) -> NoReturn:
        asked.append(sql)
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        yield asked


def test_without_database_readiness_asks_once(client: Client, beat: WorkerBeat) -> None:
    with away() as asked:
        answer = client.get(reverse("health_ready"))

    assert answer.status_code == 503
    assert answer.json()["partes"] == {**dict.fromkeys(FINE, "no responde"), "archivos": "bien"}
    assert len(asked) == 1


@pytest.mark.django_db
def test_without_database_the_page_that_says_so_asks_once_and_is_as_guarded(
    valentina: User,
) -> None:
    client = signed_in(valentina)
    client.raise_request_exception = False

    with away() as asked:
        answer = client.get(reverse("panel"))

    assert answer.status_code == 500
    assert "Algo falló en el portal" in answer.text
    assert len(asked) == 1
    assert "no-store" in answer["Cache-Control"]
    assert answer["Permissions-Policy"] == PERMISSIONS_POLICY
