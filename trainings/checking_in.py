"""Registro propio: she writes the code that the room shows, which changes every minute and nobody can compute."""

import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from red_genero.common.states import By
from red_genero.common.text import CODE_ALPHABET, normalise_code
from trainings import attending
from trainings.models import Attendance, Edition, Enrollment, Session

SALT: Final = "trainings.checking_in"
PERIOD: Final = 60
"""Seconds that a code is shown; the one before it is still taken."""
LENGTH: Final = 6
EARLY: Final = datetime.timedelta(minutes=30)


def code(session: Session, now: datetime.datetime, *, ago: int = 0) -> str:
    """Return the code of the room at that moment, or the one ``ago`` periods before."""
    period = int(now.timestamp()) // PERIOD - ago
    digest = salted_hmac(SALT, f"{session.pk}:{period}", algorithm="sha256").digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[place])
    return "".join(letters)


def seconds_left(now: datetime.datetime) -> int:
    """Return how long the code of this moment is still shown."""
    return PERIOD - int(now.timestamp()) % PERIOD


def open_session(edition: Edition, now: datetime.datetime) -> Session | None:
    """Return the sitting in which one may register oneself now: from half an hour before until its end."""
    if not edition.self_check_in:
        return None
    open_now = edition.sessions.held().filter(starts_at__lte=now + EARLY, ends_at__gte=now)
    found = open_now.order_by("starts_at").last()
    if found is None:
        return None
    found.edition = edition
    return None if attending.refusal(found) else found


def check_in(
    edition: Edition, enrollment: Enrollment, typed: str, *, by: By
) -> tuple[Attendance, bool]:
    """Register her own attendance; return the mark and whether it was there already, which changes nothing.

    After the tolerance it is «retardo». Raises ValidationError: ``not_open``, ``own`` (who coordinates it knows the
    code from her desk), ``not_hers``, ``no_seat``, ``wrong_code``.
    """
    now = timezone.now()
    if by.user is None or enrollment.person.user_id != by.user.pk:
        raise ValidationError("Cada persona registra solo su propia asistencia.", code="not_hers")
    session = open_session(edition, now)
    if session is None:
        raise ValidationError(
            "El registro con código se abre media hora antes de la sesión y cierra cuando termina.",
            code="not_open",
        )
    if Edition.objects.visible_to_coordinator(by.user).filter(pk=edition.pk).exists():  # type: ignore[arg-type]
        raise ValidationError(
            "Usted coordina esta edición: su asistencia la debe registrar otra persona.",
            code="own",
        )
    given = normalise_code(typed)
    if not any(constant_time_compare(given, code(session, now, ago=ago)) for ago in (0, 1)):
        raise ValidationError(
            "Ese código no es el que se muestra ahora. Escríbalo como aparece en la sala.",
            code="wrong_code",
        )
    return _register(session, enrollment, now)


def _register(
    session: Session, enrollment: Enrollment, now: datetime.datetime
) -> tuple[Attendance, bool]:
    with transaction.atomic():
        locked = Edition.objects.locked(session.edition_id)
        session.edition = locked
        if why := attending.refusal(session):
            raise ValidationError(why, code="not_open")
        seat = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
        if seat.state != Enrollment.State.CONFIRMED:
            raise ValidationError(
                "No tiene un lugar confirmado en esta edición. Avise a quien coordina.",
                code="no_seat",
            )
        stored = session.marks.filter(enrollment=seat).first()
        if stored:
            return stored, True
        late = now > session.starts_at + datetime.timedelta(minutes=locked.late_after)
        made = Attendance.objects.create(
            enrollment=seat,
            session=session,
            mark=Attendance.Mark.LATE if late else Attendance.Mark.PRESENT,
            origin=Attendance.Origin.ROOM_CODE,
            recorded_by_id=seat.person.user_id or 0,
            recorded_at=now,
        )
        attending.freeze_policy(locked)
    return made, False
