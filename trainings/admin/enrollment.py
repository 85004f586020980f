"""Inscripciones and the log of Fill as staff reads them; states move by verbs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from red_genero.common.admin import PeopleAdmin, ReadOnlyAdmin, VerbAdmin, verb
from red_genero.common.text import fold
from trainings import approving, enrolling
from trainings.admin.acting import acting
from trainings.forms.edition import ReasonForm, VistoBuenoForm
from trainings.models import (
    Enrollment,
    FillRun,
    FillSkip,
)

CHANGE = "trainings.change_enrollment"
State = Enrollment.State


@admin.register(Enrollment)
class EnrollmentAdmin(PeopleAdmin[Enrollment], VerbAdmin[Enrollment]):
    """Every seat and every place in a queue; nothing is typed here, and what she needs is not shown."""

    reading_purpose = "Administrar inscripciones"
    list_display = ("person", "edition", "state", "department", "requested_at", "queued_at")
    list_filter = ("state", "edition__state", "edition__course__area", "requested_at")
    list_select_related = ("person", "edition__course", "department")
    date_hierarchy = "requested_at"
    search_fields = ("person__search_key", "edition__key")
    search_help_text = "Busque por persona o por clave de la edición."
    fields = (
        "person",
        "edition",
        "department",
        "state",
        "priority",
        "requested_at",
        "queued_at",
        "offer_expires_at",
        "waived",
        "waiver_reason",
        "moved_from",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One enrols from the edición."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Enrollment | None = None) -> bool:
        """Never by typing."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Enrollment], search_term: str
    ) -> tuple[QuerySet[Enrollment], bool]:
        """Search without accents or case; a clave keeps its dashes."""
        found, distinct = super().get_search_results(request, queryset, fold(search_term))
        return found | queryset.filter(edition__key__icontains=search_term.strip()), distinct

    @verb(
        "Registrar visto bueno",
        permission=CHANGE,
        style="primary",
        form=VistoBuenoForm,
        when=lambda seat: seat.state == State.REQUESTED,
    )
    def approve(self, request: HttpRequest, row: Enrollment, data: dict[str, Any]) -> str:
        """Write the visto bueno that the jefatura gave by another way."""
        seat = approving.approve_request(row, by=acting(request), reason=data["reason"])
        return f"{seat.person}: {seat.get_state_display().lower()}."

    @verb(
        "Registrar que no se aprobó",
        permission=CHANGE,
        form=ReasonForm,
        when=lambda seat: seat.state == State.REQUESTED,
    )
    def refuse(self, request: HttpRequest, row: Enrollment, data: dict[str, Any]) -> str:
        """Write that the jefatura did not agree."""
        by = acting(request)
        approving.refuse_request(row, by=by, reason=data["reason"])
        return "Se registró la respuesta y se avisó a la persona."

    @verb(
        "Cancelar inscripción",
        permission=CHANGE,
        style="danger",
        form=ReasonForm,
        when=lambda seat: seat.is_open,
    )
    def cancel(self, request: HttpRequest, row: Enrollment, data: dict[str, Any]) -> str:
        """Free her seat."""
        enrolling.cancel(row, by=acting(request), reason=data["reason"])
        return "La inscripción se canceló y se avisó a la persona."


class FillSkipInline(admin.TabularInline[FillSkip, FillRun]):
    """Whom a run passed over, and why."""

    model = FillSkip
    fields = readonly_fields = ("enrollment", "reasons")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: FillRun | None = None) -> bool:
        """Written by Fill only."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FillSkip]:
        """Bring the names along."""
        return super().get_queryset(request).select_related("enrollment__person")


@admin.register(FillRun)
class FillRunAdmin(ReadOnlyAdmin[FillRun]):
    """Every run of Fill: what called it, what it found and what it did."""

    inlines = (FillSkipInline,)
    list_display = ("at", "edition", "cause", "free_seats", "outcome")
    list_filter = ("at",)
    list_select_related = ("edition__course",)
    search_fields = ("edition__key", "cause")
    search_help_text = "Busque por clave de la edición o causa."
    date_hierarchy = "at"
    fields = ("edition", "at", "cause", "free_seats", "outcome")
