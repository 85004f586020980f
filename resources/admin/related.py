"""The courses in which an entry is studied, chosen among those of the catalogue."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from resources.models import RelatedCourse, Resource
from resources.relating import every_course


class RelatedCourseForm(forms.ModelForm[RelatedCourse]):
    """One course; one that left the catalogue stays chosen until somebody changes it."""

    class Meta:
        model = RelatedCourse
        fields = ("course_key",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(course.key, course.title) for course in every_course()]
        chosen = self.instance.course_key
        if chosen and chosen not in dict(known):
            known.append((chosen, f"{chosen} (ya no está publicado)"))
        self.fields["course_key"] = forms.ChoiceField(
            label="Curso", choices=[("", "Elija un curso"), *known]
        )


class RelatedCourseInline(admin.TabularInline[RelatedCourse, Resource]):
    """The courses, on the page of an entry."""

    model = RelatedCourse
    form = RelatedCourseForm
    extra = 0
    verbose_name_plural = "Cursos relacionados"

    def has_view_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Whoever reads the entry reads them."""
        return request.user.has_perm("resources.view_resource")

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Whoever writes the entry chooses them."""
        return request.user.has_perm("resources.change_resource")

    def has_add_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Whoever writes the entry chooses them."""
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Whoever writes the entry chooses them."""
        return self.has_change_permission(request, obj)
