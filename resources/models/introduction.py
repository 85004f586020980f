"""The introductory page of a topic, by editions: one published, at most one draft, the others readable under a banner."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from resources.models.audience import Visitor, is_library_staff
from resources.models.taxonomy import Topic


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    """Sets of editions."""

    def visible_to(self, user: Visitor) -> Self:
        """Those that ``user`` may read: drafts are for the library's staff only."""
        if is_library_staff(user):
            return self
        return self.exclude(state=Introduction.State.DRAFT)

    def published(self) -> Self:
        """The edition in force of each topic."""
        return self.filter(state=Introduction.State.PUBLISHED)


class Introduction(models.Model):
    """One edition of the introduction of a topic, in Markdown."""

    class State(models.TextChoices):
        """Where the edition is."""

        DRAFT = "borrador", "Borrador"
        PUBLISHED = "publicada", "Publicada"
        FORMER = "anterior", "Anterior"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.PUBLISHED}),
        State.PUBLISHED: frozenset({State.FORMER}),
    }

    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="introductions", verbose_name="tema"
    )
    number = models.PositiveSmallIntegerField("edición")
    state = models.CharField("estado", max_length=10, choices=State, default=State.DRAFT)
    body = models.TextField("texto")
    html = models.TextField("texto con formato", editable=False)
    change_note = models.CharField("qué cambió", max_length=240, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién escribió",
    )
    updated_at = models.DateTimeField("última edición", auto_now=True)
    published_at = models.DateTimeField("publicada el", null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = "introducción de un tema"
        verbose_name_plural = "introducciones de los temas"
        ordering = ["topic__order", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "number"],
                name="introduction_number_unique",
                violation_error_message="Ya existe esa edición.",
            ),
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(state="publicada"),
                name="introduction_one_published",
                violation_error_message="El tema ya tiene una edición publicada.",
            ),
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(state="borrador"),
                name="introduction_one_draft",
                violation_error_message="El tema ya tiene un borrador: continúe ese.",
            ),
            models.CheckConstraint(
                condition=Q(state="borrador") | Q(published_at__isnull=False),
                name="introduction_published_has_date",
                violation_error_message="Una edición publicada lleva su fecha.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, edición {self.number}"

    def get_absolute_url(self) -> str:
        """The edition's own page: the preview of a draft, the archive of a former one."""
        return reverse("resources:introduction_detail", args=[self.topic.key, self.number])
