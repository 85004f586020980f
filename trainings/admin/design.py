"""How documents look and what they say: versions that are tried before they are put in force."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.text import validate_plain
from trainings import designing
from trainings.admin.acting import acting
from trainings.forms.certificate import opaque_png
from trainings.models import Design

CHANGE = "trainings.change_design"
OURS = "Un tipo de documento sin diseño vigente se imprime con el diseño propio del portal."
WORDS = ("heading", "lead", "reason", "city", "legend")


class DesignForm(forms.ModelForm[Design]):
    """Words that can be printed, an image that is always rewritten."""

    class Meta:
        model = Design
        fields = ["kind", "page", *WORDS, "logo", "signatories"]

    def clean_logo(self) -> Any:
        """Rewrite what was uploaded; leave what was already stored."""
        given = self.cleaned_data.get("logo")
        if not isinstance(given, UploadedFile):
            return given
        return ContentFile(opaque_png(given), name="logotipo.png")

    def clean(self) -> dict[str, Any]:
        """Three signatories at most, words without signs of control."""
        data = super().clean() or {}
        for field in WORDS:
            try:
                validate_plain(data.get(field) or "")
            except forms.ValidationError as refusal:
                self.add_error(field, refusal)
        if "signatories" in data and len(data["signatories"]) > 3:
            self.add_error("signatories", "En el documento caben tres firmas.")
        return data


@admin.register(Design)
class DesignAdmin(VerbAdmin[Design]):
    """Only a draft is changed; what is in force is copied into a new draft."""

    form = DesignForm
    list_display = ("__str__", "state", "page", "created_at")
    list_filter = ("kind", "state")
    fields = (
        ("kind", "state"),
        "previews",
        "page",
        "heading",
        "lead",
        "reason",
        "city",
        "legend",
        "logo",
        "signatories",
    )
    readonly_fields = ("previews",)
    autocomplete_fields = ("signatories",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say what is printed where nothing was designed."""
        return super().changelist_view(request, {**(extra_context or {}), "list_note": OURS})

    def has_change_permission(self, request: HttpRequest, obj: Design | None = None) -> bool:
        """What was put in force once is read, never written."""
        draft = obj is None or obj.state == Design.State.DRAFT
        return draft and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Design | None = None) -> Any:
        """Freeze the kind."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if obj is None else (*fixed, "kind")

    def save_model(self, request: HttpRequest, obj: Design, form: Any, change: bool) -> None:
        """Number a new version."""
        if not change:
            obj.version = designing.next_version(obj.kind)
        super().save_model(request, obj, form, change)

    @admin.display(description="vista previa")
    def previews(self, design: Design) -> SafeString | str:
        """Both samples, as PDF."""
        if not design.pk:
            return "Guarde el borrador para verlo impreso."
        ordinary, hardest = (
            reverse("trainings:design_preview", args=[design.pk, case.value])
            for case in designing.Case
        )
        return format_html(
            '<a href="{}">Con datos ordinarios</a> · <a href="{}">Con los más largos</a>',
            ordinary,
            hardest,
        )

    @verb(
        "Activar",
        permission=CHANGE,
        style="primary",
        question="Se imprime con datos ordinarios y con los más largos; si algo falla no se activa. "
        "Desde entonces se emite con él y el anterior queda retirado.",
        when=lambda design: design.state != Design.State.ACTIVE,
    )
    def activate(self, request: HttpRequest, row: Design, data: dict[str, Any]) -> str:
        """Put it in force."""
        designing.activate(row, by=acting(request))
        return f"Desde ahora se emite con «{row}»."

    @verb(
        "Copiar en un borrador",
        permission=CHANGE,
        question="Se crea otra versión que puede cambiarse; la de ahora queda como está.",
    )
    def copy_to_draft(self, request: HttpRequest, row: Design, data: dict[str, Any]) -> str:
        """Begin the next version."""
        return f"Se creó el borrador «{designing.copy(row)}»."
