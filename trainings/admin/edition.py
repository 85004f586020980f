"""The ediciones as staff plans them; their state moves by verbs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, ManyToManyField, Q, QuerySet
from django.forms.models import ModelMultipleChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from members.models import User
from red_genero.common.admin import Verb, verb
from red_genero.common.text import fold
from trainings import enrolling, filling, scheduling
from trainings.admin.acting import acting
from trainings.admin.planning import PlanningAdmin
from trainings.forms.desk import EnrolForm
from trainings.forms.edition import (
    EditionForm,
    ReasonForm,
    SeatsForm,
)
from trainings.models import Edition, Enrollment, Places

CHANGE = "trainings.change_edition"
AHEAD = Edition.AHEAD


def _people(number: int) -> str:
    return "1 persona" if number == 1 else f"{number} personas"


class PlacesChangeList(ChangeList):
    """A list of ediciones with their seats beside them, counted for one page at a time."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page, then its seats."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        places = Enrollment.objects.places(self.result_list)
        for edition in self.result_list:
            setattr(edition, "places", places[edition.pk])  # noqa: B010


def shown_places(edition: Edition) -> Places:
    """Return the seats that the list counted."""
    places: Places = getattr(edition, "places")  # noqa: B009
    return places


@admin.register(Edition)
class EditionAdmin(PlanningAdmin):
    """Dated runs: dates, cupo, conditions, sittings, who coordinates."""

    form = EditionForm
    list_display = ("key", "course", "state", "starts_on", "ends_on", "seats", "held", "waiting")
    list_filter = ("state", "mode", "course__area", "starts_on")
    list_select_related = ("course",)
    date_hierarchy = "starts_on"
    search_fields = ("key", "course__search_key")
    search_help_text = "Busque por clave o título de la formación."
    autocomplete_fields = ("course", "instructors")
    readonly_fields = ("pages", "cancel_reason", "policy_frozen_at", "closed_at", "told")
    fieldsets = (
        (None, {"fields": ("course", "key", "state", "pages", ("mode", "hours"))}),
        (
            "Fechas y cupo",
            {"fields": (("starts_on", "ends_on"), ("seats", "minimum_participants"))},
        ),
        (
            "Inscripción",
            {
                "fields": (
                    "enrollment_opens",
                    "enrollment_closes",
                    "cancel_until",
                    "offer_hours",
                    "seats_per_department",
                    "manager_approval",
                    "open_to_non_members",
                    "fill_automatically",
                    "priority_rule",
                ),
                "description": "Los plazos escritos a las 23:59 terminan a las 23:59:59.",
            },
        ),
        (
            "Asistencia",
            {
                "fields": (
                    ("minimum_attendance", "late_credit", "excused_leaves"),
                    ("self_check_in", "late_after"),
                )
            },
        ),
        ("Personas", {"fields": ("instructors", "coordinators")}),
        (
            "Encuestas",
            {"fields": ("knowledge_set", "satisfaction_set", "final_survey_required")},
        ),
        ("Cierre", {"fields": ("cancel_reason", "policy_frozen_at", "closed_at")}),
        ("Sesiones", {"fields": ("told",)}),
    )

    @admin.display(description="páginas")
    def pages(self, edition: Edition) -> str:
        """Lead to where it is coordinated, and to what people read of it."""
        if edition._state.adding:  # noqa: SLF001
            return "Después de guardar se publica con su botón y se coordina en su mesa."
        desk = reverse("trainings:coordination_edition", args=[edition.key])
        shown = format_html('<a href="{}">Mesa de coordinación</a>', desk)
        if edition.state == Edition.State.DRAFT:
            return shown
        page = reverse("trainings:edition_detail", args=[edition.course.key, edition.key])
        return format_html('{} · <a href="{}">Página pública</a>', shown, page)

    @admin.display(description="ocupados")
    def held(self, edition: Edition) -> int:
        """Seats that somebody holds."""
        return shown_places(edition).held

    @admin.display(description="en espera")
    def waiting(self, edition: Edition) -> int:
        """How many wait."""
        return shown_places(edition).waiting

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Count the seats of the rows shown, and of no others."""
        return PlacesChangeList

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer an enrolment that opens today."""
        opens = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        return {"enrollment_opens": opens, **super().get_changeform_initial_data(request)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Edition], search_term: str
    ) -> tuple[QuerySet[Edition], bool]:
        """Search without accents or case; a clave keeps its dashes."""
        found, distinct = super().get_search_results(request, queryset, fold(search_term))
        return found | queryset.filter(key__icontains=search_term.strip()), distinct

    def get_readonly_fields(
        self, request: HttpRequest, obj: Edition | None = None
    ) -> tuple[str, ...]:
        """After the first save the cupo changes by its button; the clave is in addresses."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "course", "key", "seats") if obj else fixed

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """What ended stays as it was: results and constancias rest on it."""
        if obj is not None and obj.state not in AHEAD:
            return False
        return super().has_change_permission(request, obj)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        """Offer as coordinators the accounts that may coordinate."""
        if db_field.name == "coordinators":
            may = Q(groups__permissions__codename="coordinate_edition")
            kwargs["queryset"] = (
                User.objects.filter(may, is_active=True).select_related("person").distinct()
            )
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Edition, form: forms.ModelForm[Edition], change: bool
    ) -> None:
        """Write only what was typed: a verb may have moved the rest meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        columns = {field.name for field in Edition._meta.concrete_fields}
        obj.save(update_fields=[name for name in form.changed_data if name in columns])

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[Edition], formsets: Any, change: bool
    ) -> None:
        """Tell what changed; wider conditions may free the queue."""
        super().save_related(request, form, formsets, change)
        if change:
            filling.fill_if_widened(form.instance, form.changed_data, by=acting(request))

    def verb_form(self, made: Verb, request: HttpRequest, row: Edition) -> forms.Form | None:
        """Say beside the question whom it touches."""
        form = super().verb_form(made, request, row)
        if form is not None and made.name == "cancel_edition":
            form.fields["reason"].help_text += f" {self._affected(row)}"
        if form is not None and made.name == "change_seats":
            places = filling.places_of(row)
            form.fields["seats"].initial = row.seats
            form.fields[
                "seats"
            ].help_text += f" Hoy: {places.held} ocupados de {places.seats}, {_people(places.waiting)} en espera."
        return form

    @verb(
        "Publicar",
        permission=CHANGE,
        style="primary",
        question="Cualquier persona podrá leerla, y las integrantes inscribirse en sus fechas.",
        when=lambda edition: edition.state == Edition.State.DRAFT,
    )
    def publish(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Let people read it."""
        scheduling.publish(row, by=acting(request))
        return "La edición está publicada."

    @verb(
        "Cambiar cupo",
        permission=CHANGE,
        form=SeatsForm,
        when=lambda edition: edition.state in AHEAD,
    )
    def change_seats(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Change the cupo."""
        filling.set_seats(row, data["seats"], by=acting(request))
        return f"El cupo es de {data['seats']}."

    @verb(
        "Inscribir a una persona",
        permission="trainings.change_enrollment",
        form=EnrolForm,
        when=lambda edition: edition.state == Edition.State.PUBLISHED,
    )
    def enrol_person(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Enrol somebody as she would herself; requirements may be waived with a reason."""
        seat = enrolling.enrol(
            row,
            data["email"],
            by=acting(request),
            manager_email=data["manager_email"],
            waived=data["waived"],
            waiver_reason=data["waiver_reason"],
        )
        return f"{seat.person}: {seat.get_state_display().lower()}."

    @verb(
        "Ofrecer lugares libres",
        permission="trainings.change_enrollment",
        question="Ofrece los lugares libres a las primeras de la lista de espera que cumplan.",
        when=lambda edition: edition.state == Edition.State.PUBLISHED,
    )
    def fill(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Call Fill by hand."""
        by = acting(request)
        return filling.fill(row, cause="A petición del personal", by=by).outcome

    @verb(
        "Iniciar",
        permission=CHANGE,
        question="Se escribe que la edición inició. También ocurre sola con la primera sesión.",
        when=lambda edition: (
            edition.state == Edition.State.PUBLISHED and edition.starts_on <= timezone.localdate()
        ),
    )
    def start(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Write that it began."""
        scheduling.start(row, by=acting(request))
        return "La edición está en curso."

    @verb(
        "Cancelar edición",
        permission=CHANGE,
        style="danger",
        form=ReasonForm,
        when=lambda edition: edition.state in AHEAD,
    )
    def cancel_edition(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Cancel the run and tell everybody."""
        by = acting(request)
        told = scheduling.cancel_edition(row, by=by, reason=data["reason"])
        return f"La edición se canceló y se avisó a {_people(told)}."

    def _affected(self, edition: Edition) -> str:
        """Return whom a cancellation reaches, by state."""
        counts = (
            Enrollment.objects.open()
            .filter(edition=edition)
            .order_by()
            .values_list("state")
            .annotate(Count("pk"))
        )
        parts = [f"{Enrollment.State(state).label.lower()}: {number}" for state, number in counts]
        if not parts:
            return "No hay inscripciones abiertas: no se avisa a nadie."
        return f"Se avisa una vez a cada persona con inscripción abierta ({'; '.join(parts)})."
