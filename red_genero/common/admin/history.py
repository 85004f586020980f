"""Every value that a row had: who changed what, and when."""

from collections.abc import Iterator
from typing import Any, TypedDict, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import display_for_field, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from red_genero.common.admin.tolerant import Tolerant
from red_genero.common.choices import is_key

M = TypeVar("M", bound=models.Model)

VERSIONS_SHOWN = 50
NOTHING = "—"
GONE = "(ya no existe)"
KINDS = {"+": "Alta", "~": "Cambio", "-": "Baja"}


class Change(TypedDict):
    """One column that changed."""

    field: str
    old: str
    new: str


class Version(TypedDict):
    """One writing of the row, in words."""

    when: Any
    who: str
    kind: str
    why: str
    changes: list[Change]


class HistoryAdmin(Tolerant[M], admin.ModelAdmin[M]):
    """An admin whose «Historial» tells the values of a model that keeps them; nothing is written there."""

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[M], *more: Any
    ) -> HttpResponse | None:
        """Refuse an action over what cannot be a row."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if all(is_key(each) for each in chosen):
            return super().response_action(request, queryset, *more)
        self.message_user(request, "Algo de lo elegido no existe. Elija de nuevo.", messages.ERROR)
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the versions, newest first; Django's own page when the model keeps none."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        kept = getattr(self.model, "history", None)
        if kept is None:
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_or_change_permission(request, row):
            raise Http404
        records = kept.filter(**{self.model._meta.pk.attname: row.pk}).select_related(
            "history_user__person"
        )
        page = Paginator(records, VERSIONS_SHOWN).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Historial",
            "subtitle": str(row),
            "opts": self.model._meta,
            "row": row,
            "page_obj": page,
            "versions": list(_versions(self.model, list(page))),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/versions.html", context)


def _versions(model: type[models.Model], records: list[Any]) -> Iterator[Version]:
    """Put each version beside the one before it."""
    for at, record in enumerate(records):
        before = records[at + 1] if at + 1 < len(records) else record.prev_record
        user = record.history_user
        yield {
            "when": record.history_date,
            "who": str(user) if user else "Portal",
            "kind": KINDS[record.history_type],
            "why": record.history_change_reason or "",
            "changes": list(_changes(model, record, before)) if before else [],
        }


def _changes(model: type[models.Model], record: Any, before: Any) -> Iterator[Change]:
    """Return the columns that differ, with their values as people read them."""
    for change in record.diff_against(before, foreign_keys_are_objs=True).changes:
        column = model._meta.get_field(change.field)
        yield {
            "field": str(getattr(column, "verbose_name", change.field)),
            "old": _shown(change.old, column),
            "new": _shown(change.new, column),
        }


def _shown(value: Any, column: Any) -> str:
    """Return a value in words."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if column.is_relation and not isinstance(value, models.Model):
        return NOTHING if value.pk is None else GONE
    if column.is_relation or isinstance(column, models.FileField):
        return str(value)
    return str(display_for_field(value, column, NOTHING))
