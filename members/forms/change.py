"""What she asks to be changed: her name, her cargo, her dependencia."""

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset
from django import forms

from members.forms.fields import WARNING, helper, line_field, name_field, text_field
from members.forms.liaison import day_field
from members.forms.workplace import DepartmentForm, PositionForm
from members.models import Appointment, ChangeRequest, Level, Person
from red_genero.common import intake

PROOF: Final = "Identificación, acta u oficio donde conste. Solo lo ve quien revisa."


class Proof(forms.Form):
    """What every request may bring: an explanation and the paper that backs it."""

    note = text_field("Explicación", 1000, rows=3, required=False)
    file = intake.ReceivedField(
        label="Documento que lo acredita",
        policy=intake.PAPERS,
        required=False,
        help_text=f"{PROOF} {intake.PAPERS.help}",
    )

    def wanted(self) -> dict[str, Any]:
        """Return the columns that she asks for, as the verb takes them."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"note", "file"} and value is not None
        }


class NameChangeForm(Proof):
    """Her name as it must be from now on."""

    given_names = name_field("Nombre(s)", 100, "given-name")
    first_surname = name_field("Primer apellido", 100, "family-name")
    second_surname = name_field("Segundo apellido", 100, "additional-name", required=False)
    certificate_name = name_field(
        "Nombre para la constancia",
        120,
        "off",
        required=False,
        help_text="Solo si quiere que se imprima distinto en las constancias nuevas.",
    )

    def __init__(self, data: Any = None, files: Any = None, *, person: Person) -> None:
        now = {name: getattr(person, name) for name in ChangeRequest.NAME_FIELDS}
        super().__init__(data, files, initial=now)

    @property
    def helper(self) -> FormHelper:
        """The name, then what backs it."""
        return helper(*ChangeRequest.NAME_FIELDS, WARNING, "note", "file")


class PostChangeForm(Proof):
    """Her new cargo in the same dependencia."""

    area = line_field("Área o unidad administrativa", 160)
    position = line_field("Cargo o puesto", 160, help_text="Como aparece en su nombramiento.")
    level = forms.ChoiceField(
        label="Nivel de responsabilidad", choices=Level.choices, widget=forms.RadioSelect
    )
    appointment = forms.ChoiceField(
        label="Tipo de nombramiento",
        choices=[("", "Prefiero no indicarlo"), *Appointment.choices],
        required=False,
    )
    effective_on = day_field(
        "Desde", required=False, help_text="La fecha de su nombramiento. Si la deja vacía, hoy."
    )

    def __init__(self, data: Any = None, files: Any = None, *, person: Person) -> None:
        post = person.assignments.open().first()
        names = ChangeRequest.POST_FIELDS
        now = {name: getattr(post, name) for name in names} if post else {}
        super().__init__(data, files, initial=now)

    @property
    def helper(self) -> FormHelper:
        """The post, then what backs it."""
        return helper(*ChangeRequest.POST_FIELDS, "effective_on", WARNING, "note", "file")


class DepartmentChangeForm(DepartmentForm):
    """Readscripción: where she works now, since when, with which cargo."""

    area = line_field("Área o unidad administrativa", 160)
    position = PositionForm.declared_fields["position"]
    level = PositionForm.declared_fields["level"]
    appointment = PositionForm.declared_fields["appointment"]
    effective_on = day_field(
        "Desde", help_text="El primer día en la nueva dependencia, como dice su oficio."
    )
    note = Proof.declared_fields["note"]
    file = Proof.declared_fields["file"]

    class Meta:
        model = ChangeRequest
        fields = (
            "department",
            "department_other",
            "area",
            "position",
            "level",
            "appointment",
            "effective_on",
        )

    wanted = Proof.wanted

    @property
    def helper(self) -> FormHelper:
        """The place, the post there, then what backs it."""
        return helper(
            Fieldset(
                "Su nueva dependencia", "department", "department_other", css_class="field-group"
            ),
            Fieldset(
                "Su puesto ahí",
                *ChangeRequest.POST_FIELDS,
                "effective_on",
                css_class="field-group",
            ),
            WARNING,
            "note",
            "file",
        )
