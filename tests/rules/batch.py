"""A long task as the portal writes them: item rows are the truth, each in its own transaction."""

import time

from django.db import transaction
from django_tasks import task

from red_genero.common import jobs
from red_genero.common.models import Job, QueuedMail

ITEMS = 12


@task()
def fill(job_pk: int, pause: float) -> int:
    """Make the items that are still missing; return how many there are."""
    job = Job.objects.get(pk=job_pk)
    for number in range(ITEMS):
        kind = f"item {number}"
        with transaction.atomic():
            if QueuedMail.objects.filter(kind=kind).exists():
                continue
            QueuedMail.objects.create(
                kind=kind, recipient="a@example.org", subject=kind, state=QueuedMail.State.SENT
            )
        jobs.advance(job)
        time.sleep(pause)
    jobs.finish(job)
    return QueuedMail.objects.filter(kind__startswith="item").count()


@task()
def touch(name: str) -> None:
    """Leave a trace."""
    QueuedMail.objects.create(
        kind=name, recipient="a@example.org", subject=name, state=QueuedMail.State.SENT
    )
