"""Asistencia: one mark per inscripción and sesión."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from trainings.models.enrollment import Enrollment
from trainings.models.session import Session


class Attendance(models.Model):
    """What happened with one person in one sitting; who says so, when, from where."""

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

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="marks", verbose_name="inscripción"
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
            )
        ]

    def __str__(self) -> str:
        return self.get_mark_display()
