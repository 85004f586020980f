"""The Instituto's data and the texts of the portal."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from members.admin.keeping import KeepingAdmin
from members.models import Institute, PageText
from members.sanitising import clean_html

PLACES: Final = {"portada": "home", "la": "la_red"}
"""By the first word of a text's clave, the name of the page that prints it."""


class InstituteForm(forms.ModelForm[Institute]):
    """Dated data of the Instituto."""

    website = forms.URLField(label="Sitio", required=False, assume_scheme="https")

    class Meta:
        model = Institute
        fields = (
            "valid_from",
            "name",
            "short_name",
            "government",
            "address",
            "phone",
            "email",
            "website",
            "privacy_authority",
            "certificate_legend",
            "logo",
            "member_goal",
            "goal_date",
        )


@admin.register(Institute)
class InstituteAdmin(KeepingAdmin[Institute]):
    """Dated data: a change of name is a new row, so that the past keeps its own."""

    form = InstituteForm
    list_display = ("short_name", "name", "valid_from", "member_goal", "goal_date")
    list_display_links = ("name",)


class PageTextForm(forms.ModelForm[PageText]):
    """Keeps a safe subset of HTML."""

    class Meta:
        model = PageText
        fields = ("slug", "title", "body")

    def clean_body(self) -> str:
        """Keep only the harmless tags."""
        return clean_html(self.cleaned_data["body"])


@admin.register(PageText)
class PageTextAdmin(KeepingAdmin[PageText]):
    """Texts that staff edits."""

    form = PageTextForm
    list_display = ("title", "where", "slug", "updated_at")
    search_fields = ("title", "slug")

    def view_on_site(self, text: PageText) -> str:
        """The page where it is read."""
        return reverse(PLACES.get(text.slug.split("-", 1)[0], "home"))

    @admin.display(description="dónde se lee", ordering="slug")
    def where(self, text: PageText) -> str:
        """A link to that page, since several texts share a title."""
        url = self.view_on_site(text)
        return format_html('<a href="{}">{}</a>', url, url)

    def get_readonly_fields(self, request: HttpRequest, obj: PageText | None = None) -> Any:
        """Pages look for the slug: it does not change."""
        return ("slug",) if obj else ()
