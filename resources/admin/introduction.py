"""Introductions of the topics: a draft is written, previewed and published as an edition."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.states import By
from resources import introducing, markup
from resources.models import Introduction

CHANGE = "resources.change_introduction"


class IntroductionForm(forms.ModelForm[Introduction]):
    """The words of a draft."""

    class Meta:
        model = Introduction
        fields = ("body", "change_note")
        help_texts = {"body": markup.HELP}
        widgets = {"body": forms.Textarea(attrs={"rows": 30, "cols": 90})}

    def clean_body(self) -> str:
        """Refuse links that lead nowhere before anything is saved."""
        body: str = self.cleaned_data["body"]
        introducing.check_references(body)
        return body


@admin.register(Introduction)
class IntroductionAdmin(VerbAdmin[Introduction]):
    """Editions: only a draft is written, and only a verb publishes it."""

    form = IntroductionForm
    list_display = ("topic", "number", "state", "published_at", "change_note")
    list_display_links = ("topic", "number")
    list_filter = ("state", "topic")
    list_select_related = ("topic",)
    search_fields = ("topic__name", "body")
    fields = ("topic", "number", "state", "body", "change_note", "written_by", "published_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Introduction | None = None) -> Any:
        """What was published is only read."""
        fixed = ("topic", "number", "state", "written_by", "published_at")
        written = obj is not None and obj.state != Introduction.State.DRAFT
        return (*fixed, "body", "change_note") if written else fixed

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A draft begins with «Preparar otra edición», so that no words are lost."""
        return False

    def view_on_site(self, edition: Introduction) -> str:
        """The preview of a draft, or the page of an edition."""
        return edition.get_absolute_url()

    def save_model(self, request: HttpRequest, obj: Introduction, form: Any, change: bool) -> None:
        """Save through the verb."""
        if obj.state == Introduction.State.DRAFT:
            introducing.write(obj, body=obj.body, change_note=obj.change_note, by=_by(request))

    @verb(
        "Publicar",
        permission=CHANGE,
        style="primary",
        question="Sustituye a la edición en vigor, que se conserva para consulta.",
        when=lambda edition: edition.state == Introduction.State.DRAFT,
    )
    def publish(self, request: HttpRequest, edition: Introduction, data: dict[str, Any]) -> str:
        """Put the draft in force."""
        introducing.publish(edition, by=_by(request))
        return f"Se publicó: {edition}."

    @verb(
        "Preparar otra edición",
        permission=CHANGE,
        when=lambda edition: edition.state == Introduction.State.PUBLISHED,
    )
    def prepare(self, request: HttpRequest, edition: Introduction, data: dict[str, Any]) -> str:
        """Open a draft with the words in force."""
        draft = introducing.open_draft(edition.topic, by=_by(request))
        return f"El borrador es la edición {draft.number}: ábralo en la lista y guarde sus cambios."


def _by(request: HttpRequest) -> By:
    """Return who acts; the administration lets no visitor in."""
    user: Any = request.user
    return By.admin(user)
