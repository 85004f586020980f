"""Filters of the catalogue; they work by URL."""

from django import forms
from django.http import QueryDict

from members.models import ContentArea
from trainings.models import Course, Mode

ANY = ("", "Cualquiera")


class CourseFilter(forms.Form):
    """What to show of the catalogue."""

    q = forms.CharField(
        label="Buscar",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    area = forms.ModelChoiceField(
        label="Área de contenido",
        queryset=ContentArea.objects.all(),
        to_field_name="key",
        required=False,
        empty_label="Todas",
    )
    formato = forms.ChoiceField(
        label="Formato", choices=[ANY, *Course.Format.choices], required=False
    )
    modalidad = forms.ChoiceField(label="Modalidad", choices=[ANY, *Mode.choices], required=False)
    abierta = forms.ChoiceField(
        label="Inscripción",
        choices=[("", "Con o sin fecha"), ("si", "Abierta ahora")],
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, areas: list[ContentArea]) -> None:
        super().__init__(data)
        field = self.fields["area"]
        field.choices = [("", "Todas"), *((area.key, area.name) for area in areas)]  # type: ignore[attr-defined]
