"""The municipal tree as staff keeps it: confirmed, closed on a date, never deleted."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from members import formalizing, reorganising
from members.admin.designation import acting
from members.admin.keeping import KeepingAdmin
from members.admin.reorganising import TreeVerbs
from members.models import Department, DepartmentKind, GenderUnit, MailDomain
from red_genero.common.admin import HistoryAdmin, verb


class DepartmentAdminForm(forms.ModelForm[Department]):
    """Its name is corrected here; what it becomes is said by the buttons."""

    class Meta:
        model = Department
        fields = (
            "key",
            "name",
            "acronym",
            "kind",
            "parent",
            "valid_from",
            "valid_to",
            "verification",
            "source",
            "expects_liaison",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "name": "Corrija aquí un error de escritura. Si cambió de nombre oficial, use «Renombrar».",
        }


class SourceForm(forms.Form):
    """Where it was confirmed."""

    source = forms.CharField(
        label="Fuente",
        max_length=500,
        help_text="Por ejemplo: reglamento y artículo, Gaceta y fecha, u oficio.",
    )


class MailDomainInline(admin.TabularInline[MailDomain, Department]):
    """Its own mail domains."""

    model = MailDomain
    extra = 0


class LeftBehindFilter(admin.SimpleListFilter):
    """Those that closed and left people without place."""

    title = "personas"
    parameter_name = "personas"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice."""
        return [("por_reubicar", "Con personas por reubicar")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Department]
    ) -> QuerySet[Department]:
        """Keep those that wait."""
        if self.value() != "por_reubicar":
            return queryset
        return queryset.filter(pk__in=reorganising.left_behind().values("department"))


@admin.register(Department)
class DepartmentAdmin(TreeVerbs):
    """One node of the tree."""

    form = DepartmentAdminForm
    list_display = ("name", "acronym", "kind", "parent", "verification", "valid_to")
    list_filter = (
        "verification",
        LeftBehindFilter,
        "kind",
        ("valid_to", admin.EmptyFieldListFilter),
    )
    list_select_related = ("kind", "parent")
    search_fields = ("search_key",)
    search_help_text = "Busque por nombre o siglas; los acentos no importan."
    autocomplete_fields = ("parent",)
    inlines = (MailDomainInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Department], search_term: str
    ) -> tuple[QuerySet[Department], bool]:
        """Ignore case, accents and ñ."""
        found = Department.objects.search(search_term).values("pk")
        return queryset.filter(pk__in=found), False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Department | None = None
    ) -> list[str] | tuple[str, ...]:
        """Its clave is printed in addresses, and its place and its end are moved by verbs."""
        return ("key", "parent", "valid_to") if obj else ()

    @verb(
        "Abrir Unidad de Género",
        permission="members.formalize_unit",
        question="Se registra la unidad, todavía sin peldaño: después se agregan integrantes y evidencia.",
        when=lambda department: (
            department.expects_liaison
            and department.valid_to is None
            and not GenderUnit.objects.active().filter(department=department).exists()
        ),
    )
    def open_unit(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Record that it has a unit."""
        made = formalizing.open_unit(row, by=acting(request))
        return f"Se registró la {made}. Está en «Unidades de Género»."

    @verb(
        "Confirmar",
        permission="members.change_department",
        style="primary",
        form=SourceForm,
        question="Se anota que existe con este nombre y deja de aparecer como «por confirmar».",
        when=lambda department: department.unconfirmed,
    )
    def confirm(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Note where it was confirmed."""
        row.confirm(data["source"])
        return f"Se confirmó {row}."


@admin.register(DepartmentKind)
class DepartmentKindAdmin(KeepingAdmin[DepartmentKind]):
    """Kinds of node."""

    list_display = ("name", "key")
    search_fields = ("name",)


@admin.register(MailDomain)
class MailDomainAdmin(HistoryAdmin[MailDomain]):
    """Institutional mail domains: advice for whoever vets."""

    list_display = ("domain", "department")
    list_select_related = ("department",)
    search_fields = ("domain",)
    autocomplete_fields = ("department",)
