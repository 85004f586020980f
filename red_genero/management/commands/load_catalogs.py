"""Load the catalogues of every app: all of them, or none."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

import members.catalogs
import resources.catalogs
import trainings.catalogs


class Command(BaseCommand):
    """Create and update what the files say, keep what the staff edited, report both."""

    help = (
        "Carga los catálogos del portal. Puede repetirse: crea lo nuevo, actualiza lo que nadie "
        "editó y conserva lo que el Instituto cambió."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer files other than those that come with the portal."""
        parser.add_argument(
            "--desde",
            type=Path,
            metavar="CARPETA",
            help="Carpeta con members/, trainings/ y resources/, en lugar de los archivos del portal.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load in one transaction; a bad file leaves nothing half-written."""
        folder: Path | None = options["desde"]
        try:
            with transaction.atomic():
                reports = [
                    report
                    for app in (members, resources, trainings)
                    for report in app.catalogs.load_all(
                        folder / app.__name__ if folder else app.catalogs.DATA
                    )
                ]
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["verbosity"] == 0:
            return
        for report in reports:
            self.stdout.write(str(report))
            for line in report.details():
                self.stdout.write(f"  {line}")
