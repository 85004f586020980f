"""Choices of rows in forms, which answer a tampered key with a sentence."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LONGEST_KEY = 18
"""Digits that always fit into the database's integers."""


def is_key(value: Any) -> bool:
    """Whether a value may be the number of a row."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


class Several(forms.ModelMultipleChoiceField[Any]):
    """A choice of several rows that refuses numbers beyond the database's."""

    def clean(self, value: Any) -> Any:
        """Say that what cannot be a row is none of the choices."""
        for each in value or ():
            if str(each).isdigit() and not is_key(each):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(each)[:40]},
                )
        return super().clean(value)
