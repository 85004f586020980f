"""The floor as an installed app: the logs, counters and queues that every app shares."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Holds Transition, FolioCounter, QueuedMail, MailText, Job and AccessLog."""

    name = "red_genero.common"
    label = "common"
    verbose_name = "Bitácoras y procesos"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Open the rows of the messages whose words may be changed."""
        from red_genero.common import mailtexts

        mailtexts.rows_after_migrations(self)
