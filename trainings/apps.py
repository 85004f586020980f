"""The trainings app: courses, seats, attendance and certificates."""

from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    """What the Red teaches, to whom, and what she keeps of it."""

    name = "trainings"
    verbose_name = "Formación"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """List the messages whose words may be changed, connect receivers and say what becomes of the rows of people."""
        from trainings import mailtexts, merging, reading, receivers, retention  # noqa: F401
