"""Topics and the taxonomy of violence."""

from django.contrib import admin
from django.http import HttpRequest

from red_genero.common.admin import HistoryAdmin
from resources.models import Topic, Violence


@admin.register(Topic)
class TopicAdmin(HistoryAdmin[Topic]):
    """Doors of the library; one with entries is never deleted."""

    list_display = ("name", "order", "sensitive")
    search_fields = ("name", "key")
    fields = ("key", "name", "summary", "order", "sensitive")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Topic | None = None
    ) -> tuple[str, ...]:
        """The key is part of public addresses: it is written once."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """Topics have public addresses."""
        return False


@admin.register(Violence)
class ViolenceAdmin(HistoryAdmin[Violence]):
    """Tags for entries and courses; they describe texts, never people."""

    list_display = ("name", "kind", "basis", "verification")
    list_filter = ("kind", "verification")
    search_fields = ("name", "description")
    fields = ("key", "kind", "name", "basis", "description", "verification", "source")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Violence | None = None
    ) -> tuple[str, ...]:
        """The key ties the tag to the catalogue."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Violence | None = None) -> bool:
        """Tags stay: entries point to them."""
        return False
