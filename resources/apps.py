"""The resources app: the library and the help lines."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """What a servidora pública needs when she must act."""

    name = "resources"
    verbose_name = "Biblioteca"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers."""
        from resources import receivers, retention, rounds  # noqa: F401
