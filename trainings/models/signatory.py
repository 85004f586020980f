"""Firmantes: who signs documents, between dates."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    """Sets of firmantes."""

    def in_force(self, day: datetime.date) -> Self:
        """Those who may sign on ``day``, in the order of signing."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day
        ).order_by("order", "pk")


class Signatory(models.Model):
    """Someone whose name goes at the foot of a document, while she holds the post."""

    name = models.CharField("nombre", max_length=120)
    position = models.CharField("cargo", max_length=160)
    valid_from = models.DateField("firma desde")
    valid_to = models.DateField("firma hasta", null=True, blank=True)
    order = models.PositiveSmallIntegerField("orden", default=0)
    image = models.ImageField("firma", upload_to="firmas/", blank=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = "firmante"
        verbose_name_plural = "firmantes"
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="signatory_ends_after_start",
                violation_error_message="La fecha final debe ser posterior a la inicial.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"
