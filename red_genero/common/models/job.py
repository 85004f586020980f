"""Long work made by the worker, and the worker's own pulse."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class JobQuerySet(models.QuerySet["Job"]):
    """Sets of jobs."""

    def visible_to(self, user: Any) -> Self:
        """Her own; all of them for whoever may read jobs."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_perm("common.view_job") else self.filter(started_by=user)

    def unfinished(self, silent_for: timedelta) -> Self:
        """Jobs not ended that gave no sign for that long: their worker was lost."""
        limit = timezone.now() - silent_for
        quiet = models.Q(beat_at__lt=limit) | models.Q(beat_at=None, created_at__lt=limit)
        return self.filter(quiet, state__in=[Job.State.PENDING, Job.State.RUNNING])


class Job(models.Model):
    """A long task whose progress can be read by whoever started it."""

    class State(models.TextChoices):
        """What the work is doing."""

        PENDING = "pendiente", "En espera"
        RUNNING = "en_proceso", "En proceso"
        DONE = "terminado", "Terminado"
        FAILED = "fallido", "Con errores"

    key = models.UUIDField("clave", default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("trabajo", max_length=200)
    state = models.CharField("estado", max_length=12, choices=State, default=State.PENDING)
    total = models.PositiveIntegerField("total", default=0)
    done = models.PositiveIntegerField("hechos", default=0)
    failed = models.PositiveIntegerField("con error", default=0)
    detail = models.TextField("detalle", blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién lo inició",
    )
    created_at = models.DateTimeField("creado", default=timezone.now, editable=False)
    beat_at = models.DateTimeField("última señal", null=True, blank=True)
    finished_at = models.DateTimeField("terminado", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "trabajo en segundo plano"
        verbose_name_plural = "trabajos en segundo plano"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def processed(self) -> int:
        """How many were tried, with or without luck."""
        return self.done + self.failed

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {Job.State.DONE, Job.State.FAILED}


class WorkerBeat(models.Model):
    """The last sign of life of one worker process."""

    worker = models.CharField("proceso", max_length=100, unique=True)
    at = models.DateTimeField("última señal")

    class Meta:
        verbose_name = "señal de vida"
        verbose_name_plural = "señales de vida"

    def __str__(self) -> str:
        return self.worker
