"""What a coordinator types at her desk: filters, the list to print, marks, the closing."""

import datetime
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from members.models import Person
from red_genero.common.text import normalise_email, validate_plain
from trainings.arriving import WAIVABLE
from trainings.documents import Orientation
from trainings.forms.desk import person_with
from trainings.models import Attendance, Edition, Session
from trainings.rolls import Change

MOST_BLANK_ROWS = 60
MOST_SENT = 500
ROW: Final = re.compile(r"v?[0-9]{1,15}")


def change_of(row: str, mark: str, seen: str, **sent: Any) -> Change:
    """Return the change of a row named «12», or «v7» for somebody without inscripción."""
    return Change(int(row.removeprefix("v")), mark, seen, walk_in=row.startswith("v"), **sent)


@dataclass(frozen=True, slots=True)
class SentMarks:
    """What a device sends by itself: its marks, and whether they come from a code that it read."""

    changes: list[Change]
    origin: str

    @classmethod
    def read(cls, body: bytes) -> "SentMarks":
        """Return what was sent; raises ValueError, TypeError or KeyError when it is something else."""
        data = json.loads(body)
        marks = data["marks"]
        if not isinstance(marks, list) or len(marks) > MOST_SENT:
            raise ValueError("marks")
        from_code = data.get("origin") == Attendance.Origin.QR
        origin = Attendance.Origin.QR if from_code else Attendance.Origin.SCREEN
        return cls([_sent(each) for each in marks], origin)


def _sent(each: dict[str, str]) -> Change:
    row, mark, seen = each["row"], each["mark"], each["seen"]
    if not ROW.fullmatch(row) or not isinstance(mark, str) or not isinstance(seen, str):
        raise ValueError("row")
    at = datetime.datetime.fromisoformat(each["at"])
    if at.tzinfo is None:
        raise ValueError("at")
    return change_of(row, mark, seen, key=uuid.UUID(each["id"]), at=at)


class WalkInForm(forms.Form):
    """Who came without being on the list."""

    name = forms.CharField(
        label="Nombre completo",
        max_length=120,
        validators=[validate_plain],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    department = forms.CharField(
        label="Dependencia que dice",
        max_length=160,
        required=False,
        validators=[validate_plain],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(label="Motivo", max_length=500, required=False)

    def __init__(self, *args: Any, closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if closed:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class LinkForm(forms.Form):
    """With whom somebody written down by name is linked, and why."""

    email = forms.EmailField(
        label="Correo de su cuenta o institucional",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Cómo se comprobó que es la misma persona",
        max_length=500,
        validators=[validate_plain],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    waived = forms.MultipleChoiceField(
        label="Qué se dispensa",
        choices=[(each.value, each.label) for each in WAIVABLE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Solo si no tiene inscripción y le falta algo. El cupo nunca se dispensa.",
    )
    waiver_reason = forms.CharField(
        label="Motivo de la dispensa",
        required=False,
        max_length=500,
        validators=[validate_plain],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Obligatorio si se dispensa algo; queda en el historial.",
    )

    def clean_email(self) -> Person:
        """Return the person of that address."""
        found = person_with(normalise_email(self.cleaned_data["email"]))
        if found is None:
            raise ValidationError("No hay ninguna persona con ese correo.", code="unknown_person")
        return found

    def clean(self) -> dict[str, Any]:
        """A waiver and its reason come together."""
        data = super().clean() or self.cleaned_data
        if data.get("waived") and not str(data.get("waiver_reason", "")).strip():
            self.add_error("waiver_reason", "Escriba por qué se dispensa.")
        if data.get("waiver_reason") and not data.get("waived"):
            self.add_error("waived", "Marque qué se dispensa.")
        return data


class UnlinkForm(forms.Form):
    """Why a link is undone."""

    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        validators=[validate_plain],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


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
    contacto = forms.BooleanField(
        label="Con teléfono y correo",
        required=False,
        help_text="Solo si hace falta: queda anotado y la lista no debe dejarse a la vista.",
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
            if prefix == "marca" and ROW.fullmatch(key):
                seen = str(self.data.get(f"vista-{key}", ""))
                changes.append(change_of(key, str(value), seen))
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
