"""What the catalogue costs as ediciones and inscripciones grow, as ratios within one run: ``python -m tests.bench.catalog``.

It runs on the database of ``DATABASE_URL``, in a test database of its own. Most ediciones belong to one formación,
the worst case for its page. What is counted is processor time, of this process and of its PostgreSQL connection, because a
shared machine stretches the clock's. Exits with 1 when a promised page changes its queries or costs over 1.5 times.
"""

import datetime
import io
import os
import sys
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    teardown_databases,
)
from django.utils import timezone  # noqa: E402

from members.models import Person, User  # noqa: E402
from tests import make  # noqa: E402
from trainings.models import Course, Edition, Enrollment, Mode, Session  # noqa: E402

FEW, MANY = 10, 10_000
COURSES, PEOPLE = 32, 3_000
SEATED_EACH = 3
REPEATS = 30
MOST = 1.5
PLAIN = "/verificar/"
State = Edition.State


def editions(first: int, last: int, courses: list[Course]) -> None:
    """Make ediciones numbered from ``first`` until before ``last``, four in five of one course, half of them past."""
    now = timezone.now()
    made = []
    for number in range(first, last):
        days = (number * 37) % 360 + 1
        past = number % 2 == 0
        start = now + datetime.timedelta(days=-days if past else days)
        made.append(
            Edition(
                course=courses[0] if number % 5 else courses[number // 5 % COURSES],
                key=f"medida-{number}",
                state=State.CLOSED if past else State.PUBLISHED,
                mode=Mode.IN_PERSON,
                hours=Decimal(3),
                starts_on=start.date(),
                ends_on=start.date(),
                seats=20,
                enrollment_opens=min(now, start) - datetime.timedelta(days=30),
                enrollment_closes=start - datetime.timedelta(hours=1),
                cancel_until=start - datetime.timedelta(hours=2),
                minimum_attendance=80,
            )
        )
    Edition.objects.bulk_create(made, batch_size=500)
    moments = [
        datetime.datetime.combine(row.starts_on, datetime.time(22), datetime.UTC) for row in made
    ]
    Session.objects.bulk_create(
        [
            Session(
                edition=row,
                number=1,
                starts_at=moment,
                ends_at=moment + datetime.timedelta(hours=3),
                hours=Decimal(3),
                place="Sala",
            )
            for row, moment in zip(made, moments, strict=True)
        ],
        batch_size=500,
    )


def enrol(edition_ids: list[int], people: list[int], each: int) -> None:
    """Give ``each`` seats of every edición."""
    Enrollment.objects.bulk_create(
        [
            Enrollment(
                edition_id=pk,
                person_id=people[(at * 7 + seat) % len(people)],
                state=Enrollment.State.CONFIRMED,
            )
            for at, pk in enumerate(edition_ids)
            for seat in range(each)
        ],
        batch_size=1_000,
    )


def crowd(number: int) -> list[int]:
    """Make people without accounts and return their ids."""
    made = Person.objects.bulk_create(
        [
            Person(
                given_names="Ñeca",
                first_surname=f"Apellido{at:04d}",
                institutional_email=f"p{at}@x.mx",
            )
            for at in range(number)
        ],
        batch_size=500,
    )
    return [person.pk for person in made]


@dataclass(frozen=True, slots=True)
class Measure:
    """The queries of a page, its milliseconds of processor, and those of the plain page beside it."""

    queries: int
    spent: float
    plain: float

    @property
    def weight(self) -> float:
        """How many plain pages it costs: a busy machine slows both."""
        return self.spent / self.plain


def measured(pages: dict[str, tuple[Client, str]]) -> dict[str, Measure]:
    """Return what each page costs."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    found = {}
    for name, (client, path) in pages.items():
        assert client.get(path).status_code == 200, path
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            asked = len(queries)
        found[name] = Measure(asked, _milliseconds(client, path), _milliseconds(client, PLAIN))
    return found


def _milliseconds(client: Client, path: str) -> float:
    """Return what one visit costs, on average."""
    began = _processor()
    for _ in range(REPEATS):
        client.get(path)
    return (_processor() - began) * 1_000 / REPEATS


def _processor() -> float:
    """Return the seconds that this process and its connection to PostgreSQL, on this machine, have worked."""
    ours = time.process_time()
    if connection.vendor != "postgresql":
        return ours
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return ours + (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def told(title: str, few: dict[str, Measure], many: dict[str, Measure]) -> dict[str, float]:
    """Print both measures of each page; return how its weight grew, infinite when its queries changed."""
    print(f"\n{title} ({connection.vendor})")
    print(f"{'página':<34}{'consultas':>12}{'ms':>18}{'en páginas simples':>22}{'razón':>8}")
    ratios = {}
    for name, before in few.items():
        after = many[name]
        ratio = after.weight / before.weight
        ratios[name] = ratio if after.queries == before.queries else float("inf")
        print(
            f"{name:<34}{before.queries:>5} → {after.queries:<4}{before.spent:>8.1f} → {after.spent:<7.1f}"
            f"{before.weight:>12.2f} → {after.weight:<7.2f}{ratio:>8.2f}"
        )
    return ratios


def staff() -> Client:
    """Return the browser of Formación."""
    call_command("sync_roles", stdout=io.StringIO())
    account: User = make.user(staff=True, roles=("Formación",))
    make.person("Fernanda", "Ochoa", account=account)
    client = Client()
    client.force_login(account)
    return client


def main() -> int:
    """Measure with few and with many of each; return 1 when a promise is broken."""
    courses = [make.course(f"Formación {number}") for number in range(COURSES)]
    people, desk, anybody = crowd(PEOPLE), staff(), Client()
    editions(0, FEW, courses)
    enrol([*Edition.objects.values_list("pk", flat=True)], people, SEATED_EACH)
    board = Edition.objects.order_by("-pk")[0]
    crowded = make.edition(courses[0])
    enrol([crowded.pk], people, SEATED_EACH)
    month = timezone.localdate().strftime("%Y-%m")
    promised = {
        "Catálogo": (anybody, "/formacion/"),
        "Catálogo, con cupo": (anybody, "/formacion/?abierta=cupo"),
        "Página de la formación": (anybody, f"/formacion/{courses[0].key}/"),
        "Página de la edición": (anybody, f"/formacion/{courses[0].key}/{crowded.key}/"),
        "Tablero de la edición": (desk, f"/coordinacion/ediciones/{board.key}/"),
    }
    watched = {
        "Catálogo, por mes": (anybody, f"/formacion/?mes={month}"),
        "Calendario del mes": (anybody, f"/formacion/calendario/{month}/"),
        "Calendario público (.ics)": (anybody, "/formacion/calendario.ics"),
        "Portada": (anybody, "/"),
        "Mesa de coordinación": (desk, "/coordinacion/"),
        "Ediciones en la administración": (desk, "/admin/trainings/edition/"),
    }
    few = measured(promised | watched)
    before = set(Edition.objects.values_list("pk", flat=True))
    editions(FEW, MANY, courses)
    fresh = [pk for pk in Edition.objects.values_list("pk", flat=True) if pk not in before]
    enrol(fresh, people, SEATED_EACH)
    ratios = told(f"De {FEW} a {MANY:,} ediciones", few, measured(promised | watched))
    broken = [name for name in promised if ratios[name] > MOST]

    one = {name: pair for name, pair in promised.items() if name != "Tablero de la edición"} | {
        "Tablero de la edición": (desk, f"/coordinacion/ediciones/{crowded.key}/")
    }
    little = measured(one)
    enrol([crowded.pk], people[SEATED_EACH:], PEOPLE - SEATED_EACH)
    grown = told(f"De {SEATED_EACH} a {PEOPLE:,} inscripciones", little, measured(one))
    broken += [name for name, ratio in grown.items() if ratio == float("inf")]
    print("\n" + (f"Sin cumplir: {', '.join(broken)}." if broken else "Todo se cumple."))
    return int(bool(broken))


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["*"]
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        code = main()
    finally:
        teardown_databases(kept, verbosity=0)
    sys.exit(code)
