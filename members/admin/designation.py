"""Enlaces as Validación keeps them: letters, designations and who signs; all moved by verbs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from members import designating, leaving_posts, requesting
from members.admin.designation_forms import (
    AnswerForm,
    LetterForm,
    NominationForm,
    ReasonForm,
    ValidationForm,
)
from members.admin.keeping import KeepingAdmin
from members.forms.liaison import OficioForm
from members.models import (
    Department,
    Designation,
    DesignationRequest,
    OfficeSigner,
    Person,
)
from red_genero.common.admin import PeopleAdmin, Verb, VerbAdmin, verb
from red_genero.common.states import By

VALIDATE = "members.validate_designation"
State = Designation.State
Letter = DesignationRequest.State


class LiaisonVerbs(VerbAdmin[Department]):
    """What is done about the enlace of a dependencia, from its own page."""

    @verb(
        "Pedir enlace por oficio",
        permission=VALIDATE,
        form=LetterForm,
        question="Se emite un oficio con folio, en PDF, que ya no cambia.",
        when=lambda department: department.expects_liaison and department.valid_to is None,
    )
    def ask_for_liaison(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Issue the letter."""
        letter = requesting.issue(row, **data, by=acting(request))
        return f"Se emitió el oficio {letter.folio}. Está en «Oficios de solicitud de enlace»."

    @verb(
        "Nominar enlace",
        permission=VALIDATE,
        form=NominationForm,
        question="Registra el oficio de la titularidad. La persona acepta o declina en el portal.",
        when=lambda department: department.expects_liaison and department.valid_to is None,
    )
    def nominate_liaison(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Record the titular's oficio."""
        return _nominate(row, data, acting(request), None)

    def verb_form(self, made: Verb, request: HttpRequest, row: Department) -> forms.Form | None:
        """Offer the people of this dependencia."""
        form = super().verb_form(made, request, row)
        if isinstance(form, NominationForm):
            form.choose_among(row)
        return form


class OverdueFilter(admin.SimpleListFilter):
    """Letters whose working days to answer are over."""

    title = "plazo"
    parameter_name = "plazo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice."""
        return [("vencido", "Sin respuesta y vencido")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DesignationRequest]
    ) -> QuerySet[DesignationRequest]:
        """Keep the overdue."""
        if self.value() != "vencido":
            return queryset
        found = DesignationRequest.objects.overdue(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=found)


@admin.register(DesignationRequest)
class DesignationRequestAdmin(VerbAdmin[DesignationRequest]):
    """Letters that ask for an enlace."""

    list_display = ("folio", "department", "role", "addressee", "state", "issued_on", "answer_due")
    list_filter = ("state", OverdueFilter, "role")
    list_select_related = ("department",)
    search_fields = ("folio", "addressee", "department__search_key")
    search_help_text = "Busque por folio, dependencia o a quién se dirige."
    date_hierarchy = "issued_on"
    fields = readonly_fields = (
        "folio",
        "state",
        "department",
        "role",
        "addressee",
        "addressee_position",
        "addressee_email",
        "copies",
        "signer",
        "signer_position",
        "issued_on",
        "answer_due",
        "issued_by",
        "letter_link",
        "sha256",
        "answer_number",
        "answer_date",
        "answer_link",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are issued from the page of the dependencia."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: DesignationRequest | None = None
    ) -> bool:
        """What was issued does not change."""
        return False

    @admin.display(description="PDF")
    def letter_link(self, letter: DesignationRequest) -> str:
        """Where the letter is downloaded."""
        url = reverse("members:request_pdf", args=[letter.folio])
        return format_html('<a href="{}">Descargar {}.pdf</a>', url, letter.folio)

    @admin.display(description="respuesta")
    def answer_link(self, letter: DesignationRequest) -> str:
        """Where the answer is downloaded."""
        if not letter.answer_file:
            return "—"
        url = reverse("members:request_answer", args=[letter.folio])
        return format_html('<a href="{}">Descargar la respuesta</a>', url)

    def verb_form(
        self, made: Verb, request: HttpRequest, row: DesignationRequest
    ) -> forms.Form | None:
        """Offer the people of the dependencia that was asked, for the post that was asked."""
        form = super().verb_form(made, request, row)
        if isinstance(form, NominationForm):
            form.choose_among(row.department)
            form.fields["role"].initial = row.role
        return form

    @verb(
        "Nominar con la respuesta",
        permission=VALIDATE,
        style="primary",
        form=NominationForm,
        question="La respuesta designa a una persona: ella acepta o declina en el portal.",
        when=lambda letter: letter.state == Letter.ISSUED,
    )
    def nominate(self, request: HttpRequest, row: DesignationRequest, data: dict[str, Any]) -> str:
        """The answer names somebody."""
        return _nominate(row.department, data, acting(request), row)

    @verb(
        "Registrar otra respuesta",
        permission=VALIDATE,
        form=AnswerForm,
        question="La respuesta no designa a nadie. Se guarda y el oficio queda respondido.",
        when=lambda letter: letter.state == Letter.ISSUED,
    )
    def record_answer(
        self, request: HttpRequest, row: DesignationRequest, data: dict[str, Any]
    ) -> str:
        """The answer names nobody."""
        requesting.record_answer(row, **data, by=acting(request))
        return f"Se registró la respuesta al oficio {row.folio}."

    @verb(
        "Cancelar",
        permission=VALIDATE,
        style="danger",
        form=ReasonForm,
        when=lambda letter: letter.state == Letter.ISSUED,
    )
    def cancel(self, request: HttpRequest, row: DesignationRequest, data: dict[str, Any]) -> str:
        """Take it back."""
        requesting.cancel(row, reason=data["reason"], by=acting(request))
        return f"Se canceló el oficio {row.folio}; su folio no se usa de nuevo."


