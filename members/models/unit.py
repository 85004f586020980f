"""Unidades de Género: the unit of a dependencia, where it was before, and who forms it."""

import datetime
import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.account import User
from members.models.department import Department
from members.models.designation import Designation, LiaisonRole
from members.models.person import Person
from red_genero.common.text import validate_plain


def led_by(user: User) -> models.QuerySet[Designation]:
    """Return the posts of enlace titular that this account holds today."""
    return Designation.objects.current().filter(role=LiaisonRole.HOLDER, person__user__pk=user.pk)


def served_by(user: User) -> models.QuerySet[Designation]:
    """Return the posts, titular or suplente, that this account holds today."""
    return Designation.objects.current().filter(person__user__pk=user.pk)


class GenderUnitQuerySet(models.QuerySet["GenderUnit"]):
    """Sets of units."""

    def active(self) -> Self:
        """Those that were not dissolved."""
        return self.filter(state=GenderUnit.State.ACTIVE)

    def as_of(self, day: datetime.date) -> Self:
        """Those that the portal held as standing on ``day``; neither end is ever written in the past."""
        standing = Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=day)
        return self.filter(standing, opened_on__lte=day)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the dependencias where she is enlace; all of them for whoever may read them."""
        if user.has_perm("members.view_genderunit"):
            return self.all()
        if not isinstance(user, User):
            return self.none()
        return self.filter(department__in=served_by(user).values("department"))


class GenderUnit(models.Model):
    """The Unidad de Género of a dependencia. It goes on when the dependencia is renamed."""

    class State(models.TextChoices):
        """Whether it stands."""

        ACTIVE = "activa", "Activa"
        DISSOLVED = "disuelta", "Disuelta"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {State.ACTIVE: frozenset({State.DISSOLVED})}

    key = models.UUIDField("clave", unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField("estado", max_length=10, choices=State, default=State.ACTIVE)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="units", verbose_name="dependencia"
    )
    opened_on = models.DateField("registrada el", default=timezone.localdate)
    dissolved_on = models.DateField("disolución registrada el", null=True, blank=True)
    dissolution_date = models.DateField("fecha del documento de disolución", null=True, blank=True)
    dissolution_document = models.CharField(
        "documento que la disuelve", max_length=300, blank=True, validators=[validate_plain]
    )
    dissolution_reason = models.CharField("motivo de la disolución", max_length=1000, blank=True)
    dissolution_file = models.FileField(
        "documento de disolución", upload_to="unidades/disoluciones/", max_length=200, blank=True
    )
    successor = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inherited_units",
        verbose_name="dependencia que la continúa",
    )
    successor_unit = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="origins",
        verbose_name="unidad que la continúa",
    )

    objects = GenderUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "Unidad de Género"
        verbose_name_plural = "Unidades de Género"
        ordering = ["department__name", "-opened_on", "-pk"]
        permissions = [
            (
                "formalize_unit",
                "Puede abrir Unidades de Género, validar su evidencia y disolverlas",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(state="activa"),
                name="gender_unit_one_per_department",
                violation_error_message="Esa dependencia ya tiene una Unidad de Género activa.",
            ),
            models.CheckConstraint(
                condition=Q(state="activa", dissolved_on__isnull=True)
                | Q(state="disuelta", dissolved_on__isnull=False, dissolution_date__isnull=False)
                & ~Q(dissolution_document="")
                & ~Q(dissolution_reason=""),
                name="gender_unit_dissolved_with_document",
                violation_error_message="La disolución necesita motivo, documento y fecha.",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F("opened_on")),
                name="gender_unit_dissolved_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"Unidad de Género de {self.department}"


class UnitMove(models.Model):
    """Until the day before ``day``, the unit was that of ``former``."""

    unit = models.ForeignKey(
        GenderUnit, models.PROTECT, related_name="moves", verbose_name="unidad"
    )
    former = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="dependencia anterior"
    )
    day = models.DateField("hasta antes del")
    source = models.CharField("documento", max_length=300)

    class Meta:
        verbose_name = "cambio de dependencia de una unidad"
        verbose_name_plural = "cambios de dependencia de unidades"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit}: antes de {self.former}"


class UnitMemberQuerySet(models.QuerySet["UnitMember"]):
    """Sets of places in units."""

    def current(self) -> Self:
        """Those held today."""
        return self.filter(end__isnull=True)


class UnitMember(models.Model):
    """She forms part of a unit with that function from ``start`` until the day before ``end``."""

    unit = models.ForeignKey(
        GenderUnit, models.PROTECT, related_name="members", verbose_name="unidad"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="unit_places", verbose_name="persona"
    )
    function = models.CharField("función", max_length=80, validators=[validate_plain])
    start = models.DateField("desde", default=timezone.localdate)
    end = models.DateField("deja la unidad el", null=True, blank=True)

    objects = UnitMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "integrante de Unidad de Género"
        verbose_name_plural = "integrantes de Unidades de Género"
        ordering = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "person"],
                condition=Q(end__isnull=True),
                name="unit_member_once",
                violation_error_message="Ya forma parte de esa unidad.",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="unit_member_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.function} en la {self.unit}"
