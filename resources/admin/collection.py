"""Collections, with their entries in order."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from red_genero.common.admin import Tolerant, VerbAdmin, verb
from red_genero.common.states import By
from resources import curating
from resources.models import Collection, CollectionItem

CHANGE = "resources.change_collection"


class ItemInline(Tolerant[CollectionItem], admin.TabularInline[CollectionItem, Collection]):
    """The entries of a collection."""

    model = CollectionItem
    fields = ("position", "resource", "note")
    autocomplete_fields = ("resource",)
    extra = 1


@admin.register(Collection)
class CollectionAdmin(VerbAdmin[Collection]):
    """Short ways into the library."""

    list_display = ("name", "published", "order")
    search_fields = ("name", "summary")
    fields = ("published", "key", "name", "summary", "order")
    readonly_fields = ("published",)
    inlines = (ItemInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Collection | None = None) -> Any:
        """The key is part of a public address: it is written once."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "key") if obj else fields

    @verb(
        "Publicar",
        permission=CHANGE,
        style="primary",
        when=lambda collection: not collection.published,
    )
    def publish(self, request: HttpRequest, collection: Collection, data: dict[str, Any]) -> str:
        """Show the collection in the library."""
        curating.publish(collection, by=_by(request))
        return f"Se publicó: {collection}."

    @verb(
        "Ocultar",
        permission=CHANGE,
        question="Su página deja de existir para el público hasta que se publique de nuevo.",
        when=lambda collection: collection.published,
    )
    def hide(self, request: HttpRequest, collection: Collection, data: dict[str, Any]) -> str:
        """Stop showing it."""
        curating.hide(collection, by=_by(request))
        return f"Se ocultó: {collection}."


def _by(request: HttpRequest) -> By:
    """Return who acts; the administration lets no visitor in."""
    user: Any = request.user
    return By.admin(user)
