"""Forms about enlaces: her proposal, her answer, the oficio, the date of the coverage board."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.designating import Oficio
from members.forms.fields import helper, line_field
from members.models import Department, LiaisonRole, Person
from red_genero.common import intake


class DayInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        error_messages={"invalid": "Escriba una fecha completa, por ejemplo 22/11/2026."},
        **kwargs,
    )


def sum_field() -> forms.BooleanField:
    """Return the switch that reads former dependencias together with the one that continues them."""
    return forms.BooleanField(
        label="Sumar lo de las dependencias anteriores en la que hoy las continúa",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        required=False,
    )


class UploadField(intake.ReceivedField):
    """A scanned paper; its content is looked at, not its name."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, policy=intake.PAPERS, **kwargs)


class OficioForm(forms.Form):
    """The oficio by which a titular designates."""

    number = line_field("Número de oficio", 60, help_text="Como aparece en el documento.")
    date = day_field("Fecha del oficio")
    file = UploadField("Oficio escaneado")
    last_day = day_field(
        "Último día del encargo", required=False, help_text="Solo si el oficio lo dice."
    )
    titular = line_field(
        "Nombre y cargo de quien lo firma", 120, required=False, help_text="La titularidad."
    )
    titular_email = forms.EmailField(
        label="Correo de la titularidad",
        required=False,
        help_text="Para avisarle antes de que termine el encargo.",
    )

    @property
    def helper(self) -> FormHelper:
        """Fields only: the page writes the <form>."""
        return helper()

    def clean_date(self) -> datetime.date:
        """It was signed already."""
        day: datetime.date = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError("La fecha del oficio no puede ser futura.", code="future")
        return day

    def oficio(self) -> Oficio:
        """Return what was typed as the verbs take it."""
        names = ("number", "date", "file", "last_day", "titular", "titular_email")
        return Oficio(**{name: self.cleaned_data[name] for name in names})


class ProposalForm(forms.Form):
    """For which post she offers herself."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="Dependencia",
        to_field_name="key",
        empty_label=None,
        error_messages={"invalid_choice": "Elija una de la lista."},
    )
    role = forms.ChoiceField(label="Puesto", choices=LiaisonRole.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [department.pk for department in departments]
        field: Any = self.fields["department"]
        field.queryset = Department.objects.filter(pk__in=keys).order_by("name")

    @property
    def helper(self) -> FormHelper:
        """Fields only."""
        return helper()


class NameForm(forms.Form):
    """Who reads her name as enlace."""

    show_name = forms.ChoiceField(
        label="¿Quién puede leer su nombre como enlace?",
        choices=Person.Visibility.choices,
        initial=Person.Visibility.NOBODY,
        widget=forms.RadioSelect,
        help_text="La página de su dependencia dice que hay enlace; su nombre, solo a quien usted elija.",
    )

    @property
    def helper(self) -> FormHelper:
        """Without marks: the default is the most closed."""
        made = helper()
        made.hide_marks = True
        return made


class CoverageForm(forms.Form):
    """The day of the board, by URL, and whether former dependencias are read together with their successor."""

    fecha = day_field("Ver la cobertura de este día", required=False)
    sumar = sum_field()

    def clean_fecha(self) -> datetime.date | None:
        """Nobody knows tomorrow's."""
        day: datetime.date | None = self.cleaned_data["fecha"]
        if day and day > timezone.localdate():
            raise ValidationError("Elija hoy o una fecha que ya pasó.", code="future")
        return day

    def day(self) -> datetime.date:
        """Return the day to read; today when nothing is said, or when what was typed is no day."""
        chosen = self.cleaned_data.get("fecha") if self.is_valid() else None
        return chosen or timezone.localdate()

    def summed(self) -> bool:
        """Return whether former dependencias are counted in their successor."""
        return self.is_valid() and bool(self.cleaned_data["sumar"])
