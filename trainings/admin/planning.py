"""The sittings of an edición in the administration: changes that are told, cancelling one, whom a button reaches."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from members.http import account
from red_genero.common.admin import Verb, verb
from red_genero.common.models import AccessLog
from trainings import foreseeing, overlapping, rescheduling
from trainings.admin.acting import acting
from trainings.admin.cloning import CloningAdmin
from trainings.foreseeing import Reach
from trainings.forms.edition import CancelSessionForm, SessionForm, SessionFormSet
from trainings.models import Edition, Session

REACHES: Final[Mapping[str, Callable[[Edition], Reach]]] = {
    "publish": foreseeing.publishing,
    "start": foreseeing.starting,
    "change_seats": foreseeing.seats_changing,
    "cancel_session": foreseeing.changing_sessions,
    "cancel_edition": foreseeing.cancelling,
}


class SessionInline(admin.StackedInline[Session, Edition]):
    """The sittings, inside their edición. What people have read of is cancelled, not deleted."""

    model = Session
    form = SessionForm
    formset = SessionFormSet
    extra = 0
    min_num = 0
    fields = (
        ("number", "topic"),
        ("starts_at", "ends_at", "hours"),
        ("place", "community"),
        "link",
        "cancelled_at",
    )
    readonly_fields = ("cancelled_at",)

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Only while nobody has read of it."""
        drafted = obj is None or obj.state == Edition.State.DRAFT
        return drafted and super().has_delete_permission(request, obj)


class PlanningAdmin(CloningAdmin):
    """An admin of ediciones whose sessions change with everybody told."""

    inlines = (SessionInline,)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the two buttons that cancel together."""
        super().__init_subclass__(**kwargs)
        names = [name for name in cls.verbs if name != "cancel_session"]
        if "cancel_edition" in names:
            names.insert(names.index("cancel_edition"), "cancel_session")
            cls.verbs = {name: cls.verbs[name] for name in names}

    @admin.display(description="avisos")
    def told(self, edition: Edition) -> str:
        """Say, before saving, whom a change of sessions would be told."""
        number = 0 if edition._state.adding else rescheduling.told_by(edition)  # noqa: SLF001
        if not number:
            return "Nadie tiene lugar confirmado: cambiar sesiones no envía correos."
        people = "a la persona" if number == 1 else f"a cada una de las {number} personas"
        return format_html(
            "Si cambia el día, el horario o el lugar de una sesión, o agrega otra, al guardar se envía un "
            'solo correo {} <a href="{}">con lugar confirmado</a>, con el archivo que actualiza su calendario.',
            people,
            reverse("trainings:coordination_edition", args=[edition.key]),
        )

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[Edition], formsets: Any, change: bool
    ) -> None:
        """Tell what changed, once, and warn of what coincides."""
        with rescheduling.announcing(form.instance, by=acting(request)):
            super().save_related(request, form, formsets, change)
        for sentence in overlapping.warnings(form.instance):
            messages.warning(request, sentence)

    def verb_form(self, made: Verb, request: HttpRequest, row: Edition) -> forms.Form | None:
        """Offer the sessions that may be cancelled."""
        if made.name != "cancel_session":
            return super().verb_form(made, request, row)
        data = request.POST if request.method == "POST" else None
        return CancelSessionForm(data, sessions=rescheduling.cancellable(row))

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: Edition, form: forms.Form | None
    ) -> str:
        """Show whom the press reaches and which mails leave; the reading of names is noted."""
        if made.name not in REACHES:
            return super().verb_preview(made, request, row, form)
        reach = REACHES[made.name](row)
        if reach.people:
            AccessLog.objects.create(
                user=account(request),
                what=f"A quién alcanza «{made.label}» en {row.key}",
                purpose="Administrar la edición",
                rows=reach.people,
            )
        return render_to_string("admin/verbs/_reach.html", {"reach": reach}, request)

    @verb(
        "Cancelar una sesión",
        permission="trainings.change_edition",
        style="danger",
        form=CancelSessionForm,
        when=lambda edition: bool(rescheduling.cancellable(edition)),
    )
    def cancel_session(self, request: HttpRequest, row: Edition, data: dict[str, Any]) -> str:
        """Cancel one sitting and tell everybody who has a seat."""
        told = rescheduling.cancel_session(
            data["session"], by=acting(request), reason=data["reason"]
        )
        people = "1 persona" if told == 1 else f"{told} personas"
        return f"La sesión {data['session'].number} se canceló y se avisó a {people}."
