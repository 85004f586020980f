"""How long a search takes as the library grows, as ratios within one run: ``python -m tests.bench.search``.

It runs on the database of ``DATABASE_URL``, in a test database of its own, and ends with an error when a promise is not
kept: with 100,000 documents p95 is at most 1/20 of ``icontains`` and at most 4 times its own with 10,000.
"""

import csv
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from resources import indexing, searching  # noqa: E402
from resources.models import Resource, SearchEntry, Topic  # noqa: E402
from resources.search_passages import lines  # noqa: E402
from resources.search_words import asked, words_in  # noqa: E402

FEW, SMALL, LARGE = 10, 10_000, 100_000
PAGES = (
    "/biblioteca/",
    "/biblioteca/marco/",
    "/biblioteca/?q=testigo",
    "/biblioteca/?q=archivado",
    "/biblioteca/?q=nadalodice",
)
"""The doors, a topic, and searches that titles answer, that only files answer, and that nothing answers."""
ROUNDS = 5
WORDS_PER_FILE = 230
AT_MOST_OF_NAIVE, AT_MOST_OF_SMALL = 1 / 20, 4.0
QUERIES = (
    "mujeres",
    "acoso",
    "violencia",
    "protocolo acoso",
    "ley de acceso a las mujeres",
    "hostigar",
    "indicadores presupuesto",
    "LGAMVLV",
    "jueces",
    "sancionar",
    "atala apodaca",
    "convenio 190",
    "discapacidad",
    "igualdad sustantiva municipio",
    "palabrainexistente",
)
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi lo ma ne pi ra so tu ca".split()  # noqa: SIM905
Search = Callable[[str], object]


def vocabulary(chance: random.Random) -> tuple[list[str], list[float]]:
    """Return the words of the real catalogue and invented rare ones, with Zipf's weights."""
    with (settings.BASE_DIR / "resources/data/recursos.csv").open(encoding="utf-8") as file:
        real = [word for row in csv.DictReader(file) for word in words_in(row["resumen"])]
    words = sorted(set(real), key=lambda word: -real.count(word))
    words += ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(30_000)]
    return words, list(accumulate(1 / (rank + 5) for rank in range(len(words))))


def grow(until: int, chance: random.Random) -> None:
    """Add documents until there are so many."""
    words, weights = vocabulary(chance)
    topic, _ = Topic.objects.get_or_create(key="marco", defaults={"name": "Marco normativo"})

    def text(length: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=length))

    start = Resource.objects.count()
    for first in range(start, until, 1_000):
        made = Resource.objects.bulk_create(
            Resource(
                key=f"doc-{number}",
                topic=topic,
                kind=Resource.Kind.GUIDE,
                title=f"{text(9).capitalize()} testigo",
                issuer="Congreso de la Unión",
                scope=Resource.Scope.FEDERAL,
                summary=text(40),
                state=Resource.State.PUBLISHED,
            )
            for number in range(first, min(first + 1_000, until))
        )
        indexing.reindex(
            [row.pk for row in made],
            texts={row.pk: f"{text(WORDS_PER_FILE)} archivado" for row in made},
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ours(typed: str) -> object:
    """What a page of the search does."""
    found = searching.find(Resource.objects.listed_for(AnonymousUser()), typed)
    return lines(searching.in_order(found.ids[:20]), found.words)


def naive(typed: str) -> object:
    """Every word somewhere in title, summary or file, by ``icontains``: the count and one page."""
    found = Resource.objects.listed_for(AnonymousUser())
    for word in asked(typed):
        found = found.filter(
            Q(title__icontains=word.folded)
            | Q(summary__icontains=word.folded)
            | Q(search_entry__text__icontains=word.folded)
        )
    return found.count(), list(found.select_related("topic").order_by("-pk")[:20])


def p95(search: Search, rounds: int) -> float:
    """Return the 95th percentile of the milliseconds that the mixed searches take."""
    return statistics.quantiles(times(search, rounds), n=20)[-1]


def times(search: Search, rounds: int) -> Iterator[float]:
    """Yield the milliseconds of each search."""
    for typed in QUERIES:
        search(typed)
        for _ in range(rounds):
            start = time.perf_counter()
            search(typed)
            yield (time.perf_counter() - start) * 1000


def queries() -> list[int]:
    """Return how many queries each page takes."""
    counts = []
    for path in PAGES:
        with CaptureQueriesContext(connection) as asked_of_it:
            Client().get(path)
        counts.append(len(asked_of_it))
    return counts


def main() -> int:
    """Fill, measure and compare; return 1 when a promise is broken."""
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        chance = random.Random(7)  # noqa: S311
        grow(FEW, chance)
        few = queries()
        grow(SMALL, chance)
        many = queries()
        small = p95(ours, ROUNDS)
        grow(LARGE, chance)
        large, slow = p95(ours, ROUNDS), p95(naive, 1)
        rows = SearchEntry.objects.count()
    finally:
        teardown_databases(databases, verbosity=0)
    print(f"{connection.vendor}, {rows:,} documents")
    print(
        f"p95 with {SMALL:,}: {small:.1f} ms; with {LARGE:,}: {large:.1f} ms; icontains {slow:.0f} ms"
    )
    print(f"of icontains: {large / slow:.4f} (at most {AT_MOST_OF_NAIVE:.2f})")
    print(f"of its own with {SMALL:,}: {large / small:.2f} (at most {AT_MOST_OF_SMALL:.0f})")
    print(f"queries of {PAGES}: {few} with {FEW}, {many} with {SMALL:,}")
    kept = large <= slow * AT_MOST_OF_NAIVE and large <= small * AT_MOST_OF_SMALL
    return int(not kept or few != many)


if __name__ == "__main__":
    sys.exit(main())
