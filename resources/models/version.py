"""The files of an entry: its successive editions, each with what changed."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from red_genero.common.rewriting.kinds import BY_SUFFIX, Kind
from resources.models.audience import Visitor, is_library_staff
from resources.models.resource import Resource


class ResourceVersionQuerySet(models.QuerySet["ResourceVersion"]):
    """Sets of editions."""

    def visible_to(self, user: Visitor) -> Self:
        """Those whose page and file ``user`` may open.

        The audience is the entry's. What was withdrawn is no longer handed out, nor is a hidden edition: only the
        library's staff reads those.
        """
        if is_library_staff(user):
            return self
        return self.filter(Resource.readable_by(user, "resource__"), hidden_reason="")

    def light(self) -> Self:
        """Without their text, which may be long."""
        return self.defer("text")

    def unread(self) -> Self:
        """Those whose text nobody has taken out yet, and that were not tried in vain."""
        return self.filter(
            reading=ResourceVersion.Reading.PENDING, attempts__lt=ResourceVersion.ATTEMPTS
        )


class ResourceVersion(models.Model):
    """One edition of the file of an entry; the newest that is not hidden is the one in use."""

    ATTEMPTS: ClassVar[int] = 3

    class Reading(models.TextChoices):
        """Whether its text can be searched."""

        PENDING = "pendiente", "En espera de que se lea"
        DONE = "leida", "Su texto se encuentra al buscar"
        EMPTY = "sin_texto", "No tiene texto que buscar (imagen o escaneo)"
        FAILED = "fallida", "No se pudo leer su texto"

    resource = models.ForeignKey(
        Resource, models.PROTECT, related_name="versions", verbose_name="recurso"
    )
    number = models.PositiveSmallIntegerField("edición")
    note = models.TextField("qué cambió", max_length=1000)
    file = models.FileField("archivo", upload_to="biblioteca/", max_length=200)
    filename = models.CharField("nombre del archivo", max_length=140)
    kind = models.CharField("tipo", max_length=5)
    size = models.PositiveIntegerField("tamaño")
    sha256 = models.CharField("huella SHA-256", max_length=64, db_index=True)
    source_sha256 = models.CharField(
        "huella del archivo recibido", max_length=64, db_index=True, editable=False
    )
    pages = models.PositiveIntegerField("páginas", default=0)
    language = models.CharField("idioma", max_length=20, blank=True)
    tagged = models.BooleanField("con etiquetas de accesibilidad", default=False)
    thumbnail = models.FileField(
        "primera página", upload_to="biblioteca/portadas/", max_length=200, blank=True
    )
    text = models.TextField("texto", blank=True)
    reading = models.CharField("lectura", max_length=12, choices=Reading, default=Reading.PENDING)
    attempts = models.PositiveSmallIntegerField("intentos de lectura", default=0)
    hidden_reason = models.TextField("motivo por el que se oculta", blank=True)
    added_at = models.DateTimeField("agregada", default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién la agregó",
    )

    objects = ResourceVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "edición de un recurso"
        verbose_name_plural = "ediciones de recursos"
        ordering = ["resource", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "number"],
                name="resource_version_number",
                violation_error_message="Ya hay una edición con ese número.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & ~Q(note="") & ~Q(file=""),
                name="resource_version_complete",
                violation_error_message="Una edición necesita archivo y la nota de lo que cambió.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource}, edición {self.number}"

    def get_absolute_url(self) -> str:
        """The edition's page."""
        return self._address("version_detail")

    @property
    def file_url(self) -> str:
        """Where its file is downloaded."""
        return self._address("version_file")

    @property
    def thumbnail_url(self) -> str:
        """Where the picture of its first page is, if there is one."""
        return self._address("version_thumbnail") if self.thumbnail else ""

    @property
    def shape(self) -> Kind:
        """The kind of file."""
        return BY_SUFFIX[self.kind]

    @property
    def language_name(self) -> str:
        """The language that the file declares, in words."""
        code = self.language.lower().partition("-")[0]
        return {"es": "Español", "en": "Inglés", "fr": "Francés", "pt": "Portugués"}.get(code, "")

    @property
    def accessibility(self) -> str:
        """What can be said of its accessibility from the file itself."""
        if self.shape is not Kind.PDF:
            return ""
        if self.tagged:
            return "Sí: tiene etiquetas que un lector de pantalla sigue"
        if self.reading == self.Reading.EMPTY:
            return "No: es una imagen sin texto"
        return "No: le faltan etiquetas para lector de pantalla"

    def _address(self, name: str) -> str:
        entry = self.resource
        return reverse(f"resources:{name}", args=[entry.topic.key, entry.key, self.number])
