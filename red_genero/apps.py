"""The project package as an installed app without models: tags, commands, checks."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ProjectConfig(AppConfig):
    """Registers the deploy and document checks."""

    name = "red_genero"
    label = "red_genero"
    verbose_name = "Red Interinstitucional de Género"

    def ready(self) -> None:
        """Import the checks and receivers so that they register themselves."""
        from red_genero import checks  # noqa: F401
        from red_genero.accounts import sessions  # noqa: F401


class PortalAdminConfig(admin.AdminConfig):
    """Django's admin with our door."""

    default = False
    default_site = "red_genero.admin_site.PortalAdminSite"