@admin.register(Designation)
class DesignationAdmin(PeopleAdmin[Designation], VerbAdmin[Designation]):
    """Designations of enlace."""

    reading_purpose = "Administrar enlaces"

    list_display = ("person", "department", "role", "state", "start", "end")
    list_filter = ("state", "role")
    list_select_related = ("person", "department")
    search_fields = ("person__search_key", "department__search_key")
    search_help_text = "Busque por nombre o dependencia; los acentos no importan."
    fields = readonly_fields = (
        "person",
        "department",
        "role",
        "state",
        "request",
        "oficio_number",
        "oficio_date",
        "oficio_link",
        "last_day",
        "titular",
        "titular_email",
        "start",
        "end",
        "replaced_by",
        "show_name",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Designation], search_term: str
    ) -> tuple[QuerySet[Designation], bool]:
        """Ignore case, accents and ñ."""
        if not search_term.strip():
            return queryset, False
        people = Person.objects.search(search_term).values("pk")
        departments = Department.objects.search(search_term).values("pk")
        return queryset.filter(Q(person__in=people) | Q(department__in=departments)), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They begin in the page of the dependencia, in a letter or in hers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Designation | None = None) -> bool:
        """Nothing is written by hand."""
        return False

    @admin.display(description="oficio")
    def oficio_link(self, designation: Designation) -> str:
        """Where the oficio is downloaded."""
        if not designation.oficio:
            return "—"
        url = reverse("members:designation_oficio", args=[designation.key])
        return format_html('<a href="{}">Descargar el oficio</a>', url)

    @verb(
        "Agregar el oficio",
        permission=VALIDATE,
        style="primary",
        form=OficioForm,
        question="Ella se propuso: con el oficio de su titular la propuesta pasa a validación.",
        when=lambda designation: designation.state == State.PROPOSED,
    )
    def attach(self, request: HttpRequest, row: Designation, data: dict[str, Any]) -> str:
        """Add the titular's oficio."""
        designating.attach(row, designating.Oficio(**data), by=acting(request))
        return "Se agregó el oficio; falta validar."

    @verb(
        "Validar",
        permission=VALIDATE,
        style="primary",
        form=ValidationForm,
        question="La designación queda vigente y se le avisa por correo.",
        when=lambda designation: designation.state == State.ACCEPTED,
    )
    def validate(self, request: HttpRequest, row: Designation, data: dict[str, Any]) -> str:
        """Put her in the post."""
        designating.validate(row, **data, by=acting(request))
        return f"{row.person} es {row.get_role_display().lower()} de {row.department}."

    @verb(
        "Rechazar",
        permission=VALIDATE,
        form=ReasonForm,
        when=lambda designation: designation.state in Designation.OPEN,
    )
    def reject(self, request: HttpRequest, row: Designation, data: dict[str, Any]) -> str:
        """It does not proceed."""
        designating.reject(row, reason=data["reason"], by=acting(request))
        return f"No procedió la designación de {row.person}."

    @verb(
        "Terminar",
        permission=VALIDATE,
        style="danger",
        form=ReasonForm,
        question="Deja el puesto hoy. El puesto queda vacante y el historial se conserva.",
        when=lambda designation: designation.state == State.IN_FORCE,
    )
    def end(self, request: HttpRequest, row: Designation, data: dict[str, Any]) -> str:
        """She leaves the post."""
        leaving_posts.end(row, reason=data["reason"], by=acting(request))
        return f"Terminó la designación de {row.person}."


@admin.register(OfficeSigner)
class OfficeSignerAdmin(KeepingAdmin[OfficeSigner]):
    """Who signs the oficios, between dates."""

    list_display = ("name", "position", "valid_from", "valid_to")
    fields = ("name", "position", "valid_from", "valid_to")


def _nominate(
    department: Department, data: dict[str, Any], by: By, letter: DesignationRequest | None
) -> str:
    """Nominate with what was typed."""
    chosen = {name: value for name, value in data.items() if name not in {"role", "person"}}
    made = designating.nominate(
        department,
        data["role"],
        data["person"],
        oficio=designating.Oficio(**chosen),
        request=letter,
        by=by,
    )
    return f"Se nominó a {made.person}; se le pidió que acepte o decline."


def acting(request: HttpRequest) -> By:
    """Return who acts, through the administration."""
    return By.admin(request.user)  # type: ignore[arg-type]
