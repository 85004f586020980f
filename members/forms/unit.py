"""Forms about Unidades de Género: evidence, plans and reports, who forms one, and how one ends."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from members import ladder, tree
from members.formalizing import Ending
from members.forms.fields import helper, line_field, text_field
from members.forms.liaison import UploadField, day_field
from members.models import Department, GenderUnit, Person, UnitPaper, UnitStep
from members.planning import Paper
from members.proving import Evidence

NUMBER_HELP = "Como aparece en el documento; «s/n» si no lleva."


class PaperMixin(forms.Form):
    """A document: its number, its date and the scan."""

    number = line_field("Número del documento", 60, help_text=NUMBER_HELP)
    date = day_field("Fecha del documento")
    file = UploadField("Documento escaneado")

    @property
    def helper(self) -> FormHelper:
        """Fields only: the page writes the <form>."""
        return helper()

    def clean_date(self) -> datetime.date:
        """It was signed already."""
        day: datetime.date = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError("La fecha del documento no puede ser futura.", code="future")
        return day


class EvidenceForm(PaperMixin):
    """What takes the unit to its next rung; some rungs ask more."""

    def ask_for(self, rung: int) -> None:
        """Add what this rung needs besides the document."""
        self.rung = rung
        self.fields["file"].label = {
            2: "Plan de trabajo escaneado",
            3: "Acta firmada, escaneada",
            4: "Publicación escaneada",
        }.get(rung, "Documento escaneado")
        self.fields["date"].label = {3: "Fecha de firma del acta", 4: "Fecha de publicación"}.get(
            rung, "Fecha del documento"
        )
        if rung == UnitStep.Rung.FORMALIZED:
            self.fields["instrument"] = forms.ChoiceField(
                label="Dónde se publicó", choices=UnitStep.Instrument.choices
            )
            self.fields["gazette"] = line_field(
                "Referencia de la Gaceta",
                200,
                help_text="Tomo, ejemplar, sección y fecha. Es pública.",
            )
        if rung == UnitStep.Rung.CONSOLIDATED:
            self.fields["budget_line"] = line_field("Partida presupuestal", 200)

    def evidence(self) -> Evidence:
        """Return what was typed as the verb takes it."""
        return Evidence(**self.cleaned_data)


class UnitPaperForm(PaperMixin):
    """The plan or the report of a year."""

    year = forms.IntegerField(label="Año", min_value=2000, max_value=2100)
    field_order = ("year",)

    def ask_for(self, kind: str) -> None:
        """A plan ends, and may say its budget."""
        self.fields["year"].initial = timezone.localdate().year
        if kind == UnitPaper.Kind.PLAN:
            self.fields["valid_until"] = day_field("Vigente hasta")
            self.fields["budget_line"] = line_field(
                "Partida presupuestal",
                200,
                required=False,
                help_text="Hace falta para llegar a «Consolidada».",
            )

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        data = super().clean() or {}
        ends, day = data.get("valid_until"), data.get("date")
        if ends and day and ends < day:
            self.add_error("valid_until", "El plan vence después de su fecha.")
        return data

    def paper(self) -> Paper:
        """Return what was typed as the verb takes it."""
        return Paper(**self.cleaned_data)


class RatificationForm(PaperMixin):
    """The oficio by which the new titular lets the unit go on."""


class PlaceForm(forms.Form):
    """Who forms part of the unit, and as what."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Persona",
        help_text="Integrantes activas con adscripción en la dependencia o en un área suya.",
    )
    function = line_field(
        "Función", 80, help_text="Por ejemplo: coordinación, secretaría técnica o vocalía."
    )
    start = day_field("Desde", initial=timezone.localdate, help_text="Hoy o antes.")

    def choose_among(self, unit: GenderUnit) -> None:
        """Offer the people who work in the dependencia and are not in the unit."""
        works_there = Q(
            assignments__end__isnull=True, assignments__department__in=tree.branch(unit.department)
        )
        inside = unit.members.current().values("person")
        field: Any = self.fields["person"]
        field.queryset = (
            Person.objects.members().filter(works_there).exclude(pk__in=inside).distinct()
        )


class ObservationForm(forms.Form):
    """What is missing."""

    text = text_field(
        "Qué hace falta",
        2000,
        help_text="Lo lee el enlace titular en «Mi unidad». No relate ningún caso.",
    )


class UnitReasonForm(forms.Form):
    """Why; it stays in the record."""

    reason = text_field("Motivo", 1000, rows=4, help_text="Queda en el historial.")


class DissolveForm(UnitReasonForm):
    """The document that dissolves it, and who continues it."""

    document = line_field("Documento que la disuelve", 300, help_text="Número, autoridad y fecha.")
    date = day_field("Fecha del documento")
    file = UploadField("Documento escaneado", required=False)
    successor = forms.ModelChoiceField(
        Department.objects.none(),
        label="La continúa",
        required=False,
        empty_label="Ninguna dependencia",
    )
    field_order = ("document", "date", "file", "successor", "reason")

    def about(self, unit: GenderUnit) -> None:
        """Offer the dependencias that exist, without its own."""
        field: Any = self.fields["successor"]
        field.queryset = Department.objects.current().exclude(pk=unit.department_id)

    def ending(self) -> Ending:
        """Return what was typed as the verb takes it."""
        return Ending(**self.cleaned_data)


def rung_words(rung: int) -> str:
    """Return a rung and its name."""
    return f"{rung} · {ladder.WORDS[rung]}"
