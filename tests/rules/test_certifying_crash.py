"""A batch of constancias whose workers are killed at any moment, or run all at once."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from members.models import User
from red_genero.common.models import FolioCounter, Job, QueuedMail
from red_genero.common.states import By
from tests import make
from trainings import archiving, attending, certifying, closing
from trainings.models import Certificate, Edition, IssueBatch

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20
KILLS = 6
SOON, LATE = 0.05, 0.9
PATIENCE = 120
WORKER = """
import sys, django
django.setup()
from trainings import certifying
from trainings.models import IssueBatch
batch = IssueBatch.objects.get(pk=int(sys.argv[1]))
print("ready", flush=True)
certifying.work_through(batch)
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


def start_worker(batch: IssueBatch) -> "subprocess.Popen[str]":
    """Start a process that works through the batch, and wait until it is about to begin."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, str(batch.pk)],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "red_genero.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


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
    for _ in range(KILLS):
        worker = start_worker(batch)
        time.sleep(chance.uniform(SOON, LATE))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()
    last = start_worker(batch)
    last.communicate(timeout=PATIENCE)

    assert last.returncode == 0
    check_everything(run, PEOPLE)


def test_several_workers_on_one_batch_issue_each_once(carmen: User) -> None:
    run = closed_edition(carmen, 6)
    batch = certifying.issue(run, by=By.web(carmen))

    def work(_: int) -> None:
        try:
            certifying.work_through(IssueBatch.objects.get(pk=batch.pk))
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
