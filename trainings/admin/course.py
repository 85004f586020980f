"""What is taught and who teaches, as staff keeps it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from red_genero.common.admin import HistoryAdmin, Tolerant
from red_genero.common.text import fold
from trainings.forms.course import CourseForm, ModuleForm, ModuleFormSet
from trainings.models import Course, Instructor, Module


class ModuleInline(Tolerant[Module], admin.TabularInline[Module, Course]):
    """The modules, inside their diplomado."""

    model = Module
    form = ModuleForm
    formset = ModuleFormSet
    fk_name = "programme"
    extra = 0
    fields = ("order", "course", "required")
    autocomplete_fields = ("course",)
    verbose_name_plural = "módulos, en orden"


@admin.register(Course)
class CourseAdmin(HistoryAdmin[Course]):
    """The catalogue."""

    form = CourseForm
    list_display = ("key", "title", "area", "format", "mode", "hours", "published")
    list_display_links = ("key", "title")
    list_filter = ("area", "format", "mode", "difficulty", "published")
    list_select_related = ("area",)
    list_per_page = 50
    search_fields = ("search_key",)
    search_help_text = "Busque por título, clave, objetivo o contenidos."
    autocomplete_fields = ("prerequisites", "violences")
    fieldsets = (
        (None, {"fields": ("title", "key", "area", "published")}),
        ("Forma", {"fields": ("format", "mode", ("hours", "sittings"), "difficulty")}),
        (
            "Contenido",
            {"fields": ("objective", "contents", "audience", "prerequisites", "violences")},
        ),
        ("Documento", {"fields": ("evaluation", "minimum_attendance", "paper")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Course], search_term: str
    ) -> tuple[QuerySet[Course], bool]:
        """Search without accents or case."""
        return super().get_search_results(request, queryset, fold(search_term))

    def get_inlines(
        self, request: HttpRequest, obj: Course | None
    ) -> tuple[type[ModuleInline], ...]:
        """Only a diplomado has modules; a new one gets them after it is saved."""
        return (ModuleInline,) if obj and obj.format == Course.Format.DIPLOMA else ()

    def get_readonly_fields(
        self, request: HttpRequest, obj: Course | None = None
    ) -> tuple[str, ...]:
        """The clave is printed in addresses."""
        return ("key",) if obj else ()


@admin.register(Instructor)
class InstructorAdmin(HistoryAdmin[Instructor]):
    """Facilitadoras."""

    list_display = ("name", "person")
    list_select_related = ("person",)
    search_fields = ("name",)
    search_help_text = "Busque por nombre."
    autocomplete_fields = ("person",)
    fields = ("name", "person", "about")
