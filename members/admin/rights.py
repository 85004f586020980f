"""Solicitudes ARCO with their deadlines, the cancellation of data, and the terms."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members import answering, forgetting
from members.admin.keeping import KeepingAdmin
from members.forms.rights import EXPLAINED
from members.models import Holiday, Person, PrivacyPolicy, PrivacyRequest
from red_genero.common import intake
from red_genero.common.admin import PeopleAdmin, Verb, VerbAdmin, verb
from red_genero.common.states import By

State = PrivacyRequest.State
ANSWER: Final = "members.answer_privacyrequest"
FORGET: Final = "members.forget_person"
WIDE: Final = {"class": "vLargeTextField", "rows": 8}


class AnswerForm(forms.Form):
    """What the Instituto answers."""

    outcome = forms.ChoiceField(
        label="Sentido", choices=PrivacyRequest.Outcome.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="Respuesta",
        max_length=4000,
        widget=forms.Textarea(attrs=WIDE),
        help_text="La leerá dentro del portal; el correo solo le avisa.",
    )
    file = intake.ReceivedField(label="Archivo", policy=intake.PAPERS, required=False)


class ExtensionForm(forms.Form):
    """Why more time is needed."""

    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs=WIDE),
        help_text="Se le envía por correo. El plazo se amplía una sola vez.",
    )


class ReceiveForm(forms.ModelForm[PrivacyRequest]):
    """A solicitud that came on paper or by another way."""

    kind = forms.ChoiceField(
        label="Derecho", choices=[(kind.value, words) for kind, words in EXPLAINED]
    )

    class Meta:
        model = PrivacyRequest
        fields = ("person", "kind", "text")


class Deadline(admin.SimpleListFilter):
    """How near the answer is due."""

    title = "plazo"
    parameter_name = "plazo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the three situations."""
        return [
            ("abiertas", "Sin respuesta"),
            ("vencidas", "Con el plazo vencido"),
            ("bloqueadas", "Datos bloqueados, por anonimizar"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]
    ) -> QuerySet[PrivacyRequest]:
        """Return the chosen ones, the first deadline first."""
        today = timezone.localdate()
        chosen = {
            "abiertas": queryset.filter(state__in=PrivacyRequest.OPEN),
            "vencidas": queryset.filter(state__in=PrivacyRequest.OPEN, due_on__lt=today),
            "bloqueadas": queryset.filter(
                kind=PrivacyRequest.Kind.CANCELLATION, person__in=forgetting.blocked()
            ),
        }
        return chosen.get(self.value() or "", queryset)


def _open(row: PrivacyRequest) -> bool:
    return row.state in PrivacyRequest.OPEN


