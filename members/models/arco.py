"""Solicitudes ARCO, and the terms by which personal data are answered for, kept and let go."""

import datetime
from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from members.models.account import User
from members.models.person import Person

TERM = (MinValueValidator(1), MaxValueValidator(3650))


class PrivacyPolicy(models.Model):
    """The terms as of a date; the newest row in force applies."""

    class Verification(models.TextChoices):
        """What /verificar/ says of somebody whose data were cancelled."""

        NAME = "con_nombre", "El nombre impreso, como antes"
        NO_NAME = "sin_nombre", "Que la constancia existe, sin el nombre"

    valid_from = models.DateField("vigente desde", unique=True, default=timezone.localdate)
    answer_days = models.PositiveSmallIntegerField(
        "días hábiles para responder una solicitud ARCO", default=20, validators=TERM
    )
    extension_days = models.PositiveSmallIntegerField(
        "días hábiles de la ampliación, una sola vez", default=10, validators=TERM
    )
    reminder_days = models.PositiveSmallIntegerField(
        "días hábiles antes del plazo en que se recuerda", default=5, validators=TERM
    )
    blocking_days = models.PositiveSmallIntegerField(
        "días naturales de bloqueo antes de anonimizar", default=30, validators=TERM
    )
    draft_days = models.PositiveSmallIntegerField(
        "días que se conserva un borrador sin cambios", default=90, validators=TERM
    )
    closed_days = models.PositiveSmallIntegerField(
        "días que se conserva una solicitud expirada o retirada", default=365, validators=TERM
    )
    sign_in_days = models.PositiveSmallIntegerField(
        "días que se conserva el registro de ingresos", default=180, validators=TERM
    )
    contact_days = models.PositiveSmallIntegerField(
        "días que se conserva una solicitud de contacto cerrada", default=180, validators=TERM
    )
    verification = models.CharField(
        "qué muestra la verificación después de una cancelación",
        max_length=12,
        choices=Verification,
        default=Verification.NO_NAME,
    )

    class Meta:
        verbose_name = "plazos de datos personales"
        verbose_name_plural = "plazos de datos personales"
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"Plazos desde el {date_format(self.valid_from)}"

    @classmethod
    def current(cls) -> "PrivacyPolicy":
        """The terms in force today; defaults when none were captured."""
        today = timezone.localdate()
        return cls.objects.filter(valid_from__lte=today).first() or cls(valid_from=today)


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    """Sets of solicitudes ARCO."""

    def open(self) -> Self:
        """Those without an answer."""
        return self.filter(state__in=PrivacyRequest.OPEN)

    def waiting(self) -> Self:
        """The same, the first deadline first."""
        return self.open().order_by("due_on", "pk")

    def overdue(self, today: datetime.date) -> Self:
        """Open ones whose deadline has passed."""
        return self.open().filter(due_on__lt=today)

    def of(self, user: User | AnonymousUser) -> Self:
        """Those of the person who signs in with this account, newest first."""
        return self.filter(person__user__pk=user.pk).order_by("-received_at", "-pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What staff may read."""
        if not user.has_perm("members.view_privacyrequest"):
            return self.none()
        return self.all()


class PrivacyRequest(models.Model):
    """A solicitud ARCO: acceso, rectificación, cancelación, oposición."""

    class Kind(models.TextChoices):
        """The right that she exercises."""

        ACCESS = "acceso", "Acceso"
        RECTIFICATION = "rectificacion", "Rectificación"
        CANCELLATION = "cancelacion", "Cancelación"
        OPPOSITION = "oposicion", "Oposición"

    class State(models.TextChoices):
        """Where the request is."""

        RECEIVED = "recibida", "Recibida"
        IN_HAND = "en_tramite", "En trámite"
        ANSWERED = "respondida", "Respondida"
        WITHDRAWN = "retirada", "Retirada"

    class Outcome(models.TextChoices):
        """What the Instituto decided."""

        GRANTED = "procedente", "Procedente"
        PARTLY = "parcial", "Procedente en parte"
        REFUSED = "improcedente", "Improcedente"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.RECEIVED: frozenset({State.IN_HAND, State.WITHDRAWN}),
        State.IN_HAND: frozenset({State.ANSWERED, State.WITHDRAWN}),
    }
    OPEN: ClassVar[tuple[str, ...]] = (State.RECEIVED, State.IN_HAND)

    folio = models.CharField("folio", max_length=20, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="privacy_requests", verbose_name="titular de los datos"
    )
    kind = models.CharField("derecho", max_length=14, choices=Kind)
    state = models.CharField("estado", max_length=12, choices=State, default=State.RECEIVED)
    text = models.TextField("qué pide", max_length=2000)
    received_at = models.DateTimeField("recibida", default=timezone.now, editable=False)
    due_on = models.DateField("responder a más tardar")
    extended_at = models.DateTimeField("ampliada", null=True, blank=True)
    extension_reason = models.TextField("motivo de la ampliación", max_length=1000, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién la atiende",
    )
    outcome = models.CharField("sentido", max_length=14, choices=Outcome, blank=True)
    answer = models.TextField("respuesta", max_length=4000, blank=True)
    answer_file = models.FileField("archivo de la respuesta", upload_to="arco/", blank=True)
    answered_at = models.DateTimeField("respondida", null=True, blank=True)
    reminded_at = models.DateTimeField("recordada", null=True, blank=True, editable=False)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "solicitud ARCO"
        verbose_name_plural = "solicitudes ARCO"
        ordering = ["-received_at", "-pk"]
        permissions = [
            ("answer_privacyrequest", "Puede atender solicitudes ARCO"),
            ("forget_person", "Puede bloquear y anonimizar los datos de una persona"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state__in=["recibida", "en_tramite"]),
                name="privacy_request_one_open_per_kind",
                violation_error_message="Ya tiene una solicitud de ese derecho en trámite.",
            ),
            models.CheckConstraint(
                condition=~Q(state="respondida")
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="privacy_request_answered_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio}: {self.get_kind_display().lower()}"
