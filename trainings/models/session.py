"""A sitting of an edición: its day, hours, place or link."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models import Community
from trainings.models.edition import Edition

LINK_SHOWN_BEFORE = datetime.timedelta(hours=24)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sets of sesiones."""

    def held(self) -> Self:
        """Those that were not cancelled: the ones that count."""
        return self.filter(cancelled_at__isnull=True)

    def public(self) -> Self:
        """Those of ediciones that anybody may read about, cancelled ones too."""
        return self.filter(edition__course__published=True).exclude(
            edition__state=Edition.State.DRAFT
        )

    def standing(self) -> Self:
        """Public ones that were held or still will be."""
        return self.public().held().exclude(edition__state=Edition.State.CANCELLED)


class Session(models.Model):
    """One sitting: day, hours, place or link."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="sessions", verbose_name="edición"
    )
    number = models.PositiveSmallIntegerField("número")
    starts_at = models.DateTimeField("inicia")
    ends_at = models.DateTimeField("termina")
    hours = models.DecimalField("horas que cuentan", max_digits=4, decimal_places=2)
    topic = models.CharField("tema", max_length=160, blank=True)
    place = models.CharField("lugar", max_length=200, blank=True)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, verbose_name="comunidad"
    )
    link = models.URLField("enlace", max_length=500, blank=True)
    cancelled_at = models.DateTimeField("cancelada", null=True, blank=True)
    cancel_reason = models.TextField("motivo de cancelación", blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "sesión"
        verbose_name_plural = "sesiones"
        ordering = ["starts_at", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="session_number_unique_in_edition",
                violation_error_message="Ya hay una sesión con ese número.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message="La sesión debe terminar después de iniciar.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="session_hours_positive",
                violation_error_message="Las horas de la sesión deben ser mayores que cero.",
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "id"], name="session_by_day")]

    def __str__(self) -> str:
        return f"Sesión {self.number}"

    @property
    def day(self) -> datetime.date:
        """The local date on which it starts."""
        return timezone.localtime(self.starts_at).date()

    def link_shows(self, now: datetime.datetime) -> bool:
        """Whether those who hold a seat already see the link: from 24 h before to the end."""
        return self.starts_at - LINK_SHOWN_BEFORE <= now <= self.ends_at
