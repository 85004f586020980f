"""Solicitudes ARCO, her baja, her own corrections, and what she answers when an aviso changes."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from members import privacy
from members.forms.application import PersonForm, check_extension
from members.forms.fields import WARNING, DraftModelForm, helper, text_field
from members.models import Consent, Person, PrivacyRequest

EXPLAINED = (
    (PrivacyRequest.Kind.ACCESS, "Acceso: saber qué datos se tienen y para qué se usan"),
    (PrivacyRequest.Kind.RECTIFICATION, "Rectificación: corregir un dato equivocado o incompleto"),
    (PrivacyRequest.Kind.CANCELLATION, "Cancelación: que se bloqueen y después se borren"),
    (PrivacyRequest.Kind.OPPOSITION, "Oposición: que dejen de usarse para algo en particular"),
)


class PrivacyRequestForm(forms.Form):
    """Which right and what for."""

    kind = forms.ChoiceField(
        label="¿Qué derecho quiere ejercer?",
        choices=[(kind.value, words) for kind, words in EXPLAINED],
        widget=forms.RadioSelect,
    )
    text = text_field(
        "¿Qué pide?",
        2000,
        rows=6,
        help_text="Diga de qué datos se trata. No hace falta que explique por qué.",
    )

    @property
    def helper(self) -> FormHelper:
        """The warning stands before the open text."""
        return helper("kind", WARNING, "text")


class LeaveForm(forms.Form):
    """Why she leaves, if she wants to say it; the box keeps a slip of the finger from being a baja."""

    reason = text_field("Motivo", 500, rows=3, required=False, help_text="Queda en el historial.")
    sure = forms.BooleanField(
        label="Quiero causar baja en la Red",
        error_messages={"required": "Marque la casilla para confirmar su baja."},
    )

    @property
    def helper(self) -> FormHelper:
        """The box last, beside the button."""
        return helper(WARNING, "reason", "sure")


class RenewalForm(forms.Form):
    """Every consent again, unticked: what was given was given under other words."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose in privacy.CHOSEN:
            if purpose != Consent.Purpose.MOBILE or person.mobile:
                label = f"Autorizo: {purpose.label[:1].lower()}{purpose.label[1:]}"
                self.fields[purpose.value] = forms.BooleanField(label=label, required=False)

    @property
    def helper(self) -> FormHelper:
        """Without marks: all are optional and the page says so."""
        made = helper()
        made.hide_marks = True
        return made

    def wanted(self) -> dict[str, bool]:
        """Return her answer to each purpose."""
        return {name: bool(self.cleaned_data.get(name)) for name in self.fields}


class ContactForm(DraftModelForm[Person]):
    """What she corrects by herself, with the normalisers of the solicitud."""

    institutional_email = PersonForm.declared_fields["institutional_email"]
    alternate_email = PersonForm.declared_fields["alternate_email"]
    office_phone = PersonForm.declared_fields["office_phone"]
    extension = PersonForm.declared_fields["extension"]
    mobile = PersonForm.declared_fields["mobile"]

    class Meta:
        model = Person
        fields = (
            "treatment",
            "institutional_email",
            "alternate_email",
            "office_phone",
            "extension",
            "mobile",
        )
        labels = PersonForm.Meta.labels

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["treatment"]
        field.choices = [("", "Ninguno"), *Person.Treatment.choices]
        self.fields["mobile"].help_text = "Solo para avisos, y solo si los autoriza en «Mis datos»."

    def clean(self) -> dict[str, Any]:
        """An extension belongs to a telephone."""
        cleaned = super().clean() or self.cleaned_data
        check_extension(self, cleaned)
        return cleaned
