"""A batch of constancias whose workers are killed at any moment, or run all at once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from members.models import User
from red_genero.common.models import FolioCounter, Job, QueuedMail
from red_genero.common.states import By
from tests import make
from trainings import archiving, attending, certifying, closing, issuing
from trainings.models import Certificate, Edition, IssueBatch

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 120
KILLS = 10
SOON, LATE = 0.05, 0.4
PATIENCE = 120
NURSERY = """
import os, sys, django
from datetime import timedelta
django.setup()
from red_genero.documents import engine
from trainings import issuing
from trainings.models import IssueBatch
engine.available()
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        issuing.work_through(IssueBatch.objects.get(pk=int(line)), lease=timedelta())
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def closed_edition(by: User, people: int) -> Edition:
    """Return a closed edición in which everybody gets a constancia."""
    make.signatory()
    run = make.taught(people=people, sessions=1)
    attending.all_present(run.sessions.get(), by=By.web(by))
    return closing.close(run, by=By.web(by))


def database_url() -> str:
    """Return the address of the tests' own database, for another process."""
    known: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    login = f"{known['USER']}:{known['PASSWORD']}@" if known["USER"] else ""
    return f"postgres://{login}{known['HOST']}:{known['PORT']}/{known['NAME']}"


@contextmanager
def nursery() -> Iterator[Callable[[IssueBatch, float], int]]:
    """Give a function that lets a new process work through a batch for so long, and returns how it ended.

    The processes are forked from one that has everything loaded: starting each anew would take seconds.
    """
    mother = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", NURSERY],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "red_genero.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert mother.stdin is not None
    assert mother.stdout is not None
    assert mother.stdout.readline() == "ready\n"
    orders, answers = mother.stdin, mother.stdout

    def work(batch: IssueBatch, seconds: float) -> int:
        print(batch.pk, file=orders, flush=True)
        worker = int(answers.readline())
        if seconds < PATIENCE:
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        return int(answers.readline())

    try:
        yield work
    finally:
        orders.close()
        mother.wait(PATIENCE)
        answers.close()


def check_everything(run: Edition, people: int) -> None:
    """Each person exactly one constancia with its file and one mail; folios without a gap."""
    certificates = Certificate.objects.order_by("pk")
    numbers = sorted(int(folio[-4:]) for folio in certificates.values_list("folio", flat=True))

    assert numbers == list(range(1, people + 1))
    assert FolioCounter.objects.get(series="RED").last == people
    assert set(certificates.values_list("enrollment", flat=True)) == set(
        run.enrollments.values_list("pk", flat=True)
    )
    assert all(archiving.read_pdf(certificate) for certificate in certificates)
    sent = QueuedMail.objects.filter(kind="trainings/certificate_issued")
    assert sent.count() == people
    assert set(sent.values_list("about_id", flat=True)) == set(
        certificates.values_list("pk", flat=True)
    )
    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (Job.State.DONE, people, 0)


def test_workers_killed_at_random_leave_no_gap_no_double_and_no_second_mail(carmen: User) -> None:
    run = closed_edition(carmen, PEOPLE)
    batch = certifying.issue(run, by=By.web(carmen))
    chance = random.Random()  # noqa: S311
    with nursery() as work:
        ends = [work(batch, chance.uniform(SOON, LATE)) for _ in range(KILLS)]
        last = work(batch, PATIENCE)

    assert signal.SIGKILL in ends
    assert last == 0
    check_everything(run, PEOPLE)


def test_several_workers_on_one_batch_issue_each_once(carmen: User) -> None:
    run = closed_edition(carmen, 6)
    batch = certifying.issue(run, by=By.web(carmen))

    def work(_: int) -> None:
        try:
            issuing.work_through(IssueBatch.objects.get(pk=batch.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    check_everything(run, 6)


def test_several_presses_at_once_start_one_batch(carmen: User) -> None:
    run = closed_edition(carmen, 2)

    def press(_: int) -> int:
        try:
            return certifying.issue(run, by=By.web(carmen)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        batches = set(pool.map(press, range(4)))
    assert len(batches) == IssueBatch.objects.count() == 1
    assert Job.objects.get().total == 2


def test_two_closings_at_once_write_one_line_each(carmen: User, fernanda: User) -> None:
    make.signatory()
    run = make.taught(people=3, sessions=1)
    attending.all_present(run.sessions.get(), by=By.web(carmen))

    def press(by: User) -> str:
        try:
            return closing.close(run, by=By.web(by)).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        states = list(pool.map(press, (carmen, fernanda)))
    assert states == [Edition.State.CLOSED] * 2
    assert run.history.filter(state=Edition.State.CLOSED).count() == 1
    assert timezone.localdate() >= run.ends_on
