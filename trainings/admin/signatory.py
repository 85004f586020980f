"""Who signs, between dates."""

from django.contrib import admin
from django.http import HttpRequest

from red_genero.common.admin import HistoryAdmin
from trainings.forms.certificate import SignatoryForm
from trainings.models import Signatory


@admin.register(Signatory)
class SignatoryAdmin(HistoryAdmin[Signatory]):
    """Firmantes are dated, never deleted: what they signed keeps their name anyway."""

    form = SignatoryForm
    list_display = ("name", "position", "valid_from", "valid_to", "order")
    search_fields = ("name", "position")

    def has_delete_permission(self, request: HttpRequest, obj: Signatory | None = None) -> bool:
        """Somebody who left gets an end date."""
        return False
