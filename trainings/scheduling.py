"""The life of an edición: to publish, start and cancel it, and what follows from the clock."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from red_genero.common import states
from red_genero.common.states import By
from trainings import approving, attending, filling, reminding
from trainings.farewells import Farewells
from trainings.models import Edition, Enrollment, Session

State = Edition.State


def publish(edition: Edition, *, by: By) -> Edition:
    """Let people read about it and enrol; refuse with everything that is still missing."""
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        if locked.state == State.PUBLISHED:
            return locked
        states.check_move(Edition.MOVES, locked.state, State.PUBLISHED, State)
        missing = what_publishing_lacks(locked)
        if missing:
            raise ValidationError([ValidationError(text, code="incomplete") for text in missing])
        states.move(locked, State.PUBLISHED, moves=Edition.MOVES, by=by)
        return locked


def what_publishing_lacks(edition: Edition) -> list[str]:
    """Return in sentences what must be corrected before people may read it."""
    missing = []
    if not edition.course.published:
        missing.append("La formación no está publicada en el catálogo.")
    if not edition.seats:
        missing.append("Falta el cupo.")
    sessions = list(edition.sessions.filter(cancelled_at__isnull=True))
    if not sessions:
        missing.append("Agregue al menos una sesión con día, horario y lugar o enlace.")
    for session in sessions:
        missing.extend(what_session_lacks(edition, session))
    if sessions and edition.enrollment_opens >= min(each.starts_at for each in sessions):
        missing.append("La inscripción debe abrir antes de la primera sesión.")
    return missing


def what_session_lacks(edition: Edition, session: Session) -> list[str]:
    """Return in sentences what is wrong with one sitting."""
    missing = []
    if not edition.starts_on <= session.day <= edition.ends_on:
        missing.append(
            f"La sesión {session.number} ({date_format(session.day)}) queda fuera de las fechas "
            "de la edición."
        )
    if not session.place and not session.link:
        missing.append(f"La sesión {session.number} necesita lugar o enlace.")
    return missing


def start(edition: Edition, *, by: By, now: datetime.datetime | None = None) -> Edition:
    """Write that the first sitting has begun; nobody enters or leaves the queue any more."""
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        if locked.state != State.RUNNING:
            _refuse_early(locked, now)
            states.move(locked, State.RUNNING, moves=Edition.MOVES, by=by)
        return locked


def _refuse_early(edition: Edition, now: datetime.datetime | None) -> None:
    """Starting closes enrolment for good, which no slip may do weeks before."""
    if edition.state == State.PUBLISHED and timezone.localdate(now) < edition.starts_on:
        raise ValidationError(
            f"La edición inicia el {date_format(edition.starts_on)}. Para no recibir más inscripciones cambie la fecha "
            "en que cierran.",
            code="not_begun",
        )


def cancel_edition(edition: Edition, *, by: By, reason: str) -> int:
    """Cancel the run and every open inscripción; return how many people were told, once each."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo de la cancelación.", code="reason_required")
    read = Edition.objects.select_related("course").get(pk=edition.pk)
    letters = Farewells(read, _open_seats(read), reason=reason.strip())
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        if locked.state == State.CANCELLED:
            return 0
        locked.cancel_reason = reason.strip()
        states.move(
            locked,
            State.CANCELLED,
            moves=Edition.MOVES,
            by=by,
            reason=locked.cancel_reason,
            touched=("cancel_reason",),
        )
        return _release_everybody(locked, letters, by)


def states_from_clock(now: datetime.datetime | None = None) -> int:
    """Start the ediciones whose first sitting has begun; return how many."""
    moment = now or timezone.now()
    day = timezone.localdate(moment)
    started = 0
    for edition in Edition.objects.filter(state=State.PUBLISHED, starts_on__lte=day):
        if edition.begins_at <= moment:
            start(edition, by=By.job("Inicio por calendario"), now=moment)
            started += 1
    return started


def daily_round(now: datetime.datetime | None = None) -> dict[str, int]:
    """Do what the calendar asks for; it may run any number of times. Return counts in words."""
    moment = now or timezone.now()
    return {
        "ofertas vencidas": filling.expire_due_offers(now),
        "vistos buenos recordados": approving.remind_approvals(now),
        "vistos buenos vencidos": approving.expire_approvals(now),
        "ediciones iniciadas": states_from_clock(now),
        "ediciones con lugares ofrecidos": filling.fill_waiting_editions(now),
        "recordatorios": reminding.remind(moment),
        "invitaciones a encuestas": reminding.invite_to_surveys(moment),
        "avisos de mínimo por alcanzar": reminding.warn_of_minimum(moment),
        "avisos de fin de inscripción": reminding.tell_enrollment_closed(moment),
        "acuses de marcas olvidados": attending.forget_receipts(moment),
        "avisos de edición por cerrar": reminding.tell_to_close(moment),
    }


def _open_seats(edition: Edition) -> list[Enrollment]:
    """Return the inscripciones that a cancellation reaches."""
    seats = Enrollment.objects.open().filter(edition=edition).select_related("person__user")
    return list(seats.order_by("pk"))


def _release_everybody(locked: Edition, letters: Farewells, by: By) -> int:
    """Cancel each open inscripción of a held edición and tell each person; the statements do not grow with them."""
    seats = _open_seats(locked)
    told = letters.enqueue(locked, seats)
    for seat in seats:
        seat.forget_needs()
    states.move_all(
        seats,
        Enrollment.State.CANCELLED,
        moves=Enrollment.MOVES,
        by=by,
        reason=f"Se canceló la edición. {locked.cancel_reason}",
        touched=Enrollment.NEEDS,
    )
    return told
