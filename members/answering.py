"""Solicitudes ARCO: received with a folio and a deadline, taken, extended once, answered; locks: the request."""

import datetime
from collections.abc import Set as AbstractSet

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import messages
from members.models import Holiday, Person, PrivacyPolicy, PrivacyRequest, User
from red_genero.common import intake, states
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By

State = PrivacyRequest.State


def request(person: Person, kind: str, *, text: str, by: By) -> PrivacyRequest:
    """Receive what she asks; an open one of the same right is returned as it is.

    The deadline is in working days of the municipal calendar.
    """
    if kind not in PrivacyRequest.Kind.values:
        raise ValidationError("Elija qué derecho quiere ejercer.", code="kind_unknown")
    if not text.strip():
        raise ValidationError("Escriba qué pide.", code="text_missing")
    with transaction.atomic():
        holder = Person.objects.select_for_update().get(pk=person.pk)
        standing = holder.privacy_requests.open().filter(kind=kind).first()
        if standing is not None:
            return standing
        made = PrivacyRequest(
            person=holder,
            kind=kind,
            text=text.strip(),
            folio=take_folio("ARCO"),
            due_on=Holiday.after(timezone.localdate(), PrivacyPolicy.current().answer_days),
        )
        made.full_clean(validate_constraints=False)
        made.save()
        states.append(made, from_state="", to_state=made.state, by=by)
        messages.privacy_request_received(made)
    return made


def take(asked: PrivacyRequest, *, by: By) -> PrivacyRequest:
    """Begin to attend it, or take it over from somebody else."""
    user = _attends(asked, by)
    with transaction.atomic():
        asked = _locked(asked)
        if asked.state == State.IN_HAND and asked.handler_id == user.pk:
            return asked
        asked.handler = user
        if asked.state == State.IN_HAND:
            asked.save(update_fields=["handler"])
            reason = f"La atiende {user}"
            states.append(asked, from_state=asked.state, to_state=asked.state, by=by, reason=reason)
        else:
            _move(asked, State.IN_HAND, by=by, touched=("handler",))
    return asked


def extend(asked: PrivacyRequest, *, reason: str, by: By) -> PrivacyRequest:
    """Extend the deadline, once, saying why; she is told."""
    _attends(asked, by)
    if not reason.strip():
        raise ValidationError(
            "Escriba el motivo: se le envía tal como lo escriba.", code="reason_missing"
        )
    with transaction.atomic():
        asked = _locked(asked)
        _check_open(asked)
        if asked.extended_at is not None:
            raise ValidationError(
                "El plazo ya se amplió una vez; no puede ampliarse de nuevo.", code="extended_once"
            )
        if asked.due_on < timezone.localdate():
            raise ValidationError(
                "El plazo ya terminó: responda cuanto antes.", code="already_overdue"
            )
        days = PrivacyPolicy.current().extension_days
        asked.due_on = Holiday.after(asked.due_on, days)
        asked.extended_at, asked.extension_reason = timezone.now(), reason.strip()
        asked.reminded_at = None
        asked.save(update_fields=["due_on", "extended_at", "extension_reason", "reminded_at"])
        states.append(
            asked,
            from_state=asked.state,
            to_state=asked.state,
            by=by,
            reason=f"Plazo ampliado: {asked.extension_reason}",
        )
        messages.privacy_request_extended(asked)
    return asked


def answer(
    asked: PrivacyRequest, *, outcome: str, text: str, file: File[bytes] | None = None, by: By
) -> PrivacyRequest:
    """Answer in words and, if it helps, with a file; a second press changes nothing."""
    _attends(asked, by)
    if outcome not in PrivacyRequest.Outcome.values:
        raise ValidationError("Elija el sentido de la respuesta.", code="outcome_unknown")
    if not text.strip():
        raise ValidationError("Escriba la respuesta.", code="answer_missing")
    enclosed = intake.receive(file, intake.PAPERS) if file else None
    with transaction.atomic():
        asked = _locked(asked)
        if asked.state == State.ANSWERED:
            return asked
        if asked.state == State.RECEIVED:
            asked = take(asked, by=by)
        states.check_move(PrivacyRequest.MOVES, asked.state, State.ANSWERED, State)
        asked.outcome, asked.answer = outcome, text.strip()
        asked.answered_at = timezone.now()
        if enclosed is not None:
            asked.answer_file.save(enclosed.stored_name, enclosed, save=False)
        _close(asked, by=by)
        messages.privacy_request_answered(asked)
    return asked


def withdraw(asked: PrivacyRequest, *, by: By) -> PrivacyRequest:
    """She takes it back while it has no answer."""
    with transaction.atomic():
        asked = _locked(asked)
        if asked.state != State.WITHDRAWN:
            _move(asked, State.WITHDRAWN, by=by)
    return asked


def remind_due() -> list[PrivacyRequest]:
    """Tell, once per deadline, who attends what will be due soon; return those reminded now."""
    today = timezone.localdate()
    horizon = Holiday.after(today, PrivacyPolicy.current().reminder_days)
    near = PrivacyRequest.objects.open().filter(due_on__lte=horizon, reminded_at=None)
    reminded = []
    for key in near.values_list("pk", flat=True):
        with transaction.atomic():
            asked = near.select_for_update(of=("self",)).filter(pk=key).first()
            if asked is None:
                continue
            asked.reminded_at = timezone.now()
            asked.save(update_fields=["reminded_at"])
            messages.privacy_request_due(asked)
            reminded.append(asked)
    return reminded


def working_days_left(
    asked: PrivacyRequest, closed: AbstractSet[datetime.date] | None = None
) -> int:
    """Return how many working days remain until the deadline, negative once it has passed.

    ``closed`` is the calendar of ``Holiday``, when a list has read it.
    """
    return Holiday.between(timezone.localdate(), asked.due_on, closed)


def _close(asked: PrivacyRequest, *, by: By) -> None:
    """Write the answer; a refused row leaves no file."""
    touched = ("outcome", "answer", "answer_file", "answered_at")
    reason = str(asked.get_outcome_display())
    try:
        with transaction.atomic():
            _move(asked, State.ANSWERED, by=by, reason=reason, touched=touched)
    except (IntegrityError, ValidationError):
        if asked.answer_file:
            asked.answer_file.delete(save=False)
        raise


def _check_open(asked: PrivacyRequest) -> None:
    if asked.state not in PrivacyRequest.OPEN:
        raise ValidationError("Esta solicitud ya no está abierta.", code="not_open")


def _attends(asked: PrivacyRequest, by: By) -> User:
    """Return who attends it; nobody attends her own."""
    if not isinstance(by.user, User):
        raise ValidationError("Una solicitud ARCO la atiende una persona.", code="needs_a_person")
    if asked.person.user_id == by.user.pk:
        raise ValidationError("Es su propia solicitud: la atiende otra persona.", code="own_case")
    return by.user


def _locked(asked: PrivacyRequest) -> PrivacyRequest:
    """Return the row as it is now, held until the end of the transaction."""
    found = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("person")
    return found.get(pk=asked.pk)


def _move(
    asked: PrivacyRequest, to: str, *, by: By, reason: str = "", touched: tuple[str, ...] = ()
) -> None:
    """Go through the one door."""
    states.move(asked, to, moves=PrivacyRequest.MOVES, by=by, reason=reason, touched=touched)
