"""What staff and coordinators type at the board of an edición: whom, why, where to, and messages."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from members.models import Person
from red_genero.common.text import normalise_email, validate_plain
from trainings import messaging
from trainings.models import Edition, Enrollment, Waiver

MOST_NOMINATED = 40
MOST_AT_ONCE = 300
WHOLE = (
    Enrollment.State.CONFIRMED,
    Enrollment.State.OFFERED,
    Enrollment.State.WAITING,
    Enrollment.State.REQUESTED,
)
LONGEST_KEY = 18
REASON = "Lo lee cada persona a quien se avisa. No relate casos ni datos de otras personas."


def person_with(address: str) -> Person | None:
    """Return the person of an account or institutional address."""
    people = Person.objects.select_related("user")
    found = people.filter(user__email=address).first()
    return found or people.filter(institutional_email=address).first()


def text_area(rows: int = 3) -> forms.Textarea:
    """Return the box of a short text."""
    return forms.Textarea(attrs={"rows": rows, "cols": 60})


class DeskForm(forms.Form):
    """Drawn inside the form of its page, which has the buttons."""

    @property
    def helper(self) -> FormHelper:
        """The layout, made for each request."""
        made = FormHelper()
        made.form_tag = False
        made.disable_csrf = True
        return made


class WhyForm(DeskForm):
    """Why something is decided for somebody else."""

    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        widget=text_area(),
        help_text=REASON,
        validators=[validate_plain],
    )


class DeclineForm(WhyForm):
    """Why a jefatura does not give its visto bueno; she who asked reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.help_text = (
            "Lo leerá quien pidió inscribirse. No relate casos ni datos de otras personas."
        )
        reason.error_messages["required"] = "Escriba el motivo."


