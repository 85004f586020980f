"""QuerySets that every app builds on."""

from typing import Any, Self, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
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


def viewable_types(user: Any) -> models.QuerySet[ContentType]:
    """Return the content types whose rows this account may view; asks nothing of the database by itself."""
    viewable = models.Q(pk__in=[])
    for config in apps.get_app_configs():
        names = [
            options.model_name
            for model in config.get_models()
            if user.has_perm(f"{(options := model._meta).app_label}.view_{options.model_name}")
        ]
        viewable |= models.Q(app_label=config.label, model__in=names)
    return ContentType.objects.filter(viewable)
