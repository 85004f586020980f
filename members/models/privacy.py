"""Avisos de privacidad by version, and the ledger of consents."""

import hashlib
from typing import Self

from django.db import models
from django.utils import timezone

from members.models.person import Person
from red_genero.common.models import Channel
from red_genero.common.models.transition import AppendOnlyQuerySet


class PrivacyNoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    """Sets of notices."""

    def published(self) -> Self:
        """Those already in force, newest first."""
        return self.filter(published_at__lte=timezone.now()).order_by("-published_at", "-pk")

    def in_force(self, kind: str) -> "PrivacyNotice | None":
        """The notice of that kind that applies now."""
        return self.published().filter(kind=kind).first()


class PrivacyNotice(models.Model):
    """One version of an aviso; an old one stays readable."""

    class Kind(models.TextChoices):
        """The two forms that the law asks for."""

        SIMPLIFIED = "simplificado", "Aviso simplificado"
        INTEGRAL = "integral", "Aviso integral"

    kind = models.CharField("tipo", max_length=14, choices=Kind)
    version = models.CharField("versión", max_length=20)
    body = models.TextField("texto")
    change_note = models.TextField("qué cambió", blank=True)
    purpose_changed = models.BooleanField("cambia una finalidad", default=False)
    published_at = models.DateTimeField("vigente desde", default=timezone.now)
    sha256 = models.CharField("huella SHA-256", max_length=64, editable=False, blank=True)

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "aviso de privacidad"
        verbose_name_plural = "avisos de privacidad"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"],
                name="privacy_notice_version_unique",
                violation_error_message="Ya existe esa versión del aviso.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, versión {self.version}"

    @staticmethod
    def fingerprint(body: str) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(body.encode()).hexdigest()


class Consent(models.Model):
    """One line of a person's ledger: given or withdrawn, for one purpose, under one notice."""

    class Purpose(models.TextChoices):
        """What the data are for; only the first is a reading, the others are consents."""

        NOTICE = "aviso", "Leí el aviso de privacidad"
        DIRECTORY = "directorio", "Aparecer en el directorio interno"
        MOBILE = "celular", "Recibir avisos en mi celular"
        IMAGE = "imagen", "Que me tomen fotografías en actividades"
        BULLETIN = "boletin", "Recibir por correo las novedades de la biblioteca"

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="consents", verbose_name="persona"
    )
    notice = models.ForeignKey(PrivacyNotice, models.PROTECT, verbose_name="aviso")
    purpose = models.CharField("finalidad", max_length=12, choices=Purpose)
    given = models.BooleanField("otorgado")
    channel = models.CharField("canal", max_length=12, choices=Channel, default=Channel.WEB)
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "consentimiento"
        verbose_name_plural = "consentimientos"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {'otorgado' if self.given else 'retirado'}"
