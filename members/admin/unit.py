"""Unidades de Género as Validación keeps them: their evidence, their people, their plans; all moved by verbs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members import formalizing, ladder, planning, proving, ratifying, risks
from members.admin.designation import acting
from members.forms.unit import (
    DissolveForm,
    EvidenceForm,
    PlaceForm,
    RatificationForm,
    UnitPaperForm,
)
from members.models import Department, GenderUnit, UnitPaper, UnitStep
from red_genero.common.admin import Verb, VerbAdmin, verb

FORMALIZE = "members.formalize_unit"
State = UnitStep.State


class KeptByVerbs(VerbAdmin[Any]):
    """Rows that only buttons write, found by their dependencia."""

    department_path = "unit__department"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Ignore case, accents and ñ."""
        if not search_term.strip():
            return queryset, False
        found = Department.objects.search(search_term).values("pk")
        return queryset.filter(**{f"{self.department_path}__in": found}), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They begin with a button."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is written by hand."""
        return False


class RiskFilter(admin.SimpleListFilter):
    """Units at risk today."""

    title = "situación"
    parameter_name = "riesgo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice."""
        return [("si", "En riesgo")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[GenderUnit]
    ) -> QuerySet[GenderUnit]:
        """Keep those with some reason."""
        return queryset.filter(pk__in=risks.at_risk()) if self.value() == "si" else queryset


def _active(unit: GenderUnit) -> bool:
    return unit.state == GenderUnit.State.ACTIVE


def _climbs(unit: GenderUnit) -> bool:
    return _active(unit) and proving.next_rung(unit) is not None


