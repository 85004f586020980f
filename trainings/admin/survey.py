"""The questions that surveys ask; frozen once somebody has answered, then a new version."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from red_genero.common.admin import VerbAdmin, verb
from trainings import surveying
from trainings.forms.survey import QuestionFormSet
from trainings.models import Question, QuestionSet


class QuestionInline(admin.StackedInline[Question, QuestionSet]):
    """The questions, inside their set."""

    model = Question
    formset = QuestionFormSet
    extra = 1
    fields = ("order", "text", "kind", "options", "right")

    def has_add_permission(self, request: HttpRequest, obj: QuestionSet | None = None) -> bool:
        """Not once it is frozen."""
        return _editable(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: QuestionSet | None = None) -> bool:
        """Not once it is frozen."""
        return _editable(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: QuestionSet | None = None) -> bool:
        """Not once it is frozen."""
        return _editable(obj) and super().has_delete_permission(request, obj)


@admin.register(QuestionSet)
class QuestionSetAdmin(VerbAdmin[QuestionSet]):
    """Sets of questions and their versions."""

    inlines = (QuestionInline,)
    list_display = ("title", "purpose", "version", "frozen")
    list_filter = ("purpose", "frozen")
    search_fields = ("title",)
    fields = ("title", "purpose", "version", "frozen")
    readonly_fields = ("version", "frozen")

    def has_change_permission(self, request: HttpRequest, obj: QuestionSet | None = None) -> bool:
        """What was asked stays as it was asked."""
        return _editable(obj) and super().has_change_permission(request, obj)

    @verb(
        "Hacer una versión nueva",
        permission="trainings.change_questionset",
        question="Se copian sus preguntas en un cuestionario que puede editarse. El de ahora y sus respuestas no cambian.",
    )
    def renew(self, request: HttpRequest, row: QuestionSet, data: dict[str, Any]) -> str:
        """Copy it."""
        made = surveying.new_version(row)
        page = reverse("admin:trainings_questionset_change", args=[made.pk])
        return format_html(
            'La versión {} está lista para <a href="{}">editarse</a>.', made.version, page
        )


def _editable(questions: QuestionSet | None) -> bool:
    return questions is None or not questions.frozen
