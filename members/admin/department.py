"""The municipal tree as staff keeps it: confirmed, closed on a date, never deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from members import tree
from members.admin.designation import LiaisonVerbs
from members.admin.keeping import KeepingAdmin
from members.models import Department, DepartmentKind, MailDomain
from red_genero.common.admin import HistoryAdmin, verb


class DepartmentAdminForm(forms.ModelForm[Department]):
    """Refuses a tree that bites its tail."""

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

    def clean_parent(self) -> Department | None:
        """It cannot depend on something that depends on it."""
        parent: Department | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.pk in tree.branch(self.instance):
            raise ValidationError(
                "No puede depender de sí misma ni de algo que depende de ella.", code="cycle"
            )
        return parent


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


@admin.register(Department)
class DepartmentAdmin(LiaisonVerbs):
    """One node of the tree."""

    form = DepartmentAdminForm
    list_display = ("name", "acronym", "kind", "parent", "verification", "valid_to")
    list_filter = ("verification", "kind", ("valid_to", admin.EmptyFieldListFilter))
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
        """Its clave is printed in addresses: it does not change."""
        return ("key",) if obj else ()

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
