"""200 people press at once for the last 20 of 100 seats, four server processes: ``python -m tests.bench.seats``.

It runs on the database of ``DATABASE_URL`` (SQLite without it), in a test database of its own, over real HTTP with
signed-in members. It ends with 1 if a promise is broken, or if the naive verb passes the same check.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.urls import reverse  # noqa: E402

from members.models import Person  # noqa: E402
from tests import make  # noqa: E402
from tests.bench import serving  # noqa: E402
from tests.bench.serving import Press  # noqa: E402
from trainings.models import Edition, Enrollment  # noqa: E402

SEATS: Final = 100
TAKEN: Final = 80
CLIENTS: Final = 200
STRAGGLERS: Final = 10
State = Enrollment.State


def enrol_path(run: Edition) -> str:
    """Return the address at which she enrols."""
    return reverse("trainings:enrollment", args=[run.course.key, run.key])


def broken(run: Edition, presses: Sequence[Press]) -> list[str]:
    """Return the promises that did not hold."""
    seats = Enrollment.objects.filter(edition=run)
    held, asked = seats.holding().count(), len(presses)
    found = []
    if held > SEATS:
        found.append(f"{held - SEATS} lugares de más")
    if held < SEATS:
        found.append(f"{SEATS - held} lugares sin dar")
    failed = [press.status for press in presses if press.status >= 400]
    if failed:
        found.append(f"{len(failed)} respuestas con error: {sorted(set(failed))}")
    if seats.filter(person__in=[press.person for press in presses]).count() != asked:
        found.append("inscripciones perdidas o repetidas")
    queue = list(seats.queue().values_list("person", flat=True))
    if not found and (late := _out_of_order(queue, presses)):
        found.append(f"{late} personas adelantadas a quien ya tenía respuesta")
    return found


def _out_of_order(queue: Sequence[int], presses: Sequence[Press]) -> int:
    """Count who went ahead of somebody whose answer came before she even pressed.

    Those with a seat stand before everybody in the queue.
    """
    place = {person: number for number, person in enumerate(queue, 1)}
    by_answer = sorted(presses, key=lambda press: press.answered)
    late = 0
    for press in presses:
        before = (p for p in by_answer if p.answered < press.sent)
        furthest = max((place.get(p.person, 0) for p in before), default=0)
        late += place.get(press.person, 0) < furthest
    return late


def measure(
    name: str, port: int, people: Sequence[Person], *, taken: int, path: Callable[[Edition], str]
) -> tuple[float, list[str]]:
    """Fill ``taken`` seats, let everybody press at once and some more in turn; print and return."""
    run = make.edition(seats=SEATS)
    for person in people[:taken]:
        make.enrollment(run, person)
    cookies = serving.sign_in(people[taken : taken + CLIENTS + STRAGGLERS])
    first = dict(list(cookies.items())[:CLIENTS])
    rest = dict(list(cookies.items())[CLIENTS:])
    presses = serving.press_at_once(port, path(run), first, "POST")
    speed = serving.per_second(presses)
    slowest = max(press.answered - press.sent for press in presses)
    found = broken(run, [*presses, *serving.press_in_turn(port, path(run), rest)])
    said = "; ".join(found) or "todas las promesas se cumplen"
    print(f"{name:32} {speed:7.0f}/s  la última en {slowest:5.2f} s  {said}", flush=True)
    return speed, found


def plain_page(port: int, people: Sequence[Person]) -> float:
    """Measure the page of an edición, signed in, with the same clients."""
    run = make.edition(seats=SEATS)
    path = reverse("trainings:edition_detail", args=[run.course.key, run.key])
    presses = serving.press_at_once(port, path, serving.sign_in(people[:CLIENTS]), "GET")
    speed = serving.per_second(presses)
    print(f"{'página de la edición (GET)':32} {speed:7.0f}/s")
    return speed


def run_all() -> bool:
    """Print the table and the ratios; whether everything held, the failure of the naive verb included."""
    people = [make.member().person for _ in range(SEATS + CLIENTS + STRAGGLERS)]
    print(
        f"{connection.vendor}: {CLIENTS} a la vez, {serving.WORKERS} procesos, {SEATS - TAKEN} lugares"
    )
    with serving.server() as port:
        page = plain_page(port, people)
        ours, wrong = measure("inscribirse", port, people, taken=TAKEN, path=enrol_path)
        full, wrong_full = measure("edición llena", port, people, taken=SEATS, path=enrol_path)
        least, _ = measure(
            "solo candado y renglón",
            port,
            people,
            taken=TAKEN,
            path=lambda run: f"/medicion/candado/{run.key}/",
        )
        _, caught = measure(
            "ingenuo", port, people, taken=TAKEN, path=lambda run: f"/medicion/ingenuo/{run.key}/"
        )
    print(f"inscribirse ÷ página:           {ours / page:.2f}")
    print(f"inscribirse ÷ solo candado:     {ours / least:.2f}")
    print(f"edición llena ÷ con lugares:    {full / ours:.2f}")
    if not caught:
        print("El verbo ingenuo pasó la misma prueba: la prueba no sirve.")
    return not wrong and not wrong_full and bool(caught)


def main() -> int:
    """Run it in a database of its own; ended from outside, it takes its servers along."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    old = setup_databases(verbosity=0, interactive=False)
    try:
        return 0 if run_all() else 1
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
