"""What a coordinator types at her desk: filters, the list to print, marks, the closing."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from trainings.attending import Change
from trainings.documents import Orientation
from trainings.models import Attendance, Edition, Session

MOST_BLANK_ROWS = 60


class EditionFilterForm(forms.Form):
    """Which ediciones to see."""

    q = forms.CharField(label="Formación o clave", required=False, max_length=100)
    estado = forms.ChoiceField(
        label="Estado", required=False, choices=[("", "Todos"), *Edition.State.choices]
    )


class AttendanceListForm(forms.Form):
    """How to print the list that people sign."""

    sesion = forms.ModelChoiceField(
        label="Sesión",
        queryset=Session.objects.none(),
        to_field_name="number",
        required=False,
        empty_label="Todas las sesiones",
        error_messages={"invalid_choice": "Esa sesión no existe o se canceló."},
    )
    orientacion = forms.ChoiceField(
        label="Orientación",
        required=False,
        choices=[("horizontal", "Horizontal"), ("vertical", "Vertical")],
    )
    renglones = forms.IntegerField(
        label="Renglones en blanco",
        required=False,
        min_value=0,
        max_value=MOST_BLANK_ROWS,
        help_text="Para quienes lleguen sin estar en la lista.",
    )

    def __init__(
        self, data: QueryDict | None, *, sessions: list[Session], edition: Edition
    ) -> None:
        super().__init__(data, initial={"renglones": 5})
        field = cast("forms.ModelChoiceField[Session]", self.fields["sesion"])
        field.queryset = edition.sessions.held()
        self.fields["sesion"].widget.choices = [
            ("", "Todas las sesiones"),
            *((session.number, f"Sesión {session.number}") for session in sessions),
        ]

    @property
    def orientation(self) -> Orientation:
        """The orientation in the words of the document engine."""
        return "portrait" if self.cleaned_data["orientacion"] == "vertical" else "landscape"

    @property
    def blank_rows(self) -> int:
        """How many empty rows follow the last person."""
        asked = self.cleaned_data["renglones"]
        return 5 if asked is None else int(asked)


class MarksForm(forms.Form):
    """The marks of one session as they come from its screen; ``marca-<id>`` and what was in view, ``vista-<id>``."""

    origin = forms.ChoiceField(
        choices=[
            (value, label)
            for value, label in Attendance.Origin.choices
            if value in {Attendance.Origin.SCREEN, Attendance.Origin.PAPER}
        ],
        required=False,
    )
    reason = forms.CharField(
        label="Motivo de la corrección",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the rows: only those whose key is a number and that say what was in view."""
        super().clean()
        changes = []
        for name, value in self.data.items():
            prefix, _, key = name.partition("-")
            if prefix == "marca" and key.isascii() and key.isdigit() and len(key) < 16:
                seen = str(self.data.get(f"vista-{key}", ""))
                changes.append(Change(int(key), str(value), seen))
        self.cleaned_data["changes"] = changes
        return self.cleaned_data

    @property
    def changes(self) -> list[Change]:
        """The rows that were sent."""
        return cast("list[Change]", self.cleaned_data["changes"])


class CloseForm(forms.Form):
    """The press that closes an edición."""

    missing_are_absent = forms.BooleanField(
        label="Confirmo que las marcas que faltan cuentan como falta.", required=False
    )
