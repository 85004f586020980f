"""Fields of the administration that answer a tampered key with a sentence; Django's own fail on it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.http import HttpRequest

from red_genero.common.choices import Several, is_key

M = TypeVar("M", bound=models.Model)


class Autocomplete(AutocompleteSelect):
    """Draws again what was chosen, if it can be the number of a row."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Leave out what is no key at all."""
        return super().optgroups(name, [each for each in value if not each or is_key(each)], attr)


class AutocompleteMultiple(AutocompleteSelectMultiple):
    """The same for several."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Leave out what is no key at all."""
        return super().optgroups(name, [each for each in value if not each or is_key(each)], attr)


class Tolerant(BaseModelAdmin[M]):
    """Uses the fields above; for admins and for the rows inside them."""

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        """Search by typing, with the tolerant field."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        """Search by typing, with the tolerant fields."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteMultiple(db_field, self.admin_site))
        kwargs.setdefault("form_class", Several)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
