"""What the daily round already said, so that it says it once: to each person and about each edición."""

import datetime
from collections.abc import Collection
from typing import Self

from django.db import models

from trainings.models.edition import Edition
from trainings.models.enrollment import Enrollment


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Sets of recordatorios."""

    def sent(self, kind: str, day: datetime.date, seats: Collection[int]) -> Self:
        """Those of one kind and day that already went to some inscripciones."""
        return self.filter(kind=kind, day=day, enrollment__in=seats)


class Reminder(models.Model):
    """One message that a person got because a day comes near; never twice for the same day."""

    class Kind(models.TextChoices):
        """What it reminds of."""

        WEEK = "semana", "Falta una semana"
        DAY = "vispera", "Falta un día"
        SURVEYS = "encuestas", "Encuestas por contestar"

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="reminders", verbose_name="inscripción"
    )
    kind = models.CharField("recordatorio", max_length=12, choices=Kind)
    day = models.DateField("día que se recuerda")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "recordatorio enviado"
        verbose_name_plural = "recordatorios enviados"
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "kind", "day"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class EditionNotice(models.Model):
    """One message that the coordination of an edición got; a deadline that moves may be told again."""

    class Kind(models.TextChoices):
        """What it is about."""

        MINIMUM = "minimo", "Mínimo de participantes por alcanzar"
        ENROLLMENT_CLOSED = "inscripcion", "Terminó la inscripción"
        TO_CLOSE = "por_cerrar", "Edición por cerrar"

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="notices", verbose_name="edición"
    )
    kind = models.CharField("aviso", max_length=12, choices=Kind)
    due = models.DateTimeField("por lo que vence")

    class Meta:
        verbose_name = "aviso a coordinación"
        verbose_name_plural = "avisos a coordinación"
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "due"], name="edition_notice_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
