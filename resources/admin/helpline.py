"""Help lines: verified one by one before anybody is sent to them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.states import By
from resources import publishing
from resources.models import HelpLine

CHANGE = "resources.change_helpline"


class VerificationFilter(admin.SimpleListFilter):
    """Lines to verify again."""

    title = "verificación"
    parameter_name = "verificacion"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        """Offer the only choice."""
        return [("vencida", "Por verificar (más de 90 días o sin fecha)")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[HelpLine]
    ) -> QuerySet[HelpLine] | None:
        """Keep what is due."""
        if self.value() != "vencida":
            return None
        return queryset.filter(pk__in=HelpLine.objects.to_verify().values("pk"))


class LineVerificationForm(forms.Form):
    """How a line was confirmed."""

    note = forms.CharField(
        label="Cómo se confirmó",
        required=False,
        max_length=300,
        help_text="Por ejemplo: «Se llamó y contestó la operadora» o la página oficial que lo dice. Queda en la historia.",
    )


@admin.register(HelpLine)
class HelpLineAdmin(VerbAdmin[HelpLine]):
    """Phones, chats and services."""

    list_display = ("name", "number", "published", "verified_on", "warning", "order")
    list_filter = (VerificationFilter, "published", "channel")
    search_fields = ("name", "service", "coverage")
    readonly_fields = ("published", "verified_on", "verified_by", "warning")
    fieldsets = (
        (None, {"fields": ("published", "warning", "verified_on", "verified_by")}),
        (
            "Lo que se muestra",
            {
                "fields": (
                    "key",
                    "name",
                    "number",
                    "channel",
                    "hours",
                    "coverage",
                    "service",
                    "emergency",
                    "order",
                )
            },
        ),
        ("Para el personal", {"fields": ("source", "note")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: HelpLine | None = None) -> Any:
        """The key ties the line to the catalogue: it is written once."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "key") if obj else fields

    def save_model(self, request: HttpRequest, obj: HelpLine, form: Any, change: bool) -> None:
        """Save through the verb, which asks for a new verification when the number changed."""
        if not change:
            obj.save()
        elif publishing.rewrite_line(obj, by=_by(request)):
            messages.warning(
                request,
                "Cambió el número o el canal: la línea no se muestra hasta que la verifique.",
            )

    @admin.display(description="aviso")
    def warning(self, line: HelpLine) -> str:
        """Say in words whether the line has to be verified."""
        if line.verified_on is None:
            return "Sin verificar: no se muestra"
        if line.overdue:
            return "Verificada hace más de 90 días: confírmela"
        return "Al día"

    @verb("Verificar", permission=CHANGE, style="primary", form=LineVerificationForm, bulk=True)
    def verify(self, request: HttpRequest, line: HelpLine, data: dict[str, Any]) -> str:
        """Record that the line was confirmed today."""
        publishing.verify_line(line, note=data.get("note", ""), by=_by(request))
        return f"Quedó verificada hoy: {line}."

    @verb("Publicar", permission=CHANGE, when=lambda line: not line.published)
    def publish(self, request: HttpRequest, line: HelpLine, data: dict[str, Any]) -> str:
        """Show the line to everybody."""
        publishing.publish_line(line, by=_by(request))
        return f"Se publicó: {line}."

    @verb(
        "Ocultar",
        permission=CHANGE,
        style="danger",
        question="Deja de mostrarse en todas las páginas.",
        when=lambda line: line.published,
    )
    def hide(self, request: HttpRequest, line: HelpLine, data: dict[str, Any]) -> str:
        """Stop showing the line."""
        publishing.hide_line(line, by=_by(request))
        return f"Se ocultó: {line}."


def _by(request: HttpRequest) -> By:
    """Return who acts; the administration lets no visitor in."""
    user: Any = request.user
    return By.admin(user)
