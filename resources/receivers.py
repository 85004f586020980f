"""What the library does when an entry is saved: its index is a copy, and follows every path that writes."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from resources.indexing import reindex
from resources.models import Resource


@receiver(post_save, sender=Resource, dispatch_uid="resources.reindex")
def follow_the_entry(*, instance: Resource, raw: bool, **_: Any) -> None:
    """Index the entry in the transaction that saves it."""
    if not raw:
        reindex([instance.pk])
