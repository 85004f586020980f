"""The code of the room as she types it, and what staff types or scans at the door."""

from django import forms


class RoomCodeForm(forms.Form):
    """What the screen of the room shows."""

    code = forms.CharField(
        label="Código que se muestra en la sala",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ScanForm(forms.Form):
    """Whom to register: the number beside a code, a folio of integrante, or part of the name."""

    who = forms.CharField(
        label="Código, folio o nombre",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="El número junto al código de la lista o del gafete, INT-2026-0042, o parte del nombre.",
    )
