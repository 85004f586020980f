"""The vetting desk: solicitudes by age, one page from which to decide."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from members import eligibility, privacy, vetting
from members.models import (
    Application,
    Consent,
    Department,
    InformationRequest,
    Person,
    RejectionReason,
    User,
)
from red_genero.common.admin import HistoryAdmin, PeopleAdmin, ReadOnlyAdmin, VerbAdmin, verb
from red_genero.common.states import By

State = Application.State
REVIEW: Final = "members.review_application"
DEFAULT_TRAY: Final = "por-atender"
NO_CASES: Final = "No pida que relate casos ni datos de salud. Ella leerá este texto."


PARTS: Final = (
    ("Solicitud", ("folio", "state", "sent_at", "reviewer_name", "advice")),
    (
        "Quién es",
        ("person_link", "institutional_email", "office_phone", "mobile", "employee_number"),
    ),
    (
        "Dónde trabaja",
        ("department", "department_other", "area", "position", "level", "appointment"),
    ),
    ("Qué hace", ("policy_work", "motivation", "interests", "prior_training")),
    ("Consentimientos", ("consents",)),
    ("Preguntas y respuestas", ("questions",)),
    ("Solicitudes anteriores", ("former",)),
    ("Resolución", ("rejection_reason", "decision_text", "decided_at")),
)


class Queue(admin.SimpleListFilter):
    """What waits for the Instituto, and for me."""

    title = "bandeja"
    parameter_name = "bandeja"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Application]
    ) -> list[tuple[str, str]]:
        """Return the trays."""
        return [
            ("todas", "Todas"),
            ("sin-tomar", "Nadie las revisa"),
            ("mias", "Las que reviso yo"),
            ("esperan-respuesta", "Esperan su respuesta"),
            ("resueltas", "Resueltas o cerradas"),
        ]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Return the links, what waits for the Instituto first."""
        query = changelist.get_query_string(remove=[self.parameter_name])
        yield {"selected": self.value() is None, "query_string": query, "display": "Por atender"}
        for lookup, title in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: str(lookup)})
            selected = self.value() == str(lookup)
            yield {"selected": selected, "query_string": query, "display": title}

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> QuerySet[Application]:
        """Return the solicitudes of the chosen tray; a search looks in all of them."""
        asked = {"q", "state__exact"} & set(request.GET)
        default = "todas" if asked else DEFAULT_TRAY
        trays = {
            "por-atender": Q(state__in=[State.SENT, State.IN_REVIEW]),
            "sin-tomar": Q(state=State.SENT) | Q(state=State.IN_REVIEW, reviewer=None),
            "mias": Q(state__in=[State.IN_REVIEW, State.NEEDS_INFO], reviewer=request.user.pk),
            "esperan-respuesta": Q(state=State.NEEDS_INFO),
            "resueltas": ~Q(state__in=Application.OPEN),
        }
        chosen = trays.get(self.value() or default)
        return queryset.filter(chosen) if chosen is not None else queryset


class QuestionForm(forms.Form):
    """What to ask her."""

    question = forms.CharField(
        label="Pregunta",
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        help_text=NO_CASES,
    )


class RejectionForm(forms.Form):
    """Why not, in words that she reads."""

    reason = forms.ModelChoiceField(
        RejectionReason.objects.filter(active=True), label="Motivo", empty_label="Elija un motivo"
    )
    text = forms.CharField(
        label="Texto para la solicitante",
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        help_text="Explique la decisión y qué puede hacer. Ella leerá este texto.",
    )


class DepartmentForm(forms.Form):
    """The dependencia of the catalogue."""

    department = forms.ModelChoiceField(
        Department.objects.current(), label="Dependencia", empty_label="Elija la dependencia"
    )


class ReviewerForm(forms.Form):
    """Who will review it."""

    to = forms.ModelChoiceField(
        User.objects.filter(is_active=True, is_staff=True)
        .filter(
            Q(is_superuser=True)
            | Q(groups__permissions__codename="review_application")
            | Q(user_permissions__codename="review_application")
        )
        .select_related("person")
        .distinct(),
        label="Turnar a",
        empty_label="Elija a la persona",
    )


def _is_sent(application: Application) -> bool:
    """Whether nobody has it yet."""
    unheld = application.state == State.IN_REVIEW and application.reviewer_id is None
    return application.state == State.SENT or unheld


def _is_in_review(application: Application) -> bool:
    """Whether somebody is reviewing it."""
    return application.state == State.IN_REVIEW and application.reviewer_id is not None


