"""What became of a dependencia: who continues it, and under whom it was before."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from members.models.department import Department


class SuccessionQuerySet(models.QuerySet["Succession"]):
    """Sets of links between a dependencia and what continues it."""

    def whole(self) -> Self:
        """Those in which all of the former passed to one successor."""
        return self.exclude(kind=Succession.Kind.SPLIT)


class Succession(models.Model):
    """From ``day`` on, ``successor`` continues what ``former`` was."""

    class Kind(models.TextChoices):
        """How one became the other."""

        RENAMED = "renombrada", "Renombrada"
        MERGED = "fusionada", "Fusionada"
        SPLIT = "dividida", "Dividida"

    former = models.ForeignKey(
        Department, models.PROTECT, related_name="successions", verbose_name="antes"
    )
    successor = models.ForeignKey(
        Department, models.PROTECT, related_name="origins", verbose_name="ahora"
    )
    kind = models.CharField("cómo", max_length=12, choices=Kind)
    day = models.DateField("desde")
    source = models.CharField("documento", max_length=300)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = "sucesión de dependencias"
        verbose_name_plural = "sucesiones de dependencias"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["former", "successor"],
                name="succession_once",
                violation_error_message="Esa sucesión ya está registrada.",
            ),
            models.UniqueConstraint(
                fields=["former"],
                condition=~Q(kind="dividida"),
                name="succession_one_whole_successor",
                violation_error_message="Esa dependencia ya tiene quien la continúa.",
            ),
            models.CheckConstraint(
                condition=~Q(former=F("successor")),
                name="succession_of_another",
                violation_error_message="Una dependencia no se sucede a sí misma.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former} → {self.successor}"


class DepartmentMove(models.Model):
    """Until the day before ``day``, ``department`` depended on ``former_parent``."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="moves", verbose_name="dependencia"
    )
    former_parent = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dependía de",
    )
    day = models.DateField("hasta antes del")
    source = models.CharField("documento", max_length=300)

    class Meta:
        verbose_name = "cambio de ubicación"
        verbose_name_plural = "cambios de ubicación"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.department}: antes en {self.former_parent or 'la raíz'}"
