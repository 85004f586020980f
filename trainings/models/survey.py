"""Surveys: sets of questions in versions, the answers without a name, and the mark of who answered."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

if TYPE_CHECKING:
    from trainings.models.edition import Edition

SCALE = range(1, 6)
SCALE_WORDS = ("Muy en desacuerdo", "En desacuerdo", "Ni lo uno ni lo otro", "De acuerdo", "Muy de acuerdo")  # fmt: skip


class QuestionSet(models.Model):
    """The questions of a survey. Once somebody has answered, a change is a new version."""

    class Purpose(models.TextChoices):
        """What is asked."""

        KNOWLEDGE = "conocimiento", "Diagnóstica y final"
        SATISFACTION = "satisfaccion", "Satisfacción"

    title = models.CharField("título", max_length=120)
    purpose = models.CharField("para qué", max_length=12, choices=Purpose)
    version = models.PositiveSmallIntegerField("versión", default=1, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name="reemplaza a",
    )
    frozen = models.BooleanField(
        "congelada",
        default=False,
        editable=False,
        help_text="Ya tiene respuestas: para cambiar una pregunta haga una versión nueva.",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "cuestionario"
        verbose_name_plural = "cuestionarios"
        ordering = ["title", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "version"],
                name="question_set_version_unique",
                violation_error_message="Ya hay un cuestionario con ese título: haga una versión nueva.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} (versión {self.version})"


class Question(models.Model):
    """One item: to choose an answer, to say how much one agrees, or to write."""

    class Kind(models.TextChoices):
        """How it is answered."""

        CHOICE = "opcion", "Elegir una respuesta"
        SCALE = "escala", "De 1 a 5, qué tanto está de acuerdo"
        TEXT = "texto", "Texto breve"

    question_set = models.ForeignKey(
        QuestionSet, models.CASCADE, related_name="questions", verbose_name="cuestionario"
    )
    order = models.PositiveSmallIntegerField("orden", default=1)
    text = models.CharField("pregunta", max_length=300)
    kind = models.CharField("cómo se contesta", max_length=8, choices=Kind)
    options = models.TextField(
        "respuestas posibles", blank=True, help_text="Una por renglón; de 2 a 6."
    )
    right = models.PositiveSmallIntegerField(
        "respuesta correcta",
        null=True,
        blank=True,
        help_text="El número de su renglón. Con ella se mide el avance entre diagnóstica y final.",
    )

    class Meta:
        verbose_name = "pregunta"
        verbose_name_plural = "preguntas"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The possible answers with their number, from 1."""
        if self.kind == self.Kind.SCALE:
            return [
                (value, f"{value}. {word}") for value, word in zip(SCALE, SCALE_WORDS, strict=True)
            ]
        lines = [line.strip() for line in self.options.splitlines() if line.strip()]
        return list(enumerate(lines, start=1))

    def clean(self) -> None:
        """Refuse an item that could not be answered or counted."""
        super().clean()
        number = len(self.choices)
        if self.kind == self.Kind.CHOICE and not 2 <= number <= 6:
            raise ValidationError({"options": "Escriba de 2 a 6 respuestas, una por renglón."})
        if self.kind != self.Kind.CHOICE and (self.options.strip() or self.right):
            raise ValidationError(
                {"options": "Solo las preguntas de elegir llevan respuestas posibles."}
            )
        if self.right is not None and not 1 <= self.right <= number:
            raise ValidationError({"right": "Escriba el número de una de las respuestas."})


class SurveyResponse(models.Model):
    """What somebody answered: no name, no moment, no order of arrival.

    ``pseudonym`` is empty in the satisfaction survey. In the other two it is the same word before and after, which
    only the portal's secret can compute from an inscripción.
    """

    class Moment(models.TextChoices):
        """Which of the three."""

        BEFORE = "diagnostica", "Encuesta diagnóstica"
        AFTER = "final", "Encuesta final"
        SATISFACTION = "satisfaccion", "Encuesta de satisfacción"

    KNOWLEDGE: ClassVar[tuple[str, ...]] = (Moment.BEFORE, Moment.AFTER)

    key = models.UUIDField("clave", primary_key=True, default=uuid.uuid4, editable=False)
    edition: "models.ForeignKey[Edition, Edition]" = models.ForeignKey(
        "trainings.Edition", models.CASCADE, related_name="responses", verbose_name="edición"
    )
    moment = models.CharField("encuesta", max_length=12, choices=Moment)
    pseudonym = models.CharField("seudónimo", max_length=64, blank=True)
    answers = models.JSONField("respuestas", default=dict)

    class Meta:
        verbose_name = "respuesta de encuesta"
        verbose_name_plural = "respuestas de encuestas"
        indexes = [models.Index(fields=["edition", "moment"], name="response_edition_moment")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "moment", "pseudonym"],
                condition=~models.Q(pseudonym=""),
                name="response_pseudonym_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(moment="satisfaccion") | models.Q(pseudonym=""),
                name="response_satisfaction_anonymous",
            ),
        ]

    def __str__(self) -> str:
        return self.get_moment_display()


class SurveyMark(models.Model):
    """That somebody answered, apart from what: it says neither when nor which response is hers."""

    key = models.UUIDField("clave", primary_key=True, default=uuid.uuid4, editable=False)
    enrollment = models.ForeignKey(
        "trainings.Enrollment",
        models.CASCADE,
        related_name="survey_marks",
        verbose_name="inscripción",
    )
    moment = models.CharField("encuesta", max_length=12, choices=SurveyResponse.Moment)

    class Meta:
        verbose_name = "encuesta contestada"
        verbose_name_plural = "encuestas contestadas"
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "moment"], name="survey_mark_once")
        ]

    def __str__(self) -> str:
        return self.get_moment_display()


class SurveyClosing(models.Model):
    """That the figures of a survey were shown: nobody answers it any more, even if its sessions move.

    Figures read twice, with one more answer in between, would tell what that person answered.
    """

    edition: "models.ForeignKey[Edition, Edition]" = models.ForeignKey(
        "trainings.Edition", models.CASCADE, related_name="survey_closings", verbose_name="edición"
    )
    moment = models.CharField("encuesta", max_length=12, choices=SurveyResponse.Moment)
    closed_at = models.DateTimeField("cerrada", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "encuesta cerrada"
        verbose_name_plural = "encuestas cerradas"
        constraints = [
            models.UniqueConstraint(fields=["edition", "moment"], name="survey_closed_once")
        ]

    def __str__(self) -> str:
        return self.get_moment_display()
