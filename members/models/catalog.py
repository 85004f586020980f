"""Catalogues that the whole portal shares."""

from django.db import models


class ContentArea(models.Model):
    """An área de contenido: the seven of the Red's programme, plus transversal."""

    key = models.SlugField("clave", max_length=60, unique=True)
    name = models.CharField("nombre", max_length=120)
    order = models.PositiveSmallIntegerField("orden", default=0)
    crosscutting = models.BooleanField("transversal", default=False)

    class Meta:
        verbose_name = "área de contenido"
        verbose_name_plural = "áreas de contenido"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """One of the eleven comunidades by which the city is managed."""

    number = models.PositiveSmallIntegerField("número", unique=True)
    name = models.CharField("nombre", max_length=120)
    source = models.TextField("fuente", blank=True)

    class Meta:
        verbose_name = "comunidad"
        verbose_name_plural = "comunidades"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
