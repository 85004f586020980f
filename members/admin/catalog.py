"""Catalogues that the whole portal shares."""

from django.contrib import admin

from members.admin.keeping import KeepingAdmin
from members.models import Community, ContentArea, Holiday
from red_genero.common.admin import HistoryAdmin


@admin.register(ContentArea)
class ContentAreaAdmin(KeepingAdmin[ContentArea]):
    """Áreas de contenido."""

    list_display = ("name", "key", "order", "crosscutting")
    search_fields = ("name",)


@admin.register(Community)
class CommunityAdmin(KeepingAdmin[Community]):
    """Comunidades of the city."""

    list_display = ("number", "name")
    list_display_links = ("name",)
    search_fields = ("name",)


@admin.register(Holiday)
class HolidayAdmin(HistoryAdmin[Holiday]):
    """Days on which no deadline runs."""

    list_display = ("day", "name")
    date_hierarchy = "day"
