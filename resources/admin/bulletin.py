"""Bulletins: prepared with what changed, previewed, and sent once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.states import By
from red_genero.common.text import validate_plain
from resources import announcing
from resources.models import Bulletin

SEND = "resources.send_bulletin"


class BulletinForm(forms.ModelForm[Bulletin]):
    """Greeting and entries of a number."""

    greeting = forms.CharField(
        label="Saludo",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        validators=[validate_plain],
        help_text="Texto sin formato; sin datos de personas ni de casos.",
    )

    class Meta:
        model = Bulletin
        fields = ("greeting", "resources")


@admin.register(Bulletin)
class BulletinAdmin(VerbAdmin[Bulletin]):
    """Numbers of the bulletin."""

    form = BulletinForm
    list_display = ("__str__", "state", "since", "sent_at")
    list_filter = ("state",)
    autocomplete_fields = ("resources",)
    fields = ("number", "state", "since", "sent_at", "greeting", "resources", "told")
    readonly_fields = ("number", "state", "since", "sent_at", "told")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Prepare the next number with what changed, or go on with the draft there is."""
        if not self.has_add_permission(request) or request.method != "POST":
            return super().add_view(request, form_url, extra_context)
        draft = announcing.prepare(by=_by(request))
        return redirect(reverse("admin:resources_bulletin_change", args=[draft.pk]))

    def get_fields(self, request: HttpRequest, obj: Bulletin | None = None) -> Any:
        """A new number is prepared by the portal: there is nothing to fill in."""
        return super().get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        """What was sent is only read."""
        open_ = obj is None or obj.state == Bulletin.State.DRAFT
        return open_ and super().has_change_permission(request, obj)

    def view_on_site(self, bulletin: Bulletin) -> str:
        """The preview."""
        return reverse("resources:bulletin_preview", args=[bulletin.number])

    @admin.display(description="envíos")
    def told(self, bulletin: Bulletin) -> str:
        """Say how many mails were queued and how many wait, never whose."""
        rows = bulletin.deliveries
        return f"{rows.exclude(queued_at=None).count()} de {rows.count()}"

    @verb(
        "Enviar",
        permission=SEND,
        style="primary",
        question="Se envía una sola vez a cada persona que lo pidió en «Mis datos». Revise antes la vista previa.",
        when=lambda bulletin: bulletin.state == Bulletin.State.DRAFT,
    )
    def send(self, request: HttpRequest, bulletin: Bulletin, data: dict[str, Any]) -> str:
        """Close the number and leave its mails to the worker."""
        announcing.send(bulletin, by=_by(request))
        return f"Se está enviando: {bulletin}."


def _by(request: HttpRequest) -> By:
    """Return who acts; the administration lets no visitor in."""
    user: Any = request.user
    return By.admin(user)
