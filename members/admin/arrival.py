"""How the personnel brings people in: invitations, registrations on their behalf, files."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from members import importing, inviting, padron, spreadsheets
from members.admin.designation import acting
from members.forms.arrival import (
    ApplyImportForm,
    ImportForm,
    InvitationForm,
    OneRegistrationForm,
)
from members.forms.place import place_of
from members.http import account
from members.models import Invitation, Member, MemberImport
from red_genero.common.admin import PeopleAdmin, VerbAdmin, verb
from red_genero.common.exports import csv_response
from red_genero.common.http import attachment
from red_genero.common.models import AccessLog

BRING: Final = "members.import_members"
SHOWN: Final = 300
"""So many rows of a file are looked at on one page, those that need a decision first."""
OUTCOMES: Final = ("error", "alike", "nueva", "ya_es")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BringingAdmin(VerbAdmin[Any]):
    """Rows that begin with a form of ours instead of Django's."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may bring people in."""
        return request.user.has_perm(BRING)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Moved by buttons."""
        return False

    def ask(
        self, request: HttpRequest, form: forms.Form, title: str, intro: str
    ) -> TemplateResponse:
        """Show a form; 422 when something has to be corrected."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "intro": intro,
            "form": form,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/arrivals/form.html", context, status=status)


@admin.register(Invitation)
class InvitationAdmin(PeopleAdmin[Invitation], BringingAdmin):
    """Who was written to, when and what for."""

    reading_purpose = "Invitar a la Red"
    list_display = ("email", "name", "kind", "invited_at", "sent_at")
    list_filter = ("kind",)
    search_fields = ("email", "name")
    fields = readonly_fields = (
        "email",
        "name",
        "kind",
        "person",
        "invited_by",
        "invited_at",
        "sent_at",
    )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invite somebody to apply."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                made = inviting.invite(**form.cleaned_data, by=acting(request))
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(request, f"Se invitó a {made.email}.")
                return HttpResponseRedirect(
                    reverse("admin:members_invitation_change", args=[made.pk])
                )
        intro = "Recibirá un correo que explica la Red y cómo presentar su solicitud."
        return self.ask(request, form, "Invitar a solicitar su ingreso", intro)

    @verb("Escribir de nuevo", permission=BRING, question="Se le envía otra vez el mismo correo.")
    def remind(self, request: HttpRequest, row: Invitation, data: dict[str, Any]) -> str:
        """Insist, at most once a week."""
        inviting.remind(row, by=acting(request))
        return f"Se escribió de nuevo a {row.email}."


