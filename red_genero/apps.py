"""The project package as an installed app without models: tags, commands, checks."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin
from django.core.exceptions import ImproperlyConfigured


class ProjectConfig(AppConfig):
    """Registers the deploy and document checks."""

    name = "red_genero"
    label = "red_genero"
    verbose_name = "Red Interinstitucional de Género"

    def ready(self) -> None:
        """Register checks, receivers and the words of the accounts' mail; refuse to start when a production portal would be unsafe."""
        from red_genero import checks
        from red_genero.accounts import mailtexts, sessions  # noqa: F401

        if settings.DEMO or settings.DEBUG:
            return
        if problems := checks.unsafe():
            raise ImproperlyConfigured(" ".join(f"{each.msg} {each.hint}" for each in problems))


class PortalAdminConfig(admin.AdminConfig):
    """Django's admin with our door."""

    default = False
    default_site = "red_genero.admin_site.PortalAdminSite"
