"""The daily round: what the calendar asks for, in every app. It may run any number of times."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from members import answering, closing_terms, contacting, planning
from red_genero.common.states import By
from trainings import scheduling


class Command(BaseCommand):
    """The worker makes these rounds by itself; this makes them now, by hand."""

    help = (
        "Ronda diaria: ofertas vencidas, inicio de ediciones, solicitudes sin respuesta, enlaces."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each round and say how much it did."""
        for what, number in scheduling.daily_round().items():
            self.stdout.write(f"{what.capitalize()}: {number}")
        call_command("expire_applications", stdout=self.stdout, verbosity=options["verbosity"])
        call_command("expire_designations", stdout=self.stdout, verbosity=options["verbosity"])
        self.stdout.write(f"Planes de unidades por vencer: {len(planning.remind_due())}")
        self.stdout.write(f"Fin de periodo recordado: {len(closing_terms.remind_due())}")
        self.stdout.write(f"Plazos ARCO recordados: {len(answering.remind_due())}")
        closed = contacting.expire_due(by=By.job("Ronda diaria de solicitudes de contacto"))
        self.stdout.write(f"Solicitudes de contacto cerradas sin respuesta: {len(closed)}")
        call_command("expire_personal_data", stdout=self.stdout, verbosity=options["verbosity"])
