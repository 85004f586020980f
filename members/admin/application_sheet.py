"""Everything to decide a solicitud with, on one page, in words."""

from typing import Final

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from members import areas, eligibility, privacy
from members.admin.application_trays import SOON, URGENT
from members.admin.likeness import Likenesses
from members.models import Application, Consent, Person

State = Application.State
PARTS: Final = (
    ("Solicitud", ("folio", "state", "sent_at", "reviewer_name", "advice")),
    (
        "Quién es",
        ("person_link", "institutional_email", "office_phone", "mobile", "employee_number"),
    ),
    (
        "Dónde trabaja",
        ("department", "department_other", "work_area", "position", "level", "appointment"),
    ),
    ("Qué hace", ("policy_work", "motivation", "interests", "prior_training")),
    ("Consentimientos", ("consents",)),
    ("Preguntas y respuestas", ("questions",)),
    ("Personas parecidas", ("alike",)),
    ("Solicitudes anteriores", ("former",)),
    ("Notas internas", ("notes",)),
    ("Resolución", ("rejection_reason", "decision_text", "decided_at")),
)


class ApplicationSheet(Likenesses[Application]):
    """The read-only fields of a solicitud."""

    def person_of(self, row: Application) -> Person:
        """Whose it is."""
        return row.person

    @admin.display(description="dependencia", ordering="department__name")
    def workplace(self, row: Application) -> str:
        """The dependencia, or what she wrote."""
        return row.workplace if row.department else f"«{row.department_other}» (otra)"

    @admin.display(description="área")
    def work_area(self, row: Application) -> str:
        """The área; whether it is of the catalogue when her dependencia has any there."""
        if row.unit or not row.area:
            return row.area or "—"
        other = areas.of(row.department).exists()
        return f"«{row.area}» (otra: puede corregirla)" if other else row.area

    @admin.display(description="enviada hace", ordering="sent_at")
    def waits_since(self, row: Application) -> str:
        """Days since it was sent, while it is open; what waits too long for us says so."""
        if row.sent_at is None:
            return "—"
        if row.state not in Application.OPEN:
            return date_format(timezone.localtime(row.sent_at), "SHORT_DATE_FORMAT")
        days = (timezone.localdate() - timezone.localtime(row.sent_at).date()).days
        age = "hoy" if days == 0 else "1 día" if days == 1 else f"{days} días"
        if row.state == State.NEEDS_INFO or days < SOON:
            return age
        tone, word = ("stop", "urgente") if days >= URGENT else ("attention", "pronto")
        return format_html('{} <span class="badge-state" data-tone="{}">{}</span>', age, tone, word)

    @admin.display(description="quién revisa", ordering="reviewer")
    def reviewer_name(self, row: Application) -> str:
        """Who has it."""
        return str(row.reviewer) if row.reviewer else "Nadie todavía"

    @admin.display(description="consejos (no deciden)")
    def advice(self, row: Application) -> str:
        """What the invitation says, point by point."""
        points = ((("✔" if a.fits else "⚠"), a.topic, a.why) for a in eligibility.advise(row))
        return format_html_join("", "<div>{} <strong>{}.</strong> {}</div>", points)

    @admin.display(description="solicitante")
    def person_link(self, row: Application) -> str:
        """Her name and page."""
        url = reverse("admin:members_person_change", args=[row.person_id])
        return format_html('<a href="{}">{}</a>', url, row.person)

    @admin.display(description="correo institucional")
    def institutional_email(self, row: Application) -> str:
        """Where she works."""
        return row.person.institutional_email or "—"

    @admin.display(description="teléfono de oficina")
    def office_phone(self, row: Application) -> str:
        """With its extension."""
        return row.person.office_phone_text or "—"

    @admin.display(description="celular")
    def mobile(self, row: Application) -> str:
        """For notices only."""
        return row.person.mobile_text or "—"

    @admin.display(description="número de empleada")
    def employee_number(self, row: Application) -> str:
        """Against registering somebody twice."""
        return row.person.employee_number or "—"

    @admin.display(description="temas de interés")
    def interests(self, row: Application) -> str:
        """Áreas de contenido she marked."""
        return ", ".join(str(area) for area in row.person.interests.all()) or "—"

    @admin.display(description="formación previa")
    def prior_training(self, row: Application) -> str:
        """What she studied before."""
        return row.person.prior_training or "—"

    @admin.display(description="lo que autoriza")
    def consents(self, row: Application) -> str:
        """The separate consents as they stand."""
        given = privacy.consents(row.person)
        lines = ((Consent.Purpose(key).label, "Sí" if yes else "No") for key, yes in given.items())
        return format_html_join("", "<div>{}: {}</div>", lines)

    @admin.display(description="historial")
    def questions(self, row: Application) -> str:
        """What was asked, until when, and what she answered."""
        asked = row.questions.prefetch_related("files")
        if not asked:
            return "Ninguna."
        lines = (
            (
                question.question,
                date_format(timezone.localtime(question.deadline), "DATE_FORMAT"),
                question.answer or "Sin respuesta",
                format_html_join(
                    "",
                    '<br><a href="{}">{}</a>',
                    (
                        (reverse("members:application_file", args=[file.key]), file.name)
                        for file in question.files.all()
                    ),
                ),
            )
            for question in asked
        )
        return format_html_join("", "<div><strong>{}</strong> (plazo: {})<br>{}{}</div>", lines)

    @admin.display(description="historial")
    def former(self, row: Application) -> str:
        """Her earlier solicitudes and how they ended."""
        earlier = row.person.applications.exclude(pk=row.pk).exclude(folio=None)
        if not earlier:
            return "Es la primera."
        lines = (
            (
                reverse("admin:members_application_change", args=[old.pk]),
                str(old.folio),
                old.get_state_display(),
                old.decision_text,
            )
            for old in earlier
        )
        return format_html_join("", '<div><a href="{}">{}</a>: {}. {}</div>', lines)

    @admin.display(description="solo del personal")
    def notes(self, row: Application) -> str:
        """What the personnel noted; she never reads it."""
        found = row.notes.select_related("author__person")
        if not found:
            return "Ninguna."
        lines = (
            (date_format(timezone.localtime(note.at), "DATETIME_FORMAT"), note.author, note.text)
            for note in found
        )
        return format_html_join("", "<div><strong>{}, {}</strong><br>{}</div>", lines)
