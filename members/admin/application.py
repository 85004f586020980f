"""The vetting desk: solicitudes by age and urgency, one page from which to decide."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from members import duplicates, vetting
from members.admin.application_forms import (
    AreaForm,
    DepartmentForm,
    DistinctForm,
    NoteForm,
    QuestionForm,
    RejectionForm,
    ReviewerForm,
    WithdrawalForm,
)
from members.admin.application_sheet import PARTS, ApplicationSheet
from members.admin.application_trays import Queue
from members.admin.designation import acting
from members.admin.searching import FolioOrName
from members.models import Application, InformationRequest, RejectionReason, User
from red_genero.common.admin import HistoryAdmin, PeopleAdmin, ReadOnlyAdmin, Verb, verb

State = Application.State
REVIEW: Final = "members.review_application"


def _is_sent(application: Application) -> bool:
    """Whether nobody has it yet."""
    unheld = application.state == State.IN_REVIEW and application.reviewer_id is None
    return application.state == State.SENT or unheld


def _is_in_review(application: Application) -> bool:
    """Whether somebody is reviewing it."""
    return application.state == State.IN_REVIEW and application.reviewer_id is not None


@admin.register(Application)
class ApplicationAdmin(PeopleAdmin[Application], FolioOrName[Application], ApplicationSheet):
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
    list_filter = (
        Queue,
        "state",
        "level",
        ("department", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("person", "department", "reviewer__person")
    ordering = ("sent_at", "pk")
    search_help_text = "Busque por folio, nombre o número de empleada."
    change_form_template = "admin/vetting/change_form.html"
    change_list_template = "admin/vetting/change_list.html"
    fieldsets = tuple((title, {"fields": fields}) for title, fields in PARTS)
    readonly_fields = tuple(name for _, fields in PARTS for name in fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """Nothing whose mailbox was not proven."""
        if not isinstance(request.user, User):
            return Application.objects.none()
        return Application.objects.visible_to(request.user).order_by(*self.ordering)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the trays above the list, each with how many wait in it."""
        answer = super().changelist_view(request, extra_context)
        shown = getattr(answer, "context_data", None)
        if shown and "cl" in shown:
            trays = [spec for spec in shown["cl"].filter_specs if isinstance(spec, Queue)]
            shown["trays"] = [choice for spec in trays for choice in spec.choices(shown["cl"])]
        return answer

    def verb_form(self, made: Verb, request: HttpRequest, row: Application) -> Form | None:
        """Offer the áreas of her dependencia."""
        form = super().verb_form(made, request, row)
        if isinstance(form, AreaForm):
            form.choose_for(row)
        return form

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: Application, form: Form | None
    ) -> str:
        """Before she is admitted, say again whom she resembles."""
        if made.name != "approve" or not duplicates.open_for(row.person):
            return super().verb_preview(made, request, row, form)
        words = "<p>Antes de aprobar, compruebe que no sea la misma persona:</p>{}"
        return format_html(words, self.alike(row))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A solicitud begins on her own pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        """What she wrote is hers; staff acts by buttons."""
        return False

    @verb("Tomar", permission=REVIEW, style="primary", when=_is_sent, bulk=True)
    def take(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Begin to review it."""
        vetting.take(row, by=acting(request))
        return f"La solicitud {row.folio} está en revisión, a su cargo."

    @verb(
        "Aprobar",
        permission=REVIEW,
        style="primary",
        question="Se registra como integrante con su adscripción y se le avisa por correo.",
        when=_is_in_review,
        bulk=True,
    )
    def approve(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Admit her."""
        member = vetting.approve(row, by=acting(request))
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
        asked = vetting.request_information(row, question=data["question"], by=acting(request))
        until = date_format(timezone.localtime(asked.deadline), "DATE_FORMAT")
        return f"Se envió la pregunta. El plazo termina el {until}."

    @verb("Elegir dependencia", permission=REVIEW, form=DepartmentForm, when=_is_in_review)
    def resolve_department(
        self, request: HttpRequest, row: Application, data: dict[str, Any]
    ) -> str:
        """Set the one of the catalogue."""
        vetting.resolve_department(row, data["department"], by=acting(request))
        return f"La dependencia de la solicitud es {data['department']}."

    @verb("Corregir área", permission=REVIEW, form=AreaForm, when=_is_in_review)
    def resolve_area(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Set the one of the catalogue, or write it even."""
        done = vetting.resolve_area(row, unit=data["unit"], area=data["area"], by=acting(request))
        return f"El área de la solicitud es {done.area}."

    @verb("Turnar", permission=REVIEW, form=ReviewerForm, when=_is_in_review)
    def hand_over(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Let another person review it."""
        vetting.hand_over(row, to=data["to"], by=acting(request))
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
        vetting.reject(row, reason=data["reason"], text=data["text"], by=acting(request))
        return f"Se resolvió la solicitud {row.folio} y se avisó a la solicitante."

    @verb(
        "Retirar",
        permission=REVIEW,
        style="danger",
        form=WithdrawalForm,
        question="Solo si ella lo pidió por otro medio. Se le avisa por correo y podrá presentar otra.",
        when=lambda application: application.state in Application.OPEN,
    )
    def withdraw(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Take it back for her."""
        vetting.withdraw_for_her(row, reason=data["reason"], by=acting(request))
        return f"La solicitud {row.folio} se retiró y se avisó a la solicitante."

    @verb("Anotar", permission=REVIEW, form=NoteForm)
    def remark(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Leave a note for the personnel."""
        vetting.remark(row, text=data["text"], by=acting(request))
        return "La nota quedó en la solicitud; solo la lee el personal."

    @verb(
        "No es la misma persona",
        permission=REVIEW,
        form=DistinctForm,
        question="Se anota que son dos personas y deja de advertirse el parecido.",
        when=lambda application: bool(duplicates.open_for(application.person)),
    )
    def distinct(self, request: HttpRequest, row: Application, data: dict[str, Any]) -> str:
        """Dismiss a likeness."""
        return self.dismiss(request, row, data)


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
