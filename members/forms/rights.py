"""Solicitudes ARCO, her baja, and what she answers when an aviso changes."""

from crispy_forms.helper import FormHelper
from django import forms

from members.forms.fields import WARNING, helper, text_field
from members.models import PrivacyRequest

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

    reason = text_field(
        "Motivo", 500, rows=3, required=False, help_text="Opcional. Queda en el historial."
    )
    sure = forms.BooleanField(
        label="Quiero causar baja en la Red",
        error_messages={"required": "Marque la casilla para confirmar su baja."},
    )

    @property
    def helper(self) -> FormHelper:
        """The box last, beside the button."""
        return helper(WARNING, "reason", "sure")
