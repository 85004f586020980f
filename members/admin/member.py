"""Integrantes: their membership moves by verbs only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from members import membership
from members.admin.arrival import PadronAdmin
from members.admin.designation import acting
from members.admin.searching import FolioOrName
from members.forms.place import ReadmissionForm, ReasonedPlaceForm, place_of
from members.models import Member, MembershipInterval
from red_genero.common.admin import PeopleAdmin, verb

CHANGE = "members.change_member"


class ReasonForm(forms.Form):
    """Why; it stays in the record."""

    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        help_text="Queda en el historial y se le envía por correo. No relate ningún caso.",
    )


class IntervalInline(admin.TabularInline[MembershipInterval, Member]):
    """Her stays in the Red."""

    model = MembershipInterval
    template = "admin/inlines/lines.html"
    extra = 0
    can_delete = False
    fields = readonly_fields = ("start", "end", "end_reason")

    def has_add_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """Verbs open them."""
        return False


@admin.register(Member)
class MemberAdmin(PeopleAdmin[Member], FolioOrName[Member], PadronAdmin):
    """Who belongs to the Red."""

    reading_purpose = "Administrar el padrón de la Red"
    list_display = ("folio", "person", "state", "since")
    list_filter = ("state", "since")
    list_select_related = ("person",)
    search_help_text = "Busque por nombre, número de integrante o de empleada."
    fields = readonly_fields = ("folio", "person", "post", "state", "since")
    inlines = (IntervalInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Approving a solicitud makes one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """Nothing is written here by hand: her membership moves by buttons."""
        return False

    @admin.display(description="adscripción vigente")
    def post(self, row: Member) -> str:
        """Where she works now, and as what."""
        held = row.person.assignments.open().select_related("department").first()
        if held is None:
            return "Ninguna"
        return ", ".join(filter(None, (held.position, held.area, str(held.department))))

    @verb(
        "Suspender",
        permission=CHANGE,
        form=ReasonForm,
        when=lambda member: member.state == Member.State.ACTIVE,
    )
    def suspend(self, request: HttpRequest, row: Member, data: dict[str, Any]) -> str:
        """Take her access for a time."""
        membership.suspend(row, reason=data["reason"], by=acting(request))
        return f"Se suspendió la participación de {row}."

    @verb(
        "Reactivar",
        permission=CHANGE,
        style="primary",
        form=ReasonForm,
        when=lambda member: member.state == Member.State.SUSPENDED,
    )
    def reinstate(self, request: HttpRequest, row: Member, data: dict[str, Any]) -> str:
        """End the suspension."""
        membership.reinstate(row, reason=data["reason"], by=acting(request))
        return f"La participación de {row} está activa de nuevo."

    @verb(
        "Dar de baja",
        permission=CHANGE,
        style="danger",
        form=ReasonForm,
        question="Termina su adscripción y libera sus lugares futuros. Asistencia y constancias quedan.",
        when=lambda member: member.state != Member.State.ENDED,
    )
    def end(self, request: HttpRequest, row: Member, data: dict[str, Any]) -> str:
        """Baja."""
        membership.end(row, reason=data["reason"], by=acting(request))
        return f"Se registró la baja de {row}."

    @verb(
        "Reingreso",
        permission=CHANGE,
        style="primary",
        form=ReadmissionForm,
        question="Vuelve desde hoy con su mismo número y su historial. Se le avisa por correo.",
        when=lambda member: member.state == Member.State.ENDED,
    )
    def readmit(self, request: HttpRequest, row: Member, data: dict[str, Any]) -> str:
        """Admit her again."""
        membership.readmit(row, place_of(data), reason=data["reason"], by=acting(request))
        return f"Se registró el reingreso de {row}."

    @verb(
        "Readscripción",
        permission=CHANGE,
        form=ReasonedPlaceForm,
        question="Termina su adscripción actual y abre otra. Las horas ya ganadas se quedan donde las ganó.",
        when=lambda member: member.state != Member.State.ENDED,
    )
    def readscribe(self, request: HttpRequest, row: Member, data: dict[str, Any]) -> str:
        """Record that she works elsewhere, or as something else."""
        made = membership.readscribe(
            row, place_of(data), start=data["start"], reason=data["reason"], by=acting(request)
        )
        return f"La adscripción de {row} es {made}."
