"""Entries of the library, with the verbs of its upkeep."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.states import By
from red_genero.common.text import fold
from resources import publishing, versioning
from resources.admin.related import RelatedCourseInline
from resources.admin.upkeep import UpkeepFilter
from resources.admin.version import EditionForm, HidingForm, VersionInline
from resources.models import Resource, ResourceQuerySet

CHANGE = "resources.change_resource"


class WithdrawalForm(forms.Form):
    """Why an entry leaves the library."""

    reason = forms.CharField(
        label="Motivo del retiro",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Se muestra a quien abra la página del recurso.",
    )


class VerificationForm(forms.Form):
    """With what an entry was compared."""

    note = forms.CharField(
        label="Con qué se comparó",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Sustituye a la nota de verificación y queda en la historia. Es necesaria si el recurso está por confirmar.",
    )


@admin.register(Resource)
class ResourceAdmin(VerbAdmin[Resource]):
    """What the library holds."""

    list_display = ("title", "topic", "kind", "scope", "state", "verification", "verified_on")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_filter = (UpkeepFilter, "state", "topic", "kind", "scope", "binds", "force", "audience")
    list_select_related = ("topic",)
    search_fields = ("search_key",)
    search_help_text = "Busque por título, siglas, emisor o resumen."
    autocomplete_fields = ("topic", "replaces", "violences")
    readonly_fields = (
        "state",
        "withdrawal_reason",
        "verification",
        "verified_on",
        "verified_by",
        "updated_at",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state",
                    "withdrawal_reason",
                    "key",
                    "topic",
                    "title",
                    "acronym",
                    "issuer",
                )
            },
        ),
        ("Qué es", {"fields": ("kind", "subkind", "scope", "summary", "violences", "audience")}),
        (
            "Fuerza",
            {
                "fields": (
                    "binds",
                    "binds_basis",
                    "force",
                    "published_on",
                    "published_precision",
                    "reformed_on",
                    "valid_until",
                    "replaces",
                )
            },
        ),
        ("Dónde está", {"fields": ("url", "found_url")}),
        (
            "Verificación",
            {
                "fields": (
                    "verification",
                    "verification_note",
                    "verified_on",
                    "verified_by",
                    "updated_at",
                )
            },
        ),
    )

    inlines = (RelatedCourseInline, VersionInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Resource | None = None) -> Any:
        """The key is part of a public address: it is written once."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "key") if obj else fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Resource], search_term: str
    ) -> tuple[QuerySet[Resource], bool]:
        """Search as the public pages do: without case, accents or ñ."""
        if not fold(search_term):
            return queryset, False
        assert isinstance(queryset, ResourceQuerySet)  # noqa: S101
        return queryset.search(search_term), False

    @verb("Verificar", permission=CHANGE, style="primary", form=VerificationForm, bulk=True)
    def verify(self, request: HttpRequest, resource: Resource, data: dict[str, Any]) -> str:
        """Record that the entry was compared with its source today."""
        publishing.verify(resource, note=data.get("note", ""), by=_by(request))
        return f"Quedó verificado hoy: {resource}."

    @verb(
        "Publicar",
        permission=CHANGE,
        style="primary",
        when=lambda resource: resource.state != Resource.State.PUBLISHED,
        bulk=True,
    )
    def publish(self, request: HttpRequest, resource: Resource, data: dict[str, Any]) -> str:
        """Make the entry readable."""
        publishing.publish(resource, by=_by(request))
        return f"Se publicó: {resource}."

    @verb("Nueva edición", permission=CHANGE, form=EditionForm)
    def new_edition(self, request: HttpRequest, resource: Resource, data: dict[str, Any]) -> str:
        """Add a file as the newest edition."""
        made = versioning.new_edition(
            resource,
            file=data["file"],
            note=data["note"],
            repeated=data["repeated"],
            by=_by(request),
        )
        removed = ", ".join(data["file"].removed)
        said = f"Quedó como edición {made.number}. Su texto se podrá buscar en unos minutos."
        return f"{said} Se le quitó: {removed}." if removed else said

    @verb(
        "Volver a borrador",
        permission=CHANGE,
        form=HidingForm,
        question="La página dejará de existir para el público hasta que se publique de nuevo.",
        when=lambda resource: resource.state == Resource.State.PUBLISHED,
    )
    def hide(self, request: HttpRequest, resource: Resource, data: dict[str, Any]) -> str:
        """Return the entry to draft."""
        publishing.hide(resource, reason=data["reason"], by=_by(request))
        return f"Volvió a borrador: {resource}."

    @verb(
        "Retirar",
        permission=CHANGE,
        style="danger",
        form=WithdrawalForm,
        question="Sale de las listas y de la búsqueda. Su página se conserva y muestra el motivo.",
        when=lambda resource: resource.state == Resource.State.PUBLISHED,
    )
    def withdraw(self, request: HttpRequest, resource: Resource, data: dict[str, Any]) -> str:
        """Take the entry out of the library, with a written reason."""
        publishing.withdraw(resource, reason=data["reason"], by=_by(request))
        return f"Se retiró: {resource}."


def _by(request: HttpRequest) -> By:
    """Return who acts; the administration lets no visitor in."""
    user: Any = request.user
    return By.admin(user)
