"""Buttons that POST to a verb, with the row's history below."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal, TypedDict, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify

from red_genero.common.admin.history import HistoryAdmin
from red_genero.common.models import QueuedMail, Transition

M = TypeVar("M", bound=models.Model)
Style = Literal["primary", "secondary", "danger"]
Act = Callable[[Any, HttpRequest, Any, dict[str, Any]], str]
Data = Any

MAILS_SHOWN = 20
NOT_NOW = "Esta acción ya no corresponde al estado actual. Revise los datos de esta página."


@dataclass(frozen=True, slots=True)
class Verb:
    """One button: what it says, who may press it, when it is there and what it does."""

    name: str
    label: str
    permission: str
    act: Act
    style: Style
    question: str
    form: type[forms.Form] | None
    when: Callable[[Any], bool] | None
    bulk: bool

    @property
    def asks(self) -> bool:
        """Whether a page of its own comes before the press."""
        return bool(self.question or self.form)

    def allowed(self, request: HttpRequest) -> bool:
        """Whether this person may do it at all."""
        return request.user.has_perm(self.permission)

    def shown(self, row: models.Model) -> bool:
        """Whether it makes sense for this row now."""
        return self.when is None or self.when(row)


class Button(TypedDict):
    """What the change page draws."""

    verb: Verb
    url: str


class Line(TypedDict):
    """One line of the history, in words."""

    what: str
    when: Any
    who: str
    channel: str
    why: str


def verb(
    label: str,
    *,
    permission: str,
    style: Style = "secondary",
    question: str = "",
    form: type[forms.Form] | None = None,
    when: Callable[[Any], bool] | None = None,
    bulk: bool = False,
) -> Callable[[Act], Act]:
    """Turn a method ``(self, request, row, data) -> sentence`` of a VerbAdmin into a button."""

    def mark(act: Act) -> Act:
        name = getattr(act, "__name__")  # noqa: B009
        setattr(act, "verb", Verb(name, label, permission, act, style, question, form, when, bulk))  # noqa: B010
        return act

    return mark


def sentences(refusal: ValidationError) -> str:
    """Return every sentence of a refusal as one text."""
    return " ".join(refusal.messages)


class VerbAdmin(HistoryAdmin[M]):
    """An admin whose rows change state only through verbs; see the package's docstring."""

    change_form_template = "admin/verbs/change_form.html"
    list_per_page = 50
    show_full_result_count = False
    verbs: ClassVar[dict[str, Verb]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the methods marked as verbs, in the order in which they were written."""
        super().__init_subclass__(**kwargs)
        own = {
            name: made
            for name, method in vars(cls).items()
            if isinstance(made := getattr(method, "verb", None), Verb)
        }
        cls.verbs = {**cls.verbs, **own}

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Rows with a history are closed, not deleted."""
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: M | None = None
    ) -> list[str] | tuple[str, ...]:
        """Add ``state``: it is moved by verbs."""
        declared = tuple(super().get_readonly_fields(request, obj))
        names = {field.name for field in self.model._meta.fields}
        return declared if "state" in declared or "state" not in names else (*declared, "state")

    def get_urls(self) -> list[URLPattern]:
        """Give each verb an address of its own."""
        own = [
            path(
                f"<path:object_id>/{slugify(made.label)}/",
                self.admin_site.admin_view(partial(self.verb_view, made)),
                name=self._address(made),
            )
            for made in self.verbs.values()
        ]
        return [*own, *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Add the bulk verbs that this person may use."""
        actions: dict[str, Any] = super().get_actions(request)
        for made in self.verbs.values():
            if made.bulk and made.allowed(request):
                actions[made.name] = (partial(_act_on_many, made), made.name, made.label)
        return actions

    def verb_form(self, made: Verb, request: HttpRequest, row: M) -> forms.Form | None:
        """Return the form of a verb, bound on POST; override it when it needs the row."""
        if made.form is None:
            return None
        if request.method == "POST":
            return made.form(request.POST, request.FILES)
        return made.form()

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: M, form: forms.Form | None
    ) -> str:
        """Return what is shown before the question of a verb, as rendered HTML; nothing unless overridden."""
        return ""

    def verb_view(self, made: Verb, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask on GET, act on POST."""
        row = self._fetch(request, object_id)
        if not made.allowed(request):
            raise PermissionDenied
        form = self.verb_form(made, request, row)
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return self._ask(made, request, row, form)
        try:
            if not made.shown(row):
                raise ValidationError(NOT_NOW, code="verb_not_now")
            said = made.act(self, request, row, form.cleaned_data if form else {})
        except ValidationError as refusal:
            if form is not None:
                form.add_error(None, refusal.messages)
                return self._ask(made, request, row, form)
            messages.error(request, sentences(refusal))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(self._after(request, row))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the row with its buttons, its history and the mail about it."""
        row = self.get_object(request, unquote(object_id))
        context: dict[str, Any] = {"verb_buttons": [], "history_lines": [], "mails": []}
        if row is not None and self.has_view_or_change_permission(request, row):
            context = {
                "verb_buttons": list(self._buttons(request, row)),
                "history_lines": history(row),
                "mails": self._mails(request, row),
            }
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def _address(self, made: Verb) -> str:
        options = self.model._meta
        return f"{options.app_label}_{options.model_name}_{made.name}"

    def _fetch(self, request: HttpRequest, object_id: str) -> M:
        row: M | None = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_or_change_permission(request, row):
            raise Http404
        return row

    def _buttons(self, request: HttpRequest, row: M) -> Iterator[Button]:
        for made in self.verbs.values():
            if made.allowed(request) and made.shown(row):
                yield {"verb": made, "url": reverse(f"admin:{self._address(made)}", args=[row.pk])}

    def _mails(self, request: HttpRequest, row: M) -> QuerySet[QueuedMail]:
        if not request.user.has_perm("common.view_queuedmail"):
            return QueuedMail.objects.none()
        kind = ContentType.objects.get_for_model(row)
        return QueuedMail.objects.filter(about_type=kind, about_id=row.pk)[:MAILS_SHOWN]

    def _after(self, request: HttpRequest, row: M) -> str:
        """Return to the row if this person still sees it, else to the list."""
        options = self.model._meta
        base = f"admin:{options.app_label}_{options.model_name}"
        if self.get_queryset(request).filter(pk=row.pk).exists():
            return reverse(f"{base}_change", args=[row.pk])
        return reverse(f"{base}_changelist")

    def _ask(
        self, made: Verb, request: HttpRequest, row: M, form: forms.Form | None
    ) -> TemplateResponse:
        """Show what will happen and what is needed for it."""
        context = {
            **self.admin_site.each_context(request),
            "title": made.label,
            "subtitle": str(row),
            "opts": self.model._meta,
            "verb": made,
            "row": row,
            "form": form,
            "preview": self.verb_preview(made, request, row, form),
            "late": request.method != "POST" and not made.shown(row),
            "back": self._after(request, row),
        }
        status = 422 if form is not None and form.is_bound else 200
        return TemplateResponse(request, "admin/verbs/verb.html", context, status=status)


def _act_on_many(
    made: Verb, model_admin: VerbAdmin[Any], request: HttpRequest, rows: QuerySet[Any]
) -> None:
    """Apply a verb row by row and say what happened to each."""
    done = 0
    for row in rows:
        try:
            if not made.shown(row):
                raise ValidationError("No corresponde a su estado actual.", code="verb_not_now")
            said = made.act(model_admin, request, row, {})
        except ValidationError as refusal:
            messages.error(request, f"{row}: {sentences(refusal)}")
        else:
            done += 1
            messages.success(request, f"{row}: {said}")
    if done:
        messages.success(request, f"{made.label}: {done} de {len(rows)}.")


def history(row: models.Model) -> list[Line]:
    """Return the transitions of a row in words, newest first."""
    return [
        {
            "what": moved(line, type(row)),
            "when": line.at,
            "who": line.actor_name,
            "channel": line.get_channel_display(),
            "why": line.reason,
        }
        for line in reversed(Transition.objects.about(row))
    ]


def moved(line: Transition, model: type[models.Model] | None) -> str:
    """Return one move in the words that ``model`` gives its states."""
    labels: dict[str, str] = {}
    for field in model._meta.fields if model else ():
        if field.name == "state":
            labels = {str(value): str(label) for value, label in field.flatchoices}
    to = labels.get(line.to_state, line.to_state)
    if not line.from_state:
        return to
    return f"{labels.get(line.from_state, line.from_state)} → {to}"


class ReadOnlyAdmin(HistoryAdmin[M]):
    """An admin in which nothing is added, changed or deleted."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Never."""
        return False
