"""What staff types about an edición: the run itself, its sittings and the questions of its buttons."""

import datetime
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from trainings.eligibility import moment
from trainings.models import Edition, Enrollment, Session
from trainings.models.edition import passed
from trainings.scheduling import what_session_lacks

END_OF_DAY = datetime.time(23, 59)
FROM_COURSE = ("mode", "hours", "minimum_attendance")


class EditionForm(forms.ModelForm[Edition]):
    """An edición; what is left empty comes from its formación, deadlines end at 23:59:59."""

    class Meta:
        model = Edition
        fields = (
            "course",
            "key",
            "mode",
            "hours",
            "starts_on",
            "ends_on",
            "seats",
            "minimum_participants",
            "enrollment_opens",
            "enrollment_closes",
            "cancel_until",
            "offer_hours",
            "seats_per_department",
            "manager_approval",
            "open_to_non_members",
            "fill_automatically",
            "priority_rule",
            "minimum_attendance",
            "late_credit",
            "excused_leaves",
            "self_check_in",
            "late_after",
            "instructors",
            "coordinators",
            "knowledge_set",
            "satisfaction_set",
            "final_survey_required",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FROM_COURSE:
            if name in self.fields:
                self.fields[name].required = False
                self.fields[name].help_text = "Vacío: se toma de la formación."

    def clean_key(self) -> str:
        """Addresses are in lower case."""
        return str(self.cleaned_data["key"]).lower()

    def clean(self) -> dict[str, Any]:
        """Complete from the course and look at the dates together."""
        data = super().clean() or self.cleaned_data
        course = data.get("course") or getattr(self.instance, "course", None)
        for name in FROM_COURSE:
            if course is not None and name in self.fields and data.get(name) in {None, ""}:
                data[name] = getattr(course, name)
        for name in ("enrollment_closes", "cancel_until"):
            if data.get(name):
                data[name] = to_the_last_second(data[name])
        self._check_deadlines(data)
        self._check_offers(data.get("enrollment_closes"))
        self._check_requests()
        return data

    def _check_requests(self) -> None:
        """Who waits for a visto bueno is answered before the edición stops asking for it."""
        data = self.cleaned_data
        if not self.instance.pk or "manager_approval" not in self.changed_data:
            return
        asked = self.instance.enrollments.filter(state=Enrollment.State.REQUESTED).count()
        if asked and not data.get("manager_approval"):
            who = "1 persona espera" if asked == 1 else f"{asked} personas esperan"
            sentence = f"{who} el visto bueno: registre antes la respuesta en el tablero."
            self.add_error("manager_approval", ValidationError(sentence, code="requests_waiting"))

    def _check_offers(self, closes: datetime.datetime | None) -> None:
        """What was promised by mail until a moment is kept until then."""
        if closes is None or not self.instance.pk or "enrollment_closes" not in self.changed_data:
            return
        offers = self.instance.enrollments.filter(state=Enrollment.State.OFFERED)
        last = offers.aggregate(last=Max("offer_expires_at"))["last"]
        if last and last > closes and not passed(last, timezone.now()):
            sentence = f"Hay lugares ofrecidos hasta el {moment(last)}: la inscripción no puede cerrar antes."
            self.add_error("enrollment_closes", ValidationError(sentence, code="offers_running"))

    def _check_deadlines(self, data: dict[str, Any]) -> None:
        """Nobody may enrol or give up a seat once it has ended."""
        ends = data.get("ends_on")
        sentences = {
            "enrollment_closes": "La inscripción debe cerrar antes de que termine la edición.",
            "cancel_until": "El plazo para cancelar debe terminar antes que la edición.",
        }
        for name, sentence in sentences.items():
            when = data.get(name)
            if ends and when and timezone.localdate(when) > ends:
                self.add_error(name, ValidationError(sentence, code="deadline_after_end"))


class SessionForm(forms.ModelForm[Session]):
    """One sitting; its hours are counted from the clock when left empty."""

    link = forms.URLField(label="Enlace", max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = Session
        fields = ("number", "starts_at", "ends_at", "hours", "topic", "place", "community", "link")

    next_number = 1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        self.fields["number"].help_text = "Vacío: la que sigue."
        self.fields["hours"].required = False
        self.fields["hours"].help_text = "Vacío: lo que dura."

    def clean_number(self) -> int:
        """Count the sitting by its place when it is left empty."""
        return self.cleaned_data.get("number") or self.next_number

    def clean(self) -> dict[str, Any]:
        """Count the hours."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end > start and not data.get("hours"):
            seconds = Decimal((end - start).total_seconds())
            data["hours"] = (seconds / 3600).quantize(Decimal("0.01"))
        return data


class SessionFormSet(forms.BaseInlineFormSet[Session, Edition, forms.ModelForm[Session]]):
    """The sittings of an edición that people may already read stay inside its dates."""

    def add_fields(self, form: forms.ModelForm[Session], index: int | None) -> None:
        """Tell each sitting its place."""
        super().add_fields(form, index)
        if isinstance(form, SessionForm):
            form.next_number = (index or 0) + 1

    def clean(self) -> None:
        """Say of each sitting what is wrong with it."""
        super().clean()
        edition = self.instance
        if any(self.errors) or not (edition.starts_on and edition.ends_on):
            return
        for form in self.kept():
            lacks = what_session_lacks(edition, form.instance)
            if lacks:
                form.add_error(None, lacks)

    def kept(self) -> Iterable[forms.ModelForm[Session]]:
        """Return the filled forms that are not being deleted."""
        return [
            form
            for form in self.forms
            if form.has_changed() or form.instance.pk
            if not form.cleaned_data.get("DELETE")
        ]


class ReasonForm(forms.Form):
    """Why something is cancelled or refused."""

    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Lo lee cada persona a quien se avisa. No relate casos ni datos de otras personas.",
    )


class SessionChoice(forms.ModelChoiceField[Session]):
    """The sessions by their day."""

    def label_from_instance(self, obj: Session) -> str:
        """«Sesión 2, 3 de agosto de 2026 a las 16:00»."""
        starts = timezone.localtime(obj.starts_at)
        return f"{obj}, {date_format(starts)} a las {starts:%H:%M}"


class CancelSessionForm(ReasonForm):
    """Which session is cancelled, and why."""

    session = SessionChoice(Session.objects.none(), label="Sesión")
    field_order = ("session", "reason")

    def __init__(self, *args: Any, sessions: Collection[Session] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["session"]
        if isinstance(field, SessionChoice):
            field.queryset = Session.objects.filter(pk__in=[each.pk for each in sessions])


class SeatsForm(forms.Form):
    """A new cupo."""

    seats = forms.IntegerField(
        label="Cupo",
        min_value=1,
        max_value=10_000,
        help_text="Si sube, los lugares se ofrecen a la lista de espera; si baja, nadie pierde su lugar.",
    )


class VistoBuenoForm(forms.Form):
    """How the jefatura gave a visto bueno that did not come by its link."""

    reason = forms.CharField(
        label="Cómo se dio el visto bueno",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Por ejemplo: oficio DOP/12/2026. La persona toma un lugar libre o entra a la lista de espera.",
    )


def to_the_last_second(deadline: datetime.datetime) -> datetime.datetime:
    """Return 23:59:59 for a deadline typed as 23:59."""
    local = timezone.localtime(deadline)
    if local.time().replace(second=0, microsecond=0) != END_OF_DAY:
        return deadline
    return local.replace(second=59, microsecond=0)