class HowApprovedForm(WhyForm):
    """How a jefatura gave its visto bueno without the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Cómo se dio el visto bueno"
        self.fields[
            "reason"
        ].help_text = "Por ejemplo: oficio DOP/12/2026, o llamada del 3 de mayo."


class EditionChoice(forms.ModelChoiceField[Edition]):
    """A select of ediciones that says which run is which."""

    def label_from_instance(self, obj: Any) -> str:
        """Return course, dates and key."""
        return f"{obj.course.title}, {obj.dates} ({obj.key.upper()})"


class MoveForm(WhyForm):
    """To which edición, and whether somebody who loses her seat agreed to wait."""

    target = EditionChoice(label="Edición de destino", queryset=Edition.objects.none())
    may_wait = forms.BooleanField(
        label="Si no hay lugar o falta el visto bueno, aceptan dejar el suyo y esperar",
        required=False,
    )
    past_window = forms.BooleanField(
        label="Dispensar las fechas de inscripción de la edición de destino", required=False
    )
    field_order = ("target", "reason", "may_wait", "past_window")

    def __init__(self, *args: Any, editions: Iterable[Edition] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [edition.pk for edition in editions]
        field = self.fields["target"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Edition.objects.filter(pk__in=keys).select_related("course")


class EnrolForm(DeskForm):
    """Whom staff enrols, and what is waived, with its reason."""

    email = forms.EmailField(
        label="Correo de su cuenta o institucional",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    manager_email = forms.EmailField(
        label="Correo de su jefatura",
        required=False,
        help_text="Solo si la edición pide visto bueno y se le va a preguntar por correo.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    waived = forms.MultipleChoiceField(
        label="Qué se dispensa",
        choices=Waiver.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="El cupo nunca se dispensa: sin lugar libre entra a la lista de espera.",
    )
    waiver_reason = forms.CharField(
        label="Motivo de la dispensa",
        required=False,
        max_length=500,
        widget=text_area(2),
        help_text="Obligatorio si se dispensa algo; queda en el historial.",
        validators=[validate_plain],
    )

    def clean_email(self) -> Person:
        """Find the person."""
        person = person_with(normalise_email(self.cleaned_data["email"]))
        if person is None:
            raise ValidationError(
                "Ninguna persona del portal tiene ese correo. Revíselo o pídale que envíe su solicitud.",
                code="unknown_person",
            )
        return person

    def clean(self) -> dict[str, Any]:
        """A waiver and its reason come together."""
        data = super().clean() or self.cleaned_data
        if data.get("waived") and not str(data.get("waiver_reason", "")).strip():
            self.add_error("waiver_reason", "Escriba por qué se dispensa.")
        if data.get("waiver_reason") and not data.get("waived"):
            self.add_error("waived", "Marque qué se dispensa.")
        return data


class NominateForm(DeskForm):
    """Several women of a dependencia, one address per line, and the paper that puts them forward."""

    emails = forms.CharField(
        label="Correos de las personas propuestas",
        max_length=8000,
        widget=text_area(6),
        help_text=f"Uno por renglón, hasta {MOST_NOMINATED}. El de su cuenta o el institucional.",
    )
    reason = forms.CharField(
        label="Oficio o motivo",
        max_length=300,
        help_text="Por ejemplo: oficio DOP/12/2026 de la Dirección de Obras Públicas.",
        validators=[validate_plain],
    )

    def clean_emails(self) -> list[Person]:
        """Find every person; say all that was not found, so that one corrects once."""
        typed = self.cleaned_data["emails"].replace(",", "\n").replace(";", "\n").split()
        addresses = list(dict.fromkeys(normalise_email(each) for each in typed))
        if len(addresses) > MOST_NOMINATED:
            raise ValidationError(
                f"Son {len(addresses)} correos; registre hasta {MOST_NOMINATED} a la vez.",
                code="too_many",
            )
        people, errors = [], []
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                errors.append(ValidationError(f"«{address[:80]}» no es un correo.", code="invalid"))
                continue
            person = person_with(address)
            if person is None:
                sentence = f"Ninguna persona del portal tiene el correo {address}."
                errors.append(ValidationError(sentence, code="unknown_person"))
            else:
                people.append(person)
        if errors:
            raise ValidationError(errors)
        return people


class GroupMessageForm(DeskForm):
    """To which groups and what."""

    groups = forms.MultipleChoiceField(
        label="A quiénes",
        choices=[(group, messaging.WORDS[group]) for group in messaging.GROUPS],
        widget=forms.CheckboxSelectMultiple,
        initial=[Enrollment.State.CONFIRMED],
    )
    text = forms.CharField(
        label="Aviso",
        max_length=3000,
        widget=text_area(8),
        validators=[validate_plain],
        help_text="Cada persona lo recibe por separado, con un asunto que no dice de qué trata. "
        "No incluya datos de otras personas ni relate casos.",
    )


class SendForm(GroupMessageForm):
    """The same, seen and confirmed: the mark of the preview lets it leave once."""

    press = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)


class Marked(forms.ModelMultipleChoiceField[Enrollment]):
    """The marked rows; what is no key at all is refused before any row is looked for."""

    def clean(self, value: Any) -> Any:
        """Refuse a mark that no row could have."""
        for mark in value or ():
            if not str(mark).isdecimal() or len(str(mark)) > LONGEST_KEY:
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class SeatsForm(forms.Form):
    """Which rows of the board a verb is about: marked ones, and whole lists, whoever a page shows of them."""

    seat = Marked(
        queryset=Enrollment.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "Alguna de las personas marcadas ya no está en esta edición.",
        },
    )
    lista = forms.MultipleChoiceField(
        choices=[(state.value, state.label) for state in WHOLE],
        required=False,
        error_messages={"invalid_choice": "Esa lista no está en el tablero."},
    )
    despues = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10**LONGEST_KEY,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Marque de nuevo."),
    )

    def __init__(self, *args: Any, edition: Edition, whole: bool, **kwargs: Any) -> None:
        """``whole`` is whether the lists are still to be read; a press names its people one by one."""
        super().__init__(*args, **kwargs)
        self.edition, self.whole = edition, whole
        self.seats: list[Enrollment] = []
        self.last = 0
        field = self.fields["seat"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = edition.enrollments.select_related("person__user")

    def clean(self) -> dict[str, Any]:
        """Find whom one press is about: the marked, then the lists by arrival, up to the most."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        self.last = data["despues"] or 0
        chosen = {seat.pk: seat for seat in data["seat"]}
        if len(chosen) > MOST_AT_ONCE:
            raise ValidationError(f"Marque hasta {MOST_AT_ONCE} personas a la vez.", code="many")
        for seat in self._listed()[: MOST_AT_ONCE - len(chosen)] if self.whole else ():
            chosen.setdefault(seat.pk, seat)
            self.last = seat.pk
        self.seats = list(chosen.values())
        for seat in self.seats:
            seat.edition = self.edition
        if not self.seats:
            raise ValidationError("Marque al menos a una persona.", code="required")
        return data

    @property
    def said(self) -> str:
        """Every refusal in one line."""
        return " ".join(str(each) for errors in self.errors.values() for each in errors)

    @property
    def later(self) -> int:
        """How many of the lists are left for another press."""
        return self._listed().count() if self.is_valid() and self.cleaned_data["lista"] else 0

    def _listed(self) -> models.QuerySet[Enrollment]:
        """Those of the lists marked whole that come after the last one taken."""
        listed = self.edition.enrollments.filter(
            state__in=self.cleaned_data["lista"], pk__gt=self.last
        )
        return listed.select_related("person__user").order_by("pk")
