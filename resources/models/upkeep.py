"""What the upkeep of the library knows: whether links answer, and how much each entry is read."""

import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from resources.models.resource import Resource


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    """Sets of checked addresses."""

    def broken(self) -> Self:
        """Those that lead nowhere: gone for sure, or without an answer several times in a row."""
        return self.filter(
            models.Q(outcome=LinkCheck.Outcome.GONE)
            | models.Q(outcome=LinkCheck.Outcome.SILENT, failures__gte=LinkCheck.PATIENCE)
        )


class LinkCheck(models.Model):
    """What one address of an entry answered last time."""

    AGAIN_AFTER: ClassVar[datetime.timedelta] = datetime.timedelta(days=7)
    PATIENCE: ClassVar[int] = 3

    class Outcome(models.TextChoices):
        """How it ended."""

        FINE = "responde", "Responde"
        GONE = "no_existe", "La página ya no existe"
        SILENT = "sin_respuesta", "No respondió"
        REFUSED = "no_se_revisa", "No se revisa desde aquí"

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="link_checks", verbose_name="recurso"
    )
    url = models.CharField("dirección", max_length=300)
    outcome = models.CharField("resultado", max_length=14, choices=Outcome)
    detail = models.CharField("qué respondió", max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField("fallas seguidas", default=0)
    checked_at = models.DateTimeField("revisada", default=timezone.now, db_index=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "revisión de un vínculo"
        verbose_name_plural = "revisiones de vínculos"
        ordering = ["-checked_at"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "url"], name="link_check_one_per_url")
        ]

    def __str__(self) -> str:
        return self.url


class ReadCount(models.Model):
    """How many times an entry and its files were opened in a month; never by whom."""

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="read_counts", verbose_name="recurso"
    )
    month = models.DateField("mes")
    pages = models.PositiveIntegerField("visitas a la página", default=0)
    files = models.PositiveIntegerField("descargas", default=0)

    class Meta:
        verbose_name = "lectura de recursos"
        verbose_name_plural = "qué se lee"
        ordering = ["-month", "-pages", "-files"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "month"], name="read_count_one_per_month")
        ]

    def __str__(self) -> str:
        return f"{self.resource}, {self.month:%Y-%m}"
