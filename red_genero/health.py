"""Whether the portal can serve people: database, migrations, worker, storage."""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from red_genero.common.models import WorkerBeat

logger = logging.getLogger(__name__)

OLDEST_BEAT: Final = timedelta(seconds=60)
FINE: Final = "bien"
AWAY: Final = "no responde"
READ_FROM_IT: Final = frozenset({"migraciones", "procesos"})
"""The parts that are read from the database."""


class Unwell(Exception):
    """Something that the portal needs is missing; the text may be shown."""


def examine() -> dict[str, str]:
    """Return each part with «bien» or with what is wrong, in words without secrets."""
    parts: dict[str, Callable[[], None]] = {
        "base_de_datos": _database,
        "migraciones": _migrations,
        "procesos": _worker,
        "archivos": _storage,
    }
    found: dict[str, str] = {}
    for name, look in parts.items():
        if name in READ_FROM_IT and found["base_de_datos"] != FINE:
            found[name] = AWAY  # known already: asking again would only wait again
            continue
        try:
            look()
            found[name] = FINE
        except Unwell as problem:
            found[name] = str(problem)
        except Exception:
            logger.exception("Health: %s", name)
            found[name] = AWAY
    return found


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise Unwell(f"faltan {len(pending)} migraciones")


def _worker() -> None:
    last = WorkerBeat.objects.order_by("-at").values_list("at", flat=True).first()
    if last is None:
        raise Unwell("ningún proceso ha dado señal")
    silence = timezone.now() - last
    if silence > OLDEST_BEAT:
        raise Unwell(f"sin señal desde hace {int(silence.total_seconds())} s")


def _storage() -> None:
    """Write a small file, read it back and delete it."""
    word = secrets.token_bytes(16)
    name = default_storage.save(f"salud/{secrets.token_hex(8)}", ContentFile(word))
    try:
        with default_storage.open(name) as file:
            if file.read() != word:
                raise Unwell("lo escrito no es lo leído")
    finally:
        default_storage.delete(name)
