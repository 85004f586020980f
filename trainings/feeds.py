"""The two calendars that others subscribe to: what is public, and her own seats."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from icalendar import Calendar, Event

from members.models import Person
from trainings.calendars import PRODUCT, ZONE, sequence, uid, zone
from trainings.models import Edition, Enrollment, Session
from trainings.models.session import SessionQuerySet

BACK: Final = datetime.timedelta(days=30)
AHEAD: Final = datetime.timedelta(days=400)
MOST_EVENTS: Final = 500
REFRESH: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sitting as a calendar shows it."""

    session: Session
    cancelled: bool
    location: str
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Tell everything that a calendar would show otherwise."""
        session, course = self.session, self.session.edition.course
        return repr(
            (
                uid(session),
                session.number,
                session.starts_at,
                session.ends_at,
                course.title,
                self.cancelled,
                self.location,
                self.note,
            )
        )


def public_entries(sessions: SessionQuerySet, now: datetime.datetime) -> list[Entry]:
    """Return what anybody may know of ``sessions``: the day and the page, neither the room nor the link."""
    shown = _window(sessions.public(), now)
    return [
        Entry(
            session,
            _cancelled(session),
            session.community.name if session.community else session.edition.get_mode_display(),
        )
        for session in shown
    ]


def own_entries(person: Person, now: datetime.datetime) -> list[Entry]:
    """Return the sittings of her seats; those that were cancelled, or that she gave up, cancel themselves."""
    was_hers = Enrollment.history.filter(id=OuterRef("pk"), state=Enrollment.State.CONFIRMED)
    rows = Enrollment.objects.filter(person=person).order_by("pk")
    held = dict(rows.attending().values_list("edition", "state"))
    left = rows.filter(Exists(was_hers), state=Enrollment.State.CANCELLED)
    given_up = set(left.values_list("edition", flat=True)) - held.keys()
    sessions = Session.objects.filter(edition__in={*held, *given_up})
    return [
        Entry(
            session,
            _cancelled(session) or session.edition_id in given_up,
            session.place or ("En línea" if session.link else ""),
            "El enlace aparece en esa página 24 horas antes." if session.link else "",
        )
        for session in _window(sessions, now)
    ]


def written(entries: Iterable[Entry], *, name: str, now: datetime.datetime) -> bytes:
    """Return the calendar file of ``entries``."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(zone())
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def etag(entries: Iterable[Entry]) -> str:
    """Return what stays the same while the calendar says the same."""
    told = "\n".join(entry.fingerprint for entry in entries)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _window(sessions: SessionQuerySet, now: datetime.datetime) -> SessionQuerySet:
    """Keep the last month and the year to come; one query."""
    return sessions.filter(starts_at__gte=now - BACK, starts_at__lt=now + AHEAD).select_related(
        "edition__course", "community"
    )[:MOST_EVENTS]


def _cancelled(session: Session) -> bool:
    return bool(session.cancelled_at) or session.edition.state == Edition.State.CANCELLED


def _event(entry: Entry, now: datetime.datetime) -> Event:
    """Describe one sitting."""
    session, edition = entry.session, entry.session.edition
    path = reverse("trainings:edition_detail", args=[edition.course.key, edition.key])
    page = f"{settings.PORTAL_URL}{path}"
    event = Event()
    event.add("uid", uid(session))
    event.add("dtstamp", now)
    event.add("sequence", sequence(now))
    event.add("dtstart", session.starts_at.astimezone(ZONE))
    event.add("dtend", session.ends_at.astimezone(ZONE))
    event.add("summary", f"{edition.course.title} (sesión {session.number})")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.location:
        event.add("location", entry.location)
    event.add("url", page)
    event.add("description", f"{entry.note} Detalles: {page}".strip())
    return event
