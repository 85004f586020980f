"""The outbox: every message of the portal, from queued to delivered."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone


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
    about_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    state = models.CharField("estado", max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    next_attempt_at = models.DateTimeField("próximo intento", default=timezone.now)
    leased_until = models.DateTimeField("tomado hasta", null=True, blank=True)
    expires_at = models.DateTimeField("caduca", null=True, blank=True)
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    last_error = models.TextField("último error", blank=True)
    created_at = models.DateTimeField("creado", default=timezone.now, editable=False)

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
