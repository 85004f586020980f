"""Keeping the search up to date: what each entry is found by, written whenever the entry or its file changes."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from resources.models import Resource, SearchEntry
from resources.search_words import acronym_keys, keys_of

LONGEST_TEXT: Final = 400_000
"""Characters of a file that are indexed: some 130 pages."""
BATCH: Final = 200


def reindex(resource_ids: Iterable[int], *, texts: dict[int, str] | None = None) -> int:
    """Write the index of these entries and return how many there were.

    ``texts`` gives the text of files by entry; where it says nothing the text that is known stays.
    An entry that no longer exists is skipped. Doing it twice is harmless.
    """
    given = texts or {}
    wanted = sorted(set(resource_ids))
    done = 0
    for start in range(0, len(wanted), BATCH):
        done += _write(wanted[start : start + BATCH], given)
    return done


def reindex_stale() -> int:
    """Write the index of what was changed by a path that told nobody; return how many."""
    stale = Resource.objects.filter(
        Q(search_entry__isnull=True) | Q(search_entry__indexed_at__lt=F("updated_at"))
    )
    return reindex(stale.values_list("pk", flat=True))


def _write(ids: list[int], texts: dict[int, str]) -> int:
    """Write one batch."""
    now = timezone.now()
    with transaction.atomic():
        known = dict(
            SearchEntry.objects.filter(resource__in=ids).values_list("resource_id", "text")
        )
        rows = [
            _entry(resource, texts.get(resource.pk, known.get(resource.pk, "")))
            for resource in Resource.objects.filter(pk__in=ids).defer("search_key")
        ]
        for row in rows:
            row.indexed_at = now
        SearchEntry.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["resource"],
            update_fields=["title_words", "summary_words", "words", "text", "indexed_at"],
        )
    return len(rows)


def _entry(resource: Resource, text: str) -> SearchEntry:
    """Return what one entry is found by."""
    kept = text.replace("\x00", " ")[:LONGEST_TEXT]
    title = keys_of(resource.title) | acronym_keys(resource.acronym)
    summary = keys_of(f"{resource.issuer} {resource.summary}")
    return SearchEntry(
        resource=resource,
        title_words=" ".join(sorted(title)),
        summary_words=" ".join(sorted(summary)),
        words=" ".join(sorted(title | summary | keys_of(kept))),
        text=kept,
    )
