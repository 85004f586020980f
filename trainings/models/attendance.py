"""Asistencia: one mark per inscripción and sesión."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from trainings.models.arrival import WalkIn
from trainings.models.enrollment import Enrollment
from trainings.models.session import Session


class Attendance(models.Model):
    """What happened with one person in one sitting; who says so, when, from where.

    The mark of somebody without inscripción hangs on her ``walk_in``; once linked it hangs on both.
    """

    class Mark(models.TextChoices):
        """What is marked."""

        PRESENT = "presente", "Presente"
        LATE = "retardo", "Retardo"
        ABSENT = "falta", "Falta"
        EXCUSED = "justificada", "Justificada"

    class Origin(models.TextChoices):
        """Where the mark comes from."""

        PAPER = "papel", "Lista en papel"
        SCREEN = "pantalla", "Pantalla"
        QR = "qr", "Código QR"
        IMPORT = "importacion", "Importación"
        ROOM_CODE = "codigo", "Código de la sala"

    enrollment = models.ForeignKey(
        Enrollment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="marks",
        verbose_name="inscripción",
    )
    walk_in = models.ForeignKey(
        WalkIn,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="marks",
        verbose_name="anotada sin inscripción",
    )
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="marks", verbose_name="sesión"
    )
    mark = models.CharField("asistencia", max_length=12, choices=Mark)
    origin = models.CharField("origen", max_length=12, choices=Origin, default=Origin.SCREEN)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién marcó"
    )
    recorded_at = models.DateTimeField("cuándo", default=timezone.now)
    reason = models.TextField("motivo de la corrección", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "asistencia"
        verbose_name_plural = "asistencias"
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "session"],
                name="attendance_one_per_session",
                violation_error_message="Esa asistencia ya está registrada.",
            ),
            models.UniqueConstraint(
                fields=["walk_in", "session"],
                name="attendance_one_per_walk_in",
                violation_error_message="Esa asistencia ya está registrada.",
            ),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=False) | Q(walk_in__isnull=False),
                name="attendance_is_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_mark_display()


class MarkReceipt(models.Model):
    """That a mark sent by a device arrived, under the key that the device gave it: sent again, it changes nothing."""

    key = models.UUIDField("clave del envío", primary_key=True)
    session = models.ForeignKey(Session, models.CASCADE, related_name="+", verbose_name="sesión")
    received_at = models.DateTimeField("recibida", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "acuse de marca"
        verbose_name_plural = "acuses de marcas"

    def __str__(self) -> str:
        return str(self.key)
