"""The search of a list of rows about a person: her name as people type it, or the row's folio."""

from typing import TypeVar

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from members.models import Person

M = TypeVar("M", bound=models.Model)


class FolioOrName(admin.ModelAdmin[M]):
    """Finds by folio, name or employee number; case and accents do not matter."""

    search_fields = ("folio",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Search folios and people."""
        if not search_term.strip():
            return queryset, False
        people = Person.objects.search(search_term)
        found = Q(folio__icontains=search_term.strip()) | Q(person__in=people)
        return queryset.filter(found), False
