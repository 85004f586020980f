"""Solicitudes de contacto: an integrante writes to another through the portal, without seeing her address."""

import datetime
import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.account import User
from members.models.person import Person


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    """Sets of solicitudes de contacto."""

    def waiting(self) -> Self:
        """Those without an answer, also where the term has passed and the round has not come."""
        return self.filter(state=ContactRequest.State.SENT)

    def open(self) -> Self:
        """Those that may still be answered."""
        return self.waiting().filter(expires_at__gt=timezone.now())

    def due(self) -> Self:
        """Those whose term to be answered has passed."""
        return self.waiting().filter(expires_at__lte=timezone.now())

    def since(self, moment: datetime.datetime) -> Self:
        """Those sent after ``moment``."""
        return self.filter(sent_at__gt=moment)

    def received_by(self, user: User | AnonymousUser) -> Self:
        """Those that reached this account, newest first; never from somebody whose data were cancelled."""
        return self.filter(recipient__user__pk=user.pk, sender__blocked_at__isnull=True)

    def sent_by(self, user: User | AnonymousUser) -> Self:
        """Those that this account sent, newest first."""
        return self.filter(sender__user__pk=user.pk)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those between this person and another; nobody else reads them, staff neither."""
        if user.pk is None:
            return self.none()
        hers = Q(sender__user__pk=user.pk)
        return self.filter(hers | Q(recipient__user__pk=user.pk, sender__blocked_at__isnull=True))


class ContactRequest(models.Model):
    """``sender`` asks ``recipient`` to share how to reach her; only she decides what."""

    class State(models.TextChoices):
        """Where the request is; the two last ones read alike to who asked."""

        SENT = "enviada", "En espera de respuesta"
        ACCEPTED = "aceptada", "Aceptada"
        DECLINED = "declinada", "Cerrada sin compartir datos"
        EXPIRED = "expirada", "Cerrada sin respuesta"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.SENT: frozenset({State.ACCEPTED, State.DECLINED, State.EXPIRED}),
    }
    SHORTEST: ClassVar[int] = 20
    LONGEST: ClassVar[int] = 600

    key = models.UUIDField("clave", unique=True, default=uuid.uuid4, editable=False)
    sender = models.ForeignKey(
        Person, models.PROTECT, related_name="contacts_sent", verbose_name="quién escribe"
    )
    recipient = models.ForeignKey(
        Person, models.PROTECT, related_name="contacts_received", verbose_name="a quién"
    )
    state = models.CharField("estado", max_length=10, choices=State, default=State.SENT)
    message = models.TextField(
        "mensaje",
        max_length=LONGEST,
        validators=[
            MinLengthValidator(SHORTEST, "Cuente en una o dos frases para qué quiere el contacto."),
            MaxLengthValidator(LONGEST, f"Escriba {LONGEST} caracteres o menos."),
        ],
    )
    shares_email = models.BooleanField("comparte su correo institucional", default=False)
    shares_phone = models.BooleanField("comparte su teléfono de oficina", default=False)
    sent_at = models.DateTimeField("enviada", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("puede responderse hasta", editable=False)
    answered_at = models.DateTimeField("cerrada", null=True, blank=True, editable=False)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "solicitud de contacto"
        verbose_name_plural = "solicitudes de contacto"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "recipient"],
                condition=Q(state="enviada"),
                name="contact_request_one_open",
                violation_error_message="Ya le escribió y todavía puede responder.",
            ),
            models.CheckConstraint(
                condition=~Q(sender=F("recipient")),
                name="contact_request_to_another",
                violation_error_message="Elija a otra persona.",
            ),
            models.CheckConstraint(
                condition=~Q(state="aceptada") | Q(shares_email=True) | Q(shares_phone=True),
                name="contact_request_accepted_shares",
                violation_error_message="Elija qué comparte: su correo o su teléfono.",
            ),
        ]

    def __str__(self) -> str:
        return f"Solicitud de contacto del {timezone.localtime(self.sent_at):%d/%m/%Y}"

    @property
    def email(self) -> str:
        """The address that she shares, while she is within reach."""
        shared = self.state == self.State.ACCEPTED and self.shares_email
        return self.recipient.institutional_email if shared else ""

    @property
    def phone(self) -> str:
        """The telephone that she shares, while she is within reach."""
        shared = self.state == self.State.ACCEPTED and self.shares_phone
        return self.recipient.office_phone_text if shared else ""
