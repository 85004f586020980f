"""Forms of the directory and of what she lets others see."""

import datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import tree
from members.forms.fields import helper
from members.forms.liaison import day_field, sum_field
from members.models import Assignment, ContentArea, Department, Level, Person
from red_genero.common.choices import Several
from red_genero.common.text import fold


class DayForm(forms.Form):
    """Which day is read, by URL; today when nothing is said."""

    al = day_field("Como estaba el día", required=False)

    def clean_al(self) -> datetime.date | None:
        """Nobody knows tomorrow's."""
        day: datetime.date | None = self.cleaned_data["al"]
        if day and day > timezone.localdate():
            raise ValidationError("Elija hoy o una fecha que ya pasó.", code="future")
        return day

    def day(self) -> datetime.date:
        """Return the day to read; today when what was typed is no day."""
        chosen = self.cleaned_data.get("al") if self.is_valid() else None
        return chosen or timezone.localdate()


class DepartmentDayForm(DayForm):
    """The day of the page of a dependencia, and whether it is counted together with those that it continues."""

    sumar = sum_field()

    def summed(self) -> bool:
        """Return whether they are counted together."""
        return self.is_valid() and bool(self.cleaned_data["sumar"])


class DepartmentSearchForm(DayForm):
    """Find a dependencia by part of its name or its acronym, also one it had before."""

    q = forms.CharField(label="Buscar dependencia", max_length=100, required=False)
    field_order = ("q", "al")

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
    nivel = forms.ChoiceField(
        label="Nivel", choices=[("", "Todos"), *Level.choices], required=False
    )
    tema = forms.ModelChoiceField(
        ContentArea.objects.all(),
        label="Área de interés",
        to_field_name="key",
        required=False,
        empty_label="Todas",
        error_messages={"invalid_choice": "Esa área no está en el catálogo."},
    )

    orienta = forms.ModelChoiceField(
        ContentArea.objects.all(),
        label="Puede orientar en",
        to_field_name="key",
        required=False,
        empty_label="Cualquier área",
        error_messages={"invalid_choice": "Esa área no está en el catálogo."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the dependencias of who appears, with those above; any other may still come in the address."""
        super().__init__(*args, **kwargs)
        chosen = Department.objects.filter(key=str(self.data.get("dependencia", ""))[:60])
        listed = Assignment.objects.open().filter(person__in=Person.objects.listed())
        keys = tree.with_above(listed.order_by().values_list("department", flat=True).distinct())
        offered = Department.objects.current().filter(pk__in=keys) | chosen
        names = offered.order_by("name").values_list("key", "name")
        field: Any = self.fields["dependencia"]
        field.choices = [("", "Todas"), *names]


class VisibilityForm(forms.ModelForm[Person]):
    """Quién puede ver qué."""

    class Meta:
        model = Person
        fields = (
            "show_in_directory",
            "show_email",
            "show_phone",
            "show_level",
            "show_interests",
            "guides_in",
            "accepts_contact",
        )
        labels: ClassVar[dict[str, str]] = {
            "show_in_directory": "Aparecer en el directorio interno",
            "show_email": "Quién ve su correo institucional",
            "show_phone": "Quién ve su teléfono de oficina",
            "show_level": "Que otras integrantes vean mi nivel de responsabilidad",
            "show_interests": "Que otras integrantes vean mis temas de interés",
            "guides_in": "Puedo orientar a otras integrantes en",
            "accepts_contact": "Recibir solicitudes de contacto por el portal",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "guides_in": "Lo que marque aparece con su nombre en el directorio interno. Orientar no es atender casos.",
            "accepts_contact": "Quien le escribe no ve su correo. Si lo desactiva, lo que espere respuesta se cierra sin aviso.",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "show_email": forms.RadioSelect,
            "show_phone": forms.RadioSelect,
            "guides_in": forms.CheckboxSelectMultiple,
        }
        field_classes: ClassVar[dict[str, Any]] = {"guides_in": Several}

    @property
    def helper(self) -> FormHelper:
        """Without marks: every choice has a closed default."""
        made = helper()
        made.hide_marks = True
        return made
