"""Enlaces de género: who holds a dependencia's post, by which oficio, from – to, and the letters that ask for one."""

import datetime
import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from members.models.account import User
from members.models.department import Department
from members.models.person import Person
from red_genero.common.fields import LowercaseEmailField
from red_genero.common.text import validate_plain


class LiaisonRole(models.TextChoices):
    """The two posts of every dependencia."""

    HOLDER = "titular", "Enlace titular"
    ALTERNATE = "suplente", "Enlace suplente"


class OfficeSigner(models.Model):
    """Who signs the Instituto's oficios, between dates."""

    name = models.CharField("nombre", max_length=120, validators=[validate_plain])
    position = models.CharField("cargo", max_length=160, validators=[validate_plain])
    valid_from = models.DateField("firma desde", default=timezone.localdate)
    valid_to = models.DateField("firmó hasta", null=True, blank=True)

    class Meta:
        verbose_name = "firmante de oficios"
        verbose_name_plural = "firmantes de oficios"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="office_signer_ends_after_start",
                violation_error_message="La fecha final debe ser posterior a la inicial.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"

    @classmethod
    def on(cls, day: datetime.date) -> "OfficeSigner | None":
        """Who signs on ``day``; the newest when two overlap."""
        in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return cls.objects.filter(in_force, valid_from__lte=day).first()


class DesignationRequestQuerySet(models.QuerySet["DesignationRequest"]):
    """Sets of letters."""

    def waiting(self) -> Self:
        """Those without an answer yet, the oldest deadline first."""
        return self.filter(state=DesignationRequest.State.ISSUED).order_by("answer_due", "pk")

    def overdue(self, day: datetime.date) -> Self:
        """Those whose working days to answer ended before ``day``."""
        return self.waiting().filter(answer_due__lt=day)


