"""The words of a message as the Instituto changed them; without words of its own a message keeps ours."""

from django.db import models
from simple_history.models import HistoricalRecords


class MailText(models.Model):
    """One kind of message; blank words mean the original."""

    kind = models.CharField("aviso", max_length=100, unique=True, editable=False)
    subject = models.CharField("asunto", max_length=120, blank=True)
    body = models.TextField("texto", max_length=4000, blank=True)
    updated_at = models.DateTimeField("último cambio", auto_now=True)

    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = "texto de correo"
        verbose_name_plural = "textos de correo"
        ordering = ["kind"]

    def __str__(self) -> str:
        from red_genero.common.mailtexts import REGISTRY

        return REGISTRY[self.kind].title if self.kind in REGISTRY else self.kind

    @property
    def custom(self) -> bool:
        """Whether the Instituto wrote words of its own."""
        return bool(self.body)
