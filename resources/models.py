"""Library entries by topic, the taxonomy of violence, and verified help lines."""

import datetime
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import Case, Count, Exists, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from members.models import Member
from red_genero.common.fields import FoldedField
from red_genero.common.querysets import Searchable

Visitor = AbstractBaseUser | AnonymousUser


class TopicQuerySet(models.QuerySet["Topic"]):
    """Sets of doors."""

    def with_counts(self, user: Visitor) -> models.QuerySet["Topic"]:
        """Each with ``entries``: how many published entries ``user`` may read."""
        return self.annotate(
            entries=Count("resources", filter=Resource.readable_by(user, "resources__"))
        )


class Topic(models.Model):
    """A door of the library."""

    key = models.SlugField("clave", max_length=40, unique=True)
    name = models.CharField("nombre", max_length=120)
    summary = models.TextField("de qué trata", blank=True)
    order = models.PositiveSmallIntegerField("orden", default=0)
    sensitive = models.BooleanField(
        "trata de violencia", default=False, help_text="Sus páginas llevan salida rápida."
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "tema"
        verbose_name_plural = "temas"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The door's page."""
        return reverse("resources:topic_detail", args=[self.key])

    @property
    def text_slug(self) -> str:
        """The key of the introduction among the texts of the portal."""
        return f"tema-{self.key}"


class Violence(models.Model):
    """A tipo or modalidad of violence, to tag resources and courses only."""

    key = models.SlugField("clave", max_length=40, unique=True)
    kind = models.CharField("clase", max_length=20)
    name = models.CharField("nombre", max_length=120)
    basis = models.CharField("fundamento", max_length=160, blank=True)
    description = models.TextField("descripción", blank=True)
    verification = models.CharField("verificación", max_length=24, blank=True)
    source = models.TextField("fuente", blank=True)

    class Meta:
        verbose_name = "tipo o modalidad de violencia"
        verbose_name_plural = "tipos y modalidades de violencia"
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class ResourceQuerySet(Searchable["Resource"]):
    """Sets of library entries."""

    def published(self) -> Self:
        """Those that may be read."""
        return self.filter(state=Resource.State.PUBLISHED)

    def visible_to(self, user: Visitor) -> Self:
        """Those whose page ``user`` may open: drafts are for the library's staff only."""
        if _is_library_staff(user):
            return self
        return self.exclude(state=Resource.State.DRAFT).filter(_audience(user))

    def listed_for(self, user: Visitor) -> Self:
        """Those that ``user`` finds in lists and in the search."""
        return self.filter(Resource.readable_by(user))

    def binding_first(self) -> Self:
        """What binds the municipality before what is only a reference, then by title."""
        reference = Case(When(binds=Resource.Binds.YES, then=0), default=1)
        return self.order_by(reference, "title", "pk")

    def overdue(self) -> Self:
        """Published ones without a verification in the last 180 days, the oldest first."""
        limit = timezone.localdate() - Resource.REVIEW_AFTER
        return (
            self.published()
            .filter(Q(verified_on__isnull=True) | Q(verified_on__lt=limit))
            .order_by(models.F("verified_on").asc(nulls_first=True), "title")
        )


def _is_library_staff(user: Visitor) -> bool:
    """Whether ``user`` may read every entry."""
    return isinstance(user, PermissionsMixin) and user.has_perm("resources.view_resource")


def _audience(user: Visitor, prefix: str = "") -> Q:
    """The entries whose audience includes ``user``, whatever their state."""
    audience = f"{prefix}audience"
    if _is_library_staff(user):
        return Q()
    found = Q(**{audience: Resource.Audience.OPEN})
    if user.is_authenticated:
        membership = Member.objects.active().filter(person__user=user.pk)
        found |= Q(**{audience: Resource.Audience.MEMBERS}) & Q(Exists(membership))
    return found


class Resource(models.Model):
    """A library entry."""

    REVIEW_AFTER: ClassVar[datetime.timedelta] = datetime.timedelta(days=180)

    class State(models.TextChoices):
        """Whether it can be read."""

        DRAFT = "borrador", "Borrador"
        PUBLISHED = "publicado", "Publicado"
        WITHDRAWN = "retirado", "Retirado"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.PUBLISHED}),
        State.PUBLISHED: frozenset({State.WITHDRAWN, State.DRAFT}),
        State.WITHDRAWN: frozenset({State.PUBLISHED}),
    }

    class Kind(models.TextChoices):
        """What it is."""

        NORM = "norma", "Norma o instrumento"
        LAW = "ley", "Ley"
        BYLAW = "reglamento", "Reglamento"
        PROTOCOL = "protocolo", "Protocolo"
        SITE = "portal", "Portal"
        CONTACTS = "directorio", "Directorio"
        REPORT = "informe", "Informe"
        GUIDE = "guia", "Guía"

    class Scope(models.TextChoices):
        """Ámbito."""

        INTERNATIONAL = "internacional", "Internacional"
        FEDERAL = "federal", "Federal"
        STATE = "estatal", "Estatal"
        MUNICIPAL = "municipal", "Municipal"

    class Force(models.TextChoices):
        """Vigencia."""

        IN_FORCE = "vigente", "Vigente"
        REFORMED = "reformado", "Vigente, reformado"
        REPEALED = "abrogado", "Abrogado"
        HISTORIC = "historico", "Histórico"
        UNKNOWN = "por_confirmar", "Vigencia por confirmar"

    class Binds(models.TextChoices):
        """¿Obliga al municipio?"""

        YES = "si", "Sí"
        NO = "no", "No, es referencia"
        UNKNOWN = "por_confirmar", "Por confirmar"

    class Audience(models.TextChoices):
        """Who may read the page and the file."""

        OPEN = "abierta", "Cualquier persona"
        MEMBERS = "integrantes", "Integrantes de la Red"
        LIAISONS = "enlaces", "Enlaces de género"

    class Precision(models.TextChoices):
        """How much of the publication date is known."""

        DAY = "dia", "Día"
        MONTH = "mes", "Solo mes y año"
        YEAR = "anio", "Solo el año"

    class Verification(models.TextChoices):
        """How sure the Instituto is of what the entry says."""

        CHECKED = "verificado", "Verificado por el Instituto"
        SOURCE = "fuente localizada", "Fuente localizada"
        GENERAL = "conocimiento general", "Conocimiento general"
        PENDING = "por confirmar", "Por confirmar"

    NORMATIVE: ClassVar[tuple[str, ...]] = (Kind.NORM, Kind.LAW, Kind.BYLAW, Kind.PROTOCOL)

    key = models.SlugField("clave", max_length=60, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="resources", verbose_name="tema")
    kind = models.CharField("tipo", max_length=16, choices=Kind)
    subkind = models.CharField("subtipo", max_length=40, blank=True)
    title = models.CharField("título oficial", max_length=400)
    acronym = models.CharField("siglas", max_length=30, blank=True)
    issuer = models.CharField("quién lo emite", max_length=200)
    scope = models.CharField("ámbito", max_length=16, choices=Scope)
    binds = models.CharField(
        "¿Obliga al municipio?", max_length=16, choices=Binds, default=Binds.UNKNOWN
    )
    binds_basis = models.CharField("en qué se funda la respuesta", max_length=240, blank=True)
    force = models.CharField("vigencia", max_length=16, choices=Force, default=Force.UNKNOWN)
    published_on = models.DateField("fecha de publicación", null=True, blank=True)
    published_precision = models.CharField(
        "qué se sabe de la fecha", max_length=4, choices=Precision, default=Precision.DAY
    )
    reformed_on = models.DateField("última reforma", null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="sustituye a",
    )
    summary = models.TextField("resumen", blank=True)
    url = models.URLField("dirección oficial", max_length=300, blank=True)
    found_url = models.URLField("dirección localizada", max_length=300, blank=True)
    audience = models.CharField(
        "quién puede leerlo", max_length=12, choices=Audience, default=Audience.OPEN
    )
    state = models.CharField("estado", max_length=12, choices=State, default=State.DRAFT)
    withdrawal_reason = models.TextField("motivo del retiro", blank=True)
    violences = models.ManyToManyField(
        Violence, blank=True, related_name="resources", verbose_name="tipos y modalidades"
    )
    verification = models.CharField(
        "verificación", max_length=24, choices=Verification, default=Verification.PENDING
    )
    verification_note = models.TextField("nota de verificación", blank=True)
    verified_on = models.DateField("última verificación", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién verificó",
    )
    updated_at = models.DateTimeField("última edición", auto_now=True)
    search_key = FoldedField(sources=("title", "acronym", "issuer", "summary"))

    history = HistoricalRecords(excluded_fields=["search_key"])
    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "recurso"
        verbose_name_plural = "recursos"
        ordering = ["topic__order", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="retirado") | ~Q(withdrawal_reason=""),
                name="resource_withdrawn_has_reason",
                violation_error_message="Un recurso retirado necesita el motivo por escrito.",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=models.F("id")),
                name="resource_not_its_own_successor",
                violation_error_message="Un recurso no puede sustituirse a sí mismo.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The entry's page."""
        return reverse("resources:resource_detail", args=[self.topic.key, self.key])

    @classmethod
    def readable_by(cls, user: Visitor, prefix: str = "") -> Q:
        """The published entries that ``user`` may read; ``prefix`` when asked from another table."""
        return Q(**{f"{prefix}state": cls.State.PUBLISHED}) & _audience(user, prefix)

    @property
    def host(self) -> str:
        """The site where the official text is, to say where a link leads."""
        return urlsplit(self.url).hostname or ""

    @property
    def found_host(self) -> str:
        """The site where a copy was found."""
        return urlsplit(self.found_url).hostname or ""

    @property
    def normative(self) -> bool:
        """Whether it makes sense to ask if it binds the municipality and is in force."""
        return self.kind in self.NORMATIVE

    @property
    def published_text(self) -> str:
        """The publication date with the precision that is known: day, month or year."""
        if self.published_on is None:
            return ""
        formats = {self.Precision.MONTH: r"F \d\e Y", self.Precision.YEAR: "Y"}
        return date_format(
            self.published_on, formats.get(self.Precision(self.published_precision), "DATE_FORMAT")
        )

    @property
    def citation(self) -> str:
        """The reference ready to copy: issuer, title, date, address."""
        parts = [f"{self.issuer}. {self.title}"]
        if self.acronym and self.acronym not in self.title:
            parts[0] += f" ({self.acronym})"
        if self.published_text:
            parts.append(self.published_text)
        if self.reformed_on:
            parts.append(f"última reforma {date_format(self.reformed_on)}")
        text = ", ".join(parts)
        return f"{text}. {self.url}" if self.url else f"{text}."

    @property
    def overdue(self) -> bool:
        """Whether its last verification is older than 180 days, or never happened."""
        return (
            self.verified_on is None or timezone.localdate() - self.verified_on > self.REVIEW_AFTER
        )


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    """Sets of help lines."""

    def published(self) -> Self:
        """Verified and dated rows marked for publication; 911 first."""
        return self.filter(published=True, verified_on__isnull=False).order_by(
            "-emergency", "order", "name"
        )

    def to_verify(self) -> Self:
        """Those meant for the public whose verification is missing or older than 90 days."""
        limit = timezone.localdate() - HelpLine.WARN_AFTER
        return self.filter(Q(verified_on__isnull=True) | Q(verified_on__lt=limit), published=True)


