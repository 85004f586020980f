"""Periodos de gobierno and the tasks that each change leaves: closed, followed and settled by buttons."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from members import closing_terms, settling
from members.admin.designation import VALIDATE, acting
from members.admin.designation_forms import NamingForm, ReasonForm
from members.designating import Oficio
from members.forms.fields import line_field
from members.forms.liaison import OficioForm, day_field
from members.http import account
from members.models import Department, GovernmentTerm, TermTask
from red_genero.common.admin import PeopleAdmin, Verb, VerbAdmin, verb
from red_genero.common.models import AccessLog

CLOSE: Final = "members.close_governmentterm"
State = TermTask.State
OWED: Final = (State.PENDING, State.VACANT)


class NextTermForm(forms.Form):
    """The government that comes."""

    name = line_field("Nombre", 120, help_text="Por ejemplo: «Gobierno municipal 2027–2030».")
    last_day = day_field("Último día", help_text="Empieza al día siguiente de que termina este.")


class VacancyForm(forms.Form):
    """Why nobody is named for now."""

    reason = forms.CharField(
        label="Por qué queda vacante",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Por ejemplo: la dependencia está en reestructura. No relate ningún caso.",
    )


@admin.register(GovernmentTerm)
class GovernmentTermAdmin(VerbAdmin[GovernmentTerm]):
    """Three years each; the last day is when it may be closed."""

    list_display = ("name", "first_day", "last_day", "state", "progress", "closed_at")
    list_filter = ("state",)
    fields = ("key", "name", "first_day", "last_day", "state", "closed_at", "closed_by", "progress")
    readonly_fields = ("state", "closed_at", "closed_by", "progress")

    def has_change_permission(
        self, request: HttpRequest, obj: GovernmentTerm | None = None
    ) -> bool:
        """What was closed does not change."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.state == GovernmentTerm.State.OPEN)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GovernmentTerm]:
        """Count the tasks of every row at once."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                asked=Count("tasks", filter=~Q(tasks__state=State.VOID)),
                owed=Count("tasks", filter=Q(tasks__state=State.PENDING)),
            )
        )

    @admin.display(description="avance de sus tareas")
    def progress(self, term: Any) -> str:
        """How many of its tasks are settled, and where they are."""
        if not term.key:
            return "—"
        total = term.asked
        words = f"{total - term.owed} de {total} resueltas" if total else "Sin tareas"
        url = reverse("members:term_progress", args=[term.key])
        return format_html('{} · <a href="{}">Ver el avance y la entrega</a>', words, url)

    @verb(
        "Cerrar periodo",
        permission=CLOSE,
        style="danger",
        question="Lo que termina no se reabre. Oprima solo si lo de arriba es lo que espera.",
        when=lambda term: term.state == GovernmentTerm.State.OPEN,
    )
    def close(self, request: HttpRequest, row: GovernmentTerm, data: dict[str, Any]) -> str:
        """End what it covers."""
        term = closing_terms.close(row, by=acting(request))
        return f"Se cerró «{term}». Tareas abiertas: {term.tasks.counting().count()}."

    @verb(
        "Abrir el siguiente periodo",
        permission=CLOSE,
        form=NextTermForm,
        when=lambda term: not GovernmentTerm.objects.filter(first_day__gt=term.last_day).exists(),
    )
    def open_next(self, request: HttpRequest, row: GovernmentTerm, data: dict[str, Any]) -> str:
        """Begin the one that follows."""
        made = closing_terms.open_next(row, **data, by=acting(request))
        return f"Se abrió «{made}»."

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: GovernmentTerm, form: forms.Form | None
    ) -> str:
        """Show exactly what closing ends; a page with names is noted."""
        if made.name != "close":
            return super().verb_preview(made, request, row, form)
        found = closing_terms.preview(row)
        sees_names = request.user.has_perm("members.view_designation")
        if sees_names and (named := len(found.ending) + len(found.staying)):
            AccessLog.objects.create(
                user=account(request),
                what=f"Designaciones que termina el cierre de {row}"[:200],
                purpose="Cerrar un periodo de gobierno",
                rows=named,
            )
        early = timezone.localdate() < row.last_day
        context = {"preview": found, "term": row, "sees_names": sees_names, "early": early}
        return render_to_string("admin/terms/_closing.html", context, request)


@admin.register(TermTask)
class TermTaskAdmin(PeopleAdmin[TermTask], VerbAdmin[TermTask]):
    """One per dependencia and change of government; designations settle them."""

    reading_purpose = "Dar seguimiento al cambio de gobierno"
    list_display = ("department", "term", "state", "outgoing_person", "settled_at")
    list_filter = ("state", "term")
    list_select_related = ("department", "term", "outgoing__person")
    search_fields = ("department__search_key",)
    search_help_text = "Busque por dependencia; los acentos no importan."
    fields = readonly_fields = (
        "term",
        "department",
        "state",
        "outgoing_person",
        "designation_link",
        "reason",
        "settled_at",
        "settled_by",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TermTask], search_term: str
    ) -> tuple[QuerySet[TermTask], bool]:
        """Ignore case, accents and ñ."""
        found = Department.objects.search(search_term).values("pk")
        return queryset.filter(department__in=found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Closing a term opens them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: TermTask | None = None) -> bool:
        """Nothing is written by hand."""
        return False

    @admin.display(description="enlace titular al cierre", ordering="outgoing")
    def outgoing_person(self, task: TermTask) -> str:
        """Who held the post."""
        return str(task.outgoing.person) if task.outgoing else "Nadie"

    @admin.display(description="designación que la resolvió")
    def designation_link(self, task: TermTask) -> str:
        """Where the oficio is."""
        if task.designation is None:
            return "—"
        url = reverse("admin:members_designation_change", args=[task.designation.pk])
        number = task.designation.oficio_number
        return format_html('<a href="{}">{}, oficio {}</a>', url, task.designation.person, number)

    def verb_form(self, made: Verb, request: HttpRequest, row: TermTask) -> forms.Form | None:
        """Offer the people of this dependencia."""
        form = super().verb_form(made, request, row)
        if isinstance(form, NamingForm):
            form.choose_among(row.department)
        return form

    @verb(
        "Ratificar",
        permission=VALIDATE,
        style="primary",
        form=OficioForm,
        question="Registra el oficio de la nueva titularidad para la misma persona. Ella acepta en el portal y "
        "Validación valida: entonces la tarea queda «Ratificada».",
        when=lambda task: task.state in OWED and task.outgoing is not None,
    )
    def ratify(self, request: HttpRequest, row: TermTask, data: dict[str, Any]) -> str:
        """The same person goes on by a new oficio."""
        made = closing_terms.ratify(row, oficio=Oficio(**data), by=acting(request))
        return f"Se nominó de nuevo a {made.person}; se le pidió que acepte o decline."

    @verb(
        "Designar a otra persona",
        permission=VALIDATE,
        form=NamingForm,
        question="Registra el oficio de la nueva titularidad. Al validar la designación, la tarea se resuelve sola.",
        when=lambda task: task.state in OWED,
    )
    def substitute(self, request: HttpRequest, row: TermTask, data: dict[str, Any]) -> str:
        """Somebody new."""
        person = data.pop("person")
        made = closing_terms.substitute(row, person, oficio=Oficio(**data), by=acting(request))
        return f"Se nominó a {made.person}; se le pidió que acepte o decline."

    @verb(
        "Declarar vacante",
        permission=VALIDATE,
        form=VacancyForm,
        question="La dependencia no designa a nadie por ahora. Si después designa, la tarea se resuelve sola.",
        when=lambda task: task.state == State.PENDING,
    )
    def declare_vacant(self, request: HttpRequest, row: TermTask, data: dict[str, Any]) -> str:
        """Nobody for now."""
        settling.declare_vacant(row, reason=data["reason"], by=acting(request))
        return f"Quedó anotado que {row.department} no designa a nadie por ahora."

    @verb(
        "Volver a pendiente",
        permission=VALIDATE,
        form=ReasonForm,
        when=lambda task: task.state == State.VACANT,
    )
    def ask_again(self, request: HttpRequest, row: TermTask, data: dict[str, Any]) -> str:
        """Take back the vacancy."""
        settling.ask_again(row, reason=data["reason"], by=acting(request))
        return f"La tarea de {row.department} está pendiente de nuevo."
