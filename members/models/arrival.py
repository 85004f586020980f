"""People whom the Instituto brings in: invited, registered on their behalf, or read from a file."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Trim
from django.utils import timezone

from members.models.person import Person
from red_genero.common.fields import LowercaseEmailField
from red_genero.common.text import validate_plain


class Invitation(models.Model):
    """An address that the Instituto wrote to, and what for."""

    class Kind(models.TextChoices):
        """What she was invited to."""

        APPLY = "solicitar", "Presentar su solicitud"
        ENTER = "entrar", "Entrar al portal: ya está registrada"

    email = LowercaseEmailField(
        "correo", error_messages={"unique": "Ya se invitó a ese correo: abra su invitación."}
    )
    name = models.CharField("nombre", max_length=200, blank=True, validators=[validate_plain])
    kind = models.CharField("para qué", max_length=10, choices=Kind, default=Kind.APPLY)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="persona",
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién invitó"
    )
    invited_at = models.DateTimeField("invitada", default=timezone.now, editable=False)
    sent_at = models.DateTimeField("último envío", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "invitación"
        verbose_name_plural = "invitaciones"
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower(Trim("email")),
                name="invitation_once_per_address",
                violation_error_message="Ya se invitó a ese correo: abra su invitación.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or 'Invitación'} ({self.email})"


class MemberImport(models.Model):
    """A file of people as it was read, until it is applied or thrown away."""

    class State(models.TextChoices):
        """What became of it."""

        READ = "leida", "Por confirmar"
        APPLIED = "aplicada", "Aplicada"
        DISCARDED = "descartada", "Descartada"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.READ: frozenset({State.APPLIED, State.DISCARDED}),
    }

    key = models.UUIDField("clave", default=uuid.uuid4, unique=True, editable=False)
    filename = models.CharField("archivo", max_length=200)
    sha256 = models.CharField("huella SHA-256", max_length=64)
    state = models.CharField("estado", max_length=12, choices=State, default=State.READ)
    rows: Any = models.JSONField(
        "renglones", default=list, help_text="Se borran al aplicar o descartar el archivo."
    )
    total = models.PositiveIntegerField("renglones leídos", default=0)
    created = models.PositiveIntegerField("integrantes nuevas", default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién la inició"
    )
    created_at = models.DateTimeField("leída", default=timezone.now, editable=False)
    applied_at = models.DateTimeField("aplicada", null=True, blank=True)

    class Meta:
        verbose_name = "importación de integrantes"
        verbose_name_plural = "importaciones de integrantes"
        ordering = ["-created_at", "-pk"]
        permissions = [("import_members", "Puede importar y registrar integrantes")]

    def __str__(self) -> str:
        return self.filename
