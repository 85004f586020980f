"""A dated run of a course, and its sittings."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from trainings.models.course import Course, Instructor, Mode, about_violence
from trainings.models.survey import QuestionSet, SurveyResponse

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

LAST_SECOND = datetime.timedelta(seconds=1)


def passed(deadline: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether the last second of ``deadline`` (23:59:59, say) is over."""
    return now >= deadline + LAST_SECOND


class EditionQuerySet(models.QuerySet["Edition"]):
    """Sets of ediciones."""

    def with_care(self) -> Self:
        """Each knowing whether it is ``careful``: its course is about violence."""
        return self.annotate(careful=about_violence("course_id"))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What ``user`` may read about: drafts only if she coordinates them."""
        if user.has_perm("trainings.coordinate_every_edition"):
            return self
        public = Q(course__published=True) & ~Q(state=Edition.State.DRAFT)
        if not user.has_perm("trainings.coordinate_edition"):
            return self.filter(public)
        mine = Edition.objects.filter(coordinators=user.pk).values("pk")
        return self.filter(public | Q(pk__in=mine))

    def open_for_enrollment(self, now: datetime.datetime) -> Self:
        """Those that take inscripciones at ``now``."""
        return self.filter(
            state=Edition.State.PUBLISHED,
            enrollment_opens__lte=now,
            enrollment_closes__gt=now - LAST_SECOND,
            starts_on__gte=timezone.localdate(now),
        )

    def with_places(self) -> Self:
        """Those with a seat that nobody holds and nobody waits for."""
        seats = apps.get_model("trainings", "Enrollment").objects.filter(edition=OuterRef("pk"))
        held = seats.holding().order_by().values("edition").annotate(n=Count("pk")).values("n")
        return self.filter(~Exists(seats.queue()), seats__gt=Coalesce(Subquery(held), 0))

    def to_close(self, now: datetime.datetime) -> Self:
        """Those whose last session is over and that nobody has closed."""
        held = apps.get_model("trainings", "Session").objects.held().filter(edition=OuterRef("pk"))
        return self.filter(
            Exists(held),
            ~Exists(held.filter(ends_at__gt=now)),
            state__in=[Edition.State.PUBLISHED, Edition.State.RUNNING],
        )

    def locked(self, pk: int) -> "Edition":
        """The row, held until the end of the transaction: every change of a seat starts here."""
        return self.select_related("course").select_for_update(of=("self",)).get(pk=pk)

    def public(self) -> Self:
        """Those that anybody may read about."""
        return self.filter(course__published=True).exclude(state=Edition.State.DRAFT)

    def visible_to_coordinator(self, user: "User | AnonymousUser") -> Self:
        """Those that ``user`` may coordinate: the ones given to her, or every one."""
        if user.has_perm("trainings.coordinate_every_edition"):
            return self.all()
        if user.has_perm("trainings.coordinate_edition"):
            return self.filter(coordinators=user)
        return self.none()


class Edition(models.Model):
    """One dated run of a course, with cupo. Sessions give the exact hours."""

    careful: bool
    """Only after ``with_care()``."""

    class Priority(models.TextChoices):
        """Who goes first among those who wait; within each group, by order of arrival."""

        ARRIVAL = "llegada", "Orden de llegada"
        LIAISONS = "enlaces", "Primero, enlaces de género"
        FIRST_TIME = "primera_vez", "Primero, quien no ha concluido ninguna formación"

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
    AHEAD: ClassVar[tuple[str, ...]] = (State.DRAFT, State.PUBLISHED, State.RUNNING)

    POLICY: ClassVar[tuple[str, ...]] = ("minimum_attendance", "late_credit", "excused_leaves")

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
    priority_rule = models.CharField(
        "prioridad en la lista de espera",
        max_length=12,
        choices=Priority,
        default=Priority.ARRIVAL,
        help_text="Se aplica a quien entra a la lista después de guardar; nadie cambia de lugar.",
    )
    minimum_attendance = models.PositiveSmallIntegerField(
        "asistencia mínima (%)", validators=[MaxValueValidator(100)]
    )
    late_credit = models.PositiveSmallIntegerField(
        "valor de un retardo (%)", default=100, validators=[MaxValueValidator(100)]
    )
    excused_leaves = models.BooleanField("la falta justificada no cuenta", default=True)
    self_check_in = models.BooleanField(
        "registro propio con el código de la sala",
        default=False,
        help_text="Cada persona escribe el código que se muestra en la sala y que cambia cada minuto.",
    )
    late_after = models.PositiveSmallIntegerField(
        "minutos de tolerancia",
        default=15,
        validators=[MaxValueValidator(240)],
        help_text="Con el código de la sala, después de estos minutos se registra «Retardo».",
    )
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
    knowledge_set = models.ForeignKey(
        QuestionSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"purpose": QuestionSet.Purpose.KNOWLEDGE},
        verbose_name="preguntas de diagnóstica y final",
        help_text="Las mismas preguntas antes y después: así se mide el avance.",
    )
    satisfaction_set = models.ForeignKey(
        QuestionSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"purpose": QuestionSet.Purpose.SATISFACTION},
        verbose_name="preguntas de satisfacción",
        help_text="Se contestan de forma anónima.",
    )
    final_survey_required = models.BooleanField(
        "la constancia pide contestar la encuesta final",
        default=False,
        help_text="Solo mientras la encuesta esté abierta: después ya no es condición.",
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
        indexes = [
            models.Index(fields=["course", "state", "starts_on", "id"], name="edition_of_course"),
            models.Index(fields=["state", "starts_on", "id"], name="edition_upcoming"),
        ]

    def __str__(self) -> str:
        return f"{self.course} ({self.key})"

    def clean(self) -> None:
        """Refuse to change what marks are worth once the first one was written."""
        super().clean()
        stored = (
            Edition.objects.filter(pk=self.pk, policy_frozen_at__isnull=False)
            .values(*self.POLICY)
            .first()
        )
        changed = [name for name, value in (stored or {}).items() if getattr(self, name) != value]
        if changed:
            sentence = "Ya hay asistencia registrada: esta regla no puede cambiar."
            raise ValidationError(
                {name: ValidationError(sentence, code="policy_frozen") for name in changed}
            )
        self._check_surveys()

    def _check_surveys(self) -> None:
        """A required survey must exist; what somebody answered is not asked otherwise any more."""
        if self.final_survey_required and not self.knowledge_set_id:
            sentence = "Elija las preguntas de la encuesta que se pide."
            raise ValidationError({"knowledge_set": ValidationError(sentence, code="no_survey")})
        sets = ("knowledge_set_id", "satisfaction_set_id")
        stored = Edition.objects.filter(pk=self.pk).values(*sets).first() or {}
        for name, value in stored.items():
            knowledge = name == "knowledge_set_id"
            moments = (
                SurveyResponse.KNOWLEDGE if knowledge else (SurveyResponse.Moment.SATISFACTION,)
            )
            changed = value and getattr(self, name) != value
            if changed and self.responses.filter(moment__in=moments).exists():
                sentence = "Ya hay respuestas: estas preguntas no pueden cambiar en esta edición."
                raise ValidationError(
                    {name.removesuffix("_id"): ValidationError(sentence, code="survey_answered")}
                )

    @property
    def begins_at(self) -> datetime.datetime:
        """The first sitting that stands, or the first day's midnight without any; one query."""
        first = (
            self.sessions.filter(cancelled_at__isnull=True)
            .order_by("starts_at")
            .values_list("starts_at", flat=True)
            .first()
        )
        midnight = datetime.datetime.combine(self.starts_on, datetime.time.min)
        return first or timezone.make_aware(midnight)

    @property
    def dates(self) -> str:
        """«del 3 al 24 de noviembre de 2026», as short as it stays clear; or the only day."""
        first, last = self.starts_on, self.ends_on
        if first == last:
            return date_format(last)
        shape = "j"
        if (first.year, first.month) != (last.year, last.month):
            shape = r"j \d\e F" if first.year == last.year else r"j \d\e F \d\e Y"
        return f"del {date_format(first, shape)} al {date_format(last)}"

    def takes_enrollments(self, now: datetime.datetime) -> bool:
        """Whether ``now`` falls inside the window of enrolment of a published edición."""
        return (
            self.state == self.State.PUBLISHED
            and self.enrollment_opens <= now
            and not passed(self.enrollment_closes, now)
        )
