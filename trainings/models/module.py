"""The modules of a diplomado: other formaciones, in order, each with its own ediciones."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from trainings.models.course import Course

CIRCLE = "«%(title)s» lleva a este mismo diplomado: los módulos formarían un círculo."


class ModuleQuerySet(models.QuerySet["Module"]):
    """Sets of modules."""

    def required(self) -> Self:
        """Those without which there is no diploma."""
        return self.filter(required=True)

    def reachable_from(self, roots: Iterable[int]) -> set[int]:
        """Return the courses (ids) under ``roots``, at any depth; one query."""
        under = defaultdict(set)
        for programme, course in self.order_by().values_list("programme", "course"):
            under[programme].add(course)
        found: set[int] = set()
        ahead = list(roots)
        while ahead:
            fresh = under[ahead.pop()] - found
            found |= fresh
            ahead.extend(fresh)
        return found


class Module(models.Model):
    """One formación that a diplomado is made of."""

    programme = models.ForeignKey(
        Course,
        models.CASCADE,
        related_name="modules",
        limit_choices_to={"format": Course.Format.DIPLOMA},
        verbose_name="diplomado",
    )
    course = models.ForeignKey(
        Course, models.PROTECT, related_name="module_of", verbose_name="formación"
    )
    order = models.PositiveSmallIntegerField("orden", default=1)
    required = models.BooleanField(
        "obligatorio",
        default=True,
        help_text="Sin los módulos obligatorios no se emite el diploma.",
    )

    history = HistoricalRecords()
    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = "módulo"
        verbose_name_plural = "módulos"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "course"],
                name="module_once_in_programme",
                violation_error_message="Esa formación ya es módulo de este diplomado.",
            ),
            models.CheckConstraint(
                condition=~Q(programme=F("course")),
                name="module_not_of_itself",
                violation_error_message="Un diplomado no puede ser módulo de sí mismo.",
            ),
        ]

    def __str__(self) -> str:
        return f"Módulo {self.order}: {self.course}"

    def clean(self) -> None:
        """Only a diplomado has modules, and none leads back to it."""
        super().clean()
        if not (self.programme_id and self.course_id):
            return
        if self.programme.format != Course.Format.DIPLOMA:
            raise ValidationError("Solo un diplomado tiene módulos.", code="not_a_programme")
        others = Module.objects.exclude(pk=self.pk)
        leads_to = {self.course_id} | others.reachable_from([self.course_id])
        if self.programme_id in leads_to:
            raise ValidationError(
                {"course": ValidationError(CIRCLE, code="circle", params={"title": self.course})}
            )
