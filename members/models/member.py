"""Integrantes: who was admitted to the Red, and the intervals of her membership."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from members.models.person import Person


class MemberQuerySet(models.QuerySet["Member"]):
    """Sets of integrantes."""

    def active(self) -> Self:
        """Those whose membership is active."""
        return self.filter(state=Member.State.ACTIVE)


class Member(models.Model):
    """A person admitted to the Red."""

    class State(models.TextChoices):
        """Where her membership is."""

        ACTIVE = "activa", "Activa"
        SUSPENDED = "suspendida", "Suspendida"
        ENDED = "baja", "Baja"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.ACTIVE: frozenset({State.SUSPENDED, State.ENDED}),
        State.SUSPENDED: frozenset({State.ACTIVE, State.ENDED}),
        State.ENDED: frozenset({State.ACTIVE}),
    }

    person = models.OneToOneField(
        Person, models.PROTECT, related_name="member", verbose_name="persona"
    )
    folio = models.CharField("número de integrante", max_length=20, unique=True)
    state = models.CharField("estado", max_length=12, choices=State, default=State.ACTIVE)
    since = models.DateField("integrante desde")

    history = HistoricalRecords()
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "integrante"
        verbose_name_plural = "integrantes"
        ordering = ["person__sort_name", "pk"]

    def __str__(self) -> str:
        return str(self.person)


class MembershipInterval(models.Model):
    """One stay in the Red; a reingreso opens a new one."""

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="intervals", verbose_name="integrante"
    )
    start = models.DateField("desde")
    end = models.DateField("hasta", null=True, blank=True)
    end_reason = models.TextField("motivo de la baja", blank=True)

    class Meta:
        verbose_name = "periodo como integrante"
        verbose_name_plural = "periodos como integrante"
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(end__isnull=True),
                name="membership_interval_one_open",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="membership_interval_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        end = f" al {date_format(self.end)}" if self.end else ""
        return f"Desde el {date_format(self.start)}{end}"
