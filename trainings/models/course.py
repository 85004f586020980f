"""What is taught: courses, and who teaches."""

import datetime
from typing import Self

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from members.models import ContentArea, Person
from red_genero.common.fields import FoldedField
from red_genero.common.querysets import Searchable


class CourseQuerySet(Searchable["Course"]):
    """Sets of courses."""

    def published(self) -> Self:
        """Those that anybody may read about."""
        return self.filter(published=True)

    def filtered(
        self,
        *,
        typed: str = "",
        area: ContentArea | None = None,
        format: str = "",  # noqa: A002
        mode: str = "",
        open_at: datetime.datetime | None = None,
    ) -> Self:
        """Those that fit every filter; ``open_at`` asks for open enrolment at that moment."""
        found = self.search(typed)
        exact = {"area": area, "format": format, "mode": mode}
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if open_at is None:
            return found
        runs = apps.get_model("trainings", "Edition").objects.open_for_enrollment(open_at)
        return found.filter(pk__in=runs.values("course"))


class Mode(models.TextChoices):
    """How people meet."""

    IN_PERSON = "presencial", "Presencial"
    ONLINE = "en_linea", "En línea"
    MIXED = "mixta", "Mixta"


class Course(models.Model):
    """A conferencia, taller, curso, seminario or diplomado of the catalogue."""

    class Format(models.TextChoices):
        """What kind of event it is."""

        TALK = "conferencia", "Conferencia"
        WORKSHOP = "taller", "Taller"
        COURSE = "curso", "Curso"
        SEMINAR = "seminario", "Seminario"
        DIPLOMA = "diplomado", "Diplomado"

    class Difficulty(models.TextChoices):
        """What one should already know."""

        BASIC = "basico", "Básico"
        INTERMEDIATE = "intermedio", "Intermedio"
        ADVANCED = "avanzado", "Avanzado"

    class Paper(models.TextChoices):
        """The document that is issued."""

        ACCREDITATION = "constancia", "Constancia"
        ATTENDANCE = "constancia_asistencia", "Constancia de asistencia"
        DIPLOMA = "diploma", "Diploma"

    key = models.SlugField("clave", max_length=20, unique=True)
    title = models.CharField("título", max_length=120)
    area = models.ForeignKey(
        ContentArea, models.PROTECT, related_name="courses", verbose_name="área de contenido"
    )
    format = models.CharField("formato", max_length=12, choices=Format)
    mode = models.CharField("modalidad", max_length=12, choices=Mode)
    hours = models.DecimalField(
        "horas", max_digits=5, decimal_places=1, validators=[MinValueValidator(0)]
    )
    sittings = models.PositiveSmallIntegerField("sesiones", default=1)
    difficulty = models.CharField("nivel", max_length=12, choices=Difficulty)
    audience = models.CharField("dirigido a", max_length=200, blank=True)
    objective = models.TextField("objetivo", blank=True)
    contents = models.TextField("contenidos", blank=True, help_text="Un tema por línea.")
    evaluation = models.CharField("evaluación", max_length=120, blank=True)
    minimum_attendance = models.PositiveSmallIntegerField(
        "asistencia mínima (%)", default=80, validators=[MaxValueValidator(100)]
    )
    paper = models.CharField("documento", max_length=24, choices=Paper, default=Paper.ACCREDITATION)
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="opens", verbose_name="prerrequisitos"
    )
    published = models.BooleanField("publicado", default=True)
    search_key = FoldedField(sources=("title", "key", "objective", "contents"))

    history = HistoricalRecords(excluded_fields=["search_key"])
    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = "formación"
        verbose_name_plural = "formaciones"
        ordering = ["area__order", "key"]

    def __str__(self) -> str:
        return self.title

    @property
    def topics(self) -> list[str]:
        """The contents, one per line."""
        return [line.strip() for line in self.contents.splitlines() if line.strip()]


class Instructor(models.Model):
    """Facilitadora: who teaches."""

    name = models.CharField("nombre", max_length=160)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teaching",
        verbose_name="persona",
    )
    about = models.TextField("semblanza", blank=True)

    class Meta:
        verbose_name = "facilitadora"
        verbose_name_plural = "facilitadoras"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
