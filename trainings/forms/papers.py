"""The papers of attendance as they are handed in."""

from django import forms

from red_genero.common import intake
from red_genero.common.text import validate_plain


class SignedListForm(forms.Form):
    """A scan or photo of the list that people signed."""

    file = intake.ReceivedField(
        label="Lista firmada", policy=intake.PAPERS, help_text=intake.PAPERS.help
    )


class ExcuseForm(forms.Form):
    """Why an absence is justified, in few words, and what proves it."""

    reason = forms.CharField(
        label="En qué se apoya",
        max_length=500,
        validators=[validate_plain],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Por ejemplo: oficio de comisión DOP/12/2026. No escriba diagnósticos ni relate casos.",
    )
    file = intake.ReceivedField(
        label="Justificante",
        policy=intake.PAPERS,
        required=False,
        help_text=f"Si lo hay. Cubra antes cualquier dato de salud. {intake.PAPERS.help}",
    )
