"""The doors of the library and the taxonomy of violence, which tags texts and never people."""

from django.db import models
from django.db.models import Count
from django.urls import reverse

from resources.models.audience import Visitor


class TopicQuerySet(models.QuerySet["Topic"]):
    """Sets of doors."""

    def with_counts(self, user: Visitor) -> models.QuerySet["Topic"]:
        """Each with ``entries``: how many published entries ``user`` may read."""
        from resources.models.resource import Resource

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
