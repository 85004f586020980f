"""Forms of the directory and of what she lets others see."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from members.forms.fields import (
    helper,
)
from members.models import Department, Person
from red_genero.common.text import fold


class DepartmentSearchForm(forms.Form):
    """Find a dependencia by part of its name or its acronym."""

    q = forms.CharField(label="Buscar dependencia", max_length=100, required=False)

    def words(self) -> str:
        """Return what was typed, or nothing when it cannot be a name."""
        return fold(self.cleaned_data["q"]) if self.is_valid() else ""


class MemberFilterForm(forms.Form):
    """Filters of the list of integrantes, by URL."""

    q = forms.CharField(label="Nombre", max_length=100, required=False)
    dependencia = forms.ModelChoiceField(
        Department.objects.current(),
        label="Dependencia",
        to_field_name="key",
        required=False,
        empty_label="Todas",
        error_messages={"invalid_choice": "Esa dependencia no está en el directorio."},
    )


class VisibilityForm(forms.ModelForm[Person]):
    """Quién puede ver qué."""

    class Meta:
        model = Person
        fields = ("show_in_directory", "show_email", "show_phone")
        labels: ClassVar[dict[str, str]] = {
            "show_in_directory": "Aparecer en el directorio interno",
            "show_email": "Quién ve su correo institucional",
            "show_phone": "Quién ve su teléfono de oficina",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "show_email": forms.RadioSelect,
            "show_phone": forms.RadioSelect,
        }

    @property
    def helper(self) -> FormHelper:
        """Without marks: every choice has a closed default."""
        made = helper()
        made.hide_marks = True
        return made
