"""Facts of the topics: what their introductions say beyond the entries, and what waits for a source."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.states import By
from resources import sourcing
from resources.models import TopicFact

CHANGE = "resources.change_topicfact"


class SourceForm(forms.Form):
    """With what a statement was compared."""

    source = forms.CharField(
        label="Fuente",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="El documento o el sitio que lo dice, y su fecha. Sustituye a la anterior y queda en la historia.",
    )


@admin.register(TopicFact)
class TopicFactAdmin(VerbAdmin[TopicFact]):
    """Only the staff reads them; what is confirmed may be written in the next edition of an introduction."""

    list_display = ("statement", "topic", "verification", "confirmed_on")
    list_filter = ("verification", "topic")
    list_select_related = ("topic",)
    search_fields = ("statement", "source")
    fields = ("key", "topic", "statement", "source", "verification", "confirmed_on", "confirmed_by")
    readonly_fields = ("source", "verification", "confirmed_on", "confirmed_by")

    def get_readonly_fields(self, request: HttpRequest, obj: TopicFact | None = None) -> Any:
        """What was confirmed is not written anew: another statement is another fact."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "key", "topic", "statement") if obj else fixed

    @verb("Confirmar", permission=CHANGE, style="primary", form=SourceForm)
    def confirm(self, request: HttpRequest, fact: TopicFact, data: dict[str, Any]) -> str:
        """Record the source."""
        user: Any = request.user
        sourcing.confirm(fact, source=data["source"], by=By.admin(user))
        return "Quedó confirmado. Para que se lea, escríbalo en otra edición de la introducción."
