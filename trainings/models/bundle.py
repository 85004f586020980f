"""All the documents of an edición in one file, made by the worker."""

from django.db import models

from red_genero.common.models import Job
from trainings.models.edition import Edition


class Bundle(models.Model):
    """One file asked for: a ZIP of the PDF files as they were issued, or one PDF to be printed."""

    class Form(models.TextChoices):
        """What kind of file."""

        ZIP = "zip", "Archivo ZIP"
        PRINT = "pdf", "PDF para imprimir"

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="bundles", verbose_name="edición"
    )
    form = models.CharField("forma", max_length=4, choices=Form)
    job = models.OneToOneField(Job, models.PROTECT, related_name="bundle", verbose_name="trabajo")
    file = models.FileField("archivo", upload_to="conjuntos/", blank=True, max_length=200)

    class Meta:
        verbose_name = "conjunto de constancias"
        verbose_name_plural = "conjuntos de constancias"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_form_display()} de {self.edition}"
