"""Changes of name, cargo and dependencia that wait for the Instituto."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from members import changing
from members.models import ChangeRequest, Department
from red_genero.common.admin import PeopleAdmin, VerbAdmin, verb
from red_genero.common.states import By

REVIEW: Final = "members.review_changerequest"
Kind = ChangeRequest.Kind
State = ChangeRequest.State


class RefusalForm(forms.Form):
    """Why not, in words that she reads."""

    text = forms.CharField(
        label="Motivo",
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        help_text="Diga qué falta y qué puede hacer. Se le envía este texto.",
    )


class DepartmentForm(forms.Form):
    """The dependencia of the catalogue."""

    department = forms.ModelChoiceField(
        Department.objects.current(), label="Dependencia", empty_label="Elija la dependencia"
    )


def _asked(row: ChangeRequest) -> bool:
    return row.state == State.ASKED


def _unresolved(row: ChangeRequest) -> bool:
    return _asked(row) and row.kind == Kind.DEPARTMENT and row.department_id is None


@admin.register(ChangeRequest)
class ChangeRequestAdmin(PeopleAdmin[ChangeRequest], VerbAdmin[ChangeRequest]):
    """How it stands, what she asks and what backs it, on one page; the decision is a button."""

    reading_purpose = "Revisar cambios de nombre y adscripción"
    list_display = ("folio", "person", "kind", "asked", "state", "asked_at")
    list_filter = ("state", "kind")
    list_select_related = ("person", "department")
    ordering = ("asked_at", "pk")
    search_fields = ("folio", "person__search_key")
    search_help_text = "Busque por folio o nombre."
    fields = readonly_fields = (
        "folio",
        "person_link",
        "kind",
        "state",
        "before",
        "asked",
        "note",
        "file_link",
        "asked_at",
        "reviewer",
        "decision_text",
        "decided_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """She asks on her own pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ChangeRequest | None = None) -> bool:
        """What she asked is hers; the personnel acts by buttons."""
        return False

    @verb(
        "Aprobar",
        permission=REVIEW,
        style="primary",
        question="El cambio se hace ahora y se le avisa por correo. Sus constancias y sus horas no cambian.",
        when=lambda row: _asked(row) and not _unresolved(row),
    )
    def approve(self, request: HttpRequest, row: ChangeRequest, data: dict[str, Any]) -> str:
        """Make the change."""
        changing.approve(row, by=_by(request))
        return f"Se aprobó {row.folio}: {changing.asked(row)}."

    @verb("Elegir dependencia", permission=REVIEW, form=DepartmentForm, when=_unresolved)
    def resolve_department(
        self, request: HttpRequest, row: ChangeRequest, data: dict[str, Any]
    ) -> str:
        """Set the one of the catalogue."""
        changing.resolve_department(row, data["department"], by=_by(request))
        return f"La dependencia de {row.folio} es {data['department']}."

    @verb("No aprobar", permission=REVIEW, style="danger", form=RefusalForm, when=_asked)
    def refuse(self, request: HttpRequest, row: ChangeRequest, data: dict[str, Any]) -> str:
        """Leave her data as they are."""
        changing.refuse(row, text=data["text"], by=_by(request))
        return f"Se resolvió {row.folio} y se le avisó."

    @admin.display(description="pide")
    def asked(self, row: ChangeRequest) -> str:
        """What she asks for, in words."""
        return changing.asked(row)

    @admin.display(description="integrante")
    def person_link(self, row: ChangeRequest) -> SafeString:
        """Her name and page."""
        url = reverse("admin:members_person_change", args=[row.person_id])
        return format_html('<a href="{}">{}</a>', url, row.person)

    @admin.display(description="documento")
    def file_link(self, row: ChangeRequest) -> SafeString | str:
        """What she sent to back it."""
        if not row.file:
            return "No envió documento"
        url = reverse("members:change_file", args=[row.folio])
        return format_html('<a href="{}">Descargar</a>', url)


def _by(request: HttpRequest) -> By:
    """Return who acts, through the administration."""
    return By.admin(request.user)  # type: ignore[arg-type]
