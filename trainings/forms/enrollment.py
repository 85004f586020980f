"""What she may add when she enrols: adjustments and care needs, never a diagnosis."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms

from red_genero.common.text import validate_plain
from trainings.models import Enrollment


class EnrollmentForm(forms.ModelForm[Enrollment]):
    """Two optional texts that only the coordination of the edición reads."""

    class Meta:
        model = Enrollment
        fields = ("adjustments", "care_needs")
        labels = {
            "adjustments": "Ajustes que necesita para participar",
            "care_needs": "Cuidados u horario",
        }
        help_texts = {
            "adjustments": "El ajuste, no el diagnóstico: por ejemplo intérprete de Lengua de Señas "
            "Mexicana, letra grande o acceso sin escalones.",
            "care_needs": "Por ejemplo espacio de lactancia o salir antes de las 18:00 por cuidados.",
        }
        widgets = {
            "adjustments": forms.Textarea(attrs={"rows": 3}),
            "care_needs": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, button: str = "Inscribirme", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = button
        for field in self.fields.values():
            field.validators.append(validate_plain)

    @property
    def helper(self) -> FormHelper:
        """The layout, made for each request."""
        made = FormHelper()
        made.layout = Layout(
            "adjustments",
            "care_needs",
            HTML('{% include "components/_not_a_mailbox.html" %}'),
            Submit("", self.button, css_class="btn-lg"),
        )
        return made
