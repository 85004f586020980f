"""The members app: people, dependencias, admission and privacy."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Who belongs to the Red and where they work."""

    name = "members"
    verbose_name = "Integrantes y dependencias"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """List the messages whose words may be changed, connect receivers, say what becomes of the rows of people."""
        from members import claims, mailtexts, receivers  # noqa: F401
