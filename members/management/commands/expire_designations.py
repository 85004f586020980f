"""Daily round of the designations: close what ended, remind before the end."""

from typing import Any

from django.core.management.base import BaseCommand

from members import leaving_posts
from red_genero.common.states import By


class Command(BaseCommand):
    """May run as often as wanted: each reminder leaves once and each designation ends once."""

    help = "Recuerda las designaciones de enlace por terminar y cierra las vencidas."

    def handle(self, *args: Any, **options: Any) -> None:
        """Expire first, then remind of what still stands."""
        expired = leaving_posts.expire_due(by=By.job("Ronda diaria de designaciones"))
        reminded = leaving_posts.remind_due()
        self.stdout.write(f"Designaciones vencidas: {len(expired)}. Por terminar: {len(reminded)}.")
