"""Load the catalogues of every app: all of them, or none."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
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

    def handle(self, *args: Any, **options: Any) -> None:
        """Load in one transaction; a bad file leaves nothing half-written."""
        try:
            with transaction.atomic():
                reports = [
                    *members.catalogs.load_all(),
                    *trainings.catalogs.load_all(),
                    *resources.catalogs.load_all(),
                ]
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["verbosity"] == 0:
            return
        for report in reports:
            self.stdout.write(str(report))
            for line in report.details():
                self.stdout.write(f"  {line}")
