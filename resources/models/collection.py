"""Collections: entries that staff puts together, in order, for one purpose."""

from typing import Self

from django.db import models
from django.urls import reverse

from resources.models.resource import Resource


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Sets of collections."""

    def published(self) -> Self:
        """Those that anybody finds."""
        return self.filter(published=True)


class Collection(models.Model):
    """«Para enlaces nuevas», «25N»: a short way into the library."""

    key = models.SlugField("clave", max_length=40, unique=True)
    name = models.CharField("nombre", max_length=120)
    summary = models.TextField("para qué sirve", blank=True)
    order = models.PositiveSmallIntegerField("orden", default=0)
    published = models.BooleanField("publicada", default=False)
    resources = models.ManyToManyField(
        Resource, through="CollectionItem", related_name="collections", verbose_name="recursos"
    )

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = "colección"
        verbose_name_plural = "colecciones"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The collection's page."""
        return reverse("resources:collection_detail", args=[self.key])


class CollectionItem(models.Model):
    """One entry in its place of a collection."""

    collection = models.ForeignKey(
        Collection, models.CASCADE, related_name="items", verbose_name="colección"
    )
    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="collection_items", verbose_name="recurso"
    )
    position = models.PositiveSmallIntegerField("lugar", default=0)
    note = models.CharField("por qué está aquí", max_length=240, blank=True)

    class Meta:
        verbose_name = "recurso de la colección"
        verbose_name_plural = "recursos de la colección"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "resource"],
                name="collection_item_unique",
                violation_error_message="Ese recurso ya está en la colección.",
            )
        ]

    def __str__(self) -> str:
        return str(self.resource)
