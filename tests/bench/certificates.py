"""How many queries and how long verifying and the kárdex take as constancias grow: ``python -m tests.bench.certificates [most]``.

The counts must be the same from ten constancias to a hundred thousand; the script ends with an error when they are not.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MOST = 100_000
FIRST = 10
HERS = 40
"""As many constancias has the person whose kárdex is read, from the beginning."""
REPEATS = 5
FILE = "/verificar/archivo/"
ANSWERS = {"/verificar/": {302}}
CHUNK = 5_000


def main() -> None:
    """Print a line for each size and page."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else MOST
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.update(DATA_DIR=folder, DEMO="1", DJANGO_SETTINGS_MODULE="tests.settings")
        import django

        django.setup()
        measure(most)


def measure(most: int) -> None:
    """Grow the table and read the pages at every size."""
    from trainings.models import Certificate

    model, reader = prepared()
    hers = list(Certificate.objects.order_by("pk"))
    counted: dict[str, set[int]] = {}
    for size in (FIRST, 1_000, most):
        grow(model, size)
        for name, address, who in pages(hers, reader):
            queries, spent = read(address, who)
            counted.setdefault(name, set()).add(queries)
            print(f"{size:7} constancias   {name:24} {queries:3} queries {spent:8.1f} ms")
    if any(len(found) > 1 for found in counted.values()):
        sys.exit(f"The queries grow: {counted}")


def prepared() -> Any:
    """Return a constancia to copy and the account of who has some."""
    from django.core.management import call_command

    from red_genero.common.states import By
    from tests import make
    from trainings import attending, certifying, closing, issuing

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("sync_roles", verbosity=0)
    call_command("load_catalogs", verbosity=0)
    make.signatory()
    by = By.web(make.user("bench@guadalajara.example"))
    run = make.taught(people=1, sessions=1)
    attending.all_present(run.sessions.get(), by=by)
    issuing.work_through(certifying.issue(closing.close(run, by=by), by=by))
    model = run.certificates.get()
    grow(model, HERS, whose=model.person, first="HERS")
    return model, model.person.user


def grow(model: Any, size: int, *, whose: Any = None, first: str = "BULK") -> None:
    """Copy a constancia until there are so many more."""
    from trainings.models import Certificate

    there = Certificate.objects.filter(folio__startswith=first).count()
    persons = [whose] * (size - there) if whose else people(model, size - there)
    for start in range(0, len(persons), CHUNK):
        Certificate.objects.bulk_create(
            Certificate(
                folio=f"{first}-{there + start + place}",
                kind=model.kind,
                person=person,
                edition=model.edition,
                name=model.name,
                course_title=model.course_title,
                hours=model.hours,
                starts_on=model.starts_on,
                ends_on=model.ends_on,
                template=model.template,
                frozen=model.frozen,
                sha256=model.sha256,
                issued_by=model.issued_by,
            )
            for place, person in enumerate(persons[start : start + CHUNK])
        )


def people(model: Any, number: int) -> list[Any]:
    """Return so many new persons."""
    kind = type(model.person)
    return list(
        kind.objects.bulk_create(
            (kind(given_names="Persona", first_surname="Güereña") for _ in range(number)),
            batch_size=CHUNK,
        )
    )


def pages(hers: list[Any], reader: Any) -> list[tuple[str, str, Any]]:
    """Return the pages that are measured: name, address, who reads."""
    return [
        ("verify by code", f"/verificar/{hers[0].code}/", None),
        ("verify, unknown", "/verificar/ABCDEFGHJKMNPQRSTUVWXYZ234/", None),
        ("verify by folio", f"/verificar/?clave={hers[0].folio}", None),
        ("verify, a file", FILE, None),
        ("constancias", "/constancias/", reader),
        ("kárdex, PDF", "/constancias/kardex.pdf", reader),
    ]


def asked(browser: Any, address: str) -> Any:
    """Return the answer; a file that was never issued is sent to its page."""
    if address != FILE:
        return browser.get(address)
    from django.core.files.uploadedfile import SimpleUploadedFile

    return browser.post(address, {"pdf": SimpleUploadedFile("a.pdf", b"%PDF-1.7 never issued")})


def read(address: str, who: Any) -> tuple[int, float]:
    """Return the queries of a page and the best of some times in milliseconds."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client(headers={"host": "localhost"})
    best, queries = float("inf"), set()
    for _ in range(REPEATS):
        cache.clear()
        if who is not None:
            browser.force_login(who)
        with CaptureQueriesContext(connection) as seen:
            start = time.perf_counter()
            answer = asked(browser, address)
            best = min(best, time.perf_counter() - start)
        if answer.status_code not in ANSWERS.get(address.partition("?")[0], {200, 404}):
            raise SystemExit(f"{address}: {answer.status_code}")
        queries.add(len(seen))
    return max(queries), best * 1_000


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
