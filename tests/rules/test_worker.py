"""The worker: killed, stopped, doubled or without database, it neither loses nor repeats anything."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from red_genero.common import jobs, mail
from red_genero.common.jobs import Sweeper
from red_genero.common.models import Job, QueuedMail, WorkerBeat
from red_genero.common.worker import Worker, recover_lost_tasks, sweep, tidy_up
from tests.rules import batch
from tests.smtp import PostOffice, post_office

PATIENCE = 90.0
Start = Callable[[], "subprocess.Popen[bytes]"]


def database_url() -> str:
    """Return the address of the tests' database, for another process."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    have = connection.settings_dict
    password = f":{have['PASSWORD']}" if have["PASSWORD"] else ""
    user = f"{have['USER']}{password}@" if have["USER"] else ""
    port = f":{have['PORT']}" if have["PORT"] else ""
    return f"postgres://{user}{have['HOST'] or 'localhost'}{port}/{have['NAME']}"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A real mail server."""
    with post_office() as made:
        yield made


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is closed when the test ends."""
    with ExitStack() as made:
        yield made


@pytest.fixture
def start(
    transactional_db: None, office: PostOffice, tmp_path: Path, stack: ExitStack
) -> Iterator[Start]:
    """Start real worker processes; whatever is left of them ends with the test."""
    cache.clear()
    started: list[subprocess.Popen[bytes]] = []
    log = stack.enter_context((tmp_path / "workers.log").open("ab"))

    def one() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=project.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "red_genero.settings",
                "SECRET_KEY": project.SECRET_KEY,
                "DATABASE_URL": database_url(),
                "DATA_DIR": str(tmp_path),
                "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
                "DEMO": "0",
            },
            stderr=log,
        )
        started.append(process)
        return process

    yield one
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)


def until(true: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, "It did not happen in time."
        time.sleep(0.05)


def forget_the_dead() -> None:
    """Let the time pass that a lost worker's lease and pulse last."""
    past = timezone.now() - timedelta(minutes=5)
    QueuedMail.objects.queued().update(leased_until=past)
    WorkerBeat.objects.update(at=past)
    DBTaskResult.objects.running().update(started_at=past)
    cache.clear()


def queue(subject: str) -> QueuedMail:
    """Queue a message."""
    return mail.enqueue(EmailMessage(subject, "Texto", to=["ana@example.org"]))[0]


def test_killed_while_it_sends_nothing_is_lost(start: Start, office: PostOffice) -> None:
    queue("Uno")
    queue("Dos")
    victim = start()

    def kill() -> None:
        office.before_keeping = None
        office.answer_data = "451 the sender died"
        victim.kill()
        victim.wait()

    office.before_keeping = kill
    until(lambda: victim.poll() is not None)
    assert office.letters == []
    assert QueuedMail.objects.queued().count() == 2

    office.answer_data = "250 kept"
    forget_the_dead()
    start()
    until(lambda: not QueuedMail.objects.queued().exists())

    assert sorted(each.message["Subject"] for each in office.letters) == ["Dos", "Uno"]


def test_killed_in_the_middle_of_a_task_each_item_is_made_once(start: Start) -> None:
    job = jobs.start("Prueba", total=batch.ITEMS, by=None)
    batch.fill.enqueue(job.pk, 0.3)
    victim = start()
    until(lambda: QueuedMail.objects.filter(kind__startswith="item").count() >= 3)
    victim.kill()
    victim.wait()
    made = QueuedMail.objects.filter(kind__startswith="item").count()
    assert 3 <= made < batch.ITEMS
    assert DBTaskResult.objects.get().status == "RUNNING"

    forget_the_dead()
    start()
    until(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists())
    until(lambda: DBTaskResult.objects.get().status == "SUCCESSFUL")

    result = DBTaskResult.objects.get()
    assert result.return_value == batch.ITEMS
    assert len(result.worker_ids) == 2
    assert QueuedMail.objects.filter(kind__startswith="item").count() == batch.ITEMS


def test_told_to_end_it_finishes_what_it_does(start: Start) -> None:
    job = jobs.start("Prueba", total=batch.ITEMS, by=None)
    batch.fill.enqueue(job.pk, 0.1)
    batch.touch.enqueue("después")
    worker = start()
    until(lambda: QueuedMail.objects.filter(kind__startswith="item").exists())

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=PATIENCE) == 0
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert DBTaskResult.objects.ready().count() == 1
    assert WorkerBeat.objects.count() == 0


