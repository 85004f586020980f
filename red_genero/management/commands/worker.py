"""Run the worker: mail, background tasks and rounds."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from red_genero.common.worker import Worker


class Command(BaseCommand):
    """Work until told to end by SIGTERM or SIGINT; a second signal ends at once."""

    help = "Entrega el correo, hace las tareas en segundo plano y las rondas periódicas."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer a name for the process."""
        parser.add_argument(
            "--name", default="", help="nombre de este proceso (por omisión, equipo y número)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start and wait."""
        worker = Worker(options["name"])

        def end(signum: int, frame: FrameType | None) -> None:
            if worker.ending.is_set():
                raise SystemExit(1)
            worker.stop()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        worker.run()
