"""Propuesta: a dependencia puts somebody forward for an edición; she decides."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from trainings.models.enrollment import Enrollment


class Nomination(models.Model):
    """Who put her forward, and by which paper; her inscripción says the rest."""

    enrollment = models.OneToOneField(
        Enrollment, models.CASCADE, related_name="nomination", verbose_name="inscripción"
    )
    reason = models.CharField("oficio o motivo", max_length=300)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="la registró"
    )
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "propuesta"
        verbose_name_plural = "propuestas"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.reason
