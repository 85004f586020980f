"""Her answer to a question of the Instituto, with papers."""

from crispy_forms.helper import FormHelper
from django import forms

from members.forms.fields import WARNING, helper, text_field
from red_genero.common import intake


def _paper(label: str) -> intake.ReceivedField:
    return intake.ReceivedField(
        label=label,
        policy=intake.PAPERS,
        required=False,
        help_text=f"{intake.PAPERS.help} No envíe documentos de casos.",
    )


class AnswerForm(forms.Form):
    """Her answer to a question of the Instituto."""

    text = text_field("Su respuesta", 4000, rows=7)
    file_1 = _paper("Archivo")
    file_2 = _paper("Segundo archivo")
    file_3 = _paper("Tercer archivo")

    @property
    def helper(self) -> FormHelper:
        """The warning stands before the open text."""
        return helper(WARNING, "text", "file_1", "file_2", "file_3")

    def papers(self) -> list[intake.Received]:
        """Return the files that came, in order."""
        names = ("file_1", "file_2", "file_3")
        return [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]
