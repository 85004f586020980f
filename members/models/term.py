"""Periodos de gobierno: from – to, the task that each change leaves to each dependencia, and the pack handed over."""

import datetime
from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from members.models.department import Department
from members.models.designation import Designation
from red_genero.common.models import Job
from red_genero.common.text import validate_plain


class GovernmentTermQuerySet(models.QuerySet["GovernmentTerm"]):
    """Sets of terms."""

    def open(self) -> Self:
        """Those that nobody closed, the earliest first."""
        return self.filter(state=GovernmentTerm.State.OPEN).order_by("first_day")

    def to_close(self, day: datetime.date) -> Self:
        """Those whose last day came and that nobody closed."""
        return self.open().filter(last_day__lte=day)

    def on(self, day: datetime.date) -> Self:
        """The one in which ``day`` falls; none or one."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class GovernmentTerm(models.Model):
    """Three years of a municipal government, both days included."""

    class State(models.TextChoices):
        """Whether what it has to end has ended."""

        OPEN = "abierto", "Abierto"
        CLOSED = "cerrado", "Cerrado"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {State.OPEN: frozenset({State.CLOSED})}

    key = models.SlugField(
        "clave", max_length=40, unique=True, help_text="Va en las direcciones: «2024-2027»."
    )
    name = models.CharField("nombre", max_length=120, validators=[validate_plain])
    first_day = models.DateField("primer día")
    last_day = models.DateField("último día")
    state = models.CharField("estado", max_length=10, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField("cerrado el", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="quién lo cerró",
    )
    quarter_reminded_at = models.DateTimeField("recordado a 90 días", null=True, editable=False)
    month_reminded_at = models.DateTimeField("recordado a 30 días", null=True, editable=False)
    week_reminded_at = models.DateTimeField("recordado a 7 días", null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["quarter_reminded_at", "month_reminded_at", "week_reminded_at"]
    )
    objects = GovernmentTermQuerySet.as_manager()

    class Meta:
        verbose_name = "periodo de gobierno"
        verbose_name_plural = "periodos de gobierno"
        ordering = ["-first_day"]
        permissions = [
            ("close_governmentterm", "Puede cerrar periodos de gobierno y preparar su entrega")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")),
                name="government_term_ends_after_start",
                violation_error_message="El último día debe ser posterior al primero.",
            ),
            models.CheckConstraint(
                condition=~Q(state="cerrado") | Q(closed_at__isnull=False),
                name="government_term_closed_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def next_day(self) -> datetime.date:
        """The first day after it."""
        return self.last_day + datetime.timedelta(days=1)

    def clean(self) -> None:
        """Refuse a day that belongs to another term; the database refuses it too."""
        if not all((self.first_day, self.last_day)):
            return
        others = GovernmentTerm.objects.exclude(pk=self.pk)
        same = others.filter(first_day__lte=self.last_day, last_day__gte=self.first_day).first()
        if same is not None:
            raise ValidationError(
                f"Se encima con «{same.name}», del {date_format(same.first_day)} al "
                f"{date_format(same.last_day)}. Corrija las fechas.",
                code="term_overlaps",
            )


class TermTaskQuerySet(models.QuerySet["TermTask"]):
    """Sets of tasks."""

    def pending(self) -> Self:
        """Those that wait for a decision of the dependencia."""
        return self.filter(state=TermTask.State.PENDING)

    def unsettled(self) -> Self:
        """Those that a designation would settle: pending, or declared vacant."""
        return self.filter(state__in=[TermTask.State.PENDING, TermTask.State.VACANT])

    def counting(self) -> Self:
        """Those of dependencias that go on existing: what the progress is measured against."""
        return self.exclude(state=TermTask.State.VOID)


class TermTask(models.Model):
    """What a change of government asks of one dependencia: ratify its enlace, name another, or say that nobody is."""

    class State(models.TextChoices):
        """What became of the post of enlace titular."""

        PENDING = "pendiente", "Pendiente"
        RATIFIED = "ratificada", "Ratificada"
        REPLACED = "sustituida", "Nueva designación"
        VACANT = "vacante", "Vacante declarada"
        VOID = "sin_efecto", "Sin efecto"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.PENDING: frozenset({State.RATIFIED, State.REPLACED, State.VACANT, State.VOID}),
        State.VACANT: frozenset({State.RATIFIED, State.REPLACED, State.PENDING, State.VOID}),
        State.RATIFIED: frozenset({State.PENDING}),
        State.REPLACED: frozenset({State.PENDING}),
    }

    term = models.ForeignKey(
        GovernmentTerm, models.PROTECT, related_name="tasks", verbose_name="periodo que terminó"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="term_tasks", verbose_name="dependencia"
    )
    state = models.CharField("estado", max_length=12, choices=State, default=State.PENDING)
    outgoing = models.ForeignKey(
        Designation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién era enlace al cierre",
    )
    designation = models.ForeignKey(
        Designation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="designación que la resolvió",
    )
    reason = models.TextField("por qué queda vacante", max_length=1000, blank=True)
    settled_at = models.DateTimeField("resuelta", null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="quién la resolvió",
    )

    objects = TermTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "tarea del cambio de gobierno"
        verbose_name_plural = "tareas del cambio de gobierno"
        ordering = ["term", "department__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "department"],
                name="term_task_once_per_department",
                violation_error_message="Esa dependencia ya tiene su tarea de ese periodo.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ratificada", "sustituida"], designation__isnull=False)
                | (~Q(state__in=["ratificada", "sustituida"]) & Q(designation__isnull=True)),
                name="term_task_settled_by_a_designation",
            ),
            models.CheckConstraint(
                condition=~Q(state="vacante") | ~Q(reason=""),
                name="term_task_vacant_has_reason",
                violation_error_message="Escriba por qué queda vacante.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.term}"


class HandoverPack(models.Model):
    """What one administration hands to the next about the Red, as it stood on the day on which it was made."""

    term = models.ForeignKey(
        GovernmentTerm, models.PROTECT, related_name="packs", verbose_name="periodo"
    )
    purpose = models.CharField("para qué", max_length=200, validators=[validate_plain])
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién lo pidió"
    )
    asked_at = models.DateTimeField("pedido", default=timezone.now, editable=False)
    job = models.OneToOneField(Job, models.PROTECT, related_name="handover", verbose_name="trabajo")
    pdf = models.FileField("PDF", upload_to="entregas/", max_length=200, blank=True)
    data = models.FileField("datos", upload_to="entregas/", max_length=200, blank=True)
    named = models.PositiveIntegerField("nombres que contiene", default=0)
    pdf_sha256 = models.CharField("huella SHA-256 del PDF", max_length=64, blank=True)
    data_sha256 = models.CharField("huella SHA-256 de los datos", max_length=64, blank=True)

    class Meta:
        verbose_name = "paquete de entrega"
        verbose_name_plural = "paquetes de entrega"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Entrega de {self.term} ({date_format(timezone.localtime(self.asked_at))})"
