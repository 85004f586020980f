"""The worker: one process that gives signs of life, delivers mail, runs tasks and makes the rounds."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.text import slugify
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from red_genero.common import delivery
from red_genero.common.jobs import SWEEPERS, Sweeper, sweeper
from red_genero.common.models import WorkerBeat

logger = logging.getLogger(__name__)

BEAT_EVERY: Final = 5.0
IDLE: Final = 1.0
LONGEST_PAUSE: Final = 15.0
LOST_AFTER: Final = timedelta(seconds=60)
"""A worker silent for so long is taken for lost."""
TASK_ATTEMPTS: Final = 5
"""A task that loses so many workers is not tried again."""
KEEP_TASKS: Final = timedelta(days=30)
KEEP_BEATS: Final = timedelta(days=1)

Step = Callable[[], bool]


def new_name() -> str:
    """Return a name for this process: where it runs and a random tail."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


class Worker:
    """Three threads until told to stop: pulse, mail, and tasks with the rounds.

    When the database goes away each of them waits and tries again; nothing here ends the process but ``stop``.
    """

    def __init__(
        self, name: str = "", *, idle: float = IDLE, beat_every: float = BEAT_EVERY
    ) -> None:
        self.name = name or new_name()
        self.idle = idle
        self.beat_every = beat_every
        self.ending = threading.Event()
        self.tasks = TaskRunner(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=self.name,
            excluded_queue_names=[],
        )

    def stop(self, *_: Any) -> None:
        """Finish what is being done and end."""
        self.ending.set()
        self.tasks.running = False

    def run(self) -> None:
        """Work until ``stop`` is called."""
        autodiscover_modules("tasks")
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
        logger.info("Worker %s started.", self.name)
        threads = [
            threading.Thread(
                target=self._loop, args=("pulse", self.beat, self.beat_every), daemon=True
            ),
            threading.Thread(target=self._loop, args=("mail", self.mail, self.idle), daemon=True),
        ]
        for thread in threads:
            thread.start()
        self._loop("tasks", self.work, self.idle)
        for thread in threads:
            thread.join(timeout=60)
        self._farewell()
        logger.info("Worker %s ended.", self.name)

    def beat(self) -> bool:
        """Write that this worker lives."""
        WorkerBeat.objects.update_or_create(worker=self.name, defaults={"at": timezone.now()})
        return False

    def mail(self) -> bool:
        """Deliver what is due; tell whether there may be more."""
        if not delivery.next_due(timezone.now()):
            return False
        done = delivery.deliver_due(limit=50)
        if done.sent or done.failed or done.put_off or done.expired:
            logger.info("Mail: %s", done)
        return done.sent > 0

    def work(self) -> bool:
        """Run one task, or make the rounds that are due; tell whether there may be more."""
        if DBTaskResult.objects.ready().exists():
            self.tasks._run_tasks = 0  # noqa: SLF001
            self.tasks.run()
            return True
        for each in list(SWEEPERS.values()):
            if self.ending.is_set():
                break
            sweep(each)
        return False

    def _loop(self, what: str, step: Step, pause: float) -> None:
        """Repeat a step; pause when it had nothing to do, longer while the database is away."""
        trouble = 0.0
        while not self.ending.is_set():
            try:
                close_old_connections()
                more = step()
                trouble = 0.0
            except (DatabaseError, InterfaceError) as error:
                trouble = min(max(trouble * 2, 1.0), LONGEST_PAUSE)
                logger.warning("The database does not answer (%s): %s", what, str(error).strip())
                _forget_connections()
                more = False
            except Exception:
                trouble = min(max(trouble * 2, 1.0), LONGEST_PAUSE)
                logger.exception("Unexpected error (%s)", what)
                more = False
            if not more:
                self.ending.wait(trouble or pause)
        _forget_connections()

    def _farewell(self) -> None:
        """Take the pulse's row away: an orderly end is no loss."""
        try:
            WorkerBeat.objects.filter(worker=self.name).delete()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Could not say goodbye: %s", error)
        _forget_connections()


def _forget_connections() -> None:
    """Close this thread's connections, broken ones included."""
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except (DatabaseError, InterfaceError) as error:
            logger.debug("Closing a broken connection: %s", error)


def sweep(each: Sweeper) -> bool:
    """Make a round unless another worker made it within its pace; an error waits for the next turn."""
    pace = each.every.total_seconds()
    if not cache.add(f"sweeper:{slugify(each.name)}", time.time(), timeout=pace):
        return False
    try:
        each.run()
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        logger.exception("The round «%s» failed", each.name)
    return True


@sweeper("tareas de procesos perdidos", every=timedelta(seconds=20))
def recover_lost_tasks() -> None:
    """Give back the tasks whose worker is gone: they can be run twice, and must not wait for ever."""
    now = timezone.now()
    alive = set(
        WorkerBeat.objects.filter(at__gte=now - LOST_AFTER).values_list("worker", flat=True)
    )
    running = DBTaskResult.objects.running().filter(started_at__lt=now - LOST_AFTER)
    for task in running.only("id", "worker_ids"):
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        give_up = len(task.worker_ids) >= TASK_ATTEMPTS
        DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids).update(
            **(_lost(now) if give_up else {"status": "READY", "started_at": None})
        )
        logger.warning(
            "Task %s lost its worker; %s.", task.pk, "given up" if give_up else "queued again"
        )


def _lost(now: Any) -> dict[str, Any]:
    return {
        "status": "FAILED",
        "finished_at": now,
        "exception_class_path": "red_genero.common.worker.LostTooOften",
        "traceback": "Each worker that ran this task was lost.",
    }


class LostTooOften(Exception):
    """A task whose workers are lost again and again."""


@sweeper("limpieza de procesos", every=timedelta(hours=1))
def tidy_up() -> None:
    """Forget old pulses and finished tasks."""
    now = timezone.now()
    WorkerBeat.objects.filter(at__lt=now - KEEP_BEATS).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASKS).delete()


@sweeper("limpieza de sesiones", every=timedelta(hours=12))
def clear_sessions() -> None:
    """Delete the sessions that ended by age."""
    from django.core.management import call_command

    call_command("clearsessions")
