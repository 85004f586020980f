"""What the search reads of each entry: a derived table, rewritten by ``resources.indexing``."""

from django.db import models
from django.utils import timezone

from resources.models.resource import Resource


class SearchEntry(models.Model):
    """The keys of one entry, and the text of its file to show the passage from.

    PostgreSQL keeps a ``tsvector`` of ``words`` with a GIN index; SQLite, an FTS5 table fed by triggers.
    """

    resource = models.OneToOneField(
        Resource, models.CASCADE, primary_key=True, related_name="search_entry"
    )
    title_words = models.TextField("claves del título y las siglas")
    summary_words = models.TextField("claves de quien emite y del resumen")
    words = models.TextField("todas las claves")
    text = models.TextField("texto del archivo", blank=True)
    indexed_at = models.DateTimeField("indexado", default=timezone.now)

    class Meta:
        verbose_name = "índice de búsqueda"
        verbose_name_plural = "índice de búsqueda"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Índice de {self.resource_id}"
