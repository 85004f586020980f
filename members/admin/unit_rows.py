"""What a Unidad de Género is made of, as Validación keeps it: its evidence, its people, its plans and reports."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members import formalizing, proving
from members.admin.designation import acting
from members.admin.unit import FORMALIZE, KeptByVerbs
from members.forms.unit import ObservationForm, UnitReasonForm
from members.models import Department, Person, UnitMember, UnitPaper, UnitStep
from red_genero.common.admin import PeopleAdmin, Verb, verb

State = UnitStep.State


@admin.register(UnitStep)
class UnitStepAdmin(KeptByVerbs):
    """Evidence to validate."""

    list_display = ("__str__", "number", "date", "presented_on", "state")
    list_filter = ("state", "rung")
    list_select_related = ("unit__department",)
    search_fields = ("unit__department__search_key",)
    search_help_text = "Busque por dependencia; los acentos no importan."
    fields = readonly_fields = (
        "unit",
        "rung",
        "state",
        "number",
        "date",
        "document",
        "instrument",
        "gazette",
        "budget_line",
        "presented_on",
        "presented_by",
        "validated_on",
        "judged_by",
        "observation",
        "ended_on",
    )

    @admin.display(description="documento")
    def document(self, step: UnitStep) -> str:
        """Where it is downloaded."""
        url = reverse("members:unit_step_file", args=[step.key])
        return format_html('<a href="{}">Descargar la evidencia</a>', url)

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: UnitStep, form: forms.Form | None
    ) -> str:
        """Before validating, say what the unit still lacks."""
        if made.name != "validate":
            return super().verb_preview(made, request, row, form)
        lacks = [" ".join(refusal.messages) for refusal in proving.missing(row.unit, row.rung)]
        if not lacks:
            return SafeString("<p>La unidad cumple lo demás que pide este peldaño.</p>")
        listed = format_html_join("", "<li>{}</li>", ((words,) for words in lacks))
        return format_html("<p>Todavía falta:</p><ul>{}</ul>", listed)

    @verb(
        "Validar",
        permission=FORMALIZE,
        style="primary",
        question="La unidad queda en este peldaño desde hoy y se avisa al enlace titular.",
        when=lambda step: step.state == State.PRESENTED,
    )
    def validate(self, request: HttpRequest, row: UnitStep, data: dict[str, Any]) -> str:
        """Accept it."""
        proving.validate(row, by=acting(request))
        return f"{row.unit.department} está en el peldaño {row.rung}, «{row.get_rung_display()}»."

    @verb(
        "Observar",
        permission=FORMALIZE,
        form=ObservationForm,
        question="El enlace titular lee el texto y puede presentar otra evidencia.",
        when=lambda step: step.state == State.PRESENTED,
    )
    def observe(self, request: HttpRequest, row: UnitStep, data: dict[str, Any]) -> str:
        """Say what is missing."""
        proving.observe(row, text=data["text"], by=acting(request))
        return "Se anotó la observación y se avisó."

    @verb(
        "Dejar sin efecto",
        permission=FORMALIZE,
        style="danger",
        form=UnitReasonForm,
        question="La unidad baja un peldaño desde hoy; los días en que contó no cambian.",
        when=lambda step: step.state == State.VALIDATED,
    )
    def withdraw(self, request: HttpRequest, row: UnitStep, data: dict[str, Any]) -> str:
        """It no longer counts."""
        proving.withdraw(row, reason=data["reason"], by=acting(request))
        return f"El peldaño {row.rung} quedó sin efecto."


@admin.register(UnitMember)
class UnitMemberAdmin(PeopleAdmin[UnitMember], KeptByVerbs):
    """Who forms each unit."""

    reading_purpose = "Administrar Unidades de Género"

    list_display = ("person", "department", "function", "start", "end")
    list_filter = (("end", admin.EmptyFieldListFilter),)
    list_select_related = ("person", "unit__department")
    search_fields = ("person__search_key", "unit__department__search_key")
    search_help_text = "Busque por nombre o dependencia; los acentos no importan."
    fields = readonly_fields = ("person", "unit", "function", "start", "end")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also by her name."""
        if not search_term.strip():
            return queryset, False
        people = Person.objects.search(search_term).values("pk")
        departments = Department.objects.search(search_term).values("pk")
        found = Q(person__in=people) | Q(unit__department__in=departments)
        return queryset.filter(found), False

    @admin.display(description="dependencia")
    def department(self, place: UnitMember) -> str:
        """Whose unit it is."""
        return str(place.unit.department)

    @verb(
        "Terminar",
        permission=FORMALIZE,
        style="danger",
        form=UnitReasonForm,
        question="Deja la unidad hoy. Los peldaños ya validados no cambian.",
        when=lambda place: place.end is None,
    )
    def end_member(self, request: HttpRequest, row: UnitMember, data: dict[str, Any]) -> str:
        """She leaves it."""
        formalizing.end_member(row, reason=data["reason"], by=acting(request))
        return f"{row.person} dejó la unidad."


@admin.register(UnitPaper)
class UnitPaperAdmin(KeptByVerbs):
    """Plans and reports by year; corrected by recording another."""

    list_display = ("__str__", "number", "date", "valid_until", "replaced_on")
    list_filter = ("kind", "year", ("replaced_on", admin.EmptyFieldListFilter))
    list_select_related = ("unit__department",)
    search_fields = ("unit__department__search_key",)
    search_help_text = "Busque por dependencia; los acentos no importan."
    fields = readonly_fields = (
        "unit",
        "kind",
        "year",
        "number",
        "date",
        "document",
        "valid_until",
        "budget_line",
        "recorded_on",
        "recorded_by",
        "replaced_on",
    )

    @admin.display(description="documento")
    def document(self, paper: UnitPaper) -> str:
        """Where it is downloaded."""
        url = reverse("members:unit_paper_file", args=[paper.key])
        return format_html('<a href="{}">Descargar</a>', url)
