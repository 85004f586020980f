"""Calendar files: one event per sitting, with an identity that survives every change."""

import datetime
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress

from red_genero.common.mail import Attachment
from trainings.models import Edition, Enrollment, Session

ZONE: Final = ZoneInfo("America/Mexico_City")
FIRST_SECOND: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
OFFSET: Final = datetime.timedelta(hours=-6)
PRODUCT: Final = "-//Red Interinstitucional de Género//Formación//ES"
ORGANIZER: Final = "Red Interinstitucional de Género"


def confirmation(
    enrollment: Enrollment, *, page: str, sessions: Iterable[Session] | None = None
) -> Attachment:
    """Return the sittings to note down; a later file with the same events replaces it.

    ``sessions`` if they are at hand.
    """
    return _file(enrollment, method="REQUEST", status="CONFIRMED", page=page, sessions=sessions)


def cancellation(
    enrollment: Enrollment, *, page: str, sessions: Iterable[Session] | None = None
) -> Attachment:
    """Return the file that takes the sittings off her calendar; ``sessions`` if they are at hand."""
    return _file(enrollment, method="CANCEL", status="CANCELLED", page=page, sessions=sessions)


def session_cancellation(enrollment: Enrollment, session: Session, *, page: str) -> Attachment:
    """Return the file that takes one sitting off her calendar and leaves the others."""
    return _file(enrollment, method="CANCEL", status="CANCELLED", page=page, sessions=[session])


def uid(session: Session) -> str:
    """Return the identity of a sitting in every calendar."""
    return f"sesion-{session.pk}@{settings.PORTAL_URL.partition('://')[2].partition(':')[0]}"


def sequence(now: datetime.datetime) -> int:
    """Count seconds, so that what is written later replaces what was written before."""
    return max(0, int((now - FIRST_SECOND).total_seconds()))


def _file(
    enrollment: Enrollment,
    *,
    method: str,
    status: str,
    page: str,
    sessions: Iterable[Session] | None = None,
) -> Attachment:
    """Build the file."""
    now = timezone.now()
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(zone())
    for session in enrollment.edition.sessions.held() if sessions is None else sessions:
        event = _event(enrollment.edition, session, page)
        event.add("dtstamp", now)
        event.add("sequence", sequence(now))
        event.add("status", status)
        event.add("organizer", _organizer())
        event.add("attendee", _attendee(enrollment))
        calendar.add_component(event)
    kind = f"text/calendar; method={method}"
    return Attachment("sesiones.ics", calendar.to_ical(), kind)


def zone() -> Timezone:
    """Describe the local zone: −06:00 all year since 2022."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime.datetime(1970, 1, 1))  # noqa: DTZ001
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    zone.add_component(standard)
    return zone


def _event(edition: Edition, session: Session, page: str) -> Event:
    """Describe one sitting; the link of an online one stays on the portal."""
    event = Event()
    event.add("uid", uid(session))
    event.add("dtstart", session.starts_at.astimezone(ZONE))
    event.add("dtend", session.ends_at.astimezone(ZONE))
    event.add("summary", f"{edition.course.title} (sesión {session.number})")
    event.add("location", session.place or "En línea")
    event.add("url", page)
    online = "El enlace aparece en esa página 24 horas antes. " if session.link else ""
    event.add("description", f"{online}Detalles e inscripción: {page}")
    return event


def _organizer() -> vCalAddress:
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = ORGANIZER
    return organizer


def _attendee(enrollment: Enrollment) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{enrollment.person.address}")
    attendee.params["CN"] = enrollment.person.full_name
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee
