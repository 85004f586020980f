"""The words of the messages: changed with their data in braces, looked at before they are kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from red_genero.common import mailtexts
from red_genero.common.admin.verbs import VerbAdmin, verb
from red_genero.common.models import MailText

CHANGE = "common.change_mailtext"


class MailTextForm(forms.ModelForm[MailText]):
    """Subject and body; empty rows begin with our own words."""

    subject = forms.CharField(
        label="Asunto",
        max_length=mailtexts.LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Se ve sin abrir el correo: no diga de qué trata.",
    )
    body = forms.CharField(
        label="Texto",
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 14}),
        help_text="Un renglón en blanco separa los párrafos. La firma de la Red se agrega sola.",
    )

    class Meta:
        model = MailText
        fields = ("subject", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        message = mailtexts.REGISTRY.get(self.instance.kind)
        if message is not None and not self.instance.custom:
            self.initial["subject"], self.initial["body"] = mailtexts.original(message)

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be sent."""
        cleaned = super().clean() or self.cleaned_data
        if "subject" in cleaned and "body" in cleaned:
            words = mailtexts.even(cleaned["subject"], cleaned["body"])
            cleaned["subject"], cleaned["body"] = words
            mailtexts.check(self.instance, *words)
        return cleaned


@admin.register(MailText)
class MailTextAdmin(VerbAdmin[MailText]):
    """What each message says."""

    form = MailTextForm
    change_form_template = "admin/mailtexts/change_form.html"
    list_display = ("title", "whose", "updated_at")
    list_display_links = ("title",)
    fieldsets = (
        (None, {"fields": ("title", "subject", "body", "marks")}),
        ("Así llega, con datos de ejemplo", {"fields": ("arrives",)}),
        ("Original", {"fields": ("original_words",), "classes": ("collapse",)}),
    )
    readonly_fields = ("title", "marks", "arrives", "original_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailText]:
        """Those that the portal sends."""
        return super().get_queryset(request).filter(kind__in=mailtexts.REGISTRY)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that shows words before they are kept."""
        look = path(
            "<path:object_id>/vista-previa/",
            self.admin_site.admin_view(self.preview_view),
            name="common_mailtext_preview",
        )
        return [look, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The portal knows which messages it sends."""
        return False

    def save_model(
        self, request: HttpRequest, obj: MailText, form: forms.ModelForm[MailText], change: bool
    ) -> None:
        """Keep the words."""
        if form.changed_data:
            mailtexts.change(obj, subject=obj.subject, body=obj.body)

    @verb(
        "Restaurar el original",
        permission=CHANGE,
        question="El aviso vuelve a decir lo que traía el portal. Sus palabras quedan en el historial.",
        when=lambda row: row.custom,
    )
    def restore(self, request: HttpRequest, row: MailText, data: dict[str, Any]) -> str:
        """Go back to our words."""
        mailtexts.restore(row)
        return "El aviso dice otra vez lo que traía el portal."

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show typed words as they would arrive, with the form to go on writing; nothing is kept."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        form = MailTextForm(request.POST if request.method == "POST" else None, instance=row)
        words = [form.initial["subject"], form.initial["body"]]
        if form.is_bound:
            words = (
                [form.cleaned_data["subject"], form.cleaned_data["body"]] if form.is_valid() else []
            )
        message = mailtexts.REGISTRY[row.kind]
        context = {
            **self.admin_site.each_context(request),
            "title": "Vista previa",
            "subtitle": message.title,
            "opts": self.opts,
            "form": form,
            "letter": mailtexts.preview(message, *words) if words else None,
            "marks": message.marks,
            "back": reverse("admin:common_mailtext_change", args=[row.pk]),
        }
        status = 200 if words else 422
        return TemplateResponse(request, "admin/mailtexts/preview.html", context, status=status)

    @admin.display(description="aviso", ordering="kind")
    def title(self, row: MailText) -> str:
        """When it is sent."""
        return mailtexts.REGISTRY[row.kind].title

    @admin.display(description="qué dice")
    def whose(self, row: MailText) -> str:
        """Ours or the Instituto's."""
        return "Texto del Instituto" if row.custom else "Original"

    @admin.display(description="datos que puede usar")
    def marks(self, row: MailText) -> str:
        """Between braces, with an example."""
        lines = (
            (
                f"{{{mark.name}}}",
                mark.label,
                mark.shown(mark.sample),
                " · obligatorio" if mark.needed else "",
            )
            for mark in mailtexts.REGISTRY[row.kind].marks
        )
        return format_html_join("", "<div><code>{}</code> {}. Por ejemplo: {}{}</div>", lines)

    @admin.display(description="mensaje")
    def arrives(self, row: MailText) -> str:
        """With the samples."""
        message = mailtexts.REGISTRY[row.kind]
        words = (row.subject, row.body) if row.custom else mailtexts.original(message)
        letter = mailtexts.preview(message, *words)
        return _shown(letter.subject, letter.text)

    @admin.display(description="mensaje")
    def original_words(self, row: MailText) -> str:
        """Ours."""
        return _shown(*mailtexts.original(mailtexts.REGISTRY[row.kind]))


def _shown(subject: str, text: str) -> str:
    """Return a message on the page."""
    return format_html(
        '<div class="letter"><p><strong>{}</strong></p><p class="letter__text">{}</p></div>',
        subject,
        text,
    )
