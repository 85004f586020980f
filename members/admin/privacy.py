"""Avisos de privacidad, added and never rewritten, and the ledger of consents."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from members import privacy
from members.models import Consent, Person, PrivacyNotice
from members.sanitising import clean_html
from red_genero.common.admin import PeopleAdmin, ReadOnlyAdmin


class NoticeForm(forms.ModelForm[PrivacyNotice]):
    """A new version."""

    class Meta:
        model = PrivacyNotice
        fields = ("kind", "version", "body", "change_note", "purpose_changed", "published_at")

    def clean_body(self) -> str:
        """Keep only the harmless tags."""
        return clean_html(self.cleaned_data["body"])


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ReadOnlyAdmin[PrivacyNotice]):
    """Versions: one is published, an old one stays readable."""

    form = NoticeForm
    list_display = ("__str__", "published_at", "purpose_changed", "sha256")
    list_filter = ("kind",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By permission."""
        return request.user.has_perm("members.add_privacynotice")

    def save_model(self, request: HttpRequest, obj: PrivacyNotice, form: Any, change: Any) -> None:
        """Publish it with its fingerprint."""
        privacy.publish(obj)


@admin.register(Consent)
class ConsentAdmin(PeopleAdmin[Consent], ReadOnlyAdmin[Consent]):
    """The ledger."""

    reading_purpose = "Revisar consentimientos"
    list_display = ("at", "person", "purpose", "given", "notice", "channel")
    list_filter = ("purpose", "given", "channel")
    list_select_related = ("person", "notice")
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        """Nobody whose solicitud was not sent: a draft is hers alone."""
        return super().get_queryset(request).filter(person__in=Person.objects.known())