@admin.register(Application)
class ApplicationAdmin(PeopleAdmin[Application], VerbAdmin[Application]):
    """Everything to decide with on one page; the decision is a button."""

    reading_purpose = "Revisar solicitudes de ingreso"
    list_display = (
        "folio",
        "person",
        "workplace",
        "state",
        "waits_since",
        "reviewer_name",
    )
    list_filter = (Queue, "state", "level")
    list_select_related = ("person", "department", "reviewer__person")
    ordering = ("sent_at", "pk")
    search_help_text = "Busque por folio, nombre o número de empleada."
    search_fields = ("folio",)
    fieldsets = tuple((title, {"fields": fields}) for title, fields in PARTS)
    readonly_fields = tuple(name for _, fields in PARTS for name in fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """Nothing whose mailbox was not proven."""
        if not isinstance(request.user, User):
            return Application.objects.none()
        return Application.objects.visible_to(request.user).order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Application], search_term: str
    ) -> tuple[QuerySet[Application], bool]:
        """Search folios and people ignoring accents."""
        if not search_term.strip():
            return queryset, False
        people = Person.objects.search(search_term)
        found = Q(folio__icontains=search_term.strip()) | Q(person__in=people)
        return queryset.filter(found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A solicitud begins on her own pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        """What she wrote is hers; staff acts by buttons."""
        return False

    @verb("Tomar", permission=REVIEW, style="primary", when=_is_sent, bulk=True)
    def take(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Begin to review it."""
        vetting.take(row, by=_by(request))
        return f"La solicitud {row.folio} está en revisión, a su cargo."

    @verb(
        "Aprobar",
        permission=REVIEW,
        style="primary",
        question="Se registra como integrante con su adscripción y se le avisa por correo.",
        when=_is_in_review,
    )
    def approve(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Admit her."""
        member = vetting.approve(row, by=_by(request))
        return f"Se aprobó la solicitud {row.folio}: {member} es integrante {member.folio}."

    @verb(
        "Pedir información",
        permission=REVIEW,
        form=QuestionForm,
        question="Tendrá diez días hábiles para responder en el portal; se le avisa por correo.",
        when=_is_in_review,
    )
    def request_information(
        self, request: HttpRequest, row: Application, data: dict[str, Any]
    ) -> str:
        """Ask her something."""
        asked = vetting.request_information(row, question=data["question"], by=_by(request))
        until = date_format(timezone.localtime(asked.deadline), "DATE_FORMAT")
        return f"Se envió la pregunta. El plazo termina el {until}."

    @verb("Elegir dependencia", permission=REVIEW, form=DepartmentForm, when=_is_in_review)
    def resolve_department(
        self, request: HttpRequest, row: Application, data: dict[str, Any]
    ) -> str:
        """Set the one of the catalogue."""
        vetting.resolve_department(row, data["department"], by=_by(request))
        return f"La dependencia de la solicitud es {data['department']}."

    @verb("Turnar", permission=REVIEW, form=ReviewerForm, when=_is_in_review)
    def hand_over(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Let another person review it."""
        vetting.hand_over(row, to=data["to"], by=_by(request))
        return f"La solicitud {row.folio} quedó a cargo de {data['to']}."

    @verb(
        "Rechazar",
        permission=REVIEW,
        style="danger",
        form=RejectionForm,
        question="Se le avisa por correo con el motivo y el texto. Podrá presentar otra solicitud.",
        when=_is_in_review,
    )
    def reject(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Do not admit her."""
        vetting.reject(row, reason=data["reason"], text=data["text"], by=_by(request))
        return f"Se resolvió la solicitud {row.folio} y se avisó a la solicitante."

    @admin.display(description="dependencia", ordering="department__name")
    def workplace(self, row: Application) -> str:
        """The dependencia, or what she wrote."""
        return row.workplace if row.department else f"«{row.department_other}» (otra)"

    @admin.display(description="enviada hace", ordering="sent_at")
    def waits_since(self, row: Application) -> str:
        """Days since it was sent, while it is open."""
        if row.sent_at is None:
            return "—"
        days = (timezone.localdate() - timezone.localtime(row.sent_at).date()).days
        if row.state not in Application.OPEN:
            return date_format(timezone.localtime(row.sent_at), "SHORT_DATE_FORMAT")
        return "hoy" if days == 0 else "1 día" if days == 1 else f"{days} días"

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
        asked = row.questions.all()
        if not asked:
            return "Ninguna."
        lines = (
            (
                question.question,
                date_format(timezone.localtime(question.deadline), "DATE_FORMAT"),
                question.answer or "Sin respuesta",
            )
            for question in asked
        )
        return format_html_join("", "<div><strong>{}</strong> (plazo: {})<br>{}</div>", lines)

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


@admin.register(InformationRequest)
class InformationRequestAdmin(ReadOnlyAdmin[InformationRequest]):
    """Every question and its answer."""

    list_display = ("application", "question", "asked_at", "deadline", "answered_at")
    list_select_related = ("application__person",)
    date_hierarchy = "asked_at"
    search_fields = ("application__folio",)


@admin.register(RejectionReason)
class RejectionReasonAdmin(HistoryAdmin[RejectionReason]):
    """The list of reasons; an unused one is switched off."""

    list_display = ("text", "active")
    list_display_links = ("text",)

    def has_delete_permission(
        self, request: HttpRequest, obj: RejectionReason | None = None
    ) -> bool:
        """Decisions point to them."""
        return False


def _by(request: HttpRequest) -> By:
    """Return who acts, through the administration."""
    return By.admin(request.user)  # type: ignore[arg-type]
