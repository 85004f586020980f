"""What the upkeep of the library reads: links that do not answer, what is read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from red_genero.common.admin import ReadOnlyAdmin
from resources.models import LinkCheck, ReadCount, Resource


class UpkeepFilter(admin.SimpleListFilter):
    """The queues of the upkeep: what is due, and why."""

    title = "cuidado"
    parameter_name = "revision"
    QUEUES = {
        "vencida": ("Publicados sin verificar en 180 días", "overdue"),
        "norma": ("Normas que ya no rigen o tienen sucesora", "outdated"),
        "vinculo": ("Con vínculos que no llevan a nada", "with_broken_links"),
    }

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        """Offer the queues."""
        return [(key, label) for key, (label, _) in self.QUEUES.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Resource]
    ) -> QuerySet[Resource] | None:
        """Keep what is due; an unknown queue changes nothing."""
        chosen = self.QUEUES.get(self.value() or "")
        if chosen is None:
            return None
        due: QuerySet[Resource] = getattr(Resource.objects, chosen[1])()
        return queryset.filter(pk__in=due.order_by().values("pk"))


class BrokenFilter(admin.SimpleListFilter):
    """Addresses that lead nowhere."""

    title = "estado"
    parameter_name = "estado"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        """Offer the only choice."""
        return [("roto", "No llevan a nada")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[LinkCheck]
    ) -> QuerySet[LinkCheck] | None:
        """Keep what is broken."""
        if self.value() != "roto":
            return None
        return queryset.filter(pk__in=LinkCheck.objects.broken().values("pk"))


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyAdmin[LinkCheck]):
    """What each address answered last time."""

    list_display = ("url", "resource", "outcome", "detail", "failures", "checked_at")
    list_filter = (BrokenFilter, "outcome")
    list_select_related = ("resource",)
    search_fields = ("url", "resource__title")


@admin.register(ReadCount)
class ReadCountAdmin(ReadOnlyAdmin[ReadCount]):
    """How much each entry is read; who reads it is not known to anybody."""

    list_display = ("resource", "pages", "files", "month")
    list_filter = ("month", "resource__topic")
    list_select_related = ("resource",)
    search_fields = ("resource__title",)
    date_hierarchy = "month"
