"""What the Instituto notes for itself while it vets: remarks, and who is not who."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.application import Application
from members.models.person import Person
from red_genero.common.models.transition import AppendOnlyQuerySet


class ApplicationNote(models.Model):
    """A remark about a solicitud among the personnel; the applicant never reads it."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="notes", verbose_name="solicitud"
    )
    text = models.TextField("nota", max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién la escribió"
    )
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "nota interna"
        verbose_name_plural = "notas internas"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class DistinctPeople(models.Model):
    """Two people who look alike and are not the same, as somebody found out; the smaller key first."""

    first = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="una")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="otra")
    note = models.TextField("cómo se sabe", max_length=1000)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién lo anotó"
    )
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "parecido descartado"
        verbose_name_plural = "parecidos descartados"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_people_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="distinct_people_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} no es {self.second}"


class PersonMerge(models.Model):
    """Two rows that were one person: which stayed, what the other one held and where it went."""

    kept = models.ForeignKey(
        Person, models.PROTECT, related_name="merges", verbose_name="persona que queda"
    )
    gone_key = models.PositiveBigIntegerField("número de la que se fusionó", unique=True)
    gone_name = models.CharField("nombre de la que se fusionó", max_length=320)
    values: Any = models.JSONField("datos de ambas antes de fusionar", default=dict)
    moved: Any = models.JSONField("lo que pasó de una a otra", default=list)
    reason = models.TextField("motivo", max_length=1000)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién fusionó"
    )
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    objects = models.Manager()

    class Meta:
        verbose_name = "fusión de personas"
        verbose_name_plural = "fusiones de personas"
        ordering = ["-at", "-pk"]
        permissions = [("merge_people", "Puede fusionar dos personas en una")]

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept}"
