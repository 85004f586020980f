"""Accounts: the address is the login, the groups are the roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import URLPattern

from members.models import User
from red_genero.common.admin import PeopleAdmin, ReadOnlyAdmin, Tolerant

ONLY_SUPERUSERS = ("is_superuser",)


class AddUserForm(forms.ModelForm[User]):
    """A new account by its address; nobody but its owner ever knows a password of it."""

    class Meta:
        model = User
        fields = ("email",)
        help_texts = {
            "email": "Entrará con un código que el portal le envía; después puede crear su contraseña."
        }

    def save(self, commit: bool = True) -> User:
        """Leave the account without password."""
        self.instance.set_unusable_password()
        return super().save(commit)


class ChangeUserForm(UserChangeForm[User]):
    """An account as it is; its password is nobody's business but hers."""

    class Meta:
        model = User
        fields = ("email", "is_active", "is_staff", "is_superuser", "groups")


@admin.register(User)
class UserAdmin(Tolerant[User], PeopleAdmin[User], DjangoUserAdmin[User]):
    """Who may sign in and with which roles; nobody raises herself above her own reach."""

    reading_purpose = "Administrar cuentas y roles"
    form = ChangeUserForm
    add_form = AddUserForm
    ordering = ("email",)
    list_display = ("email", "full_name", "is_staff", "is_active", "role_names")
    list_filter = ("is_staff", "is_active", "groups")
    list_select_related = ("person",)
    search_fields = ("email", "person__search_key")
    search_help_text = "Busque por correo o nombre."
    filter_horizontal = ()
    autocomplete_fields = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email",)}),
        ("Acceso", {"fields": ("is_active", "is_staff", "groups")}),
        ("Solo superusuarias", {"fields": ONLY_SUPERUSERS, "classes": ("collapse",)}),
        ("Fechas", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email",),
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """Leave out the page that would set somebody else's password: she asks for a new one by mail."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch names and roles with the list."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only a superuser makes another, and nobody changes her own roles."""
        fields = [*super().get_readonly_fields(request, obj)]
        if not _is_super(request):
            fields += ONLY_SUPERUSERS
            if obj is not None and obj.pk == request.user.pk:
                fields += ["groups", "is_staff", "is_active"]
        return fields

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account is changed by superusers only."""
        if obj is not None and obj.is_superuser and not _is_super(request):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are switched off: what they did points to them."""
        return False

    @admin.display(description="nombre")
    def full_name(self, user: User) -> str:
        """Her name, once she has given one."""
        person = getattr(user, "person", None)
        return person.full_name if person else "—"

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        """The groups she belongs to."""
        return ", ".join(group.name for group in user.groups.all()) or "—"


class RoleAdmin(ReadOnlyAdmin[Group]):
    """The roles: who has each. What a role may do is written in the portal's own code."""

    list_display = ("name", "people")
    fields = ("name", "people")
    readonly_fields = ("people",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch who has each role with the list."""
        return super().get_queryset(request).prefetch_related("user_set__person")

    @admin.display(description="quiénes lo tienen")
    def people(self, role: Group) -> str:
        """Their names."""
        return ", ".join(str(user) for user in role.user_set.all()) or "—"


admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)


def _is_super(request: HttpRequest) -> bool:
    """Whether a superuser asks."""
    return bool(getattr(request.user, "is_superuser", False))
