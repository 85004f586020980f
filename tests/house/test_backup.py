"""A copy made by deploy/backup comes back whole with deploy/restore, and never over what exists."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.settings import TEMPLATE

BACKUP = settings.BASE_DIR / "deploy" / "backup"
RESTORE = settings.BASE_DIR / "deploy" / "restore"
TABLE = "CREATE TABLE keepsake (word varchar(20)); INSERT INTO keepsake VALUES ('cantera');"


def run(script: Path, argument: Path, url: str, data: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts as an operator would, against that database and that folder."""
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(data), "DEMO": "1"}
    return subprocess.run(
        [script, argument], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def databases(db: None, tmp_path: Path) -> Iterator[list[str]]:
    """Return the addresses of a database that holds one word beside the portal's tables, and of an empty one."""
    if connection.vendor == "sqlite":
        urls = [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("first", "second")]
        if TEMPLATE:
            shutil.copyfile(TEMPLATE, tmp_path / "first.sqlite3")
        with closing(sqlite3.connect(tmp_path / "first.sqlite3")) as first:
            first.executescript(TABLE)
        yield urls
        return
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not in the path")
    given = os.environ["DATABASE_URL"]
    names = [f"backup_{uuid4().hex}" for _ in range(2)]
    urls = [f"{given.rpartition('/')[0]}/{name}" for name in names]
    with psycopg.connect(given, autocommit=True) as server:
        for name, template in zip(names, (TEMPLATE or "template1", "template1"), strict=True):
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        with psycopg.connect(urls[0], autocommit=True) as first:
            first.execute(TABLE.encode())
        yield urls
        for name in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def words(url: str) -> list[tuple[str]]:
    """Return what the database at ``url`` holds."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as lite:
            return lite.execute("SELECT word FROM keepsake").fetchall()
    with psycopg.connect(url) as server:
        return server.execute("SELECT word FROM keepsake").fetchall()


def test_a_copy_comes_back_whole_and_only_into_what_is_empty(
    databases: list[str], tmp_path: Path
) -> None:
    original, empty = databases
    data, new_data = tmp_path / "data", tmp_path / "new"
    (data / "private").mkdir(parents=True)
    (data / "private" / "constancia.pdf").write_bytes(b"the same bytes for ever")

    saved = run(BACKUP, tmp_path / "copies", original, data)
    assert saved.returncode == 0, saved.stderr
    copies = list((tmp_path / "copies").iterdir())
    assert [str(copy) for copy in copies] == [saved.stdout.strip()]
    assert copies[0].stat().st_mode & 0o077 == 0

    refused = run(RESTORE, copies[0], empty, data)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr

    refused = run(RESTORE, copies[0], original, new_data)
    assert refused.returncode == 1
    assert not new_data.exists()

    restored = run(RESTORE, copies[0], empty, new_data)
    assert restored.returncode == 0, restored.stderr
    assert words(empty) == [("cantera",)]
    assert (new_data / "private" / "constancia.pdf").read_bytes() == b"the same bytes for ever"


def test_a_damaged_copy_restores_nothing(databases: list[str], tmp_path: Path) -> None:
    original, empty = databases
    saved = run(BACKUP, tmp_path / "copies", original, tmp_path / "data")
    copy = Path(saved.stdout.strip())
    dump = next(copy.glob("database.*"))
    dump.write_bytes(dump.read_bytes()[:-1])

    refused = run(RESTORE, copy, empty, tmp_path / "new")
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert not (tmp_path / "new").exists()
