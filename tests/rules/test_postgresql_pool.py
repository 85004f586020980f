"""A restart of PostgreSQL: the next request is answered, however many connections were idle."""

import threading

import pytest
from django.conf import settings
from django.db import connection, connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server to lose"),
]


def answer() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def fill_the_pool() -> int:
    """Leave as many idle connections as the pool holds; return how many."""
    size = int(settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]) - 1  # one is ours
    together = threading.Barrier(size)

    def work() -> None:
        answer()
        together.wait(timeout=30)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return size


def test_the_first_request_after_a_restart_is_answered() -> None:
    assert fill_the_pool() > 5
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        assert cursor.fetchone()[0] > 5

    seen: list[int] = []

    def request() -> None:
        seen.append(answer())
        connections.close_all()

    thread = threading.Thread(target=request)
    thread.start()
    thread.join(timeout=60)

    assert seen == [1]
