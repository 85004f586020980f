"""Who read which list of people in the administration, and for what."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse

from red_genero.common.models import AccessLog

M = TypeVar("M", bound=models.Model)


class PeopleAdmin(admin.ModelAdmin[M]):
    """An admin whose list shows people: each reading leaves a line with its purpose."""

    reading_purpose: ClassVar[str]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list and write down who read it, with the filters in force and how many people it held."""
        answer = super().changelist_view(request, extra_context)
        shown = getattr(answer, "context_data", None) or {}
        rows = len(shown["cl"].result_list) if request.method == "GET" and "cl" in shown else 0
        if rows and request.user.pk is not None:
            filters = f" ({request.GET.urlencode()})" if request.GET else ""
            AccessLog.objects.create(
                user_id=request.user.pk,
                what=f"{self.opts.verbose_name_plural}{filters}".capitalize()[:200],
                purpose=self.reading_purpose,
                rows=rows,
            )
        return answer
