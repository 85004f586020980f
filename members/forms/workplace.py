"""Where she works, page by page of the solicitud: dependencia, then área and puesto."""

import re
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from members import areas
from members.forms.fields import DraftModelForm, helper, line_field
from members.models import Application, Appointment, Department, Level


class DepartmentRadios(forms.ModelChoiceField[Department]):
    """The dependencias found, each with where it belongs."""

    def label_from_instance(self, obj: Department) -> str:
        """«Dirección de Mercados — Coordinación General de…»."""
        return f"{obj} — {obj.parent}" if obj.parent else str(obj)


class DepartmentForm(DraftModelForm[Application]):
    """Dependencia: one of those found by the search, or «otra» in her words."""

    department = DepartmentRadios(
        Department.objects.none(),
        label="Elija la suya",
        required=False,
        blank=True,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Elija una dependencia de la lista, o escriba la suya."},
    )
    department_other = line_field(
        "Otra dependencia u organismo",
        160,
        required=False,
        help_text="Solo si no aparece en la búsqueda. Escríbala completa, sin siglas; el Instituto "
        "la busca en su catálogo.",
    )

    class Meta:
        model = Application
        fields = ("department", "department_other")

    def __init__(
        self, *args: Any, found: Sequence[int] = (), lenient: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, lenient=lenient, **kwargs)
        self._offer({*found, *self._already_chosen()})

    @property
    def helper(self) -> FormHelper:
        """Without marks: one of the two is enough, and the page says so."""
        made = helper()
        made.hide_marks = True
        return made

    def clean(self) -> dict[str, Any]:
        """One of both, never both."""
        cleaned = super().clean() or self.cleaned_data
        chosen, other = cleaned.get("department"), cleaned.get("department_other")
        if chosen:
            cleaned["department_other"] = ""
        elif not other and not self.lenient and not self.errors:
            self.add_error(
                "department_other" if self.fields["department"].widget.is_hidden else "department",
                ValidationError(
                    "Busque y elija su dependencia; si no aparece, escríbala abajo.",
                    "department_missing",
                ),
            )
        return cleaned

    def save(self, commit: bool = True) -> Application:
        """Another dependencia has other áreas: the one she had chosen goes."""
        application = super().save(commit=commit)
        if application.unit and application.unit not in areas.of(application.department):
            application.unit, application.area = None, ""
            application.save(update_fields=["unit", "area"])
        return application

    def _already_chosen(self) -> set[int]:
        """Return what the draft holds and what was just pressed: they stay among the choices."""
        pressed = str(self.data.get("department", "")) if self.is_bound else ""
        chosen = {int(pressed)} if re.fullmatch(r"[0-9]{1,18}", pressed) else set()
        return chosen | ({self.instance.department_id} if self.instance.department_id else set())

    def _offer(self, wanted: set[int]) -> None:
        """Offer those dependencias, and the way out after them."""
        departments = Department.objects.current().filter(pk__in=wanted).select_related("parent")
        field: Any = self.fields["department"]
        field.queryset = departments.order_by("name")
        choices = list(field.choices)
        if choices:
            field.choices = [*choices, ("", "No está en la lista: la escribo abajo")]
        else:
            field.widget = forms.HiddenInput()


class PositionForm(DraftModelForm[Application]):
    """Puesto: área, cargo, nivel y nombramiento; the área is one of the catalogue, or «otra» in her words."""

    unit = forms.ModelChoiceField(
        Department.objects.none(),
        label="Área o unidad administrativa",
        required=False,
        blank=True,
        empty_label="Otra: la escribo abajo",
        error_messages={"invalid_choice": "Elija un área de la lista, o escriba la suya."},
    )
    area = line_field(
        "Área o unidad administrativa", 160, help_text="Por ejemplo: Unidad de Planeación."
    )
    position = line_field("Cargo o puesto", 160, help_text="Como aparece en su nombramiento.")
    level = forms.ChoiceField(
        label="Nivel de responsabilidad", choices=Level.choices, widget=forms.RadioSelect
    )
    appointment = forms.ChoiceField(
        label="Tipo de nombramiento",
        choices=[("", "Prefiero no indicarlo"), *Appointment.choices],
        required=False,
    )

    class Meta:
        model = Application
        fields = ("unit", "area", "position", "level", "appointment")

    def __init__(self, *args: Any, lenient: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, lenient=lenient, **kwargs)
        units = areas.of(self.instance.department)
        if not units.exists():
            del self.fields["unit"]
            return
        field: Any = self.fields["unit"]
        field.queryset = units
        area = self.fields["area"]
        area.label, area.required = "Otra área", False
        area.help_text = "Solo si no está en la lista; el Instituto la revisa."
        if self.instance.unit_id:
            self.initial["area"] = ""

    def clean(self) -> dict[str, Any]:
        """One of both: what she chose gives its name."""
        cleaned = super().clean() or self.cleaned_data
        if "unit" not in self.fields:
            return cleaned
        if cleaned.get("unit"):
            cleaned["area"] = cleaned["unit"].name
        elif not cleaned.get("area") and not self.lenient and "area" not in self.errors:
            self.add_error("unit", ValidationError("Elija su área o escríbala.", "area_missing"))
        return cleaned
