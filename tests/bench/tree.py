"""How the pages of the tree grow from 108 to 5,000 dependencias, as ratios of one run: ``python -m tests.bench.tree``.

It runs on the database of ``DATABASE_URL``, in a test database of its own, and ends with an error when a promise is not
kept: no page takes one query more, none weighs over 150 KB compressed (the CSV holds every row), and none grows faster
than the tree.
"""

import gzip
import os
import statistics
import sys
import time
from typing import Final, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from members.models import Department, Member, User  # noqa: E402
from tests import make  # noqa: E402

SMALL, LARGE = 108, 5_000
ROUNDS: Final = 5
HEAVIEST: Final = 150_000
SLOWEST: Final = LARGE / SMALL
PAGES: Final = {
    "portada": "/",
    "directorio": "/directorio/",
    "búsqueda": "/directorio/?q=direccion",
    "dependencia": "/directorio/nodo-0/",
    "integrantes": "/directorio/integrantes/",
    "cobertura": "/indicadores/cobertura/",
    "CSV de cobertura": "/indicadores/cobertura/datos.csv",
    "administración": "/admin/members/department/",
}


class Cost(NamedTuple):
    """One page: queries, milliseconds (the median), bytes compressed."""

    queries: int
    time: float
    weight: int


def readers() -> tuple[Client, Client]:
    """Return an integrante of the directory and somebody of the personnel."""
    member: Member = make.member(works_in=Department.objects.get(key="nodo-1"))
    member.person.show_in_directory = True
    member.person.save()
    reader, staff = Client(), Client()
    reader.force_login(member.person.user)  # type: ignore[arg-type]
    staff.force_login(User.objects.create_superuser("jefa@guadalajara.gob.mx", "clave-de-prueba"))
    return reader, staff


def cost(client: Client, path: str) -> Cost:
    """Return what one page takes, once warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    queries = len(asked)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - begun)
    weight = len(gzip.compress(answer.content))
    return Cost(queries, statistics.median(times) * 1000, weight)


def measure(total: int) -> dict[str, Cost]:
    """Return every page with a tree of ``total`` nodes, which is gone afterwards."""
    make.tree(total)
    reader, staff = readers()
    return {
        name: cost(staff if name == "administración" else reader, path)
        for name, path in PAGES.items()
    }


def main() -> int:
    """Measure, print and judge."""
    failed = 0
    sides = []
    for total in (SMALL, LARGE):
        old = setup_databases(verbosity=0, interactive=False)
        try:
            sides.append(measure(total))
        finally:
            teardown_databases(old, verbosity=0)
    small, large = sides
    print(f"{'página':<18}{'consultas':>12}{'ms':>16}{'razón':>8}{'KB':>14}")
    for name in PAGES:
        one, many = small[name], large[name]
        ratio = many.time / one.time
        heavy = name != "CSV de cobertura" and many.weight > HEAVIEST
        bad = one.queries != many.queries or ratio > SLOWEST or heavy
        failed += bad
        print(
            f"{name:<18}{one.queries:>5} → {many.queries:<4}{one.time:>7.0f} → {many.time:<6.0f}{ratio:>7.1f}"
            f"{one.weight / 1000:>6.1f} → {many.weight / 1000:<6.1f}{' NO' if bad else ''}"
        )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
