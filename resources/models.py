"""Library entries by topic, the taxonomy of violence, and verified help lines."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from red_genero.common.fields import FoldedField
from red_genero.common.querysets import Searchable


class Topic(models.Model):
    """A door of the library."""

    key = models.SlugField("clave", max_length=40, unique=True)
    name = models.CharField("nombre", max_length=120)
    summary = models.TextField("de qué trata", blank=True)
    order = models.PositiveSmallIntegerField("orden", default=0)
    sensitive = models.BooleanField(
        "trata de violencia", default=False, help_text="Sus páginas llevan salida rápida."
    )

    class Meta:
        verbose_name = "tema"
        verbose_name_plural = "temas"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


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


class Resource(models.Model):
    """A library entry."""

    REVIEW_AFTER: ClassVar[datetime.timedelta] = datetime.timedelta(days=180)

    class State(models.TextChoices):
        """Whether it can be read."""

        DRAFT = "borrador", "Borrador"
        PUBLISHED = "publicado", "Publicado"
        WITHDRAWN = "retirado", "Retirado"

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

    key = models.SlugField("clave", max_length=60, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="resources", verbose_name="tema")
    kind = models.CharField("tipo", max_length=16, choices=Kind)
    subkind = models.CharField("subtipo", max_length=40, blank=True)
    title = models.CharField("título oficial", max_length=400)
    acronym = models.CharField("siglas", max_length=30, blank=True)
    issuer = models.CharField("quién lo emite", max_length=200)
    scope = models.CharField("ámbito", max_length=16, choices=Scope)
    binds = models.CharField(
        "¿obliga al municipio?", max_length=16, choices=Binds, default=Binds.UNKNOWN
    )
    force = models.CharField("vigencia", max_length=16, choices=Force, default=Force.UNKNOWN)
    published_on = models.DateField("fecha de publicación", null=True, blank=True)
    reformed_on = models.DateField("última reforma", null=True, blank=True)
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
    verification = models.CharField("verificación", max_length=24, blank=True)
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

    def __str__(self) -> str:
        return self.title

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
        return self.filter(published=True, verified_on__isnull=False).order_by("order", "name")


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
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
