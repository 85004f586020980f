"""Adscripción: where a person works, with which post, from – to."""

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from members.models.department import Department
from members.models.person import Person
from members.models.position import Appointment, Level


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Sets of adscripciones."""

    def open(self) -> Self:
        """Those without an end."""
        return self.filter(end__isnull=True)

    def as_of(self, day: datetime.date) -> Self:
        """Those in force on ``day``."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)

    def within_membership(self, day: datetime.date) -> Self:
        """Those of people who belonged to the Red on ``day``."""
        interval = "person__member__intervals"
        lasting = Q(**{f"{interval}__end__isnull": True}) | Q(**{f"{interval}__end__gte": day})
        return self.filter(lasting, **{f"{interval}__start__lte": day})


class Assignment(models.Model):
    """She works in ``department`` as ``position`` from ``start`` to ``end`` (inclusive)."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="assignments", verbose_name="persona"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="assignments", verbose_name="dependencia"
    )
    area = models.CharField("área o unidad administrativa", max_length=160, blank=True)
    position = models.CharField("cargo", max_length=160)
    level = models.CharField("nivel", max_length=24, choices=Level)
    appointment = models.CharField(
        "tipo de nombramiento", max_length=16, choices=Appointment, blank=True
    )
    start = models.DateField("desde")
    end = models.DateField("hasta", null=True, blank=True)

    history = HistoricalRecords()
    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "adscripción"
        verbose_name_plural = "adscripciones"
        ordering = ["-start", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(end__isnull=True),
                name="assignment_one_open_per_person",
                violation_error_message="Esta persona ya tiene una adscripción vigente.",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="assignment_ends_after_start",
                violation_error_message="La fecha final debe ser posterior a la inicial.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}, {self.department}"

    def clean(self) -> None:
        """Nobody begins to work in a dependencia that no longer exists."""
        if (
            self._state.adding
            and self.end is None
            and self.department_id
            and self.department.closed
        ):
            raise ValidationError(
                f"{self.department} ya no existe. Elija la dependencia que la continúa.",
                code="department_closed",
            )
