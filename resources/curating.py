"""Showing and hiding collections."""

from django.core.exceptions import ValidationError
from django.db import transaction

from red_genero.common.states import By, append
from resources.models import Collection

SHOWN = "publicada"
HIDDEN = "oculta"


@transaction.atomic
def publish(collection: Collection, *, by: By) -> Collection:
    """Show a collection that has something to read."""
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    if not locked.items.exists():
        raise ValidationError("Agregue al menos un recurso antes de publicarla.", code="empty")
    return _show(locked, shown=True, by=by)


@transaction.atomic
def hide(collection: Collection, *, by: By) -> Collection:
    """Stop showing a collection."""
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    return _show(locked, shown=False, by=by)


def _show(collection: Collection, *, shown: bool, by: By) -> Collection:
    """Write whether it is shown, once."""
    if collection.published == shown:
        return collection
    states = {True: SHOWN, False: HIDDEN}
    collection.published = shown
    collection.save(update_fields=["published"])
    append(collection, from_state=states[not shown], to_state=states[shown], by=by)
    return collection
