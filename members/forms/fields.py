"""Fields made even by the normalisers, and the page of a draft."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.db import models

from members import normalising
from red_genero.common.text import format_phone, normalise_phone

M = TypeVar("M", bound=models.Model)

WARNING = HTML('{% include "components/_not_a_mailbox.html" %}')


class TypedField(forms.CharField):
    """A text made even by one of the normalisers; what they refuse, the field refuses."""

    def __init__(self, normalise: Callable[[str], str], **kwargs: Any) -> None:
        self.normalise = normalise
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Normalise what was typed."""
        text = super().to_python(value) or ""
        return self.normalise(text) if text and "\x00" not in text else text


class PhoneField(TypedField):
    """A telephone, understood as people write it and shown in groups."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(normalise_phone, max_length=30, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show ten digits as ``33 1234 5678``; what was typed wrong, as it was typed."""
        return format_phone(value) if isinstance(value, str) and value.isdecimal() else value


def helper(*layout: Any) -> FormHelper:
    """Return a crispy helper whose <form> and buttons are written in the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if layout:
        made.layout = Layout(*layout)
    return made


class DraftModelForm(forms.ModelForm[M], Generic[M]):
    """One page of the draft: saves only its own columns; ``lenient`` lets required ones wait."""

    def __init__(self, *args: Any, lenient: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lenient = lenient

    def full_clean(self) -> None:
        """Let what is required be missing when lenient; its label still says that it is required."""
        waiting = [field for field in self.fields.values() if self.lenient and field.required]
        for field in waiting:
            field.required = False
        super().full_clean()
        for field in waiting:
            field.required = True

    @property
    def helper(self) -> FormHelper:
        """The layout of the page."""
        return helper()

    def save(self, commit: bool = True) -> M:
        """Write the columns of this page."""
        columns = {field.name for field in self.instance._meta.concrete_fields}
        touched = [name for name in self.fields if name in columns]
        touched += [name for name in ("search_key", "name_key", "sort_name") if name in columns]
        self.instance.save(update_fields=touched)
        return self.instance


def line_field(label: str, size: int, **kwargs: Any) -> TypedField:
    """Return a one-line field."""
    return TypedField(normalising.normalise_line, label=label, max_length=size, **kwargs)


def name_field(label: str, size: int, autocomplete: str, **kwargs: Any) -> TypedField:
    """Return a field for a name."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return TypedField(
        normalising.normalise_name, label=label, max_length=size, widget=widget, **kwargs
    )


def mail_field(label: str, autocomplete: str, **kwargs: Any) -> TypedField:
    """Return a field for an address."""
    attrs = {"autocomplete": autocomplete, "inputmode": "email", "autocapitalize": "none"}
    return TypedField(
        normalising.normalise_mail,
        label=label,
        max_length=254,
        widget=forms.TextInput(attrs=attrs),
        **kwargs,
    )


def phone_field(label: str, autocomplete: str, **kwargs: Any) -> PhoneField:
    """Return a field for a telephone."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "inputmode": "tel"})
    return PhoneField(label=label, widget=widget, **kwargs)


def text_field(label: str, size: int, rows: int = 5, **kwargs: Any) -> TypedField:
    """Return a field of several lines."""
    return TypedField(
        normalising.normalise_paragraphs,
        label=label,
        max_length=size,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )
