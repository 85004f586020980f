"""Changes of name, cargo and dependencia: she asks, the Instituto reviews, her access stays."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.account import User
from members.models.department import Department
from members.models.person import Person
from members.models.position import Appointment, Level
from red_genero.common.text import validate_plain


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    """Sets of requests."""

    def open(self) -> Self:
        """Those that wait for the Instituto."""
        return self.filter(state=ChangeRequest.State.ASKED)

    def waiting(self) -> Self:
        """The same, oldest first."""
        return self.open().order_by("asked_at", "pk")

    def of(self, user: User | AnonymousUser) -> Self:
        """Those of the person who signs in with this account, newest first."""
        return self.filter(person__user__pk=user.pk).order_by("-asked_at", "-pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What staff may read."""
        if not user.has_perm("members.view_changerequest"):
            return self.none()
        return self.all()


class ChangeRequest(models.Model):
    """What she asks to be changed, with what backs it; nothing changes until it is approved."""

    class Kind(models.TextChoices):
        """What she asks to change."""

        NAME = "nombre", "Nombre"
        POST = "cargo", "Cargo"
        DEPARTMENT = "dependencia", "Dependencia (readscripción)"

    class State(models.TextChoices):
        """Where the request is."""

        ASKED = "solicitada", "En espera de revisión"
        APPROVED = "aprobada", "Aprobada"
        REFUSED = "rechazada", "No aprobada"
        WITHDRAWN = "retirada", "Retirada"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.ASKED: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN}),
    }
    NAME_FIELDS: ClassVar[tuple[str, ...]] = (
        "given_names",
        "first_surname",
        "second_surname",
        "certificate_name",
    )
    POST_FIELDS: ClassVar[tuple[str, ...]] = ("area", "position", "level", "appointment")

    folio = models.CharField("folio", max_length=20, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="changes", verbose_name="integrante"
    )
    kind = models.CharField("qué pide cambiar", max_length=12, choices=Kind)
    state = models.CharField("estado", max_length=12, choices=State, default=State.ASKED)
    given_names = models.CharField(
        "nombre(s)", max_length=100, blank=True, validators=[validate_plain]
    )
    first_surname = models.CharField(
        "primer apellido", max_length=100, blank=True, validators=[validate_plain]
    )
    second_surname = models.CharField(
        "segundo apellido", max_length=100, blank=True, validators=[validate_plain]
    )
    certificate_name = models.CharField(
        "nombre para la constancia", max_length=120, blank=True, validators=[validate_plain]
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dependencia u organismo",
    )
    department_other = models.CharField(
        "otra dependencia", max_length=160, blank=True, validators=[validate_plain]
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
    effective_on = models.DateField("desde", null=True, blank=True)
    note = models.TextField("explicación", max_length=1000, blank=True)
    file = models.FileField("documento que lo acredita", upload_to="cambios/", blank=True)
    before = models.TextField("cómo estaba", blank=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién resolvió",
    )
    decision_text = models.TextField("texto para ella", max_length=2000, blank=True)
    asked_at = models.DateTimeField("pedida", default=timezone.now, editable=False)
    decided_at = models.DateTimeField("resuelta", null=True, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "solicitud de cambio"
        verbose_name_plural = "solicitudes de cambio"
        ordering = ["-asked_at", "-pk"]
        permissions = [("review_changerequest", "Puede resolver cambios de nombre y adscripción")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state="solicitada"),
                name="change_one_open_per_kind",
                violation_error_message="Ya tiene una solicitud de ese cambio en espera de revisión.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dependencia") | Q(effective_on__isnull=False),
                name="change_of_department_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio}: {self.get_kind_display().lower()}"

    @property
    def workplace(self) -> str:
        """The dependencia's name, or what she wrote under «otra»."""
        return self.department.name if self.department else self.department_other

    @property
    def asked_name(self) -> str:
        """The name that she asks for, in the order it is said."""
        parts = (self.given_names, self.first_surname, self.second_surname)
        return " ".join(filter(None, parts))
