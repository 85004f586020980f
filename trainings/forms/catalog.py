"""Filters of the catalogue and of its calendar; they work by URL."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from members.models import ContentArea
from trainings.models import Course, Mode
from trainings.months import Month

ANY: Final = ("", "Cualquiera")
MONTHS_OFFERED: Final = 12


class MonthField(forms.TypedChoiceField):
    """A month: the next ones are offered, any other is understood by URL."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=Month.read, empty_value=None, **kwargs)

    def offer(self, typed: str) -> None:
        """Offer the next months, and the typed one when it is another."""
        ahead = [Month.current().moved(number) for number in range(MONTHS_OFFERED)]
        other = Month.read(typed)
        months = sorted({*ahead, other} if other else ahead)
        self.choices = [ANY, *((str(month), month.words.capitalize()) for month in months)]


class CalendarFilter(forms.Form):
    """Which part of the catalogue the calendar tells of."""

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

    def __init__(self, data: QueryDict | None, *, areas: Sequence[ContentArea]) -> None:
        super().__init__(data)
        self.areas = {area.key: area for area in areas}
        field = self.fields["area"]
        field.choices = [("", "Todas"), *((area.key, area.name) for area in areas)]  # type: ignore[attr-defined]


class CourseFilter(CalendarFilter):
    """What to show of the catalogue."""

    q = forms.CharField(
        label="Buscar",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    mes = MonthField(label="Mes", required=False)
    abierta = forms.ChoiceField(
        label="Inscripción",
        choices=[("", "Con o sin fecha"), ("si", "Abierta ahora"), ("cupo", "Abierta y con cupo")],
        required=False,
    )
    field_order = ("q", "area", "formato", "modalidad", "mes", "abierta")

    def __init__(self, data: QueryDict | None, *, areas: Sequence[ContentArea]) -> None:
        super().__init__(data, areas=areas)
        month = self.fields["mes"]
        if isinstance(month, MonthField):
            month.offer(self.data.get("mes", ""))
