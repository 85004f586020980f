"""The trays of the vetting desk, each with how many wait in it."""

import datetime
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from members.models import Application

State = Application.State
DEFAULT_TRAY: Final = "por-atender"
SOON: Final = 5
URGENT: Final = 10
"""Days since it was sent after which a solicitud is pressing."""


def trays(request: HttpRequest) -> dict[str, tuple[str, Q]]:
    """Return the trays by their word in the address, what waits for the Instituto first."""
    waits = Q(state__in=[State.SENT, State.IN_REVIEW])
    long_ago = timezone.now() - datetime.timedelta(days=URGENT)
    return {
        DEFAULT_TRAY: ("Por atender", waits),
        "urgentes": ("Urgentes", waits & Q(sent_at__lt=long_ago)),
        "sin-tomar": (
            "Nadie las revisa",
            Q(state=State.SENT) | Q(state=State.IN_REVIEW, reviewer=None),
        ),
        "mias": (
            "Las que reviso yo",
            Q(state__in=[State.IN_REVIEW, State.NEEDS_INFO], reviewer=request.user.pk),
        ),
        "esperan-respuesta": ("Esperan su respuesta", Q(state=State.NEEDS_INFO)),
        "resueltas": ("Resueltas o cerradas", ~Q(state__in=Application.OPEN)),
        "todas": ("Todas", Q()),
    }


class Queue(admin.SimpleListFilter):
    """What waits for the Instituto, and for me."""

    title = "bandeja"
    parameter_name = "bandeja"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Application]
    ) -> list[tuple[str, str]]:
        """Return the trays with their counters; one query."""
        found = trays(request)
        counted = model_admin.get_queryset(request).aggregate(
            **{
                word.replace("-", "_"): Count("pk", filter=which) if which else Count("pk")
                for word, (_, which) in found.items()
            }
        )
        return [
            (word, f"{name} ({counted[word.replace('-', '_')]})")
            for word, (name, _) in found.items()
        ]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Return the links; the first is where one arrives."""
        for lookup, title in self.lookup_choices:
            asked = None if lookup == DEFAULT_TRAY else str(lookup)
            query = (
                changelist.get_query_string({self.parameter_name: asked})
                if asked
                else changelist.get_query_string(remove=[self.parameter_name])
            )
            yield {"selected": self.value() == asked, "query_string": query, "display": title}

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> QuerySet[Application]:
        """Return the solicitudes of the chosen tray; a search looks in all of them."""
        asked = {"q", "state__exact"} & set(request.GET)
        default = "todas" if asked else DEFAULT_TRAY
        _, chosen = trays(request).get(self.value() or default, ("", Q()))
        return queryset.filter(chosen)
