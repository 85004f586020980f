"""Verified phones, chats and services."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    """Sets of help lines."""

    def published(self) -> Self:
        """Verified and dated rows marked for publication; 911 first."""
        return self.filter(published=True, verified_on__isnull=False).order_by(
            "-emergency", "order", "name"
        )

    def to_verify(self) -> Self:
        """Those meant for the public whose verification is missing or older than 90 days."""
        limit = timezone.localdate() - HelpLine.WARN_AFTER
        return self.filter(Q(verified_on__isnull=True) | Q(verified_on__lt=limit), published=True)


class HelpLine(models.Model):
    """A verified phone, chat or service."""

    WARN_AFTER: ClassVar[datetime.timedelta] = datetime.timedelta(days=90)

    key = models.SlugField("clave", max_length=60, unique=True)
    name = models.CharField("nombre", max_length=160)
    number = models.CharField("número", max_length=80, blank=True)
    channel = models.CharField("canal", max_length=60)
    hours = models.CharField("horario", max_length=80, blank=True)
    coverage = models.CharField("cobertura", max_length=120, blank=True)
    service = models.TextField("qué ofrece", blank=True)
    note = models.TextField("nota interna", blank=True)
    source = models.TextField("fuente", blank=True)
    order = models.PositiveSmallIntegerField("orden", default=100)
    emergency = models.BooleanField(
        "de emergencia", default=False, help_text="Aparece siempre primero. Solo puede haber una."
    )
    published = models.BooleanField("publicada", default=False)
    verified_on = models.DateField("verificada", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién verificó",
    )

    history = HistoricalRecords()
    objects = HelpLineQuerySet.as_manager()

    class Meta:
        verbose_name = "línea de ayuda"
        verbose_name_plural = "líneas de ayuda"
        ordering = ["-emergency", "order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["emergency"],
                condition=Q(emergency=True),
                name="help_line_one_emergency",
                violation_error_message="Ya hay una línea de emergencia.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def overdue(self) -> bool:
        """Whether its verification is missing or older than 90 days."""
        return self.verified_on is None or timezone.localdate() - self.verified_on > self.WARN_AFTER
