"""Inscripción: her seat, or her place in the queue."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from members.models import Department, Person
from trainings.models.edition import LAST_SECOND, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


@dataclass(frozen=True, slots=True)
class Places:
    """The seats of one edición: how many there are, are held, and how many people wait."""

    seats: int
    held: int
    waiting: int

    @property
    def free(self) -> int:
        """Seats that nobody holds; never negative."""
        return max(0, self.seats - self.held)

    @property
    def over(self) -> int:
        """How many more hold a seat than there are (sobrecupo)."""
        return max(0, self.held - self.seats)


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    """Sets of inscripciones."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Her own; those of the ediciones that she coordinates; all of them for Formación."""
        if user.pk is None:
            return self.none()
        if user.has_perm("trainings.coordinate_every_edition"):
            return self
        hers = Q(person__user=user.pk)
        if not user.has_perm("trainings.coordinate_edition"):
            return self.filter(hers)
        coordinated = Edition.objects.filter(coordinators=user.pk).values("pk")
        return self.filter(hers | Q(edition__in=coordinated))

    def holding(self) -> Self:
        """Those that hold a seat."""
        return self.filter(state__in=Enrollment.HOLDING)

    def open(self) -> Self:
        """Those that still may lead to a seat, or hold one."""
        return self.filter(state__in=Enrollment.OPEN)

    def attending(self) -> Self:
        """Those whose attendance is taken: a seat that was accepted, before and after closing."""
        return self.filter(state__in=Enrollment.ATTENDING)

    def queue(self) -> Self:
        """Those who wait, first come first; a higher priority goes before."""
        return self.filter(state=Enrollment.State.WAITING).order_by("-priority", "queued_at", "pk")

    def offers_due(self, now: datetime.datetime) -> Self:
        """Offers whose deadline is over."""
        return self.filter(state=Enrollment.State.OFFERED, offer_expires_at__lte=now - LAST_SECOND)

    def standing(self) -> Self:
        """Those that count as the one inscripción of a person in an edición."""
        return self.filter(state__in=(*Enrollment.OPEN, *Enrollment.HOLDING))

    def latest_of(
        self, edition: Edition, user: "User | AnonymousUser | None"
    ) -> "Enrollment | None":
        """The inscripción of an account in an edición: the one that stands, else the newest.

        A merge of two people may leave her with a cancelled one that is newer than the one that stands.
        """
        if user is None or user.pk is None:
            return None
        found = self.filter(edition=edition, person__user=user.pk).select_related("person__user")
        latest = found.standing().first() or found.order_by("-pk").first()
        if latest is not None:
            latest.edition = edition
        return latest

    def ahead_of(self, enrollment: "Enrollment") -> Self:
        """Who goes before ``enrollment`` in the queue of its edición."""
        before = Q(priority__gt=enrollment.priority) | Q(
            Q(queued_at__lt=enrollment.queued_at)
            | Q(queued_at=enrollment.queued_at, pk__lt=enrollment.pk),
            priority=enrollment.priority,
        )
        return self.queue().filter(before, edition=enrollment.edition_id)

    def places(self, editions: Iterable[Edition]) -> dict[int, Places]:
        """Count the seats of several ediciones, by their id; one query."""
        found = {edition.pk: Places(edition.seats, 0, 0) for edition in editions}
        rows = (
            self.filter(edition__in=found)
            .order_by()
            .values_list("edition")
            .annotate(
                held=Count("pk", filter=Q(state__in=Enrollment.HOLDING)),
                waiting=Count("pk", filter=Q(state=Enrollment.State.WAITING)),
            )
        )
        for pk, held, waiting in rows:
            found[pk] = Places(found[pk].seats, held, waiting)
        return found


class Waiver(models.TextChoices):
    """What staff may waive for one person, with a reason; never the cupo."""

    PREREQUISITES = "requisitos", "Los prerrequisitos"
    QUOTA = "dependencia", "El máximo de lugares de su dependencia"
    WINDOW = "plazos", "Las fechas de inscripción"
    APPROVAL = "visto_bueno", "El visto bueno de su jefatura"


