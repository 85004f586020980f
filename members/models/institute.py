"""The Instituto's own data and the texts that its staff edits."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format


class Institute(models.Model):
    """Name, address and goal as of a date; the newest row in force is the one shown."""

    valid_from = models.DateField("vigente desde", unique=True, default=timezone.localdate)
    name = models.CharField(
        "nombre", max_length=160, default="Instituto Municipal de las Mujeres en Guadalajara"
    )
    short_name = models.CharField("nombre corto", max_length=40, default="InMujeresGDL")
    government = models.CharField(
        "gobierno", max_length=160, default="Gobierno Municipal de Guadalajara"
    )
    address = models.CharField("domicilio", max_length=240, blank=True)
    phone = models.CharField("teléfono", max_length=40, blank=True)
    email = models.EmailField("correo", blank=True)
    website = models.URLField("sitio", blank=True)
    privacy_authority = models.CharField(
        "autoridad en protección de datos",
        max_length=240,
        blank=True,
        help_text="Ante quién se presenta una queja. Escríbala solo si está confirmada.",
    )
    certificate_legend = models.CharField("leyenda del año", max_length=200, blank=True)
    logo = models.ImageField("logotipo", upload_to="instituto/", blank=True)
    member_goal = models.PositiveIntegerField("meta de integrantes", default=100)
    goal_date = models.DateField("fecha de la meta", null=True, blank=True)

    class Meta:
        verbose_name = "datos del Instituto"
        verbose_name_plural = "datos del Instituto"
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.short_name} desde el {date_format(self.valid_from)}"

    @classmethod
    def current(cls, day: datetime.date | None = None) -> "Institute":
        """The data in force on ``day`` (today); defaults when none was captured."""
        when = day or timezone.localdate()
        return cls.objects.filter(valid_from__lte=when).first() or cls(valid_from=when)


class PageText(models.Model):
    """A text of the portal that staff can edit; a safe subset of HTML."""

    slug = models.SlugField("clave", max_length=60, unique=True)
    title = models.CharField("título", max_length=160)
    body = models.TextField("texto", help_text="Párrafos, listas, negritas y enlaces.")
    updated_at = models.DateTimeField("última edición", auto_now=True)

    class Meta:
        verbose_name = "texto del portal"
        verbose_name_plural = "textos del portal"
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title
