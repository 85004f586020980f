"""The editions of each entry: added by a verb of the entry, hidden or read again here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from red_genero.common import intake
from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.states import By
from resources import extracting, versioning
from resources.models import Resource, ResourceVersion

CHANGE = "resources.change_resource"


class EditionForm(forms.Form):
    """A file and what changed in it."""

    file = intake.ReceivedField(label="Archivo", policy=intake.LIBRARY)
    note = forms.CharField(
        label="Qué cambió",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Se lee en la historia de ediciones. Por ejemplo: «Incluye la reforma del 12 de mayo de 2026».",
    )
    repeated = forms.BooleanField(
        label="Es el mismo archivo de otro recurso, a propósito", required=False
    )


class HidingForm(forms.Form):
    """Why something stops being readable."""

    reason = forms.CharField(
        label="Motivo",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Queda en la historia; solo lo lee el personal.",
    )


class VersionInline(admin.TabularInline[ResourceVersion, Resource]):
    """The editions of an entry, on its page."""

    model = ResourceVersion
    fields = ("edition", "note", "filename", "weight", "pages", "reading", "hidden_reason")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False
    verbose_name_plural = "Ediciones del archivo"

    @admin.display(description="edición")
    def edition(self, version: ResourceVersion) -> str:
        """Lead to the edition's own page."""
        return format_html(
            '<a href="../../../resourceversion/{}/change/">{}</a>', version.pk, version.number
        )

    @admin.display(description="tamaño")
    def weight(self, version: ResourceVersion) -> str:
        """Say the size in words."""
        return filesizeformat(version.size)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave the long text where it is."""
        return super().get_queryset(request).defer("text")

    def has_add_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Only by the verb «Nueva edición»."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Only by verbs."""
        return False


@admin.register(ResourceVersion)
class ResourceVersionAdmin(VerbAdmin[ResourceVersion]):
    """Every file of the library."""

    list_display = (
        "resource",
        "number",
        "kind",
        "weight",
        "pages",
        "tagged",
        "reading",
        "added_at",
    )
    list_filter = ("reading", "kind", "tagged")
    list_select_related = ("resource",)
    search_fields = ("resource__title", "filename", "sha256")
    fields = (
        "resource",
        "number",
        "note",
        "download",
        "weight",
        "pages",
        "language",
        "tagged",
        "reading",
        "hidden_reason",
        "sha256",
        "added_at",
        "added_by",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave the long text where it is; the address needs the topic."""
        return super().get_queryset(request).defer("text").select_related("resource__topic")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Editions are added from their entry."""
        return False

    @admin.display(description="tamaño", ordering="size")
    def weight(self, version: ResourceVersion) -> str:
        """Say the size in words."""
        return filesizeformat(version.size)

    @admin.display(description="archivo")
    def download(self, version: ResourceVersion) -> str:
        """Lead to the file."""
        return format_html('<a href="{}">{}</a>', version.file_url, version.filename)

    @verb(
        "Ocultar",
        permission=CHANGE,
        style="danger",
        form=HidingForm,
        question="Nadie fuera del personal podrá abrir esta edición.",
        when=lambda version: not version.hidden_reason,
    )
    def hide(self, request: HttpRequest, version: ResourceVersion, data: dict[str, Any]) -> str:
        """Stop handing the edition out."""
        versioning.hide_edition(version, reason=data["reason"], by=_by(request))
        return f"Se ocultó: {version}."

    @verb("Mostrar de nuevo", permission=CHANGE, when=lambda version: bool(version.hidden_reason))
    def show(self, request: HttpRequest, version: ResourceVersion, data: dict[str, Any]) -> str:
        """Hand the edition out again."""
        versioning.show_edition(version, by=_by(request))
        return f"Está de nuevo a la vista: {version}."

    @verb("Leer su texto otra vez", permission=CHANGE)
    def read_again(
        self, request: HttpRequest, version: ResourceVersion, data: dict[str, Any]
    ) -> str:
        """Have the worker take the text out again."""
        extracting.read_again(version)
        return "El texto se leerá en unos minutos."


def _by(request: HttpRequest) -> By:
    """Return who acts; the administration lets no visitor in."""
    user: Any = request.user
    return By.admin(user)
