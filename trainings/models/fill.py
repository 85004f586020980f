"""The log of Fill: each run, and whom it passed over."""

from django.db import models
from django.utils import timezone

from trainings.models.edition import Edition
from trainings.models.enrollment import Enrollment


class FillRun(models.Model):
    """One run of Fill over an edición: what called it and how many seats it found."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="fill_runs", verbose_name="edición"
    )
    cause = models.CharField("causa", max_length=120)
    free_seats = models.IntegerField("lugares libres")
    outcome = models.CharField("resultado", max_length=200)
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "asignación de lugares"
        verbose_name_plural = "asignaciones de lugares"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.outcome


class FillSkip(models.Model):
    """Somebody whom Fill passed over without moving her, and why."""

    run = models.ForeignKey(FillRun, models.CASCADE, related_name="skips", verbose_name="vuelta")
    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="+", verbose_name="inscripción"
    )
    reasons = models.TextField("razones")

    class Meta:
        verbose_name = "persona no considerada"
        verbose_name_plural = "personas no consideradas"

    def __str__(self) -> str:
        return self.reasons
