"""The climb of a Unidad de Género: the evidence of each rung, and its plans and reports by year."""

import datetime
import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.account import User
from members.models.unit import GenderUnit, served_by
from red_genero.common.text import validate_plain


class UnitStepQuerySet(models.QuerySet["UnitStep"]):
    """Sets of evidence."""

    def waiting(self) -> Self:
        """What was presented and nobody judged, the oldest first."""
        return self.filter(state=UnitStep.State.PRESENTED).order_by("presented_on", "pk")

    def in_force(self) -> Self:
        """Validated, and not withdrawn since."""
        return self.filter(state=UnitStep.State.VALIDATED)

    def as_of(self, day: datetime.date) -> Self:
        """What had been validated when ``day`` ended and still counted."""
        standing = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        return self.filter(standing, validated_on__lte=day)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """That of the dependencias where she is enlace; all of it for whoever may read it."""
        if user.has_perm("members.view_unitstep"):
            return self.all()
        if not isinstance(user, User):
            return self.none()
        return self.filter(unit__department__in=served_by(user).values("department"))


class UnitStep(models.Model):
    """One presentation of the evidence of a rung; after an observation another one is presented, and both stay."""

    class State(models.TextChoices):
        """What was decided about it."""

        PRESENTED = "presentada", "Presentada, por validar"
        VALIDATED = "validada", "Validada"
        OBSERVED = "observada", "Observada"
        WITHDRAWN = "sin_efecto", "Sin efecto"

    class Rung(models.IntegerChoices):
        """The rungs that are climbed by evidence; the first two derive from the designations."""

        INSTALLING = 2, "En instalación"
        INSTALLED = 3, "Instalada"
        FORMALIZED = 4, "Formalizada"
        CONSOLIDATED = 5, "Consolidada"

    class Instrument(models.TextChoices):
        """What published the unit."""

        CODE = "codigo", "Código"
        REGULATION = "reglamento", "Reglamento"
        MANUAL = "manual", "Manual"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.PRESENTED: frozenset({State.VALIDATED, State.OBSERVED}),
        State.VALIDATED: frozenset({State.WITHDRAWN}),
    }

    key = models.UUIDField("clave", unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        GenderUnit, models.PROTECT, related_name="steps", verbose_name="unidad"
    )
    rung = models.PositiveSmallIntegerField("peldaño", choices=Rung)
    state = models.CharField("estado", max_length=10, choices=State, default=State.PRESENTED)
    number = models.CharField("número del documento", max_length=60, validators=[validate_plain])
    date = models.DateField("fecha del documento")
    file = models.FileField("documento", upload_to="unidades/evidencias/", max_length=200)
    instrument = models.CharField("dónde se publicó", max_length=10, choices=Instrument, blank=True)
    gazette = models.CharField(
        "referencia de la Gaceta", max_length=200, blank=True, validators=[validate_plain]
    )
    budget_line = models.CharField(
        "partida presupuestal", max_length=200, blank=True, validators=[validate_plain]
    )
    presented_on = models.DateField("presentada el", default=timezone.localdate)
    presented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién la presentó",
    )
    judged_at = models.DateTimeField("resuelta", null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién resolvió",
    )
    observation = models.TextField("observación", max_length=2000, blank=True)
    validated_on = models.DateField("cuenta desde", null=True, blank=True)
    ended_on = models.DateField("dejó de contar el", null=True, blank=True)

    objects = UnitStepQuerySet.as_manager()

    class Meta:
        verbose_name = "evidencia de peldaño"
        verbose_name_plural = "evidencias de peldaño"
        ordering = ["-presented_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "rung"],
                condition=Q(state="presentada"),
                name="unit_step_one_waiting",
                violation_error_message="Ya hay una evidencia de ese peldaño por validar.",
            ),
            models.UniqueConstraint(
                fields=["unit", "rung"],
                condition=Q(state="validada"),
                name="unit_step_one_validated",
                violation_error_message="Ese peldaño ya tiene evidencia validada.",
            ),
            models.CheckConstraint(
                condition=Q(rung__gte=2, rung__lte=5), name="unit_step_rung_exists"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(file=""),
                name="unit_step_needs_document",
                violation_error_message="La evidencia necesita número y archivo.",
            ),
            models.CheckConstraint(
                condition=~Q(rung=4) | (~Q(gazette="") & ~Q(instrument="")),
                name="unit_step_formalized_in_gazette",
                violation_error_message="Diga qué se publicó y la referencia de la Gaceta.",
            ),
            models.CheckConstraint(
                condition=~Q(rung=5) | ~Q(budget_line=""),
                name="unit_step_consolidated_with_budget",
                violation_error_message="Escriba la partida presupuestal de la unidad.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["validada", "sin_efecto"])
                | Q(validated_on__isnull=False, judged_at__isnull=False),
                name="unit_step_validated_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="observada") | (Q(judged_at__isnull=False) & ~Q(observation="")),
                name="unit_step_observed_with_text",
                violation_error_message="Escriba qué hace falta.",
            ),
            models.CheckConstraint(
                condition=Q(state="sin_efecto", ended_on__isnull=False)
                | (~Q(state="sin_efecto") & Q(ended_on__isnull=True)),
                name="unit_step_withdrawn_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rung} · {self.get_rung_display()}: {self.unit.department}"


class UnitPaperQuerySet(models.QuerySet["UnitPaper"]):
    """Sets of plans and reports."""

    def plans(self) -> Self:
        """Annual plans."""
        return self.filter(kind=UnitPaper.Kind.PLAN)

    def reports(self) -> Self:
        """Annual reports."""
        return self.filter(kind=UnitPaper.Kind.REPORT)

    def as_of(self, day: datetime.date) -> Self:
        """Those recorded and not corrected when ``day`` ended."""
        standing = Q(replaced_on__isnull=True) | Q(replaced_on__gt=day)
        return self.filter(standing, recorded_on__lte=day)

    def current(self) -> Self:
        """Those that no other has corrected."""
        return self.filter(replaced_on__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the dependencias where she is enlace; all of them for whoever may read them."""
        if user.has_perm("members.view_unitpaper"):
            return self.all()
        if not isinstance(user, User):
            return self.none()
        return self.filter(unit__department__in=served_by(user).values("department"))


class UnitPaper(models.Model):
    """The plan or the report of a unit for one year; recording it again corrects it, and both stay."""

    class Kind(models.TextChoices):
        """Which of the two."""

        PLAN = "plan", "Plan anual"
        REPORT = "informe", "Informe anual"

    key = models.UUIDField("clave", unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        GenderUnit, models.PROTECT, related_name="papers", verbose_name="unidad"
    )
    kind = models.CharField("qué es", max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField("año")
    number = models.CharField("número del documento", max_length=60, validators=[validate_plain])
    date = models.DateField("fecha del documento")
    file = models.FileField("documento", upload_to="unidades/planes/", max_length=200)
    valid_until = models.DateField("vigente hasta", null=True, blank=True)
    budget_line = models.CharField(
        "partida presupuestal", max_length=200, blank=True, validators=[validate_plain]
    )
    recorded_on = models.DateField("registrado el", default=timezone.localdate)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién lo registró",
    )
    replaced_on = models.DateField("corregido el", null=True, blank=True)
    month_reminded_at = models.DateTimeField("recordado a 30 días", null=True, editable=False)
    week_reminded_at = models.DateTimeField("recordado a 7 días", null=True, editable=False)

    objects = UnitPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "plan o informe de unidad"
        verbose_name_plural = "planes e informes de unidades"
        ordering = ["-year", "kind", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "year"],
                condition=Q(replaced_on__isnull=True),
                name="unit_paper_one_per_year",
                violation_error_message="Ya hay uno de ese año.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="plan")
                | Q(valid_until__isnull=False, valid_until__gte=F("date")),
                name="unit_plan_has_an_end",
                violation_error_message="El plan vence después de su fecha.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="unit_paper_year",
                violation_error_message="Escriba un año entre 2000 y 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}: {self.unit.department}"

    @property
    def of_year(self) -> str:
        """The year as it is written, without separators."""
        return str(self.year)
