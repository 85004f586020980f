"""What she adds when she enrols: her jefatura's address, adjustments and care needs, never a diagnosis."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms

from red_genero.common.text import validate_plain
from trainings.models import Enrollment


def _address(label: str, help_text: str, *, required: bool = True) -> forms.EmailField:
    """Return the field of an address that is not hers."""
    return forms.EmailField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class EnrollmentForm(forms.ModelForm[Enrollment]):
    """Two optional texts that only the coordination reads and, where it is asked for, whom to ask."""

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

    def __init__(
        self,
        *args: Any,
        button: str = "Inscribirme",
        asks_manager: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.button = button
        self.asks_manager = asks_manager
        for field in self.fields.values():
            field.validators.append(validate_plain)
        if asks_manager:
            self.fields["manager_email"] = _address(
                "Correo institucional de su jefatura",
                "Le pediremos su visto bueno por correo; no necesita cuenta. Solo verá su nombre, su "
                "dependencia y la formación.",
            )
            self.fields["substitute_email"] = _address(
                "Correo de quien suple a su jefatura",
                "Le preguntaremos si en tres días no hay respuesta.",
                required=False,
            )

    @property
    def helper(self) -> FormHelper:
        """The layout, made for each request."""
        made = FormHelper()
        managers = ("manager_email", "substitute_email") if self.asks_manager else ()
        made.layout = Layout(
            *managers,
            "adjustments",
            "care_needs",
            HTML('{% include "components/_not_a_mailbox.html" %}'),
            Submit("", self.button, css_class="btn-lg"),
        )
        return made
