"""Scanned papers of attendance: the signed list of a session, the proof of a justified absence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from trainings.models.enrollment import Enrollment
from trainings.models.session import Session


class AttendancePaper(models.Model):
    """One file, as the portal's door for files rewrote it; a justificante belongs to one inscripción."""

    class Kind(models.TextChoices):
        """What it proves."""

        SIGNED_LIST = "lista", "Lista firmada"
        PROOF = "justificante", "Justificante"

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="papers", verbose_name="sesión"
    )
    enrollment = models.ForeignKey(
        Enrollment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="inscripción",
    )
    kind = models.CharField("tipo", max_length=12, choices=Kind)
    file = models.FileField("archivo", upload_to="asistencia/", max_length=200)
    label = models.CharField("nombre del archivo", max_length=200)
    content_type = models.CharField("tipo de contenido", max_length=100)
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField("SHA-256", max_length=64)
    source_sha256 = models.CharField("SHA-256 del original", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién lo subió"
    )
    uploaded_at = models.DateTimeField("subido", default=timezone.now)

    class Meta:
        verbose_name = "papel de asistencia"
        verbose_name_plural = "papeles de asistencia"
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="lista", enrollment__isnull=True)
                | Q(kind="justificante", enrollment__isnull=False),
                name="attendance_paper_of_whom",
            ),
            models.UniqueConstraint(
                fields=["session", "source_sha256"],
                condition=Q(enrollment__isnull=True),
                name="attendance_paper_list_once",
                violation_error_message="Ese archivo ya está en la sesión.",
            ),
            models.UniqueConstraint(
                fields=["session", "enrollment", "source_sha256"],
                condition=Q(enrollment__isnull=False),
                name="attendance_paper_proof_once",
                violation_error_message="Ese justificante ya está guardado.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
