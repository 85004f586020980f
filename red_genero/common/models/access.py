"""Who read or exported a list of people, and for what."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from red_genero.common.models.transition import AppendOnlyQuerySet


class AccessLog(models.Model):
    """One reading or export of personal data of several people."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién"
    )
    what = models.CharField("qué lista", max_length=200)
    purpose = models.CharField("para qué", max_length=200)
    rows = models.PositiveIntegerField("personas")
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "consulta de datos personales"
        verbose_name_plural = "consultas de datos personales"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.what}: {self.purpose}"