def test_two_workers_share_the_tasks(start: Start) -> None:
    for number in range(12):
        batch.touch.enqueue(f"tarea {number}")
    start()
    start()

    until(lambda: DBTaskResult.objects.finished().count() == 12)
    until(lambda: WorkerBeat.objects.count() == 2)

    assert DBTaskResult.objects.successful().count() == 12
    assert QueuedMail.objects.filter(kind__startswith="tarea").count() == 12


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server to lose")
def test_it_survives_the_loss_of_its_connections(start: Start, office: PostOffice) -> None:
    worker = start()
    until(WorkerBeat.objects.exists)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    queue("Sigue viva")

    until(lambda: len(office.letters) == 1)
    assert worker.poll() is None


def test_a_database_that_is_away_is_waited_for() -> None:
    worker = Worker("prueba", idle=0.01)
    calls: list[int] = []

    def step() -> bool:
        calls.append(1)
        if len(calls) < 2:
            raise OperationalError("the database is away")
        worker.stop()
        return False

    # In a thread of its own, as the worker runs it: closing connections must not touch the tests' one.
    loop = threading.Thread(target=worker._loop, args=("prueba", step, 0.01))
    loop.start()
    loop.join(timeout=PATIENCE)

    assert len(calls) == 2


@pytest.mark.django_db
def test_a_lost_task_is_queued_again_but_not_for_ever() -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    WorkerBeat.objects.create(worker="viva", at=timezone.now())
    WorkerBeat.objects.create(worker="muerta", at=long_ago)
    for name, workers in (
        ("viva", ["viva"]),
        ("muerta", ["muerta"]),
        ("olvidada", ["nadie"]),
        ("mortal", ["a", "b", "c", "d", "muerta"]),
    ):
        task = DBTaskResult.objects.get(pk=batch.touch.enqueue(name).id)
        task.status, task.started_at, task.worker_ids = "RUNNING", long_ago, workers
        task.save()

    recover_lost_tasks()

    states = {task.args_kwargs["args"][0]: task.status for task in DBTaskResult.objects.all()}
    assert states == {
        "viva": "RUNNING",
        "muerta": "READY",
        "olvidada": "READY",
        "mortal": "FAILED",
    }


@pytest.mark.django_db
def test_a_round_is_made_once_per_pace_by_all_workers() -> None:
    cache.clear()
    made: list[int] = []
    each = Sweeper("ronda de prueba", timedelta(minutes=1), lambda: made.append(1))

    assert [sweep(each), sweep(each)] == [True, False]
    assert len(made) == 1


@pytest.mark.django_db
def test_a_round_that_fails_hurts_nobody() -> None:
    cache.clear()

    def broken() -> None:
        raise ValueError("no")

    assert sweep(Sweeper("ronda rota", timedelta(minutes=1), broken)) is True


@pytest.mark.django_db
def test_old_pulses_and_tasks_are_forgotten() -> None:
    now = timezone.now()
    WorkerBeat.objects.create(worker="vieja", at=now - timedelta(days=2))
    WorkerBeat.objects.create(worker="nueva", at=now)
    old = DBTaskResult.objects.get(pk=batch.touch.enqueue("vieja").id)
    old.set_successful(None)
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=now - timedelta(days=31))
    batch.touch.enqueue("nueva")

    tidy_up()

    assert list(WorkerBeat.objects.values_list("worker", flat=True)) == ["nueva"]
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_the_demo_delivers_without_a_network(settings: Settings) -> None:
    settings.DEMO = True
    settings.EMAIL_DELIVERY_BACKEND = "red_genero.common.delivery.DemoDeliveryBackend"
    row = queue("Aviso")
    worker = Worker("prueba")

    assert worker.mail() is True
    assert worker.mail() is False
    worker.beat()

    row.refresh_from_db()
    assert row.state == QueuedMail.State.SENT
    assert WorkerBeat.objects.get(worker="prueba").at <= timezone.now()