class DesignationRequest(models.Model):
    """An oficio of the Instituto that asks a dependencia's titular to designate an enlace."""

    class State(models.TextChoices):
        """Where the letter is."""

        ISSUED = "emitido", "Emitido, sin respuesta"
        ANSWERED = "respondido", "Respondido"
        CANCELLED = "cancelado", "Cancelado"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.ISSUED: frozenset({State.ANSWERED, State.CANCELLED}),
    }

    folio = models.CharField("folio", max_length=20, unique=True)
    state = models.CharField("estado", max_length=12, choices=State, default=State.ISSUED)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="letters", verbose_name="dependencia"
    )
    role = models.CharField(
        "puesto", max_length=10, choices=LiaisonRole, default=LiaisonRole.HOLDER
    )
    addressee = models.CharField("a quién se dirige", max_length=120, validators=[validate_plain])
    addressee_position = models.CharField(
        "cargo de quien recibe", max_length=160, validators=[validate_plain]
    )
    addressee_email = LowercaseEmailField("correo de quien recibe", blank=True)
    copies = models.TextField(
        "con copia para",
        max_length=600,
        blank=True,
        help_text="Una persona y su cargo por renglón.",
    )
    signer = models.CharField("firma", max_length=120)
    signer_position = models.CharField("cargo de quien firma", max_length=160)
    issued_on = models.DateField("fecha del oficio")
    answer_due = models.DateField("responder a más tardar")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién emitió"
    )
    template = models.CharField("plantilla", max_length=80)
    frozen = models.JSONField("contenido congelado")
    pdf = models.FileField("PDF", upload_to="oficios/", max_length=200)
    sha256 = models.CharField("huella SHA-256", max_length=64)
    answer_number = models.CharField("número del oficio de respuesta", max_length=60, blank=True)
    answer_date = models.DateField("fecha de la respuesta", null=True, blank=True)
    answer_file = models.FileField(
        "respuesta", upload_to="oficios/respuestas/", max_length=200, blank=True
    )

    objects = DesignationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "oficio de solicitud de enlace"
        verbose_name_plural = "oficios de solicitud de enlace"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "role"],
                condition=Q(state="emitido"),
                name="designation_request_one_open",
                violation_error_message="Ya hay un oficio sin respuesta para ese puesto.",
            ),
            models.CheckConstraint(
                condition=~Q(state="respondido")
                | (Q(answer_date__isnull=False) & ~Q(answer_number="") & ~Q(answer_file="")),
                name="designation_request_answer_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.folio


class DesignationQuerySet(models.QuerySet["Designation"]):
    """Sets of designations."""

    def open(self) -> Self:
        """Those on their way, not in force yet."""
        return self.filter(state__in=Designation.OPEN)

    def waiting(self) -> Self:
        """Accepted ones, which wait for Validación."""
        return self.filter(state=Designation.State.ACCEPTED).order_by("proposed_at", "pk")

    def in_force(self) -> Self:
        """Those that stand, or begin on a date already agreed."""
        return self.filter(state=Designation.State.IN_FORCE)

    def held(self) -> Self:
        """Those that were in force some day."""
        return self.filter(state__in=Designation.HELD)

    def as_of(self, day: datetime.date) -> Self:
        """Those that held their post on ``day``."""
        return self.held().filter(Q(end__isnull=True) | Q(end__gt=day), start__lte=day)

    def current(self) -> Self:
        """Those that hold their post today."""
        return self.as_of(timezone.localdate())

    def overlapping(self, start: datetime.date, end: datetime.date | None) -> Self:
        """Those that share some day with the interval; ``end`` is the first day out of it."""
        lasting = Q(end__isnull=True) | (Q(end__gt=start) & Q(end__gt=F("start")))
        begun = self.held().filter(lasting)
        return begun.filter(start__lt=end) if end else begun

    def begun_by(self, day: datetime.date) -> Self:
        """Those that began by ``day``, also those that only went on later under the new name of their dependencia."""
        before = Designation.objects.held().filter(
            person=OuterRef("person"), role=OuterRef("role"), oficio=OuterRef("oficio")
        )
        return self.filter(Q(start__lte=day) | Exists(before.filter(start__lte=day)))

    def decided_after(self, day: datetime.date) -> Self:
        """Titulares in the post by an oficio later than ``day``: what a new government decided."""
        return self.in_force().filter(role=LiaisonRole.HOLDER, start__gt=day, oficio_date__gt=day)

    def of(self, user: User | AnonymousUser) -> Self:
        """Those of the person who signs in with this account, newest first."""
        return self.filter(person__user__pk=user.pk).order_by("-proposed_at", "-pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Hers; all of them for whoever may read them."""
        if user.has_perm("members.view_designation"):
            return self.all()
        return self.filter(person__user__pk=user.pk) if user.pk else self.none()

    def named_to(self, *, as_member: bool) -> Self:
        """Those whose holder lets this reader know her name; never somebody hidden for safety."""
        allowed = [Person.Visibility.PUBLIC]
        if as_member:
            allowed.append(Person.Visibility.MEMBERS)
        return self.filter(
            show_name__in=allowed, person__hidden=False, person__member__state="activa"
        )


class Designation(models.Model):
    """She holds a post of ``department`` from ``start`` until the day before ``end``."""

    class State(models.TextChoices):
        """Where the designation is."""

        NOMINATED = "nominada", "Nominada por su dependencia"
        PROPOSED = "autopropuesta", "Autopropuesta, falta el oficio"
        ACCEPTED = "aceptada", "Aceptada, en validación"
        IN_FORCE = "vigente", "Vigente"
        ENDED = "terminada", "Terminada"
        REPLACED = "sustituida", "Sustituida"
        EXPIRED = "vencida", "Vencida"
        REJECTED = "rechazada", "No procedió"
        DECLINED = "declinada", "Declinada"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.NOMINATED: frozenset({State.ACCEPTED, State.DECLINED, State.REJECTED}),
        State.PROPOSED: frozenset({State.ACCEPTED, State.DECLINED, State.REJECTED}),
        State.ACCEPTED: frozenset({State.IN_FORCE, State.DECLINED, State.REJECTED}),
        State.IN_FORCE: frozenset({State.ENDED, State.REPLACED, State.EXPIRED}),
    }
    OPEN: ClassVar[tuple[str, ...]] = (State.NOMINATED, State.PROPOSED, State.ACCEPTED)
    HELD: ClassVar[tuple[str, ...]] = (State.IN_FORCE, State.ENDED, State.REPLACED, State.EXPIRED)

    key = models.UUIDField("clave", unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField("estado", max_length=16, choices=State)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="designations", verbose_name="dependencia"
    )
    role = models.CharField("puesto", max_length=10, choices=LiaisonRole)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="designations", verbose_name="persona"
    )
    request = models.ForeignKey(
        DesignationRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="designations",
        verbose_name="responde al oficio",
    )
    oficio_number = models.CharField(
        "número de oficio", max_length=60, blank=True, validators=[validate_plain]
    )
    oficio_date = models.DateField("fecha del oficio", null=True, blank=True)
    oficio = models.FileField(
        "oficio escaneado", upload_to="designaciones/", max_length=200, blank=True
    )
    last_day = models.DateField(
        "último día según el oficio",
        null=True,
        blank=True,
        help_text="Vacío si no dice hasta cuándo.",
    )
    titular = models.CharField(
        "titular que la designa", max_length=120, blank=True, validators=[validate_plain]
    )
    titular_email = LowercaseEmailField("correo de la titularidad", blank=True)
    start = models.DateField("en funciones desde", null=True, blank=True)
    end = models.DateField(
        "deja el puesto el", null=True, blank=True, help_text="El primer día en que ya no lo tiene."
    )
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="la sustituye",
    )
    show_name = models.CharField(
        "quién ve su nombre como enlace",
        max_length=12,
        choices=Person.Visibility,
        default=Person.Visibility.NOBODY,
    )
    proposed_at = models.DateTimeField("propuesta", default=timezone.now, editable=False)
    month_reminded_at = models.DateTimeField("recordada a 30 días", null=True, editable=False)
    week_reminded_at = models.DateTimeField("recordada a 7 días", null=True, editable=False)

    history = HistoricalRecords()
    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "designación de enlace"
        verbose_name_plural = "designaciones de enlace"
        ordering = ["-proposed_at", "-pk"]
        permissions = [
            ("validate_designation", "Puede nominar, validar y terminar designaciones de enlace")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "department", "role"],
                condition=Q(state__in=["nominada", "autopropuesta", "aceptada"]),
                name="designation_one_open_per_post",
                violation_error_message="Ya hay una propuesta en trámite de esta persona para ese puesto.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["autopropuesta", "rechazada", "declinada"])
                | (Q(oficio_date__isnull=False) & ~Q(oficio_number="") & ~Q(oficio="")),
                name="designation_needs_oficio",
                violation_error_message="Una designación necesita número, fecha y archivo del oficio.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["vigente", "terminada", "sustituida", "vencida"])
                | Q(start__isnull=False),
                name="designation_in_force_has_start",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["terminada", "sustituida", "vencida"])
                | Q(end__isnull=False),
                name="designation_ended_has_end",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="designation_ends_after_start",
                violation_error_message="La fecha final debe ser posterior a la inicial.",
            ),
        ]
        indexes = [models.Index(fields=["department", "role", "start"], name="designation_post")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display().lower()} de {self.department}"

    @property
    def last_in_force(self) -> datetime.date | None:
        """The last day on which she holds or held the post."""
        return self.end - datetime.timedelta(days=1) if self.end else None
