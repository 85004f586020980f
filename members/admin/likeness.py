"""People who look alike, shown wherever somebody is vetted: by what, and what was found out."""

from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from members import duplicates
from members.admin.application_forms import DistinctForm
from members.admin.designation import acting
from members.models import Person
from red_genero.common.admin import Verb, VerbAdmin

M = TypeVar("M", bound=models.Model)


class Likenesses(VerbAdmin[M]):
    """Rows about a person, with whoever may be the same one."""

    def person_of(self, row: Any) -> Person:
        """Return whom the row is about."""
        raise NotImplementedError

    def verb_form(self, made: Verb, request: HttpRequest, row: M) -> forms.Form | None:
        """Offer the people who look like her."""
        form = super().verb_form(made, request, row)
        if isinstance(form, DistinctForm):
            form.choose_among(duplicates.open_for(self.person_of(row)))
        return form

    def dismiss(self, request: HttpRequest, row: M, data: dict[str, Any]) -> str:
        """Note that two people are not the same."""
        person = self.person_of(row)
        known = {str(each.person.pk): each.person for each in duplicates.of(person)}
        if data["other"] not in known:
            raise ValidationError("Elija a la persona de la lista.", code="not_alike")
        other = known[data["other"]]
        duplicates.dismiss(person, other, note=data["note"], by=acting(request))
        return f"Se anotó que {person} y {other} son personas distintas."

    @admin.display(description="se parece a")
    def alike(self, row: M) -> str:
        """Who, by what, and how to settle it."""
        found = duplicates.of(self.person_of(row))
        if not found:
            return "A nadie que el portal conozca."
        return format_html_join("", "<div>{}</div>", ((self._line(row, each),) for each in found))

    def _line(self, row: M, like: duplicates.Likeness) -> str:
        """Return one likeness with its links."""
        other = like.person
        page = reverse("admin:members_person_change", args=[other.pk])
        member = getattr(other, "member", None)
        folio = f" · integrante {member.folio}" if member else ""
        if like.dismissed:
            words = '<a href="{}">{}</a>{}: {} Descartada: «{}»'
            return format_html(words, page, other, folio, like.why, like.dismissed)
        merge = reverse("admin:members_person_merge", args=[self.person_of(row).pk])
        words = (
            '⚠ <a href="{}">{}</a>{}: {} <a href="{}?con={}">Comparar y fusionar</a> (Dirección).'
        )
        return format_html(words, page, other, folio, like.why, merge, other.pk)
