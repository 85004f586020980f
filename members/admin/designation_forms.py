"""What Validación is asked when it moves a letter or a designation."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from members import requesting, tree
from members.forms.fields import line_field
from members.forms.liaison import OficioForm, UploadField, day_field
from members.models import Department, LiaisonRole, Person


class LetterForm(forms.Form):
    """To whom the Instituto writes."""

    role = forms.ChoiceField(label="Puesto", choices=LiaisonRole.choices)
    addressee = line_field(
        "A quién se dirige", 120, help_text="Nombre completo, con su trato: «Mtra. Ana Ruiz»."
    )
    addressee_position = line_field("Su cargo", 160)
    addressee_email = forms.EmailField(
        label="Su correo", required=False, help_text="Si lo escribe, el oficio se le envía."
    )
    copies = forms.CharField(
        label="Con copia para",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Una persona y su cargo por renglón.",
    )
    answer_days = forms.IntegerField(
        label="Días hábiles para responder",
        initial=requesting.ANSWER_DAYS,
        min_value=1,
        max_value=60,
    )


class NamingForm(OficioForm):
    """Whom the oficio designates, for a post already known."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Persona designada",
        help_text="Integrantes activas con adscripción en la dependencia o en un área suya.",
    )
    field_order: tuple[str, ...] = ("person",)

    def choose_among(self, department: Department) -> None:
        """Offer the people who work in the dependencia."""
        works_there = Q(
            assignments__end__isnull=True, assignments__department__in=tree.branch(department)
        )
        field: Any = self.fields["person"]
        field.queryset = Person.objects.members().filter(works_there).distinct()


class NominationForm(NamingForm):
    """Whom the oficio designates, and for which post."""

    role = forms.ChoiceField(label="Puesto", choices=LiaisonRole.choices)
    field_order = ("role", "person")


class AnswerForm(forms.Form):
    """An answer that designates nobody."""

    number = line_field("Número del oficio de respuesta", 60)
    date = day_field("Fecha de la respuesta")
    file = UploadField("Respuesta escaneada")


class ReasonForm(forms.Form):
    """Why; it stays in the record."""

    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Queda en el historial y ella lo lee. No relate ningún caso.",
    )


class ValidationForm(forms.Form):
    """From when, and whether somebody leaves the post."""

    start = day_field(
        "En funciones desde", initial=timezone.localdate, help_text="Hoy o una fecha futura."
    )
    replacing = forms.BooleanField(
        label="Sustituye a quien hoy tiene el puesto",
        required=False,
        help_text="Esa persona deja el puesto el mismo día y se le avisa.",
    )
