"""Visto bueno: what is asked of her jefatura, by links that need no account."""

import datetime
import secrets
from typing import Final, Self

from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from red_genero.common.fields import LowercaseEmailField
from trainings.models.edition import LAST_SECOND, passed
from trainings.models.enrollment import Enrollment

SALT: Final = "trainings.visto-bueno"
REMIND_AFTER: Final = datetime.timedelta(days=2)
SUBSTITUTE_AFTER: Final = datetime.timedelta(days=3)


def new_code() -> str:
    """Return the random part of a link."""
    return secrets.token_hex(16)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Sets of petitions."""

    def waiting(self) -> Self:
        """Those nobody has answered while her request still stands."""
        return self.filter(decision="", enrollment__state=Enrollment.State.REQUESTED)

    def overdue(self, now: datetime.datetime) -> Self:
        """Those whose time to answer is over."""
        return self.waiting().filter(deadline__lte=now - LAST_SECOND)


class Approval(models.Model):
    """One petition for the visto bueno of one inscripción, answered once or never."""

    class Decision(models.TextChoices):
        """What was answered."""

        GIVEN = "aprobada", "Aprobada"
        DECLINED = "no_aprobada", "No aprobada"
        EXPIRED = "vencida", "Sin respuesta a tiempo"

    enrollment = models.OneToOneField(
        Enrollment, models.CASCADE, related_name="approval", verbose_name="inscripción"
    )
    asked_at = models.DateTimeField("se pidió", default=timezone.now, editable=False)
    deadline = models.DateTimeField("vence")
    decision = models.CharField("respuesta", max_length=12, choices=Decision, blank=True)
    decided_at = models.DateTimeField("se respondió", null=True, blank=True)
    decided_by = models.CharField("quién respondió", max_length=160, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = "visto bueno"
        verbose_name_plural = "vistos buenos"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="approval_answer_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("asked_at")), name="approval_expires_after_asking"
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display() or "Pendiente"

    def is_over(self, now: datetime.datetime) -> bool:
        """Whether its time to answer has passed."""
        return passed(self.deadline, now)


class ApprovalLinkQuerySet(models.QuerySet["ApprovalLink"]):
    """Sets of links."""

    def with_key(self, key: str) -> "ApprovalLink | None":
        """Return the sent link that a key opens, or None for what the portal never signed."""
        try:
            code = signing.Signer(sep=".", salt=SALT).unsign(key)
        except signing.BadSignature:
            return None
        rows = "approval__enrollment__person__user", "approval__enrollment__edition__course"
        found = self.select_related(*rows, "approval__enrollment__department")
        return found.filter(code=code, sent_at__isnull=False).first()

    def to_remind(self, now: datetime.datetime) -> Self:
        """Sent two days ago or more, unanswered and not yet reminded."""
        return self.filter(
            approval__in=Approval.objects.waiting().filter(deadline__gt=now),
            sent_at__lte=now - REMIND_AFTER,
            reminded_at=None,
        )

    def substitutes_due(self, now: datetime.datetime) -> Self:
        """Suplentes whose turn came: nobody answered in three days."""
        return self.filter(
            approval__in=Approval.objects.waiting().filter(
                asked_at__lte=now - SUBSTITUTE_AFTER, deadline__gt=now
            ),
            role=ApprovalLink.Role.SUBSTITUTE,
            sent_at=None,
        )


class ApprovalLink(models.Model):
    """An address that may answer. The key in the mail is signed: a copy of this table opens nothing."""

    class Role(models.TextChoices):
        """Who was asked."""

        MANAGER = "titular", "Jefatura"
        SUBSTITUTE = "suplente", "Suplente"

    approval = models.ForeignKey(
        Approval, models.CASCADE, related_name="links", verbose_name="visto bueno"
    )
    role = models.CharField("papel", max_length=10, choices=Role)
    email = LowercaseEmailField("correo")
    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    sent_at = models.DateTimeField("se le escribió", null=True, blank=True)
    reminded_at = models.DateTimeField("se le recordó", null=True, blank=True)

    objects = ApprovalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "correo de la jefatura"
        verbose_name_plural = "correos de la jefatura"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "role"],
                name="approval_link_once_per_role",
                violation_error_message="Ya se escribió a esa jefatura.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.email}"

    @property
    def key(self) -> str:
        """The end of the address that opens it."""
        return signing.Signer(sep=".", salt=SALT).sign(self.code)
