"""Sentences and lists that messages of trainings put together, as plain text, so that the Instituto's own words may hold them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

from trainings.models import ApprovalLink, Enrollment, Session

if TYPE_CHECKING:
    from trainings.rescheduling import Change

State = Enrollment.State


def moment(when: datetime) -> str:
    """Return «7 de diciembre de 2026, 23:59 h»."""
    return f"{date_format(timezone.localtime(when), 'DATETIME_FORMAT')} h"


def sitting(session: Session) -> str:
    """Return «martes 8 de diciembre de 2026, 16:00 a 19:00 h. Sala 2»."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    day = date_format(starts, r"l j \d\e F \d\e Y, H:i")
    return f"{day} a {date_format(ends, 'H:i')} h. {session.place or 'En línea'}"


def sittings(sessions: Iterable[Session]) -> str:
    """Return one line for each session."""
    return "\n".join(f"- {sitting(session)}" for session in sessions)


def sittings_of_tomorrow(lines: Iterable[tuple[Session, str]]) -> str:
    """Return one line for each session, with its comunidad and its link when it may be seen."""
    said = []
    for session, link in lines:
        where = (
            f", comunidad {session.community.name}" if session.place and session.community else ""
        )
        said.append(
            f"- {sitting(session)}{where}" + (f"\n  Enlace para entrar: {link}" if link else "")
        )
    return "\n".join(said)


def cancelled_sitting(session: Session) -> str:
    """Return «la sesión 2, prevista para el martes 8 de diciembre de 2026, 16:00 h»."""
    day = date_format(timezone.localtime(session.starts_at), r"l j \d\e F \d\e Y, H:i")
    return f"la sesión {session.number}, prevista para el {day} h"


def changes(found: Iterable["Change"]) -> str:
    """Return what was and what is, one line for each session that changed."""
    return "\n".join(
        f"- {change.title}"
        + (f": {change.now}" if change.now else "")
        + (f" (antes: {change.before})" if change.before else "")
        for change in found
    )


def after_moving(seat: Enrollment, sessions: Iterable[Session]) -> str:
    """Return what the move to another edición leaves her with."""
    if seat.state == State.CONFIRMED:
        return (
            f"Su inscripción está confirmada.\n\n{sittings(sessions)}\n\n"
            "Los archivos adjuntos quitan de su calendario las sesiones anteriores y agregan las nuevas."
        )
    if seat.state == State.OFFERED and seat.offer_expires_at:
        return (
            "Hay un lugar apartado para usted: acéptelo a más tardar el "
            f"{moment(seat.offer_expires_at)}."
        )
    if seat.state == State.REQUESTED:
        return "Falta el visto bueno de su jefatura para esas fechas."
    return "Está en la lista de espera; si se libera un lugar y es su turno le escribiremos."


def after_nominating(seat: Enrollment) -> str:
    """Return what she may do with the propuesta of her dependencia."""
    if seat.state == State.OFFERED and seat.offer_expires_at:
        return (
            f"Apartamos un lugar hasta el {moment(seat.offer_expires_at)}. Abra su inscripción y presione el botón "
            "para aceptarlo o declinarlo. Si no responde a tiempo, el lugar se ofrece a otra persona."
        )
    return (
        "Por ahora no hay lugar libre para su dependencia: su nombre está en la lista de espera. Si se libera uno y "
        f"es su turno, lo apartaremos hasta {seat.edition.offer_hours} horas para que responda. "
        "Si no le interesa puede salir de la lista."
    )


def asked(links: Sequence[ApprovalLink], deadline: datetime | None) -> str:
    """Return whom the portal asks for her visto bueno and until when; «» when it asks nobody."""
    if deadline is None or not links:
        return ""
    said = (
        f"Escribimos a su jefatura ({links[0].email}) para pedir su visto bueno; "
        f"puede responder hasta el {moment(deadline)}."
    )
    if len(links) > 1:
        said += f" Si en tres días no responde, preguntaremos a {links[1].email}."
    return said


def reminded(*, reminder: bool, substitute: bool) -> str:
    """Return why somebody of her jefatura is written to again, or in the other's place."""
    if reminder:
        return "Le recordamos que esta solicitud espera su respuesta."
    return "Le escribimos como suplente: la jefatura no ha respondido." if substitute else ""


def before_the_first(survey_url: str) -> str:
    """Return the invitation to the diagnóstica; «» when there is none to answer."""
    if not survey_url:
        return ""
    return f"Antes de la primera sesión, conteste la encuesta diagnóstica:\n{survey_url}"


def surveys(found: Iterable[tuple[str, str]]) -> str:
    """Return one line for each survey: what it is and where."""
    return "\n".join(f"- {label}: {url}" for label, url in found)


def voluntary(*, required: bool) -> str:
    """Return whether the constancia waits for the answers."""
    if required:
        return "Esta edición pide contestar la encuesta final para emitir la constancia."
    return "Contestar es voluntario y no cambia su constancia."


def closed_with(*, people: int, seats: int, waiting: int, minimum: int) -> str:
    """Return with how many enrolment ended, and what to decide when they are too few."""
    said = f"{people} persona{'' if people == 1 else 's'} con lugar de {seats}"
    if waiting:
        said += f" y {waiting} en lista de espera, a quienes ya no se ofrecen lugares"
    if people < minimum:
        said += f". No alcanza el mínimo de {minimum}: decida si se imparte, se amplía el plazo o se cancela"
    return said
