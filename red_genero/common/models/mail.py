"""The outbox: every message of the portal, from queued to delivered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from red_genero.common.querysets import viewable_types

HIDDEN_TEXT = "(Texto reservado: contenía un código o enlace personal.)"


class QueuedMailQuerySet(models.QuerySet["QueuedMail"]):
    """Sets of messages."""

    def visible_to(self, user: Any) -> Self:
        """Those about what this account may view elsewhere; those of the accounts, for who reads every log."""
        if not user.has_perm("common.view_queuedmail"):
            return self.none()
        about = Q(about_type__in=viewable_types(user))
        if user.has_perm("common.view_accesslog"):
            about |= Q(about_type=None)
        return self.filter(about)

    def queued(self) -> Self:
        """Messages that still have to leave."""
        return self.filter(state=QueuedMail.State.QUEUED)

    def due(self, now: datetime) -> Self:
        """Messages to try now: their moment came, nobody holds them and they are not stale."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        fresh = Q(expires_at=None) | Q(expires_at__gt=now)
        return (
            self.queued()
            .filter(free, fresh, next_attempt_at__lte=now)
            .order_by("next_attempt_at", "pk")
        )

    def stale(self, now: datetime) -> Self:
        """Messages that waited past the moment in which they made sense."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.queued().filter(free, expires_at__lte=now)

    def claim(self, lease: timedelta, excluding: Sequence[int] = ()) -> "QueuedMail | None":
        """Take the next due message for ``lease``, so that no other worker sends it meanwhile.

        Counts as an attempt: a message that kills its worker is not tried for ever.
        """
        now = timezone.now()
        with transaction.atomic():
            row = (
                self.due(now).exclude(pk__in=excluding).select_for_update(skip_locked=True).first()
            )
            if row is None:
                return None
            taken = (
                self.due(now)
                .filter(pk=row.pk)
                .order_by()
                .update(leased_until=now + lease, attempts=F("attempts") + 1)
            )
        if not taken:
            return None
        row.refresh_from_db()
        return row


class QueuedMail(models.Model):
    """One message to one person, stored whole before it is sent."""

    class State(models.TextChoices):
        """Where the message is."""

        QUEUED = "en_cola", "En cola"
        SENT = "enviado", "Enviado"
        EXPIRED = "caducado", "Caducado sin enviar"
        FAILED = "fallido", "No se pudo enviar"

    kind = models.CharField("aviso", max_length=100, blank=True)
    recipient = models.EmailField("para")
    subject = models.CharField("asunto", max_length=300)
    text = models.TextField("texto")
    mime = models.BinaryField("mensaje completo")
    secret = models.BooleanField(
        "reservado",
        default=False,
        help_text="Lleva un código o enlace que abre una cuenta: el personal no lo lee.",
    )
    about_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="sobre (tipo)",
    )
    about_id = models.PositiveBigIntegerField("sobre (número)", null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    state = models.CharField("estado", max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    next_attempt_at = models.DateTimeField("próximo intento", default=timezone.now)
    leased_until = models.DateTimeField("tomado hasta", null=True, blank=True)
    expires_at = models.DateTimeField("caduca", null=True, blank=True)
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    last_error = models.TextField("último error", blank=True)
    created_at = models.DateTimeField("creado", default=timezone.now, editable=False)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = "correo"
        verbose_name_plural = "correos"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="mail_due"),
            models.Index(fields=["about_type", "about_id"], name="mail_about"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def readable_text(self) -> str:
        """The text as staff may read it."""
        return HIDDEN_TEXT if self.secret else self.text
