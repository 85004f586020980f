"""The municipal tree: dependencias and áreas with validity dates."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from red_genero.common.fields import FoldedField
from red_genero.common.querysets import Searchable


class DepartmentKind(models.Model):
    """Kinds of node: coordinación general, dirección, OPD… An editable catalogue."""

    key = models.SlugField("clave", max_length=40, unique=True)
    name = models.CharField("nombre", max_length=80)

    class Meta:
        verbose_name = "tipo de dependencia"
        verbose_name_plural = "tipos de dependencia"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(Searchable["Department"]):
    """Sets of dependencias."""

    def as_of(self, day: datetime.date) -> Self:
        """Nodes that existed on ``day``."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def current(self) -> Self:
        """Nodes that exist today."""
        return self.as_of(timezone.localdate())

    def with_active_members(self) -> Self:
        """Nodes where somebody with an active membership works today."""
        return self.filter(
            assignments__end__isnull=True, assignments__person__member__state="activa"
        ).distinct()


class Department(models.Model):
    """One node of the municipal tree, at any depth. Never deleted: closed on a date."""

    class Verification(models.TextChoices):
        """How sure the Instituto is that the node exists with this name."""

        SOURCE = "fuente localizada", "Fuente localizada"
        GENERAL = "conocimiento general", "Conocimiento general"
        PENDING = "por confirmar", "Por confirmar"

    key = models.SlugField("clave", max_length=60, unique=True)
    name = models.CharField("nombre", max_length=160)
    acronym = models.CharField("siglas", max_length=20, blank=True)
    kind = models.ForeignKey(DepartmentKind, models.PROTECT, verbose_name="tipo")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="depende de",
    )
    valid_from = models.DateField("existe desde", null=True, blank=True)
    valid_to = models.DateField("existió hasta", null=True, blank=True)
    verification = models.CharField(
        "verificación", max_length=24, choices=Verification, default=Verification.PENDING
    )
    source = models.TextField("fuente", blank=True)
    expects_liaison = models.BooleanField(
        "debe tener enlace", default=True, help_text="Cuenta para la cobertura de la Red."
    )
    former_names = models.TextField(
        "nombres y siglas anteriores", blank=True, default="", editable=False
    )
    """One a line; whoever types an old name finds what continues it."""
    search_key = FoldedField(sources=("name", "acronym", "former_names"))

    history = HistoricalRecords(excluded_fields=["search_key"])
    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "dependencia"
        verbose_name_plural = "dependencias"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="department_closes_after_opening",
                violation_error_message="La fecha de cierre debe ser posterior a la de inicio.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="department_not_its_own_parent",
                violation_error_message="Una dependencia no puede depender de sí misma.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def closed(self) -> bool:
        """Whether it no longer exists."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def earlier_names(self) -> list[str]:
        """What it, or what it continues, was called."""
        return self.former_names.splitlines()

    @property
    def unconfirmed(self) -> bool:
        """Whether staff still has to confirm that it exists with this name."""
        return self.verification == self.Verification.PENDING

    def confirm(self, source: str) -> None:
        """Note that it exists with this name, and where that was found."""
        self.verification = self.Verification.SOURCE
        self.source = source
        self.full_clean()
        self.save(update_fields=["verification", "source"])


class MailDomain(models.Model):
    """An institutional mail domain; without dependencia it serves the whole Ayuntamiento."""

    domain = models.CharField("dominio", max_length=120)
    department = models.ForeignKey(
        Department,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mail_domains",
        verbose_name="dependencia",
    )

    class Meta:
        verbose_name = "dominio de correo institucional"
        verbose_name_plural = "dominios de correo institucional"
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "department"],
                name="mail_domain_once_per_department",
                violation_error_message="Esa dependencia ya tiene ese dominio.",
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(department__isnull=True),
                name="mail_domain_once_for_all",
                violation_error_message="Ese dominio ya está registrado para todo el Ayuntamiento.",
            ),
        ]

    def __str__(self) -> str:
        return self.domain