def _cancels(row: PrivacyRequest) -> bool:
    """Whether it asks for a cancellation that was not refused."""
    asks = row.kind == PrivacyRequest.Kind.CANCELLATION and row.state != State.WITHDRAWN
    return asks and row.outcome != PrivacyRequest.Outcome.REFUSED


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(PeopleAdmin[PrivacyRequest], VerbAdmin[PrivacyRequest]):
    """The queue: what is due first stands first."""

    reading_purpose = "Atender solicitudes ARCO"
    list_display = ("folio", "person", "kind", "state", "due", "handler")
    list_filter = (Deadline, "state", "kind")
    list_select_related = ("person", "handler__person")
    ordering = ("due_on", "pk")
    search_fields = ("folio", "person__search_key")
    search_help_text = "Busque por folio o nombre."
    autocomplete_fields = ("person",)
    fieldsets = (
        (None, {"fields": ("folio", "person", "kind", "state", "due", "handler", "text")}),
        ("Ampliación", {"fields": ("extended_at", "extension_reason")}),
        ("Respuesta", {"fields": ("outcome", "answer", "file_link", "answered_at")}),
        ("Cancelación", {"fields": ("situation",)}),
    )
    add_fieldsets = ((None, {"fields": ("person", "kind", "text")}),)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Count the working days of every row from one reading of the calendar."""
        shown = super().get_changelist_instance(request)
        closed = set(Holiday.objects.values_list("day", flat=True))
        for row in shown.result_list:
            row.days_left = answering.working_days_left(row, closed)
        return shown

    def get_fieldsets(self, request: HttpRequest, obj: PrivacyRequest | None = None) -> Any:
        """Three data make a new one; the cancellation shows where it belongs."""
        if obj is None:
            return self.add_fieldsets
        last = 4 if obj.kind == PrivacyRequest.Kind.CANCELLATION else 3
        return self.fieldsets[:last]

    def get_readonly_fields(self, request: HttpRequest, obj: PrivacyRequest | None = None) -> Any:
        """Once received, verbs alone write."""
        if obj is None:
            return ()
        return [name for _, part in self.fieldsets for name in part["fields"]]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Receive with the words of each right."""
        if obj is None:
            kwargs["form"] = ReceiveForm
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(
        self, request: HttpRequest, obj: PrivacyRequest | None = None
    ) -> bool:
        """What she asked is hers; the personnel acts by buttons."""
        return False

    def save_model(
        self, request: HttpRequest, obj: PrivacyRequest, form: Any, change: bool
    ) -> None:
        """Receive it with folio and deadline, as hers are; a right already asked for is the same request."""
        made = answering.request(obj.person, obj.kind, text=obj.text, by=_by(request))
        obj.pk, obj.folio, obj.due_on = made.pk, made.folio, made.due_on

    @verb(
        "Atender", permission=ANSWER, style="primary", when=lambda row: row.state == State.RECEIVED
    )
    def take(self, request: HttpRequest, row: PrivacyRequest, data: dict[str, Any]) -> str:
        """Begin to attend it."""
        answering.take(row, by=_by(request))
        return f"La solicitud {row.folio} está en trámite, a su cargo."

    @verb("Responder", permission=ANSWER, style="primary", form=AnswerForm, when=_open)
    def answer(self, request: HttpRequest, row: PrivacyRequest, data: dict[str, Any]) -> str:
        """Answer in words and with a file."""
        answering.answer(
            row, outcome=data["outcome"], text=data["text"], file=data["file"], by=_by(request)
        )
        return f"Se respondió la solicitud {row.folio} y se le avisó."

    @verb(
        "Ampliar el plazo",
        permission=ANSWER,
        form=ExtensionForm,
        when=lambda row: _open(row) and row.extended_at is None,
    )
    def extend(self, request: HttpRequest, row: PrivacyRequest, data: dict[str, Any]) -> str:
        """Give it more working days, once."""
        made = answering.extend(row, reason=data["reason"], by=_by(request))
        return f"El plazo termina ahora el {date_format(made.due_on)}."

    @verb(
        "Bloquear datos",
        permission=FORGET,
        style="danger",
        question="Se cierra su cuenta, causa baja y sus datos salen de todas las listas. Nada se borra todavía.",
        when=lambda row: _cancels(row) and row.person.blocked_at is None,
    )
    def block(self, request: HttpRequest, row: PrivacyRequest, data: dict[str, Any]) -> str:
        """Take her data out of use."""
        person = forgetting.block(row.person, by=_by(request))
        return f"Sus datos están bloqueados. Podrán anonimizarse el {_day(person)}."

    @verb(
        "Desbloquear datos",
        permission=FORGET,
        form=ExtensionForm,
        when=lambda row: _cancels(row) and _is_blocked(row.person),
    )
    def unblock(self, request: HttpRequest, row: PrivacyRequest, data: dict[str, Any]) -> str:
        """Give her account back."""
        forgetting.unblock(row.person, reason=data["reason"], by=_by(request))
        return "Sus datos ya no están bloqueados. Para volver a la Red presenta un reingreso."

    @verb(
        "Anonimizar",
        permission=FORGET,
        style="danger",
        question="No se puede deshacer. Revise la lista: es exactamente lo que pasará.",
        when=lambda row: _cancels(row) and _is_blocked(row.person),
    )
    def anonymise(self, request: HttpRequest, row: PrivacyRequest, data: dict[str, Any]) -> str:
        """Erase what identifies her."""
        forgetting.anonymise(row.person, by=_by(request))
        return f"Los datos de la solicitud {row.folio} se anonimizaron."

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: PrivacyRequest, form: forms.Form | None
    ) -> SafeString | str:
        """Show the dry run before blocking and before anonymising."""
        if made.name not in {"block", "anonymise"}:
            return super().verb_preview(made, request, row, form)
        return _table(row.person)

    @admin.display(description="responder a más tardar", ordering="due_on")
    def due(self, row: PrivacyRequest) -> str:
        """The deadline, and the working days that remain while it is open."""
        day = date_format(row.due_on)
        if not _open(row):
            return day
        left = getattr(row, "days_left", None)
        left = answering.working_days_left(row) if left is None else left
        if left < 0:
            return f"⚠ {day} (venció hace {-left} días hábiles)"
        return f"{day} ({left} días hábiles)"

    @admin.display(description="archivo")
    def file_link(self, row: PrivacyRequest) -> SafeString | str:
        """What went with the answer."""
        if not row.answer_file:
            return "—"
        url = reverse("members:privacy_request_file", args=[row.folio])
        return format_html('<a href="{}">Descargar</a>', url)

    @admin.display(description="situación de los datos")
    def situation(self, row: PrivacyRequest) -> str:
        """In use, blocked until a day, or anonymised."""
        person = row.person
        if person.anonymised_at:
            return f"Anonimizados el {date_format(timezone.localtime(person.anonymised_at))}"
        if person.blocked_at:
            return f"Bloqueados; pueden anonimizarse desde el {_day(person)}"
        return "En uso"


@admin.register(PrivacyPolicy)
class PrivacyPolicyAdmin(KeepingAdmin[PrivacyPolicy]):
    """Terms as of a date: a change is a new row."""

    list_display = ("valid_from", "answer_days", "extension_days", "blocking_days", "verification")
    list_display_links = ("valid_from",)


def _is_blocked(person: Person) -> bool:
    return person.blocked_at is not None and person.anonymised_at is None


def _day(person: Person) -> str:
    first = forgetting.free_on(person)
    return date_format(first) if first else ""


def _table(person: Person) -> SafeString:
    """Return the dry run as a table."""
    rows = (
        (line.title, "" if line.rows is None else str(line.rows), line.fate, line.why)
        for line in forgetting.plan(person)
    )
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>',
        rows,
    )
    return format_html(
        '<div class="module"><table><caption>Qué pasa con cada cosa al anonimizar</caption>'
        '<thead><tr><th scope="col">Qué</th><th scope="col">Registros</th>'
        '<th scope="col">Destino</th><th scope="col">Por qué</th></tr></thead>'
        "<tbody>{}</tbody></table></div>",
        body,
    )


def _by(request: HttpRequest) -> By:
    """Return who acts, through the administration."""
    return By.admin(request.user)  # type: ignore[arg-type]
