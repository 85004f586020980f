"""Marks and their history, to be read."""

from django.contrib import admin

from red_genero.common.admin import PeopleAdmin, ReadOnlyAdmin
from trainings.models import Attendance


@admin.register(Attendance)
class AttendanceAdmin(PeopleAdmin[Attendance], ReadOnlyAdmin[Attendance]):
    """Marks are written at the coordination desk; here one reads them and what they were before."""

    reading_purpose = "Revisar la asistencia"
    list_display = ("enrollment", "session", "mark", "origin", "recorded_by", "recorded_at")
    list_filter = ("mark", "origin", "session__edition__course__format")
    list_select_related = (
        "enrollment__person",
        "session__edition__course",
        "recorded_by__person",
    )
    search_fields = ("enrollment__person__search_key", "session__edition__key")
    search_help_text = "Busque por nombre o por clave de la edición."
