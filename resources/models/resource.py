"""A library entry: what it is, whether it binds the municipality, who may read it."""

import datetime
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from red_genero.common.fields import FoldedField
from red_genero.common.querysets import Searchable
from resources.models import vocabulary
from resources.models.audience import Visitor, includes, is_library_staff
from resources.models.taxonomy import Topic, Violence


class ResourceQuerySet(Searchable["Resource"]):
    """Sets of library entries."""

    def published(self) -> Self:
        """Those that may be read."""
        return self.filter(state=Resource.State.PUBLISHED)

    def visible_to(self, user: Visitor) -> Self:
        """Those whose page ``user`` may open: drafts are for the library's staff only."""
        if is_library_staff(user):
            return self
        return self.exclude(state=Resource.State.DRAFT).filter(includes(user))

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

    def outdated(self) -> Self:
        """Published norms said to be in force whose time is over, or that a published one replaces."""
        over = Q(valid_until__lt=timezone.localdate())
        successor = Resource.objects.published().filter(replaces=models.OuterRef("pk"))
        standing = Resource.Force.IN_FORCE, Resource.Force.REFORMED, Resource.Force.UNKNOWN
        return self.published().filter(over | Q(models.Exists(successor)), force__in=standing)

    def with_broken_links(self) -> Self:
        """Published ones with an address that leads nowhere."""
        from resources.models.upkeep import LinkCheck

        broken = LinkCheck.objects.broken().filter(resource=models.OuterRef("pk"))
        return self.published().filter(Q(models.Exists(broken)))


class Resource(models.Model):
    """A library entry."""

    REVIEW_AFTER: ClassVar[datetime.timedelta] = datetime.timedelta(days=180)

    State = vocabulary.State
    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.PUBLISHED}),
        State.PUBLISHED: frozenset({State.WITHDRAWN, State.DRAFT}),
        State.WITHDRAWN: frozenset({State.PUBLISHED}),
    }

    Kind = vocabulary.Kind
    Scope = vocabulary.Scope
    Force = vocabulary.Force
    Binds = vocabulary.Binds
    Audience = vocabulary.Audience
    Precision = vocabulary.Precision
    Verification = vocabulary.Verification
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
    valid_until = models.DateField(
        "vigente hasta",
        null=True,
        blank=True,
        help_text="Solo si el propio documento dice cuándo termina: un programa, un plan.",
    )
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
        return Q(**{f"{prefix}state": cls.State.PUBLISHED}) & includes(user, prefix)

    @property
    def addresses(self) -> list[str]:
        """The addresses outside this portal to which its page leads."""
        return [each for each in (self.url, self.found_url) if each]

    @property
    def expired(self) -> bool:
        """Whether the day until which it says to be in force has passed."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

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
