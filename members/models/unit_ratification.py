"""After a change of government: the oficio by which the new titular lets a Unidad de Género go on."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.term import GovernmentTerm
from members.models.unit import GenderUnit
from red_genero.common.text import validate_plain


class UnitRatification(models.Model):
    """One per unit and change of government; it counts from the day on which it is recorded."""

    key = models.UUIDField("clave", unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        GenderUnit, models.PROTECT, related_name="ratifications", verbose_name="unidad"
    )
    term = models.ForeignKey(
        GovernmentTerm,
        models.PROTECT,
        related_name="ratifications",
        verbose_name="periodo que terminó",
    )
    number = models.CharField("número del oficio", max_length=60, validators=[validate_plain])
    date = models.DateField("fecha del oficio")
    file = models.FileField("oficio", upload_to="unidades/ratificaciones/", max_length=200)
    recorded_on = models.DateField("registrada el", default=timezone.localdate)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién la registró",
    )

    class Meta:
        verbose_name = "ratificación de unidad"
        verbose_name_plural = "ratificaciones de unidades"
        ordering = ["-date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "term"],
                name="unit_ratification_once_per_term",
                violation_error_message="Esa unidad ya se ratificó tras ese periodo.",
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(file=""),
                name="unit_ratification_needs_document",
                violation_error_message="La ratificación necesita número y archivo.",
            ),
        ]

    def __str__(self) -> str:
        return f"Oficio {self.number}: {self.unit}"
