"""What the introductions say beyond the entries, and what is not said yet because nobody confirmed it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from resources.models.taxonomy import Topic
from resources.models.vocabulary import Verification


class TopicFactQuerySet(models.QuerySet["TopicFact"]):
    """Sets of facts."""

    def to_confirm(self) -> Self:
        """Those that no page says, because nobody has a source for them."""
        return self.filter(verification=Verification.PENDING)


class TopicFact(models.Model):
    """A statement about a topic and where it comes from; only the staff reads this table."""

    Verification = Verification

    key = models.SlugField("clave", max_length=60, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="facts", verbose_name="tema")
    statement = models.TextField("lo que se afirma")
    source = models.TextField("de dónde sale", blank=True)
    verification = models.CharField(
        "verificación", max_length=24, choices=Verification, default=Verification.PENDING
    )
    confirmed_on = models.DateField("confirmado el", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién confirmó",
    )

    objects = TopicFactQuerySet.as_manager()

    class Meta:
        verbose_name = "hecho de un tema"
        verbose_name_plural = "hechos de los temas"
        ordering = ["topic__order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verification=Verification.PENDING) | ~Q(source=""),
                name="topic_fact_has_source",
                violation_error_message="Solo lo que está por confirmar puede quedar sin fuente.",
            )
        ]

    def __str__(self) -> str:
        return self.statement[:80]
