"""The pages of the solicitud about herself and what she does, and her consents."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError

from members import normalising
from members.forms.fields import (
    WARNING,
    DraftModelForm,
    TypedField,
    helper,
    line_field,
    mail_field,
    name_field,
    phone_field,
    text_field,
)
from members.models import Application, ContentArea, Person


class PersonForm(DraftModelForm[Person]):
    """Quién es."""

    given_names = name_field(
        "Nombre(s)", 100, "given-name", help_text="Con sus acentos y mayúsculas."
    )
    first_surname = name_field("Primer apellido", 100, "family-name")
    second_surname = name_field("Segundo apellido", 100, "additional-name", required=False)
    certificate_name = name_field(
        "Nombre para la constancia",
        120,
        "off",
        required=False,
        help_text="Solo si quiere que se imprima distinto. Si lo deja vacío se usan los anteriores.",
    )
    institutional_email = mail_field("Correo institucional", "email")
    alternate_email = mail_field(
        "Correo alterno",
        "off",
        required=False,
        help_text="Para no perder el acceso si cambia de adscripción. Solo lo ve el personal autorizado "
        "del Instituto.",
    )
    office_phone = phone_field("Teléfono de oficina", "tel", help_text="10 dígitos.")
    extension = line_field(
        "Extensión",
        6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    mobile = phone_field(
        "Teléfono celular",
        "off",
        help_text="Solo para avisos, y solo si lo autoriza al final.",
    )
    employee_number = TypedField(
        normalising.normalise_employee_number,
        label="Número de empleada",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Sirve para no repetir su registro.",
    )

    class Meta:
        model = Person
        fields = (
            "given_names",
            "first_surname",
            "second_surname",
            "treatment",
            "certificate_name",
            "institutional_email",
            "alternate_email",
            "office_phone",
            "extension",
            "mobile",
            "employee_number",
        )
        labels: ClassVar[dict[str, str]] = {"treatment": "Trato o tratamiento"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["treatment"].choices = [("", "Ninguno"), *Person.Treatment.choices]  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        """Name, then how to reach her at work."""
        return helper(
            Fieldset(
                "Su nombre",
                "given_names",
                "first_surname",
                "second_surname",
                "treatment",
                "certificate_name",
                css_class="field-group",
            ),
            Fieldset(
                "Cómo comunicarnos con usted",
                "institutional_email",
                "alternate_email",
                "office_phone",
                "extension",
                "mobile",
                "employee_number",
                css_class="field-group",
            ),
        )

    def clean(self) -> dict[str, Any]:
        """An extension belongs to a telephone."""
        cleaned = super().clean() or self.cleaned_data
        check_extension(self, cleaned)
        return cleaned


def check_extension(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Ask for the telephone of an extension."""
    alone = cleaned.get("extension") and not cleaned.get("office_phone")
    if alone and "office_phone" not in form.errors:
        form.add_error(
            "office_phone", ValidationError("Escriba el teléfono de esa extensión.", "no_phone")
        )


class WorkForm(DraftModelForm[Application]):
    """Qué hace: what she designs or implements, why she wants to join, what interests her."""

    policy_work = text_field(
        "¿Qué políticas, programas o acciones diseña o implementa?",
        1000,
        help_text="Dos o tres renglones bastan.",
    )
    motivation = text_field("Motivo para integrarse", 1000, required=False)
    interests = forms.ModelMultipleChoiceField(
        ContentArea.objects.all(),
        to_field_name="key",
        label="Temas de interés",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    prior_training = text_field("Formación previa en género", 2000, rows=3, required=False)

    class Meta:
        model = Application
        fields = ("policy_work", "motivation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.person
        self.initial.setdefault("interests", list(person.interests.all()))
        self.initial.setdefault("prior_training", person.prior_training)

    @property
    def helper(self) -> FormHelper:
        """The warning stands before the open texts."""
        return helper(WARNING, "policy_work", "motivation", "interests", "prior_training")

    def save(self, commit: bool = True) -> Application:
        """Write the solicitud's columns and the person's."""
        application = super().save(commit=commit)
        person = application.person
        person.prior_training = self.cleaned_data["prior_training"]
        person.save(update_fields=["prior_training"])
        person.interests.set(self.cleaned_data["interests"])
        return application


class StatisticsForm(DraftModelForm[Person]):
    """Para la estadística: everything optional, shown only in totals."""

    gender_text = line_field(
        "Con sus palabras", 60, required=False, help_text="Si respondió «Otra»."
    )

    class Meta:
        model = Person
        fields = ("schooling", "gender", "gender_text", "age_range")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("schooling", "gender", "age_range"):
            field = self.fields[name]
            field.choices = [("", "Sin respuesta"), *list(field.choices)[1:]]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Own words go with «Otra» only."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("gender") != Person.Gender.OTHER:
            cleaned["gender_text"] = ""
        return cleaned


class ConsentForm(forms.Form):
    """The separate consents of the last page; none is ticked and none is a condition."""

    directory = forms.BooleanField(
        label="Autorizo aparecer en el directorio interno",
        required=False,
        help_text="Otras integrantes verán su nombre, dependencia, área y cargo. Su correo y su "
        "teléfono siguen ocultos hasta que usted los muestre en «Mis datos».",
    )
    mobile = forms.BooleanField(
        label="Autorizo recibir avisos en mi celular",
        required=False,
        help_text="Solo avisos de la Red, al número que escribió.",
    )
    image = forms.BooleanField(
        label="Autorizo que me tomen fotografías en actividades de la Red",
        required=False,
        help_text="No es condición para inscribirse a ninguna actividad.",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.mobile:
            del self.fields["mobile"]

    @property
    def helper(self) -> FormHelper:
        """Without marks: all are optional and the page says so."""
        made = helper()
        made.hide_marks = True
        return made

    def chosen(self) -> dict[str, bool]:
        """Return every consent as the verb takes it."""
        names = ("directory", "mobile", "image")
        return {name: bool(self.cleaned_data.get(name)) for name in names}
