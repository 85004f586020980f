"""Solicitudes de contacto: the short message, and what she shares when she answers."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from members.forms.fields import WARNING, helper, text_field
from members.models import ContactRequest, Person


class ContactMessageForm(forms.Form):
    """Why she wants to be in contact; one short text."""

    message = text_field(
        "¿Para qué quiere comunicarse?",
        ContactRequest.LONGEST,
        rows=5,
        min_length=ContactRequest.SHORTEST,
        help_text=f"De {ContactRequest.SHORTEST} a {ContactRequest.LONGEST} caracteres.",
        error_messages={
            "min_length": "Cuente en una o dos frases para qué quiere el contacto.",
        },
    )

    @property
    def helper(self) -> FormHelper:
        """The warning stands before the open text."""
        return helper(WARNING, "message")


class SharingForm(forms.Form):
    """What she shares with who wrote: only what she has, and nothing is ticked."""

    email = forms.BooleanField(required=False)
    phone = forms.BooleanField(required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {
            "email": ("Mi correo institucional", person.institutional_email),
            "phone": ("Mi teléfono de oficina", person.office_phone_text),
        }
        for name, (label, value) in held.items():
            if value:
                self.fields[name].label = f"{label}: {value}"
            else:
                del self.fields[name]

    @property
    def helper(self) -> FormHelper:
        """Fields only."""
        made = helper()
        made.hide_marks = True
        return made

    def clean(self) -> dict[str, Any]:
        """To share nothing is to decline."""
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("email") or cleaned.get("phone")):
            raise ValidationError(
                "Elija qué comparte. Si no quiere compartir nada, decline.", code="nothing_shared"
            )
        return cleaned
