"""What the worker does for the library."""

from datetime import timedelta

from django.conf import settings
from django_tasks import task

from red_genero.common.jobs import sweeper
from resources import checking, extracting
from resources.models import ResourceVersion


@task()
def read_version(pk: int) -> None:
    """Read one edition; one that is gone or was read needs nothing."""
    version = ResourceVersion.objects.unread().filter(pk=pk).first()
    if version is not None:
        extracting.read(version)


@sweeper("archivos de la biblioteca por leer", every=timedelta(minutes=10))
def read_what_is_left() -> None:
    """Read the editions whose task was lost, a few a turn."""
    for version in ResourceVersion.objects.unread().order_by("pk")[:10]:
        extracting.read(version)


@sweeper("vínculos de la biblioteca", every=timedelta(minutes=5))
def check_links() -> None:
    """Look at some addresses that were not looked at for a week; off unless the settings say so."""
    if settings.CHECK_LINKS:
        checking.check_due()
