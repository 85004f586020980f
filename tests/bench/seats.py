"""How seats are given under pressure, as ratios within one run: ``python -m tests.bench.seats``.

It runs on the database of ``DATABASE_URL``, in a test database of its own.
"""

import os
import threading
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from members.models import Person  # noqa: E402
from red_genero.common.states import By  # noqa: E402
from tests import make  # noqa: E402
from trainings import enrolling, filling  # noqa: E402
from trainings.models import Edition, Enrollment  # noqa: E402

CLIENTS = 20
SEATS = 100
TAKEN = 80
Press = Callable[[Edition, Person], object]


def enrol(run: Edition, person: Person) -> None:
    """The portal's verb."""
    enrolling.enrol(run, person, by=By.job("Medición"))


def row_lock(run: Edition, person: Person) -> None:
    """Only the lock, the count and one row: the least a correct verb can do."""
    with transaction.atomic():
        Edition.objects.locked(run.pk)
        free = filling.places_of(run).free
        chosen = Enrollment.State.CONFIRMED if free else Enrollment.State.REQUESTED
        Enrollment.objects.create(edition=run, person=person, state=chosen)


def naive(run: Edition, person: Person) -> None:
    """Check, then insert: fast and wrong."""
    free = filling.places_of(run).free
    chosen = Enrollment.State.CONFIRMED if free else Enrollment.State.REQUESTED
    Enrollment.objects.create(edition=run, person=person, state=chosen)


def press_all(press: Press, run: Edition, people: list[Person]) -> tuple[float, list[str]]:
    """Let ``CLIENTS`` threads press for everybody; return presses per second and what failed."""
    queue, errors, gate = list(people), list[str](), threading.Event()

    def work() -> None:
        gate.wait()
        while True:
            try:
                person = queue.pop()
            except IndexError:
                break
            try:
                press(run, person)
            except Exception as error:  # noqa: BLE001
                errors.append(f"{type(error).__name__}: {error}")
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    gate.set()
    for thread in threads:
        thread.join()
    return len(people) / (time.perf_counter() - start), errors


def measure(name: str, press: Press, people: list[Person], *, taken: int) -> float:
    """Fill ``taken`` seats, let everybody press, print what happened; return the speed."""
    run = make.edition(seats=SEATS)
    for person in people[:taken]:
        make.enrollment(run, person)
    speed, errors = press_all(press, run, people[taken:])
    places = filling.places_of(run)
    verdict = f"sobrecupo de {places.over}" if places.over else "sin sobrecupo"
    print(
        f"{name:34} {speed:8.0f}/s  ocupados {places.held}/{SEATS}  {verdict}  errores {len(errors)}"
    )
    for error in errors[:3]:
        print(f"    {error}")
    return speed


def main() -> None:
    """Print the table and the ratios."""
    old = setup_databases(verbosity=0, interactive=False)
    try:
        people = [make.member().person for _ in range(TAKEN + 200)]
        print(
            f"{connection.vendor}: 200 solicitudes, {CLIENTS} a la vez, {SEATS - TAKEN} lugares libres"
        )
        ours = measure("inscribirse", enrol, people, taken=TAKEN)
        least = measure("solo candado y renglón", row_lock, people, taken=TAKEN)
        wrong = measure("ingenuo", naive, people, taken=TAKEN)
        full = measure("inscribirse, edición llena", enrol, people, taken=SEATS)
        print(f"inscribirse ÷ solo candado: {ours / least:.2f}")
        print(f"inscribirse ÷ ingenuo:      {ours / wrong:.2f}")
        print(f"edición llena ÷ con lugares: {full / ours:.2f}")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
