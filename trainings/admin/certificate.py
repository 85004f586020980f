"""Constancias: read-only rows with two buttons, replace and revoke."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from red_genero.common.admin import PeopleAdmin, Verb, VerbAdmin, verb
from red_genero.common.text import fold, normalise_code
from trainings import certifying, tasks
from trainings.admin.acting import acting
from trainings.forms.certificate import ReplaceForm, RevokeForm
from trainings.models import Certificate

REVOKE = "trainings.revoke_certificate"


def _stands(certificate: Certificate) -> bool:
    return certificate.state == Certificate.State.VALID


@admin.register(Certificate)
class CertificateAdmin(PeopleAdmin[Certificate], VerbAdmin[Certificate]):
    """What was issued: nothing is typed here; a correction is a replacement."""

    reading_purpose = "Administrar constancias"
    list_display = ("folio", "name", "course_title", "kind", "state", "issued_at")
    list_filter = ("state", "kind", "issued_at")
    search_fields = ("folio", "code", "person__search_key", "course_title")
    search_help_text = "Busque por folio, código, nombre o formación."
    fields = (
        ("folio", "state", "kind"),
        "pdf_link",
        ("name", "person"),
        ("course_title", "hours"),
        ("starts_on", "ends_on"),
        ("edition", "enrollment"),
        ("issued_at", "issued_by"),
        ("template", "sha256"),
        ("replaced_by", "ended_at"),
        ("revocation", "internal_reason"),
    )
    readonly_fields = ("pdf_link",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are issued from the edición."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        """They are frozen."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        """Leave the frozen content in the database."""
        return super().get_queryset(request).defer("frozen")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Certificate], search_term: str
    ) -> tuple[QuerySet[Certificate], bool]:
        """Search without accents or case; a folio and a code keep their signs."""
        found, distinct = super().get_search_results(request, queryset, fold(search_term))
        typed = search_term.strip()
        exact = Q(folio__iexact=typed) | Q(code=normalise_code(typed))
        return found | queryset.filter(exact), distinct

    @admin.display(description="documento")
    def pdf_link(self, certificate: Certificate) -> SafeString | str:
        """The stored file and its public page."""
        verify = reverse("trainings:verify_code", args=[certificate.code])
        if not certificate.sha256:
            return "PDF en preparación"
        pdf = reverse("trainings:certificate_pdf", args=[certificate.code])
        return format_html(
            '<a href="{}">Abrir PDF</a> · <a href="{}">Página de verificación</a>', pdf, verify
        )

    def verb_form(self, made: Verb, request: HttpRequest, row: Certificate) -> forms.Form | None:
        """Begin the corrections with what was printed."""
        if made.name != "replace" or request.method == "POST":
            return super().verb_form(made, request, row)
        return ReplaceForm(
            initial={
                "name": row.name,
                "department": row.frozen["department"],
                "course_title": row.course_title,
                "hours": row.hours,
            }
        )

    @verb(
        "Reemplazar",
        permission=REVOKE,
        question="Se emite otra con folio nuevo y quien verifique la anterior leerá que se reemplazó.",
        form=ReplaceForm,
        when=_stands,
    )
    def replace(self, request: HttpRequest, row: Certificate, data: dict[str, Any]) -> str:
        """Issue a corrected one."""
        corrections = ReplaceForm.corrections_from(data)
        with transaction.atomic():
            new = certifying.replace(
                row, by=acting(request), reason=data["reason"], corrections=corrections
            )
            tasks.make_pdf.enqueue(new.pk)
        return f"Se emitió {new.folio} en lugar de {row.folio}. Su PDF se está preparando."

    @verb(
        "Revocar",
        permission=REVOKE,
        style="danger",
        question="Deja de valer desde hoy y no puede volver a ser vigente. Se le avisa por correo, con el motivo público.",
        form=RevokeForm,
        when=_stands,
    )
    def revoke(self, request: HttpRequest, row: Certificate, data: dict[str, Any]) -> str:
        """End its force."""
        certifying.revoke(
            row,
            revocation=data["revocation"],
            internal_reason=data["internal_reason"],
            by=acting(request),
        )
        return f"Se revocó {row.folio}."
