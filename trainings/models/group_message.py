"""Aviso: one text to a group of an edición, and who sent it to how many."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from trainings.models.edition import Edition


def new_press() -> str:
    """Return the mark of one page of preview: pressing it twice sends once."""
    return secrets.token_hex(16)


class GroupMessage(models.Model):
    """What the coordination wrote to a group."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="group_messages", verbose_name="edición"
    )
    press = models.CharField(max_length=32, unique=True, editable=False)
    groups = models.CharField("a quiénes", max_length=120)
    text = models.TextField("texto", max_length=3000)
    recipients = models.PositiveIntegerField("personas")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="lo envió"
    )
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "aviso a un grupo"
        verbose_name_plural = "avisos a grupos"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.groups}, {self.at:%Y-%m-%d}"
