"""Who came without an inscripción: captured by name, and perhaps linked to one later."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from red_genero.common.fields import FoldedField
from red_genero.common.text import validate_plain
from trainings.models.edition import Edition
from trainings.models.enrollment import Enrollment


class WalkIn(models.Model):
    """A name on the list that belongs to no inscripción; linking it lends its marks to one, unlinking takes them back."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="walk_ins", verbose_name="edición"
    )
    name = models.CharField("nombre", max_length=120, validators=[validate_plain])
    department = models.CharField(
        "dependencia que dijo", max_length=160, blank=True, validators=[validate_plain]
    )
    name_key = FoldedField(sources=("name",))
    enrollment = models.ForeignKey(
        Enrollment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="walk_ins",
        verbose_name="inscripción vinculada",
    )
    made_enrollment = models.BooleanField("la inscripción nació al vincular", default=False)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién la anotó"
    )
    captured_at = models.DateTimeField("anotada", default=timezone.now)
    linked_at = models.DateTimeField("vinculada", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "persona sin inscripción"
        verbose_name_plural = "personas sin inscripción"
        ordering = ["captured_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name_key"],
                condition=~Q(name_key=""),
                name="walk_in_one_name_per_edition",
                violation_error_message="Ese nombre ya está anotado en esta edición.",
            ),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=True, linked_at__isnull=True)
                | Q(enrollment__isnull=False, linked_at__isnull=False),
                name="walk_in_link_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name
