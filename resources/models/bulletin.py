"""Bulletins: what is new in the library, sent once to each person who asked for it."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from members.models import Person
from resources.models.resource import Resource


class Bulletin(models.Model):
    """One number: its greeting and the entries that it tells of."""

    class State(models.TextChoices):
        """Where the number is."""

        DRAFT = "borrador", "Borrador"
        SENDING = "en_proceso", "Enviándose"
        SENT = "enviado", "Enviado"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.SENDING}),
        State.SENDING: frozenset({State.SENT}),
    }

    number = models.PositiveIntegerField("número", unique=True)
    state = models.CharField("estado", max_length=12, choices=State, default=State.DRAFT)
    greeting = models.TextField(
        "saludo", blank=True, help_text="Texto sin formato; sin datos de personas ni de casos."
    )
    since = models.DateTimeField("novedades desde")
    resources = models.ManyToManyField(Resource, blank=True, verbose_name="recursos")
    sent_at = models.DateTimeField("enviado el", null=True, blank=True)

    class Meta:
        verbose_name = "boletín"
        verbose_name_plural = "boletines"
        ordering = ["-number"]
        permissions = [("send_bulletin", "Puede enviar el boletín")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="borrador") | Q(sent_at__isnull=False),
                name="bulletin_sent_has_date",
                violation_error_message="Un boletín enviado lleva su fecha.",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="borrador"),
                name="bulletin_one_draft",
                violation_error_message="Ya hay un boletín en borrador: continúe ese.",
            ),
        ]

    def __str__(self) -> str:
        return f"Boletín {self.number}"


class BulletinDelivery(models.Model):
    """One person and one number: never twice."""

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="deliveries", verbose_name="boletín"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="bulletins", verbose_name="persona"
    )
    queued_at = models.DateTimeField("enviado el", null=True, blank=True)
    skipped = models.CharField("por qué no se envió", max_length=120, blank=True)

    class Meta:
        verbose_name = "envío del boletín"
        verbose_name_plural = "envíos del boletín"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "person"],
                name="bulletin_once_per_person",
                violation_error_message="Ya se le envió este número.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulletin}, envío {self.pk}"
