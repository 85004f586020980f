"""Integrantes: their membership moves by verbs only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from members import membership, tree
from members.admin.arrival import PadronAdmin
from members.admin.designation import acting
from members.admin.searching import FolioOrName
from members.forms.place import ReadmissionForm, ReasonedPlaceForm, place_of
from members.models import Assignment, Department, Member, MembershipInterval
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


class WorksIn(admin.SimpleListFilter):
    """Where she works today; a dependencia brings those below it."""

    title = "dependencia"
    parameter_name = "dependencia"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Member]
    ) -> list[tuple[str, str]]:
        """Return the dependencias of today where somebody works, with those above them."""
        held = Assignment.objects.open().order_by().values_list("department", flat=True)
        shown = Department.objects.current().filter(pk__in=tree.with_above(held.distinct()))
        return list(shown.order_by("name").values_list("key", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        """Return who works there or below."""
        if not self.value():
            return queryset
        chosen = Department.objects.filter(key=self.value()).first()
        keys = tree.branch(chosen) if chosen else set()
        held = Assignment.objects.open().filter(department__in=keys)
        return queryset.filter(person__in=held.values("person"))


@admin.register(Member)
class MemberAdmin(PeopleAdmin[Member], FolioOrName[Member], PadronAdmin):
    """Who belongs to the Red."""

    reading_purpose = "Administrar el padrón de la Red"
    list_display = ("folio", "sorted_name", "workplace", "state", "since")
    list_filter = ("state", WorksIn, "since")
    list_select_related = ("person",)
    search_help_text = "Busque por nombre, número de integrante o de empleada."
    fields = readonly_fields = ("folio", "person", "post", "state", "since")
    inlines = (IntervalInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        """Read with each one where she works, in the same query."""
        held = Assignment.objects.open().filter(person=OuterRef("person")).order_by("-start", "-pk")
        name = Subquery(held.values("department__name")[:1])
        return super().get_queryset(request).annotate(works_in=name)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Approving a solicitud makes one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """Nothing is written here by hand: her membership moves by buttons."""
        return False

    @admin.display(description="nombre", ordering="person__sort_name")
    def sorted_name(self, row: Member) -> str:
        """Surnames first, as the list is ordered."""
        return row.person.sorted_name

    @admin.display(description="dependencia", ordering="works_in", empty_value="Ninguna")
    def workplace(self, row: Member) -> str | None:
        """Where she works today."""
        return row.works_in  # type: ignore[attr-defined, no-any-return]

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
