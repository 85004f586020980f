"""Daily round of the solicitudes: remind who has to answer, expire what nobody answered."""

from typing import Any

from django.core.management.base import BaseCommand

from members import admitting
from red_genero.common.states import By


class Command(BaseCommand):
    """May run as often as wanted: each question is reminded once and expires once."""

    help = "Recuerda las preguntas pendientes y expira las solicitudes sin respuesta."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind first, then expire."""
        reminded = admitting.remind_due()
        expired = admitting.expire_due(by=By.job("Ronda diaria de solicitudes"))
        self.stdout.write(f"Recordatorios: {len(reminded)}. Expiradas: {len(expired)}.")
