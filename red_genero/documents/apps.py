"""The document engine as an installed app: its tags and checks, no models."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the system checks."""

    name = "red_genero.documents"
    label = "documents"
    verbose_name = "Documentos"

    def ready(self) -> None:
        """Import the checks so that they register themselves."""
        from red_genero.documents import checks  # noqa: F401
