"""People and where they work, from – to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from members import duplicates, leaving_posts
from members.admin.application_forms import DistinctForm
from members.admin.designation import acting
from members.admin.keeping import KeepingAdmin
from members.admin.merging import MergeAdmin
from members.forms import PersonForm
from members.models import Assignment, Member, Person
from red_genero.common.admin import PeopleAdmin, verb


class PersonAdminForm(forms.ModelForm[Person]):
    """The same normalisers as on her own pages."""

    given_names = PersonForm.declared_fields["given_names"]
    first_surname = PersonForm.declared_fields["first_surname"]
    second_surname = PersonForm.declared_fields["second_surname"]
    certificate_name = PersonForm.declared_fields["certificate_name"]
    office_phone = PersonForm.declared_fields["office_phone"]
    mobile = PersonForm.declared_fields["mobile"]
    employee_number = PersonForm.declared_fields["employee_number"]

    class Meta:
        model = Person
        fields = (
            "given_names",
            "first_surname",
            "second_surname",
            "certificate_name",
            "treatment",
            "institutional_email",
            "alternate_email",
            "office_phone",
            "extension",
            "mobile",
            "employee_number",
            "hidden",
        )


class AssignmentInline(admin.TabularInline[Assignment, Person]):
    """Her adscripciones, newest first."""

    model = Assignment
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = (
        "department",
        "area",
        "position",
        "level",
        "appointment",
        "start",
        "end",
    )

    def has_add_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """They are added in their own list."""
        return False


@admin.register(Person)
class PersonAdmin(PeopleAdmin[Person], MergeAdmin, KeepingAdmin[Person]):
    """Someone the portal knows by name; what she consents to is not changed here."""

    reading_purpose = "Administrar el padrón de la Red"
    change_form_template = "admin/merging/person.html"
    form = PersonAdminForm
    list_display = ("sorted_name", "institutional_email", "employee_number", "membership")
    list_display_links = ("sorted_name",)
    list_select_related = ("member",)
    list_filter = ("member__state", "hidden")
    search_fields = ("search_key",)
    search_help_text = "Busque por nombre, correo institucional o número de empleada."
    inlines = (AssignmentInline,)
    readonly_fields = (
        "user",
        "show_in_directory",
        "show_email",
        "show_phone",
        "show_level",
        "show_interests",
        "accepts_contact",
        "created_at",
        "alike",
    )
    fieldsets = (
        (
            "Nombre",
            {
                "fields": (
                    "given_names",
                    "first_surname",
                    "second_surname",
                    "certificate_name",
                    "treatment",
                )
            },
        ),
        (
            "Contacto",
            {
                "fields": (
                    "user",
                    "institutional_email",
                    "alternate_email",
                    "office_phone",
                    "extension",
                    "mobile",
                    "employee_number",
                )
            },
        ),
        (
            "Quién la ve",
            {
                "fields": (
                    "hidden",
                    "show_in_directory",
                    "show_email",
                    "show_phone",
                    "show_level",
                    "show_interests",
                    "accepts_contact",
                    "created_at",
                )
            },
        ),
        ("Personas parecidas", {"fields": ("alike",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Nobody whose mailbox was not proven: a draft is hers alone."""
        return super().get_queryset(request).known()  # type: ignore[attr-defined, no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """Ignore case, accents and ñ."""
        found = Person.objects.search(search_term).values("pk")
        return queryset.filter(pk__in=found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """She begins on her own pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Nobody rewrites her own row: a change of hers is asked for on her pages and reviewed."""
        hers = obj is not None and obj.user_id == request.user.pk
        return not hers and super().has_change_permission(request, obj)

    def person_of(self, row: Person) -> Person:
        """She is the row."""
        return row

    @verb(
        "No es la misma persona",
        permission="members.change_person",
        form=DistinctForm,
        question="Se anota que son dos personas y deja de advertirse el parecido.",
        when=lambda person: bool(duplicates.open_for(person)),
    )
    def distinct(self, request: HttpRequest, row: Person, data: dict[str, Any]) -> str:
        """Dismiss a likeness."""
        return self.dismiss(request, row, data)

    @admin.display(description="nombre", ordering="sort_name")
    def sorted_name(self, person: Person) -> str:
        """Surnames first."""
        return person.sorted_name

    @admin.display(description="integrante", ordering="member__state")
    def membership(self, person: Person) -> str:
        """Her membership, if any."""
        member = getattr(person, "member", None)
        return member.get_state_display() if member else "—"


class AssignmentAdminForm(forms.ModelForm[Assignment]):
    """An adscripción written by hand: never of who caused baja, never in the future."""

    class Meta:
        model = Assignment
        fields = (
            "person",
            "department",
            "area",
            "position",
            "level",
            "appointment",
            "start",
            "end",
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what only a verb of membership may do."""
        cleaned = super().clean() or self.cleaned_data
        today = timezone.localdate()
        for name in ("start", "end"):
            if (day := cleaned.get(name)) and day > today:
                self.add_error(name, "Regístrela cuando llegue el día.")
        person = cleaned.get("person", self.instance.person if self.instance.pk else None)
        member = getattr(person, "member", None)
        ended = member is not None and member.state == Member.State.ENDED
        if ended and not cleaned.get("end") and not self.instance.end:
            self.add_error(
                "end", "Causó baja: registre antes su reingreso, o escriba hasta cuándo fue."
            )
        return cleaned


@admin.register(Assignment)
class AssignmentAdmin(PeopleAdmin[Assignment], KeepingAdmin[Assignment]):
    """Adscripciones; one is ended, never deleted."""

    form = AssignmentAdminForm
    reading_purpose = "Administrar el padrón de la Red"
    list_display = ("person", "department", "position", "level", "start", "end")
    list_filter = ("level", ("end", admin.EmptyFieldListFilter))
    list_select_related = ("person", "department")
    search_fields = ("person__search_key", "position")
    search_help_text = "Busque por nombre o cargo."
    autocomplete_fields = ("person", "department")
    fields = ("person", "department", "area", "position", "level", "appointment", "start", "end")

    def has_change_permission(self, request: HttpRequest, obj: Assignment | None = None) -> bool:
        """Nobody rewrites where she herself works."""
        hers = obj is not None and obj.person.user_id == request.user.pk
        return not hers and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer everybody but herself."""
        if db_field.name == "person":
            kwargs["queryset"] = Person.objects.known().exclude(user=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Assignment, form: forms.Form, change: bool
    ) -> None:
        """A readscripción ends what she held where she no longer works."""
        super().save_model(request, obj, form, change)
        leaving_posts.leave_former_posts(obj.person, by=acting(request))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Assignment | None = None
    ) -> tuple[str, ...]:
        """Who, where and since when stay: the past is ended and continued by another, never rewritten."""
        return ("person", "department", "start") if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Assignment], search_term: str
    ) -> tuple[QuerySet[Assignment], bool]:
        """Ignore case, accents and ñ in names."""
        found = Person.objects.search(search_term).values("pk")
        by_post = queryset.filter(position__icontains=search_term)
        return queryset.filter(person__in=found) | by_post, False
