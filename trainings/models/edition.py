"""A dated run of a course, and its sittings."""

import datetime
from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from members.models import Community
from trainings.models.course import Course, Instructor, Mode


class EditionQuerySet(models.QuerySet["Edition"]):
    """Sets of ediciones."""

    def public(self) -> Self:
        """Those that anybody may read about."""
        return self.filter(course__published=True).exclude(state=Edition.State.DRAFT)

    def upcoming(self) -> Self:
        """Public ones that have not ended, the nearest first."""
        return (
            self.public()
            .filter(
                state__in=[Edition.State.PUBLISHED, Edition.State.RUNNING],
                ends_on__gte=timezone.localdate(),
            )
            .order_by("starts_on", "pk")
        )


class Edition(models.Model):
    """One dated run of a course, with cupo. Sessions give the exact hours."""

    class State(models.TextChoices):
        """Where the run is."""

        DRAFT = "borrador", "Borrador"
        PUBLISHED = "publicada", "Publicada"
        RUNNING = "en_curso", "En curso"
        CLOSED = "cerrada", "Cerrada"
        CANCELLED = "cancelada", "Cancelada"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.PUBLISHED, State.CANCELLED}),
        State.PUBLISHED: frozenset({State.RUNNING, State.CLOSED, State.CANCELLED}),
        State.RUNNING: frozenset({State.CLOSED, State.CANCELLED}),
    }

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="editions", verbose_name="formación"
    )
    key = models.SlugField(
        "clave",
        max_length=40,
        unique=True,
        help_text="Por ejemplo pg-02-2026-1; aparece en la dirección de la página.",
        error_messages={"unique": "Ya existe una edición con esa clave."},
    )
    state = models.CharField("estado", max_length=12, choices=State, default=State.DRAFT)
    mode = models.CharField("modalidad", max_length=12, choices=Mode)
    hours = models.DecimalField(
        "horas", max_digits=5, decimal_places=1, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField("inicia")
    ends_on = models.DateField("termina")
    seats = models.PositiveIntegerField("cupo")
    minimum_participants = models.PositiveIntegerField("mínimo de participantes", default=0)
    enrollment_opens = models.DateTimeField("abre inscripción")
    enrollment_closes = models.DateTimeField("cierra inscripción")
    cancel_until = models.DateTimeField("puede cancelarse hasta")
    offer_hours = models.PositiveSmallIntegerField(
        "horas para aceptar un lugar", default=48, validators=[MinValueValidator(1)]
    )
    seats_per_department = models.PositiveIntegerField(
        "lugares por dependencia", null=True, blank=True
    )
    manager_approval = models.BooleanField("requiere visto bueno de la jefatura", default=False)
    open_to_non_members = models.BooleanField("abierta a no integrantes", default=False)
    fill_automatically = models.BooleanField("ofrecer lugares en automático", default=True)
    minimum_attendance = models.PositiveSmallIntegerField(
        "asistencia mínima (%)", validators=[MaxValueValidator(100)]
    )
    late_credit = models.PositiveSmallIntegerField(
        "valor de un retardo (%)", default=100, validators=[MaxValueValidator(100)]
    )
    excused_leaves = models.BooleanField("la falta justificada no cuenta", default=True)
    policy_frozen_at = models.DateTimeField("reglas congeladas", null=True, blank=True)
    instructors = models.ManyToManyField(
        Instructor, blank=True, related_name="editions", verbose_name="facilitadoras"
    )
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="coordinated_editions",
        verbose_name="coordinadoras",
    )
    cancel_reason = models.TextField("motivo de cancelación", blank=True)
    closed_at = models.DateTimeField("cerrada", null=True, blank=True)

    history = HistoricalRecords()
    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "edición"
        verbose_name_plural = "ediciones"
        ordering = ["-starts_on", "-pk"]
        permissions = [
            ("coordinate_edition", "Puede coordinar las ediciones que se le asignan"),
            ("coordinate_every_edition", "Puede coordinar cualquier edición"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="edition_ends_after_start",
                violation_error_message="La edición debe terminar después de iniciar.",
            ),
            models.CheckConstraint(
                condition=Q(enrollment_closes__gt=F("enrollment_opens")),
                name="edition_enrollment_window",
                violation_error_message="La inscripción debe cerrar después de abrir.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} ({self.key})"


class Session(models.Model):
    """One sitting: day, hours, place or link."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="sessions", verbose_name="edición"
    )
    number = models.PositiveSmallIntegerField("número")
    starts_at = models.DateTimeField("inicia")
    ends_at = models.DateTimeField("termina")
    hours = models.DecimalField("horas que cuentan", max_digits=4, decimal_places=2)
    topic = models.CharField("tema", max_length=160, blank=True)
    place = models.CharField("lugar", max_length=200, blank=True)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, verbose_name="comunidad"
    )
    link = models.URLField("enlace", max_length=500, blank=True)
    cancelled_at = models.DateTimeField("cancelada", null=True, blank=True)

    class Meta:
        verbose_name = "sesión"
        verbose_name_plural = "sesiones"
        ordering = ["starts_at", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="session_number_unique_in_edition",
                violation_error_message="Ya hay una sesión con ese número.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message="La sesión debe terminar después de iniciar.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="session_hours_positive",
                violation_error_message="Las horas de la sesión deben ser mayores que cero.",
            ),
        ]

    def __str__(self) -> str:
        return f"Sesión {self.number}"

    @property
    def day(self) -> datetime.date:
        """The local date on which it starts."""
        return timezone.localtime(self.starts_at).date()
