"""Retention: erase the drafts, the closed solicitudes and the sign-ins that passed their term."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from members import expiring


class Command(BaseCommand):
    """May run as often as wanted; the terms are those of «plazos de datos personales»."""

    help = "Borra borradores, solicitudes expiradas o retiradas y registros de ingreso que cumplieron su plazo."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--dry-run``."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Solo dice qué borraría; no cambia nada."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and say how much."""
        swept = expiring.sweep(dry_run=options["dry_run"])
        verb = "Se borrarían" if options["dry_run"] else "Se borraron"
        self.stdout.write(
            f"{verb}: {len(swept.drafts)} borradores, {len(swept.closed)} solicitudes cerradas, "
            f"{swept.people} personas que solo tenían eso, {swept.sign_ins} registros de ingreso, "
            f"{swept.contacts} solicitudes de contacto."
        )
        if options["verbosity"] > 1 or options["dry_run"]:
            for name in (*swept.drafts, *swept.closed):
                self.stdout.write(f"  {name}")