@admin.register(GenderUnit)
class GenderUnitAdmin(KeptByVerbs):
    """One unit: its rung, why it is at risk, its people and papers."""

    department_path = "department"
    list_display = ("department", "state", "rung_words", "risk_words", "opened_on")
    list_filter = ("state", RiskFilter)
    list_select_related = ("department",)
    search_fields = ("department__search_key",)
    search_help_text = "Busque por dependencia; los acentos no importan."
    fields = readonly_fields = (
        "department",
        "state",
        "rung_words",
        "risk_words",
        "opened_on",
        "people",
        "steps_list",
        "papers_list",
        "ratifications_list",
        "dissolved_on",
        "dissolution_document",
        "dissolution_date",
        "dissolution_reason",
        "dissolution_link",
        "successor",
        "successor_unit",
    )

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Read the rungs and the risks of the rows of this page at once."""
        found = super().get_changelist_instance(request)
        keys = [row.pk for row in found.result_list]
        reasons = risks.of(GenderUnit.objects.filter(pk__in=keys))
        tops = _tops(keys)
        for row in found.result_list:
            row.reasons, row.top = reasons.get(row.pk, []), tops.get(row.pk, 0)
        return found

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> GenderUnit | None:
        """Read the same for one."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            row.reasons = risks.of(GenderUnit.objects.filter(pk=row.pk)).get(row.pk, [])
            row.top = _tops([row.pk]).get(row.pk, 0)
        return row  # type: ignore[no-any-return]

    @admin.display(description="peldaño por evidencia")
    def rung_words(self, unit: Any) -> str:
        """The highest validated."""
        return f"{unit.top} · {ladder.WORDS[unit.top]}" if unit.top else "Sin evidencia validada"

    @admin.display(description="en riesgo")
    def risk_words(self, unit: Any) -> str:
        """Each reason, or none."""
        if not unit.reasons:
            return "No"
        return format_html_join(SafeString("<br>"), "{}", ((reason,) for reason in unit.reasons))

    @admin.display(description="integrantes")
    def people(self, unit: GenderUnit) -> str:
        """Who forms it and who did."""
        rows = unit.members.select_related("person").order_by("end", "start", "pk")
        return _lines(
            (
                reverse("admin:members_unitmember_change", args=[row.pk]),
                f"{row.person}, {row.function}",
                f"desde el {date_format(row.start)}"
                + (f" hasta el {date_format(row.end)}" if row.end else ""),
            )
            for row in rows
        )

    @admin.display(description="evidencias")
    def steps_list(self, unit: GenderUnit) -> str:
        """Every presentation, with what became of it."""
        return _lines(
            (
                reverse("admin:members_unitstep_change", args=[row.pk]),
                f"{row.rung} · {row.get_rung_display()}: {row.number}, {date_format(row.date)}",
                row.get_state_display(),
            )
            for row in unit.steps.order_by("rung", "pk")
        )

    @admin.display(description="planes e informes")
    def papers_list(self, unit: GenderUnit) -> str:
        """By year."""
        return _lines(
            (
                reverse("admin:members_unitpaper_change", args=[row.pk]),
                f"{row.get_kind_display()} {row.year}: {row.number}",
                "corregido" if row.replaced_on else _until(row),
            )
            for row in unit.papers.all()
        )

    @admin.display(description="ratificaciones")
    def ratifications_list(self, unit: GenderUnit) -> str:
        """After which government, and by which oficio."""
        return _lines(
            (
                reverse("members:unit_ratification", args=[row.key]),
                f"Oficio {row.number}, {date_format(row.date)}",
                f"tras {row.term}",
            )
            for row in unit.ratifications.select_related("term")
        )

    @admin.display(description="documento de disolución")
    def dissolution_link(self, unit: GenderUnit) -> str:
        """Where it is downloaded."""
        if not unit.dissolution_file:
            return "—"
        url = reverse("members:unit_dissolution", args=[unit.key])
        return format_html('<a href="{}">Descargar</a>', url)

    def verb_form(self, made: Verb, request: HttpRequest, row: GenderUnit) -> forms.Form | None:
        """Ask what this unit needs."""
        form = super().verb_form(made, request, row)
        if isinstance(form, EvidenceForm):
            form.ask_for(proving.next_rung(row) or ladder.TOP)
        elif isinstance(form, UnitPaperForm):
            kinds = {"record_plan": UnitPaper.Kind.PLAN, "record_report": UnitPaper.Kind.REPORT}
            form.ask_for(kinds[made.name])
        elif isinstance(form, PlaceForm):
            form.choose_among(row)
        elif isinstance(form, DissolveForm):
            form.about(row)
        return form

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: GenderUnit, form: forms.Form | None
    ) -> str:
        """Say which rung the evidence is for."""
        if made.name != "present":
            return super().verb_preview(made, request, row, form)
        rung = proving.next_rung(row) or ladder.TOP
        return format_html(
            "<p><strong>Peldaño {} · {}.</strong> {}</p>",
            rung,
            ladder.WORDS[rung],
            ladder.NEEDS[rung],
        )

    @verb(
        "Presentar evidencia",
        permission=FORMALIZE,
        style="primary",
        form=EvidenceForm,
        question="Queda por validar. Lo que se presenta ya no se corrige: si falta algo, se observa y se presenta otra.",
        when=_climbs,
    )
    def present(self, request: HttpRequest, row: GenderUnit, data: dict[str, Any]) -> str:
        """Give the evidence of the next rung."""
        rung = proving.next_rung(row) or ladder.TOP
        proving.present(row, rung, proving.Evidence(**data), by=acting(request))
        return f"Se presentó la evidencia del peldaño {rung}; falta validarla."

    @verb("Agregar integrante", permission=FORMALIZE, form=PlaceForm, when=_active)
    def add_member(self, request: HttpRequest, row: GenderUnit, data: dict[str, Any]) -> str:
        """Let somebody form part of it."""
        made = formalizing.add_member(row, **data, by=acting(request))
        return f"{made.person} forma parte de la unidad."

    @verb("Registrar plan anual", permission=FORMALIZE, form=UnitPaperForm, when=_active)
    def record_plan(self, request: HttpRequest, row: GenderUnit, data: dict[str, Any]) -> str:
        """Record the plan of a year."""
        return self._record(request, row, UnitPaper.Kind.PLAN, data)

    @verb("Registrar informe anual", permission=FORMALIZE, form=UnitPaperForm, when=_active)
    def record_report(self, request: HttpRequest, row: GenderUnit, data: dict[str, Any]) -> str:
        """Record the report of a year."""
        return self._record(request, row, UnitPaper.Kind.REPORT, data)

    @verb(
        "Ratificar",
        permission=FORMALIZE,
        style="primary",
        form=RatificationForm,
        question="Registra el oficio con el que la nueva titularidad decide que la unidad continúe. Deja de estar en "
        "riesgo por el cambio de gobierno.",
        when=lambda unit: ratifying.owed_by(unit) is not None,
    )
    def ratify(self, request: HttpRequest, row: GenderUnit, data: dict[str, Any]) -> str:
        """Let it go on after a change of government."""
        made = ratifying.ratify(row, **data, by=acting(request))
        return f"La {row} quedó ratificada con el oficio {made.number}."

    @verb(
        "Disolver",
        permission=FORMALIZE,
        style="danger",
        form=DissolveForm,
        question="Sus integrantes terminan hoy y la evidencia por validar se cierra. Su historia se conserva.",
        when=_active,
    )
    def dissolve(self, request: HttpRequest, row: GenderUnit, data: dict[str, Any]) -> str:
        """End it by a document."""
        formalizing.dissolve(row, formalizing.Ending(**data), by=acting(request))
        return f"Se disolvió la {row}."

    def _record(
        self, request: HttpRequest, row: GenderUnit, kind: str, data: dict[str, Any]
    ) -> str:
        made = planning.record(row, kind, planning.Paper(**data), by=acting(request))
        return f"Se registró: {made}."


def _tops(keys: list[int]) -> dict[int, int]:
    """Return the highest validated rung of each unit."""
    found = UnitStep.objects.in_force().filter(unit__in=keys).order_by("rung")
    return dict(found.values_list("unit", "rung"))


def _until(paper: UnitPaper) -> str:
    return f"vigente hasta el {date_format(paper.valid_until)}" if paper.valid_until else ""


def _lines(rows: Any) -> SafeString:
    """Return links, one a line, each with a note."""
    listed = format_html_join(SafeString("<br>"), '<a href="{}">{}</a> {}', rows)
    return listed or SafeString("—")
