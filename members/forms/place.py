"""Where somebody works, as the personnel writes it on her behalf."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from members import normalising
from members.forms.fields import TypedField, line_field
from members.membership import Place
from members.models import Appointment, Department, Level


class PlaceForm(forms.Form):
    """Dependencia, área, cargo, nivel and appointment."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label="Dependencia", empty_label="Elija la dependencia"
    )
    area = line_field("Área o unidad administrativa", 160, required=False)
    position = line_field("Cargo o puesto", 160)
    level = forms.ChoiceField(
        label="Nivel de responsabilidad", choices=[("", "Elija el nivel"), *Level.choices]
    )
    appointment = forms.ChoiceField(
        label="Tipo de nombramiento",
        choices=[("", "Sin dato"), *Appointment.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.current()  # type: ignore[attr-defined]


def place_of(data: Mapping[str, Any]) -> Place:
    """Return the place that a valid form holds."""
    return Place(
        data["department"], data["position"], data["level"], data["area"], data["appointment"]
    )


class ReasonedPlaceForm(PlaceForm):
    """A place, from when, and why."""

    start = forms.DateField(
        label="Desde",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Hoy o un día anterior, después de que empezó la actual.",
    )
    reason = TypedField(
        normalising.normalise_paragraphs,
        label="Motivo o documento",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text="Por ejemplo: oficio DRH/120/2026. Queda en el historial. No relate ningún caso.",
    )


class ReadmissionForm(ReasonedPlaceForm):
    """Reingreso is from today on."""

    start = None  # type: ignore[assignment]
