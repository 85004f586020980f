"""The button that makes an edición again, with its dates shown before the press."""

import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html

from red_genero.common.admin import Verb, VerbAdmin, verb
from trainings import cloning
from trainings.admin.acting import acting
from trainings.models import Edition


class CloneForm(forms.Form):
    """When the copy begins and how it is called."""

    starts_on = forms.DateField(
        label="Inicia",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Todas las fechas se recorren los mismos días; los horarios no cambian.",
    )
    key = forms.SlugField(
        label="Clave", max_length=40, help_text="Aparece en la dirección de la página."
    )
    with_team = forms.BooleanField(
        label="Conservar facilitadoras y coordinadoras",
        required=False,
        help_text="Las inscripciones y la asistencia no se copian nunca.",
    )


class CloningAdmin(VerbAdmin[Edition]):
    """An admin of ediciones that can be cloned."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the button after those that move the edición itself."""
        super().__init_subclass__(**kwargs)
        cls.verbs = {**{name: made for name, made in cls.verbs.items() if name != "clone"}, "clone": cls.verbs["clone"]}  # fmt: skip

    @verb("Clonar", permission="trainings.add_edition", form=CloneForm)
    def clone(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Make the copy as a draft."""
        made = cloning.clone(row, by=acting(request), **data)
        page = reverse("admin:trainings_edition_change", args=[made.pk])
        sentence = (
            'Se creó la edición <a href="{}">{}</a> como borrador: revísela antes de publicarla.'
        )
        return format_html(sentence, page, made.key)

    def verb_form(self, made: Verb, request: HttpRequest, row: Edition) -> forms.Form | None:
        """Propose when it begins and its clave."""
        form = super().verb_form(made, request, row)
        if made.name == "clone" and form is not None and not form.is_bound:
            day = _asked_day(request, row)
            form.initial = {"starts_on": day, "key": cloning.free_key(row, day)}
        return form

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: Edition, form: forms.Form | None
    ) -> str:
        """Show the dates as they would be, and what to look at."""
        if made.name != "clone":
            return super().verb_preview(made, request, row, form)
        typed = form["starts_on"].value() if form is not None else None
        day = typed if isinstance(typed, datetime.date) else _read(str(typed or ""))
        context = {
            "source": row,
            "copy": cloning.preview(row, starts_on=day) if day else None,
            "day": day,
        }
        return render_to_string("admin/trainings/clone_preview.html", context, request)


def _asked_day(request: HttpRequest, row: Edition) -> datetime.date:
    """Return the day typed in the address, or the one to propose."""
    return _read(request.GET.get("starts_on", "")) or cloning.first_day(row)


def _read(typed: str) -> datetime.date | None:
    """Return a day of this century that dates can be moved to."""
    try:
        day = parse_date(typed)
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2100 else None
