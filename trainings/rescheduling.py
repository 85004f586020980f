"""Sesiones that change, are added or cancelled: whoever has a confirmed seat is told, once."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from red_genero.common import states
from red_genero.common.states import By
from trainings import session_emails
from trainings.models import Attendance, Edition, Enrollment, Session

ANNOUNCED = (Edition.State.PUBLISHED, Edition.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as people know it."""

    number: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    place: str
    community: str
    link: str
    stands: bool

    @classmethod
    def of(cls, session: Session) -> Self:
        """Read one."""
        community = session.community.name if session.community else ""
        return cls(
            session.number,
            session.starts_at,
            session.ends_at,
            session.place,
            community,
            session.link,
            session.cancelled_at is None,
        )

    @property
    def where(self) -> str:
        """The place, its comunidad, or «en línea»."""
        there = ", ".join(
            part
            for part in (self.place, f"comunidad {self.community}" if self.community else "")
            if part
        )
        return there or "en línea"

    @property
    def when(self) -> str:
        """«lunes 3 de agosto de 2026, 16:00 a 19:00 h»."""
        starts, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        day = date_format(starts, r"l j \d\e F \d\e Y")
        return f"{day}, {starts:%H:%M} a {ends:%H:%M} h"


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in one session, in words for her."""

    number: int
    title: str
    now: str
    before: str = ""


@contextmanager
def announcing(edition: Edition, *, by: By) -> Iterator[None]:
    """Hold the edición while its sessions are written, then tell what changed: one mail per person.

    Nothing is said when nothing that people know has changed, of a draft, or of what is over.
    """
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        before = _sittings(locked)
        yield
        changes = _compare(before, _sittings(locked), timezone.now())
        if locked.state in ANNOUNCED and changes:
            _announce(locked, changes, by=by)


def add_session(session: Session, *, by: By) -> Session:
    """Write a new session and tell it."""
    with announcing(session.edition, by=by):
        _refuse_ended(session.edition)
        session.full_clean()
        session.save()
    return session


def move_session(session: Session, *, by: By) -> Session:
    """Write a session whose day, hours, place or link were changed in memory, and tell it."""
    with announcing(session.edition, by=by):
        _refuse_ended(session.edition)
        session.full_clean()
        session.save()
    return session


def cancel_session(session: Session, *, by: By, reason: str) -> int:
    """Take a session off the edición, its calendar and its attendance; return how many were told.

    Cancelled already, it changes nothing. Raises ValidationError: ``reason_required``, ``edition_ended``,
    ``session_marked``, ``only_session``.
    """
    if not reason.strip():
        raise ValidationError("Escriba el motivo de la cancelación.", code="reason_required")
    with transaction.atomic():
        locked = Edition.objects.locked(session.edition_id)
        standing = Session.objects.select_related("community").get(pk=session.pk)
        standing.edition = locked
        if standing.cancelled_at:
            return 0
        _refuse_ended(locked)
        _refuse_indispensable(standing)
        standing.cancelled_at, standing.cancel_reason = timezone.now(), reason.strip()
        standing.save(update_fields=["cancelled_at", "cancel_reason"])
        said = f"Se canceló la sesión {standing.number}. {standing.cancel_reason}"
        states.append(locked, from_state=locked.state, to_state=locked.state, by=by, reason=said)
        if locked.state not in ANNOUNCED or standing.ends_at <= standing.cancelled_at:
            return 0
        return _tell_cancelled(standing)


def cancellable(edition: Edition) -> list[Session]:
    """Return the sessions that may be cancelled."""
    if edition.state not in Edition.AHEAD:
        return []
    held = list(edition.sessions.held())
    marked = set(
        Attendance.objects.filter(session__in=held).order_by().values_list("session", flat=True)
    )
    return [session for session in held if session.pk not in marked] if len(held) > 1 else []


def told_by(edition: Edition) -> int:
    """Return how many people a change of its sessions would be told to."""
    return _confirmed(edition).count() if edition.state in ANNOUNCED else 0


def _sittings(edition: Edition) -> dict[int, Sitting]:
    rows = Session.objects.filter(edition=edition).select_related("community")
    return {session.pk: Sitting.of(session) for session in rows.order_by("starts_at", "number")}


def _compare(
    before: dict[int, Sitting], after: dict[int, Sitting], now: datetime.datetime
) -> list[Change]:
    """Put into words what is new, what is different and what is gone; what is over is left alone."""
    found = []
    for key, sitting in after.items():
        old = before.get(key)
        if not sitting.stands or (sitting.ends_at <= now and (not old or old.ends_at <= now)):
            continue
        if old is None:
            said = f"{sitting.when}. {sitting.where.capitalize()}."
            found.append(Change(sitting.number, f"Se agregó la sesión {sitting.number}", said))
        else:
            found += _difference(old, sitting, now)
    for key, old in before.items():
        if key not in after and old.stands and old.ends_at > now:
            found.append(Change(old.number, f"Ya no habrá sesión {old.number}", "", old.when))
    return found


def _difference(old: Sitting, new: Sitting, now: datetime.datetime) -> list[Change]:
    """Return one change when something that people know is different, or nothing.

    A link is known from 24 hours before: until then it may change in silence.
    """
    parts = []
    if (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at):
        parts.append((new.when, old.when))
    if old.where != new.where:
        parts.append((new.where, old.where))
    known = new.starts_at - datetime.timedelta(hours=24) <= now
    if known and old.link != new.link and old.link:
        parts.append(("el enlace de la página de la edición es nuevo", "el enlace anterior"))
    if not parts:
        return []
    title = f"Cambió la sesión {new.number}"
    return [
        Change(
            new.number,
            title,
            "; ".join(part[0] for part in parts),
            "; ".join(part[1] for part in parts),
        )
    ]


def _announce(edition: Edition, changes: list[Change], *, by: By) -> None:
    """Write the line in the edición's history and queue the mails."""
    said = " ".join(f"{change.title}: {change.now or change.before}." for change in changes)
    states.append(edition, from_state=edition.state, to_state=edition.state, by=by, reason=said)
    session_emails.sessions_changed(edition, _confirmed(edition), changes=changes)


def _tell_cancelled(session: Session) -> int:
    """Queue one mail for each confirmed person; return how many."""
    seats = list(_confirmed(session.edition))
    session_emails.session_cancelled(session, seats)
    return len(seats)


def _confirmed(edition: Edition) -> models.QuerySet[Enrollment]:
    return Enrollment.objects.filter(
        edition=edition, state=Enrollment.State.CONFIRMED
    ).select_related("person__user")


def _refuse_ended(edition: Edition) -> None:
    if edition.state not in Edition.AHEAD:
        raise ValidationError(
            "La edición ya terminó o se canceló: sus sesiones no cambian.", code="edition_ended"
        )


def _refuse_indispensable(session: Session) -> None:
    if session.marks.exists():
        raise ValidationError(
            "Esta sesión ya tiene asistencia registrada: se impartió y no puede cancelarse.",
            code="session_marked",
        )
    if not session.edition.sessions.held().exclude(pk=session.pk).exists():
        raise ValidationError(
            "Es la única sesión de la edición. Si no se impartirá, cancele la edición.",
            code="only_session",
        )
