"""QuerySets that every app builds on."""

from typing import Self, TypeVar

from django.db import models

from red_genero.common.text import fold

M = TypeVar("M", bound=models.Model)


class Searchable(models.QuerySet[M]):
    """Search in the folded column ``search_key``, the same on both databases."""

    def search(self, typed: str) -> Self:
        """Return the rows that hold every typed word, ignoring case, accents and ñ."""
        found = self
        for word in fold(typed[:200]).split():
            found = found.filter(search_key__contains=word)
        return found
