"""What a catalogue file last wrote into each row, so that later edits of the staff are recognised."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class CatalogRow(models.Model):
    """One row of a catalogue file: the object it became and the values it was given."""

    catalog = models.CharField("catálogo", max_length=40)
    key = models.CharField("clave", max_length=120)
    object_id = models.PositiveBigIntegerField("objeto")
    loaded = models.JSONField("valores cargados", default=dict, encoder=DjangoJSONEncoder)
    loaded_at = models.DateTimeField("última carga", auto_now=True)

    class Meta:
        verbose_name = "renglón de catálogo"
        verbose_name_plural = "renglones de catálogo"
        ordering = ["catalog", "key"]
        constraints = [
            models.UniqueConstraint(fields=["catalog", "key"], name="catalog_row_unique")
        ]

    def __str__(self) -> str:
        return f"{self.catalog}: {self.key}"
