"""A process of its own for each file: what breaks a parser breaks nothing else."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings

logger = logging.getLogger(__name__)

PATIENCE: Final = 60
"""Seconds after which a process that reads a file is ended."""
AT_ONCE: Final = 2
"""How many files one process of the portal has read at the same time; the others wait their turn."""

_turns = threading.BoundedSemaphore(AT_ONCE)


def apart(order: dict[str, Any]) -> dict[str, Any]:
    """Run one order of ``red_genero.common.rewriting`` in its own process; a lost process is a refusal."""
    with _turn() as mine:
        if not mine:
            return {"refused": "file_busy", "inside": ""}
        try:
            done = subprocess.run(
                [sys.executable, "-E", "-s", "-m", "red_genero.common.rewriting"],
                input=json.dumps(order),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                cwd=settings.BASE_DIR,
                env={"LANG": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"refused": "file_too_complex", "inside": ""}
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    logger.warning("A file broke its reader (%s): %s", done.returncode, done.stderr[-400:])
    return {"refused": "file_too_complex", "inside": ""}


@contextmanager
def _turn() -> Iterator[bool]:
    """Wait for a place among those who may have a file read."""
    mine = _turns.acquire(timeout=PATIENCE)
    try:
        yield mine
    finally:
        if mine:
            _turns.release()
