"""Solicitud de ingreso: a person's request to be admitted, and what was asked and answered."""

import datetime
import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from members.models.account import User
from members.models.department import Department
from members.models.person import Person
from members.models.position import Appointment, Level
from red_genero.common.text import validate_plain


class RejectionReason(models.Model):
    """Why a solicitud is not admitted, in words the applicant reads."""

    text = models.CharField("motivo", max_length=200, unique=True)
    active = models.BooleanField("en uso", default=True)

    class Meta:
        verbose_name = "motivo de rechazo"
        verbose_name_plural = "motivos de rechazo"
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Sets of solicitudes."""

    def open(self) -> Self:
        """Those that still wait for somebody."""
        return self.filter(state__in=Application.OPEN)

    def waiting(self) -> Self:
        """Those that wait for the Instituto, oldest first."""
        return self.filter(
            state__in=[Application.State.SENT, Application.State.IN_REVIEW]
        ).order_by("sent_at", "pk")

    def of(self, user: User | AnonymousUser) -> Self:
        """Those of the person who signs in with this account, newest first."""
        return self.filter(person__user__pk=user.pk).order_by("-created_at", "-pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What staff may read: never a draft, whose mailbox nobody has proven."""
        if not user.has_perm("members.view_application"):
            return self.none()
        return self.exclude(folio__isnull=True)


class Application(models.Model):
    """A request to be admitted; vetted by the Instituto."""

    class State(models.TextChoices):
        """Where the request is."""

        DRAFT = "borrador", "Borrador"
        SENT = "enviada", "Enviada"
        IN_REVIEW = "en_revision", "En revisión"
        NEEDS_INFO = "requiere_informacion", "Requiere información"
        APPROVED = "aprobada", "Aprobada"
        REJECTED = "rechazada", "No aprobada"
        WITHDRAWN = "retirada", "Retirada"
        EXPIRED = "expirada", "Expirada"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.SENT, State.WITHDRAWN}),
        State.SENT: frozenset({State.IN_REVIEW, State.WITHDRAWN}),
        State.IN_REVIEW: frozenset(
            {State.NEEDS_INFO, State.APPROVED, State.REJECTED, State.WITHDRAWN}
        ),
        State.NEEDS_INFO: frozenset({State.IN_REVIEW, State.WITHDRAWN, State.EXPIRED}),
    }
    OPEN: ClassVar[tuple[str, ...]] = (
        State.DRAFT,
        State.SENT,
        State.IN_REVIEW,
        State.NEEDS_INFO,
    )

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="applications", verbose_name="solicitante"
    )
    folio = models.CharField("folio", max_length=20, unique=True, null=True, blank=True)
    state = models.CharField("estado", max_length=24, choices=State, default=State.DRAFT)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name="dependencia u organismo",
    )
    department_other = models.CharField(
        "otra dependencia", max_length=160, blank=True, validators=[validate_plain]
    )
    unit = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="área del catálogo",
    )
    area = models.CharField(
        "área o unidad administrativa", max_length=160, blank=True, validators=[validate_plain]
    )
    position = models.CharField(
        "cargo o puesto", max_length=160, blank=True, validators=[validate_plain]
    )
    level = models.CharField("nivel de responsabilidad", max_length=24, choices=Level, blank=True)
    appointment = models.CharField(
        "tipo de nombramiento", max_length=16, choices=Appointment, blank=True
    )
    policy_work = models.TextField(
        "políticas, programas o acciones que diseña o implementa", max_length=1000, blank=True
    )
    motivation = models.TextField("motivo para integrarse", max_length=1000, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién revisa",
    )
    rejection_reason = models.ForeignKey(
        RejectionReason, models.PROTECT, null=True, blank=True, verbose_name="motivo"
    )
    decision_text = models.TextField("texto para la solicitante", max_length=2000, blank=True)
    sent_at = models.DateTimeField("enviada", null=True, blank=True)
    decided_at = models.DateTimeField("resuelta", null=True, blank=True)
    created_at = models.DateTimeField("creada", default=timezone.now, editable=False)

    history = HistoricalRecords()
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "solicitud de ingreso"
        verbose_name_plural = "solicitudes de ingreso"
        ordering = ["-created_at"]
        permissions = [("review_application", "Puede revisar y resolver solicitudes de ingreso")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(
                    state__in=["borrador", "enviada", "en_revision", "requiere_informacion"]
                ),
                name="application_one_open_per_person",
                violation_error_message="Ya tiene una solicitud abierta.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["borrador", "retirada", "expirada"])
                | Q(folio__isnull=False),
                name="application_sent_has_folio",
            ),
        ]

    def __str__(self) -> str:
        return self.folio or f"Borrador de {self.person}"

    @property
    def workplace(self) -> str:
        """The dependencia's name, or what she wrote under «otra»."""
        return self.department.name if self.department else self.department_other


class InformationRequestQuerySet(models.QuerySet["InformationRequest"]):
    """Sets of questions."""

    def open(self) -> Self:
        """Those that wait for the applicant."""
        return self.filter(answered_at__isnull=True, closed_at__isnull=True)

    def overdue(self, now: datetime.datetime) -> Self:
        """Open ones whose deadline has passed."""
        return self.open().filter(deadline__lt=now)


class InformationRequest(models.Model):
    """A question of the Instituto about a solicitud, its deadline and the answer."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="questions", verbose_name="solicitud"
    )
    question = models.TextField("pregunta", max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién pregunta"
    )
    asked_at = models.DateTimeField("preguntada", default=timezone.now, editable=False)
    deadline = models.DateTimeField("plazo")
    reminded_at = models.DateTimeField("recordada", null=True, blank=True, editable=False)
    answer = models.TextField("respuesta", max_length=4000, blank=True)
    answered_at = models.DateTimeField("respondida", null=True, blank=True)
    closed_at = models.DateTimeField("cerrada sin respuesta", null=True, blank=True)

    objects = InformationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "solicitud de información"
        verbose_name_plural = "solicitudes de información"
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
                name="information_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(closed_at__isnull=True),
                name="information_request_answered_or_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]


class InformationFile(models.Model):
    """A file that she sent with her answer, as the portal wrote it."""

    question = models.ForeignKey(
        InformationRequest, models.PROTECT, related_name="files", verbose_name="pregunta"
    )
    key = models.UUIDField("clave", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("nombre", max_length=120)
    file = models.FileField("archivo", upload_to="solicitudes/")
    sent_at = models.DateTimeField("enviado", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "archivo de una respuesta"
        verbose_name_plural = "archivos de respuestas"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
