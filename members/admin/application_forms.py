"""What staff writes when it presses a button of a solicitud."""

from typing import Final

from django import forms
from django.db.models import Q

from members import areas
from members.duplicates import Likeness
from members.forms.fields import line_field
from members.models import Application, Department, RejectionReason, User

NO_CASES: Final = "No pida que relate casos ni datos de salud. Ella leerá este texto."


class QuestionForm(forms.Form):
    """What to ask her."""

    question = forms.CharField(
        label="Pregunta",
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        help_text=NO_CASES,
    )


class RejectionForm(forms.Form):
    """Why not, in words that she reads."""

    reason = forms.ModelChoiceField(
        RejectionReason.objects.filter(active=True), label="Motivo", empty_label="Elija un motivo"
    )
    text = forms.CharField(
        label="Texto para la solicitante",
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        help_text="Explique la decisión y qué puede hacer. Ella leerá este texto.",
    )


class DepartmentForm(forms.Form):
    """The dependencia of the catalogue."""

    department = forms.ModelChoiceField(
        Department.objects.current(), label="Dependencia", empty_label="Elija la dependencia"
    )


class AreaForm(forms.Form):
    """The área of the catalogue, or what she wrote, corrected."""

    unit = forms.ModelChoiceField(
        Department.objects.none(),
        label="Área del catálogo",
        required=False,
        empty_label="No está en el catálogo",
    )
    area = line_field(
        "Área, corregida",
        160,
        required=False,
        help_text="Solo si no está en el catálogo. Lo que se escribió antes queda en el historial.",
    )

    def choose_for(self, application: Application) -> None:
        """Offer what exists in her dependencia, and begin with what is written."""
        self.fields["unit"].queryset = areas.of(application.department)  # type: ignore[attr-defined]
        self.initial = {
            "unit": application.unit,
            "area": "" if application.unit else application.area,
        }


class ReviewerForm(forms.Form):
    """Who will review it."""

    to = forms.ModelChoiceField(
        User.objects.filter(is_active=True, is_staff=True)
        .filter(
            Q(is_superuser=True)
            | Q(groups__permissions__codename="review_application")
            | Q(user_permissions__codename="review_application")
        )
        .select_related("person")
        .distinct(),
        label="Turnar a",
        empty_label="Elija a la persona",
    )


class NoteForm(forms.Form):
    """What the personnel tells itself."""

    text = forms.CharField(
        label="Nota",
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 5}),
        help_text="Solo la lee el personal; la solicitante, nunca. No relate ningún caso.",
    )


class WithdrawalForm(forms.Form):
    """How it is known that she takes it back."""

    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 4}),
        help_text="Por ejemplo: lo pidió por teléfono el 3 de diciembre. Queda en el historial.",
    )


class DistinctForm(forms.Form):
    """Who is somebody else, and how that is known."""

    other = forms.ChoiceField(label="Persona parecida")
    note = forms.CharField(
        label="Cómo se sabe",
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 4}),
        help_text="Por ejemplo: son homónimas; trabajan en dependencias distintas.",
    )

    def choose_among(self, found: list[Likeness]) -> None:
        """Offer those that nobody has dismissed."""
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (str(each.person.pk), f"{each.person}: {each.why}") for each in found
        ]
