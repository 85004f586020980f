"""The log of state changes, one table for every model."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from red_genero.common.querysets import viewable_types


class Channel(models.TextChoices):
    """The way by which a change came in."""

    WEB = "web", "Portal"
    ADMIN = "admin", "Administración"
    JOB = "proceso", "Proceso automático"
    IMPORT = "importacion", "Importación"


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once: a log is not corrected, it is continued."""

    def about(self, subject: models.Model) -> Self:
        """Return the lines of one object, oldest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
        ).order_by("at", "pk")

    def visible_to(self, user: Any) -> Self:
        """Return the lines of what this account may view elsewhere."""
        return self.filter(content_type__in=viewable_types(user))

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: lines are append-only."""
        raise TypeError("Append-only rows are never updated.")

    def delete(self) -> NoReturn:
        """Refuse: lines are append-only."""
        raise TypeError("Append-only rows are never deleted.")


class Transition(models.Model):
    """One change of state: from, to, who, when, through which channel, why."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name="tipo")
    object_id = models.PositiveBigIntegerField("objeto")
    subject = GenericForeignKey("content_type", "object_id")
    from_state = models.CharField("de", max_length=40, blank=True)
    to_state = models.CharField("a", max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién",
    )
    actor_name = models.CharField("nombre de quién", max_length=200)
    channel = models.CharField("canal", max_length=12, choices=Channel)
    reason = models.TextField("motivo", blank=True)
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "cambio de estado"
        verbose_name_plural = "cambios de estado"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "at"], name="transition_subject")
        ]

    def __str__(self) -> str:
        return f"{self.from_state or '—'} → {self.to_state}"