class Enrollment(models.Model):
    """A person in an edición."""

    class State(models.TextChoices):
        """Where her request is."""

        REQUESTED = "solicitada", "Solicitada"
        CONFIRMED = "confirmada", "Confirmada"
        WAITING = "en_espera", "En espera"
        OFFERED = "ofrecida", "Lugar ofrecido"
        OFFER_EXPIRED = "oferta_vencida", "Oferta vencida"
        REJECTED = "rechazada", "No aprobada"
        CANCELLED = "cancelada", "Cancelada"
        COMPLETED = "concluida", "Concluida"
        NOT_COMPLETED = "no_concluida", "No concluida"
        NO_SHOW = "no_asistio", "No asistió"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.REQUESTED: frozenset(
            {State.CONFIRMED, State.WAITING, State.REJECTED, State.CANCELLED}
        ),
        State.WAITING: frozenset({State.OFFERED, State.CANCELLED}),
        State.OFFERED: frozenset({State.CONFIRMED, State.OFFER_EXPIRED, State.CANCELLED}),
        State.CONFIRMED: frozenset(
            {State.CANCELLED, State.COMPLETED, State.NOT_COMPLETED, State.NO_SHOW}
        ),
        State.COMPLETED: frozenset({State.NOT_COMPLETED, State.NO_SHOW}),
        State.NOT_COMPLETED: frozenset({State.COMPLETED, State.NO_SHOW}),
        State.NO_SHOW: frozenset({State.COMPLETED, State.NOT_COMPLETED}),
    }
    HOLDING: ClassVar[tuple[str, ...]] = (
        State.CONFIRMED,
        State.OFFERED,
        State.COMPLETED,
        State.NOT_COMPLETED,
        State.NO_SHOW,
    )
    ATTENDING: ClassVar[tuple[str, ...]] = (
        State.CONFIRMED,
        State.COMPLETED,
        State.NOT_COMPLETED,
        State.NO_SHOW,
    )
    NEEDS: ClassVar[tuple[str, ...]] = ("adjustments", "care_needs")
    OPEN: ClassVar[tuple[str, ...]] = (
        State.REQUESTED,
        State.CONFIRMED,
        State.WAITING,
        State.OFFERED,
    )

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="enrollments", verbose_name="edición"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="enrollments", verbose_name="persona"
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dependencia al inscribirse",
    )
    state = models.CharField("estado", max_length=16, choices=State)
    priority = models.SmallIntegerField("prioridad", default=0)
    queued_at = models.DateTimeField("entró a la lista", null=True, blank=True)
    offer_expires_at = models.DateTimeField("la oferta vence", null=True, blank=True)
    waived = models.JSONField("se dispensó", default=list, blank=True)
    waiver_reason = models.TextField("dispensa de requisitos", blank=True)
    moved_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_to",
        verbose_name="viene de",
    )
    adjustments = models.TextField("ajustes que necesita", max_length=500, blank=True)
    care_needs = models.TextField("cuidados u horario", max_length=500, blank=True)
    requested_at = models.DateTimeField("solicitada", default=timezone.now, editable=False)

    history = HistoricalRecords(excluded_fields=["adjustments", "care_needs"])
    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscripción"
        verbose_name_plural = "inscripciones"
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person"],
                condition=Q(
                    state__in=[
                        "solicitada",
                        "confirmada",
                        "en_espera",
                        "ofrecida",
                        "concluida",
                        "no_concluida",
                        "no_asistio",
                    ]
                ),
                name="enrollment_one_open_per_person",
                violation_error_message="Ya tiene una inscripción en esta edición.",
            ),
            models.CheckConstraint(
                condition=~Q(state="en_espera") | Q(queued_at__isnull=False),
                name="enrollment_waiting_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="ofrecida") | Q(offer_expires_at__isnull=False),
                name="enrollment_offer_has_deadline",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "state"], name="enrollment_edition_state"),
            models.Index(
                fields=["edition", "-priority", "queued_at", "id"],
                condition=Q(state="en_espera"),
                name="enrollment_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"

    @property
    def holds_seat(self) -> bool:
        """Whether a seat is hers."""
        return self.state in self.HOLDING

    @property
    def is_open(self) -> bool:
        """Whether it still may lead to a seat, or holds one of an edición under way."""
        return self.state in self.OPEN

    def forget_needs(self) -> tuple[str, ...]:
        """Empty what she needed, to be asked again elsewhere; return the columns to write."""
        self.adjustments = self.care_needs = ""
        return self.NEEDS
