"""An admin for rows that history forbids to delete."""

from typing import TypeVar

from django.db import models
from django.http import HttpRequest

from red_genero.common.admin import HistoryAdmin

M = TypeVar("M", bound=models.Model)


class KeepingAdmin(HistoryAdmin[M]):
    """Rows are corrected, closed or switched off; never deleted."""

    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Never."""
        return False
