"""What is taught: courses, and who teaches."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef
from simple_history.models import HistoricalRecords

from members.models import ContentArea, Person
from red_genero.common.fields import FoldedField
from red_genero.common.querysets import Searchable
from resources.models import Violence

RESERVED_KEYS: Final = frozenset({"calendario"})


def about_violence(course: str = "pk") -> Exists:
    """Whether a course is tagged with some tipo or modalidad; ``course`` is where its id is."""
    return Exists(Violence.objects.filter(courses=OuterRef(course)))


class CourseQuerySet(Searchable["Course"]):
    """Sets of courses."""

    def published(self) -> Self:
        """Those that anybody may read about."""
        return self.filter(published=True)

    def with_care(self) -> Self:
        """Each knowing whether it is ``careful``: about violence."""
        return self.annotate(careful=about_violence())

    def filtered(
        self,
        *,
        typed: str = "",
        area: ContentArea | None = None,
        format: str = "",  # noqa: A002
        mode: str = "",
    ) -> Self:
        """Those that fit every filter."""
        exact = {"area": area, "format": format, "mode": mode}
        return self.search(typed).filter(**{name: value for name, value in exact.items() if value})

    def taught_between(self, begins: datetime.datetime, ends: datetime.datetime) -> Self:
        """Those with a sitting from one moment until before the other that anybody may read about."""
        sittings = apps.get_model("trainings", "Session").objects.standing()
        during = sittings.filter(starts_at__gte=begins, starts_at__lt=ends)
        return self.filter(pk__in=during.order_by().values("edition__course"))

    def needed_by(self, courses: Iterable["Course"]) -> set[int]:
        """Return the ids of ``courses`` and of everything they ask for, at any depth; one query."""
        asked: defaultdict[int, set[int]] = defaultdict(set)
        for course, needed in Course.prerequisites.through.objects.values_list(
            "from_course", "to_course"
        ):
            asked[course].add(needed)
        found: set[int] = set()
        ahead = [course.pk for course in courses]
        while ahead:
            course = ahead.pop()
            if course not in found:
                found.add(course)
                ahead.extend(asked[course])
        return found

    def open_at(self, now: datetime.datetime, *, with_places: bool = False) -> Self:
        """Those that take inscripciones at ``now``; ``with_places`` asks for a seat that is free."""
        runs = apps.get_model("trainings", "Edition").objects.open_for_enrollment(now)
        if with_places:
            runs = runs.with_places()
        return self.filter(Exists(runs.filter(course=OuterRef("pk"))))


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

    careful: bool
    """Only after ``with_care()``."""

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
    violences = models.ManyToManyField(
        Violence,
        blank=True,
        related_name="courses",
        verbose_name="tipos y modalidades de violencia que trata",
        help_text="Con alguno, sus páginas llevan la salida rápida y las líneas de ayuda.",
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

    def clean(self) -> None:
        """Keep the addresses free, and a diplomado a diplomado while it has modules."""
        super().clean()
        if self.key in RESERVED_KEYS:
            sentence = "Esa clave es la dirección de otra página. Elija otra."
            raise ValidationError({"key": ValidationError(sentence, code="reserved")})
        if self.pk and self.format != self.Format.DIPLOMA and self.modules.exists():
            sentence = "Tiene módulos: sigue siendo un diplomado. Antes quite sus módulos."
            raise ValidationError({"format": ValidationError(sentence, code="has_modules")})

    @property
    def aim(self) -> str:
        """The objective as the end of a sentence: «Al terminar podrá …»."""
        return self.objective[:1].lower() + self.objective[1:]

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
