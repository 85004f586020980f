"""Diseños: how each kind of document looks and what it says around the data, in versions that staff chooses."""

import datetime
from collections.abc import Mapping
from typing import ClassVar, Final, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from trainings.models.certificate import Certificate
from trainings.models.signatory import Signatory

Kind = Certificate.Kind
LEADS: Final[Mapping[str, str]] = {
    Kind.ACCREDITATION: "otorga la presente constancia a",
    Kind.ATTENDANCE: "otorga la presente constancia de asistencia a",
    Kind.DIPLOMA: "otorga el presente diploma a",
    Kind.RECOGNITION: "otorga el presente reconocimiento a",
}
REASONS: Final[Mapping[str, str]] = {
    Kind.ACCREDITATION: "por haber acreditado",
    Kind.ATTENDANCE: "por su asistencia a",
    Kind.DIPLOMA: "por haber concluido",
    Kind.RECOGNITION: "por haber facilitado",
}


class DesignQuerySet(models.QuerySet["Design"]):
    """Sets of designs."""

    def active(self) -> Self:
        """Those with which documents are issued now."""
        return self.filter(state=Design.State.ACTIVE)


class Design(models.Model):
    """One version of the words, marks and signatories of a kind of document; what was issued with it stays as it was."""

    class Page(models.TextChoices):
        """The page files, frozen by name: ``documents/certificate/<page>.html``."""

        CONSTANCIA = "constancia-1", "Horizontal, con la red al margen"
        DIPLOMA = "diploma-1", "Horizontal, enmarcada y centrada"
        RECONOCIMIENTO = "reconocimiento-1", "Vertical, con la red al pie"

    class State(models.TextChoices):
        """Whether documents are issued with it."""

        DRAFT = "borrador", "Borrador"
        ACTIVE = "activo", "Activo"
        RETIRED = "retirado", "Retirado"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.ACTIVE}),
        State.ACTIVE: frozenset({State.RETIRED}),
        State.RETIRED: frozenset({State.ACTIVE}),
    }
    PAGES: ClassVar[Mapping[str, str]] = {
        Kind.DIPLOMA: Page.DIPLOMA,
        Kind.RECOGNITION: Page.RECONOCIMIENTO,
    }

    kind = models.CharField("tipo de documento", max_length=16, choices=Kind)
    version = models.PositiveSmallIntegerField("versión", editable=False)
    state = models.CharField(
        "estado", max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    page = models.CharField("página", max_length=40, choices=Page, default=Page.CONSTANCIA)
    heading = models.CharField(
        "título", max_length=40, blank=True, help_text="Vacío: «Constancia», «Diploma»…"
    )
    lead = models.CharField(
        "quién otorga",
        max_length=80,
        blank=True,
        help_text="Vacío: «otorga la presente constancia a».",
    )
    reason = models.CharField(
        "motivo",
        max_length=60,
        blank=True,
        help_text="Sigue «el taller», «la conferencia». Vacío: «por haber acreditado», «por su asistencia a».",
    )
    city = models.CharField("lugar", max_length=60, default="Guadalajara, Jalisco")
    legend = models.CharField(
        "leyenda del año",
        max_length=200,
        blank=True,
        help_text="Vacía: la de los datos del Instituto.",
    )
    logo = models.ImageField(
        "segundo logotipo",
        upload_to="disenos/",
        blank=True,
        help_text="Va junto al del Instituto. PNG o JPEG de hasta 10 MB.",
    )
    signatories = models.ManyToManyField(
        Signatory,
        blank=True,
        verbose_name="firmantes",
        help_text="Hasta tres. Sin elegir: quienes tienen la firma vigente el día de la emisión.",
    )
    created_at = models.DateTimeField("creado", default=timezone.now, editable=False)

    history = HistoricalRecords()
    objects = DesignQuerySet.as_manager()

    class Meta:
        verbose_name = "diseño de documento"
        verbose_name_plural = "diseños de documentos"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="design_version_per_kind"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state="activo"),
                name="design_one_active_per_kind",
                violation_error_message="Ya hay un diseño activo de ese tipo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, versión {self.version}"

    @classmethod
    def current(cls, kind: str) -> "Design":
        """Return the active design of a kind; the portal's own when staff has made none."""
        found = cls.objects.active().filter(kind=kind).first()
        page = cls.PAGES.get(kind, cls.Page.CONSTANCIA)
        return found or cls(kind=kind, version=0, page=page, state=cls.State.ACTIVE)

    @property
    def template(self) -> str:
        """The page file."""
        return f"documents/certificate/{self.page}.html"

    @property
    def title(self) -> str:
        """What is written large: never a guess, always the kind or what staff wrote."""
        return self.heading or Kind(self.kind).label.split()[0]

    @property
    def grants(self) -> str:
        """«otorga la presente constancia a»."""
        return self.lead or LEADS[self.kind]

    def because(self, course_format: str, *, feminine: bool) -> str:
        """Return «por haber acreditado el taller», «por su asistencia al curso»."""
        words = f"{self.reason or REASONS[self.kind]} {'la' if feminine else 'el'} {course_format}"
        return words.replace(" a el ", " al ")

    def signing(self, day: datetime.date) -> list[Signatory]:
        """Return who signs on that day, three at most: those chosen, while their signature is in force."""
        in_force = Signatory.objects.in_force(day)
        if self.pk and self.signatories.exists():
            in_force = in_force.filter(design=self)
        return list(in_force[:3])
