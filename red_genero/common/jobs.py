"""Long work whose progress its owner can read, and the rounds that the worker makes by itself.

In a view or verb, inside the transaction that stores the items::

    job = jobs.start("Constancias de PG-02-2026-1", total=len(items), by=request.user)
    issue_batch.enqueue(job.pk)          # a django_tasks task that takes ids
    return redirect("job_detail", key=job.key)

In the task, one transaction per item::

    for item in unfinished(job):
        with transaction.atomic():
            verb(item)
        jobs.advance(job)                # or jobs.advance(job, failed=True)
    jobs.finish(job, detail="…")

A worker may be killed at any moment, so the rows of the items are the truth: the task picks the unfinished ones and may
run twice. A round that finishes what a lost worker left is registered in the app's ``tasks`` module::

    @sweeper("constancias sin terminar", every=timedelta(minutes=1))
    def resume_batches() -> None:
        for job in Job.objects.unfinished(timedelta(minutes=2)).filter(title__startswith=…):
            issue_batch.enqueue(job.pk)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import models
from django.db.models import F
from django.utils import timezone

from red_genero.common.models import Job

Round = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Sweeper:
    """A round with its name and pace."""

    name: str
    every: timedelta
    run: Round


SWEEPERS: Final[dict[str, Sweeper]] = {}


def sweeper(name: str, *, every: timedelta) -> Callable[[Round], Round]:
    """Register a function that the workers, between them, call once per ``every``.

    It must be harmless to run twice and takes no arguments.
    """

    def register(run: Round) -> Round:
        SWEEPERS[name] = Sweeper(name, every, run)
        return run

    return register


def start(title: str, *, total: int, by: models.Model | None) -> Job:
    """Return a new job in wait; ``by`` is the account that may read it."""
    return Job.objects.create(title=title[:200], total=total, started_by_id=by.pk if by else None)


def advance(job: Job, *, failed: bool = False, count: int = 1) -> None:
    """Count items as tried; the row says that the work is alive."""
    field = "failed" if failed else "done"
    Job.objects.filter(pk=job.pk).update(
        **{field: F(field) + count}, state=Job.State.RUNNING, beat_at=timezone.now()
    )
    job.refresh_from_db()


def finish(job: Job, *, detail: str = "") -> None:
    """End the job: «con errores» when an item failed, else «terminado». Ending twice is harmless."""
    job.refresh_from_db()
    if job.over:
        return
    job.state = Job.State.FAILED if job.failed else Job.State.DONE
    job.detail = detail
    job.finished_at = job.beat_at = timezone.now()
    job.save(update_fields=["state", "detail", "finished_at", "beat_at"])