class HelpLine(models.Model):
    """A verified phone, chat or service."""

    WARN_AFTER: ClassVar[datetime.timedelta] = datetime.timedelta(days=90)

    key = models.SlugField("clave", max_length=60, unique=True)
    name = models.CharField("nombre", max_length=160)
    number = models.CharField("número", max_length=80, blank=True)
    channel = models.CharField("canal", max_length=60)
    hours = models.CharField("horario", max_length=80, blank=True)
    coverage = models.CharField("cobertura", max_length=120, blank=True)
    service = models.TextField("qué ofrece", blank=True)
    note = models.TextField("nota interna", blank=True)
    source = models.TextField("fuente", blank=True)
    order = models.PositiveSmallIntegerField("orden", default=100)
    emergency = models.BooleanField(
        "de emergencia", default=False, help_text="Aparece siempre primero. Solo puede haber una."
    )
    published = models.BooleanField("publicada", default=False)
    verified_on = models.DateField("verificada", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién verificó",
    )

    history = HistoricalRecords()
    objects = HelpLineQuerySet.as_manager()

    class Meta:
        verbose_name = "línea de ayuda"
        verbose_name_plural = "líneas de ayuda"
        ordering = ["-emergency", "order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["emergency"],
                condition=Q(emergency=True),
                name="help_line_one_emergency",
                violation_error_message="Ya hay una línea de emergencia.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def overdue(self) -> bool:
        """Whether its verification is missing or older than 90 days."""
        return self.verified_on is None or timezone.localdate() - self.verified_on > self.WARN_AFTER
