"""The project package as an installed app without models: tags, commands, checks."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the deploy and document checks."""

    name = "red_genero"
    label = "red_genero"
    verbose_name = "Red Interinstitucional de Género"

    def ready(self) -> None:
        """Import the checks so that they register themselves."""
        from red_genero import checks  # noqa: F401
