"""The issued document: frozen at issue, stored with its hash, never deleted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from members.models import Person
from red_genero.common.models import Job
from red_genero.common.text import group_code, normalise_code, random_code
from trainings.models.edition import Edition
from trainings.models.enrollment import Enrollment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Sets of documents."""

    def valid(self) -> Self:
        """Those in force."""
        return self.filter(state=Certificate.State.VALID)

    def without_pdf(self) -> Self:
        """Those whose file is still to be made."""
        return self.filter(sha256="")

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Hers; those of the ediciones she coordinates when she issues them; all for who may read all."""
        if user.pk is None:
            return self.none()
        if user.has_perm("trainings.view_certificate"):
            return self.all()
        mine = Q(person__user=user.pk)
        if user.has_perm("trainings.issue_certificate"):
            coordinated = Edition.objects.visible_to_coordinator(user).values("pk")
            return self.filter(mine | Q(edition__in=coordinated))
        return self.filter(mine)

    def with_code(self, typed: str) -> Self:
        """The one with that code, however it was typed."""
        code = normalise_code(typed)
        return self.filter(code=code) if code.isascii() and code.isalnum() else self.none()


class Certificate(models.Model):
    """Constancia, diploma or reconocimiento."""

    class Kind(models.TextChoices):
        """What is issued."""

        ATTENDANCE = "asistencia", "Constancia de asistencia"
        ACCREDITATION = "acreditacion", "Constancia"
        DIPLOMA = "diploma", "Diploma"
        RECOGNITION = "reconocimiento", "Reconocimiento"

    class State(models.TextChoices):
        """Whether it stands."""

        VALID = "vigente", "Vigente"
        REPLACED = "reemplazada", "Reemplazada"
        REVOKED = "revocada", "Revocada"

    class Revocation(models.TextChoices):
        """The public class of the reason; the internal one is apart."""

        DATA = "error_datos", "Error en los datos"
        UNEARNED = "requisitos", "Requisitos no cumplidos"
        REQUEST = "solicitud", "A petición de la persona titular"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.VALID: frozenset({State.REPLACED, State.REVOKED}),
    }

    folio = models.CharField("folio", max_length=20, unique=True)
    code = models.CharField("código", max_length=40, unique=True, default=random_code)
    kind = models.CharField("tipo", max_length=16, choices=Kind)
    state = models.CharField("estado", max_length=12, choices=State, default=State.VALID)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="certificates", verbose_name="persona"
    )
    enrollment = models.ForeignKey(
        Enrollment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name="inscripción",
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="certificates", verbose_name="edición"
    )
    name = models.CharField("nombre impreso", max_length=120)
    course_title = models.CharField("formación", max_length=120)
    hours = models.DecimalField("horas", max_digits=6, decimal_places=2)
    starts_on = models.DateField("del")
    ends_on = models.DateField("al")
    template = models.CharField("plantilla", max_length=80)
    frozen = models.JSONField(
        "contenido congelado", help_text="Todo lo que se imprimió, tal como se imprimió."
    )
    pdf = models.FileField("PDF", upload_to="constancias/", blank=True, max_length=200)
    sha256 = models.CharField("huella SHA-256", max_length=64, blank=True)
    signed_by = models.CharField(
        "firma electrónica de",
        max_length=200,
        blank=True,
        help_text="Titular del certificado con que se firmó el archivo; vacío si no se firmó.",
    )
    issued_at = models.DateTimeField("emitida", default=timezone.now, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién emitió"
    )
    replaced_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="reemplazada por",
    )
    ended_at = models.DateTimeField("sin vigencia desde", null=True, blank=True)
    revocation = models.CharField("motivo público", max_length=16, choices=Revocation, blank=True)
    internal_reason = models.TextField("motivo interno", blank=True)

    history = HistoricalRecords(excluded_fields=["frozen"])
    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "constancia"
        verbose_name_plural = "constancias"
        ordering = ["-issued_at", "-pk"]
        permissions = [
            ("issue_certificate", "Puede emitir constancias"),
            ("revoke_certificate", "Puede reemplazar y revocar constancias"),
        ]
        indexes = [models.Index(fields=["sha256"], name="certificate_fingerprint")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(state="vigente"),
                name="certificate_one_valid_per_enrollment",
                violation_error_message="Esta inscripción ya tiene una constancia vigente.",
            ),
            models.UniqueConstraint(
                fields=["edition", "person"],
                condition=Q(state="vigente", kind="reconocimiento"),
                name="certificate_one_valid_recognition",
                violation_error_message="Ya tiene un reconocimiento vigente de esta edición.",
            ),
            models.CheckConstraint(
                condition=~Q(state="revocada") | ~Q(revocation=""),
                name="certificate_revoked_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="reemplazada") | Q(replaced_by__isnull=False),
                name="certificate_replaced_has_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.folio

    @property
    def printed_code(self) -> str:
        """The code in groups, as it is printed."""
        return group_code(self.code)


class IssueBatch(models.Model):
    """One press of «emitir» for an edición; its items are the truth of what was done."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="issue_batches", verbose_name="edición"
    )
    job = models.OneToOneField(
        Job, models.PROTECT, related_name="issue_batch", verbose_name="trabajo"
    )

    class Meta:
        verbose_name = "emisión de constancias"
        verbose_name_plural = "emisiones de constancias"

    def __str__(self) -> str:
        return f"Emisión de {self.edition}"


class IssueItem(models.Model):
    """One person of a batch."""

    class State(models.TextChoices):
        """How far it went."""

        PENDING = "pendiente", "Pendiente"
        DONE = "hecha", "Hecha"
        FAILED = "fallida", "Con error"

    batch = models.ForeignKey(
        IssueBatch, models.CASCADE, related_name="items", verbose_name="emisión"
    )
    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="+", verbose_name="inscripción"
    )
    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="constancia",
    )
    state = models.CharField("estado", max_length=12, choices=State, default=State.PENDING)
    error = models.TextField("error", blank=True)
    claimed_at = models.DateTimeField("tomada por un proceso", null=True, blank=True)

    class Meta:
        verbose_name = "constancia por emitir"
        verbose_name_plural = "constancias por emitir"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "enrollment"], name="issue_item_once_per_batch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.get_state_display()}"
