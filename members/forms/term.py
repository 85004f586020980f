"""Forms of the change of government: what is read of its tasks, and why a handover is asked for."""

from crispy_forms.helper import FormHelper
from django import forms

from members.forms.fields import helper, line_field
from members.models import TermTask
from red_genero.common.text import fold


class TaskFilterForm(forms.Form):
    """Filters of the tasks, by URL."""

    estado = forms.ChoiceField(
        label="Estado", choices=[("", "Todos"), *TermTask.State.choices], required=False
    )
    q = forms.CharField(label="Dependencia", max_length=100, required=False)

    def state(self) -> str:
        """Return the chosen state, or nothing when what was typed is none."""
        return str(self.cleaned_data["estado"]) if self.is_valid() else ""

    def words(self) -> str:
        """Return what was typed of a name."""
        return fold(self.cleaned_data["q"]) if self.is_valid() else ""


class HandoverForm(forms.Form):
    """For what the pack is asked."""

    purpose = line_field(
        "Para qué se pide",
        200,
        help_text="Por ejemplo: «Entrega-recepción de la administración 2024–2027». Queda anotado.",
    )

    @property
    def helper(self) -> FormHelper:
        """Fields only."""
        return helper()
