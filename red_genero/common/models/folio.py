"""Yearly, consecutive folios without gaps."""

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone


class FolioCounter(models.Model):
    """The last number given in a series and year."""

    series = models.CharField("serie", max_length=10)
    year = models.PositiveSmallIntegerField("año")
    last = models.PositiveIntegerField("último", default=0)

    class Meta:
        verbose_name = "contador de folios"
        verbose_name_plural = "contadores de folios"
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="folio_series_year_unique")
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.last:04d}"


def hold_folios(series: str) -> None:
    """Let nobody else take a folio of this series until the open transaction ends."""
    row, _ = FolioCounter.objects.get_or_create(series=series, year=timezone.localdate().year)
    FolioCounter.objects.select_for_update().get(pk=row.pk)


def take_folio(series: str) -> str:
    """Return the next folio, ``SOL-2026-0042``, of the local year.

    Must run inside the transaction that stores it: the counter's row stays locked until commit, and a
    rollback gives the number back, so that there is never a gap.
    """
    return take_folios(series, 1)[0]


def take_folios(series: str, count: int) -> list[str]:
    """Return the next ``count`` folios, consecutive, under the same conditions as ``take_folio``."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("take_folio needs an open transaction.")
    if not count:
        return []
    year = timezone.localdate().year
    row, _ = FolioCounter.objects.get_or_create(series=series, year=year)
    FolioCounter.objects.filter(pk=row.pk).update(last=F("last") + count)
    row.refresh_from_db()
    return [f"{series}-{year}-{row.last - before:04d}" for before in reversed(range(count))]
