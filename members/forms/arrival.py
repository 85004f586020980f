"""What the personnel writes to invite, register or import people."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from members import duplicates, normalising
from members.forms.application import PersonForm
from members.forms.fields import TypedField, mail_field, name_field
from members.forms.place import PlaceForm
from members.models import Person
from red_genero.common.intake.words import REFUSALS

COLUMNS: Final = (
    "given_names",
    "first_surname",
    "second_surname",
    "treatment",
    "institutional_email",
    "alternate_email",
    "office_phone",
    "extension",
    "mobile",
    "employee_number",
)
"""What may be registered of somebody in her absence: nothing for statistics, no consent."""


class InvitationForm(forms.Form):
    """To whom to write."""

    email = mail_field("Correo institucional", "off")
    name = name_field("Nombre", 200, "off", required=False, help_text="Para saludarla. Opcional.")


class RegistrationForm(PlaceForm):
    """An integrante on her behalf."""

    given_names = PersonForm.declared_fields["given_names"]
    first_surname = PersonForm.declared_fields["first_surname"]
    second_surname = PersonForm.declared_fields["second_surname"]
    treatment = forms.ChoiceField(
        label="Trato", choices=[("", "Ninguno"), *Person.Treatment.choices], required=False
    )
    institutional_email = mail_field(
        "Correo institucional", "off", help_text="Con este correo entrará al portal."
    )
    alternate_email = mail_field("Correo alterno", "off", required=False)
    office_phone = PersonForm.declared_fields["office_phone"]
    extension = PersonForm.declared_fields["extension"]
    mobile = PersonForm.declared_fields["mobile"]
    employee_number = PersonForm.declared_fields["employee_number"]
    since = forms.DateField(
        label="Integrante desde",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Si ya pertenecía a la Red. Vacío: hoy.",
    )

    field_order = (*COLUMNS, "department", "area", "position", "level", "appointment", "since")

    def person_data(self) -> dict[str, Any]:
        """Return the columns of a person."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


class OneRegistrationForm(RegistrationForm):
    """One person, with the reason, and a warning when somebody looks like her."""

    reason = TypedField(
        normalising.normalise_paragraphs,
        label="Motivo o documento",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Por ejemplo: lista firmada de la sesión del 3 de marzo. Queda en el historial.",
    )
    somebody_else = forms.BooleanField(
        label="Es otra persona", required=False, help_text="Márquelo si se advierte un parecido."
    )
    write = forms.BooleanField(
        label="Avisarle por correo cómo entrar", required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        """Say who looks like her before there are two of one."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned.get("somebody_else"):
            return cleaned
        if alike := duplicates.of(Person(**self.person_data())):
            who = "; ".join(f"{each.person}: {each.why}" for each in alike)
            raise ValidationError(
                "Se parece a %(who)s Si es otra persona, márquelo y repita.",
                code="alike",
                params={"who": who},
            )
        return cleaned


class ImportForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="Archivo",
        error_messages={"empty": REFUSALS["file_empty"]},
        help_text="XLSX o CSV en UTF-8, hasta 2 MB y 3,000 renglones, con los títulos de la plantilla. "
        "Se registran hasta 300 personas nuevas a la vez.",
    )


class Matches(TextChoices):
    """What to do about rows that look like somebody."""

    STOP = "revisar", "Detener y revisar"
    CREATE = "crear", "Son otras personas: registrarlas"


class ApplyImportForm(forms.Form):
    """How to apply what was read."""

    matches = forms.ChoiceField(
        label="Renglones que se parecen a alguien",
        choices=Matches.choices,
        initial=Matches.STOP,
        widget=forms.RadioSelect,
    )
    write = forms.BooleanField(
        label="Avisar por correo a cada una cómo entrar",
        required=False,
        help_text="Sin marcar no sale ningún correo; puede escribirles después desde «Invitaciones».",
    )