@admin.register(MemberImport)
class MemberImportAdmin(BringingAdmin):
    """Files of people: read, looked at, applied whole or thrown away."""

    change_form_template = "admin/arrivals/import.html"
    list_display = ("filename", "state", "total", "created", "started_by", "created_at")
    list_select_related = ("started_by__person",)
    list_filter = ("state",)
    fields = readonly_fields = (
        "filename",
        "state",
        "total",
        "created",
        "started_by",
        "created_at",
        "applied_at",
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the file to begin with."""
        blank = path(
            "plantilla/",
            self.admin_site.admin_view(self.blank_view),
            name="members_memberimport_blank",
        )
        return [blank, *super().get_urls()]

    def blank_view(self, request: HttpRequest) -> HttpResponse:
        """Give a workbook with the titles and nobody in it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        content = spreadsheets.xlsx(list(importing.TITLES), [])
        return attachment(content, "plantilla-integrantes.xlsx", XLSX)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Read a file and show it; nobody is registered yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = ImportForm(request.POST if sent else None, request.FILES if sent else None)
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                content = file.read(spreadsheets.LARGEST + 1)
                made = importing.read(file.name, content, by=acting(request))
            except ValidationError as refusal:
                form.add_error("file", refusal.messages)
            else:
                return HttpResponseRedirect(
                    reverse("admin:members_memberimport_change", args=[made.pk])
                )
        intro = format_html(
            "Primero se muestra qué pasaría con cada renglón; no se registra a nadie hasta que lo confirme. "
            'Comience con la <a href="{}">plantilla vacía (XLSX)</a>. Títulos obligatorios: {}. '
            "Otros que se aceptan: {}.",
            reverse("admin:members_memberimport_blank"),
            ", ".join(importing.NEEDED),
            ", ".join(title for title in importing.TITLES if title not in importing.NEEDED),
        )
        return self.ask(request, form, "Importar integrantes", intro)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what would become of the rows: how many of each, and those that need a decision first."""
        row = self.get_object(request, object_id)
        judged = [
            {
                **line,
                "outcome": "alike"
                if line["alike"] and line["outcome"] == "nueva"
                else line["outcome"],
            }
            for line in (row.rows if row else ())
        ]
        judged.sort(key=lambda line: OUTCOMES.index(line["outcome"]))
        counted = {each: sum(line["outcome"] == each for line in judged) for each in OUTCOMES}
        shown = {"judged": judged[:SHOWN], "counted": counted, "more": len(judged) - SHOWN}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    @verb(
        "Registrar a todas",
        permission=BRING,
        style="primary",
        form=ApplyImportForm,
        question="Se registra a todas o a ninguna. Cada una leerá el aviso y decidirá qué autoriza cuando entre.",
        when=lambda row: row.state == MemberImport.State.READ,
    )
    def apply(self, request: HttpRequest, row: MemberImport, data: dict[str, Any]) -> str:
        """Register everybody."""
        done = importing.apply(row, **data, by=acting(request))
        return f"Se registraron {done.created} integrantes."

    @verb(
        "Descartar",
        permission=BRING,
        style="danger",
        question="Se borra lo que se leyó del archivo. No se registra a nadie.",
        when=lambda row: row.state == MemberImport.State.READ,
    )
    def discard(self, request: HttpRequest, row: MemberImport, data: dict[str, Any]) -> str:
        """Throw it away."""
        importing.discard(row, by=acting(request))
        return "El archivo se descartó."


class PadronAdmin(VerbAdmin[Member]):
    """The padrón's own buttons: register one, let it leave as a file."""

    change_list_template = "admin/arrivals/padron.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages."""
        pages = [
            ("registrar/", self.register_view, "register"),
            ("exportar-csv/", self.csv_view, "csv"),
            ("exportar-xlsx/", self.xlsx_view, "xlsx"),
        ]
        own = [
            path(where, self.admin_site.admin_view(view), name=f"members_member_{name}")
            for where, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def register_view(self, request: HttpRequest) -> HttpResponse:
        """Register somebody on her behalf."""
        if not request.user.has_perm(BRING):
            raise PermissionDenied
        form = OneRegistrationForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            data = form.cleaned_data
            try:
                made = inviting.register(
                    form.person_data(),
                    place_of(data),
                    reason=data["reason"],
                    since=data["since"],
                    write=data["write"],
                    by=acting(request),
                )
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(request, f"{made} es integrante {made.folio}.")
                return HttpResponseRedirect(reverse("admin:members_member_change", args=[made.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Registrar a una integrante",
            "opts": self.opts,
            "intro": "Para quien ya pertenece a la Red o no puede presentar su solicitud. Entrará con un código que "
            "llega a su correo, leerá el aviso de privacidad y decidirá qué autoriza.",
            "form": form,
            "back": reverse("admin:members_member_changelist"),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/arrivals/form.html", context, status=status)

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """Let the padrón leave as CSV."""
        rows = self._leaving(request, "CSV")
        return csv_response(f"padron-{timezone.localdate()}.csv", padron.HEADER, rows)

    def xlsx_view(self, request: HttpRequest) -> HttpResponse:
        """Let the padrón leave as a workbook of texts."""
        rows = self._leaving(request, "XLSX")
        content = spreadsheets.xlsx(padron.HEADER, rows)
        return attachment(content, f"padron-{timezone.localdate()}.xlsx", XLSX)

    def _leaving(self, request: HttpRequest, kind: str) -> list[Any]:
        """Return the rows and note who takes them."""
        if not request.user.has_perm(BRING):
            raise PermissionDenied
        user = account(request)
        rows = list(padron.rows(user))
        AccessLog.objects.create(
            user=user,
            what=f"Padrón ({kind})",
            purpose="Exportar el padrón de la Red",
            rows=len(rows),
        )
        return rows
