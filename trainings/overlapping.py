"""Sesiones at the same time in the same place, or with the same facilitadora: a warning, never a refusal."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format

from red_genero.common.text import fold
from trainings.models import Edition, Session

LIVE: Final = (Edition.State.DRAFT, Edition.State.PUBLISHED, Edition.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two sessions that share a place or a facilitadora while both last."""

    first: Session
    second: Session
    what: str

    def sentence(self, known: Collection[int]) -> str:
        """What clashes with what, when and over what; drafts outside the ``known`` ediciones are not named."""
        starts = timezone.localtime(max(self.first.starts_at, self.second.starts_at))
        ends = timezone.localtime(min(self.first.ends_at, self.second.ends_at))
        when = f"{date_format(starts)}, de {starts:%H:%M} a {ends:%H:%M} h"
        return f"{_name(self.first, known)} y {_name(self.second, known)} coinciden en {self.what} ({when})."

    def touches(self, editions: Iterable[int]) -> bool:
        """Whether one of the two belongs to one of these ediciones."""
        return bool({self.first.edition_id, self.second.edition_id}.intersection(editions))


def overlaps(now: datetime.datetime | None = None) -> list[Overlap]:
    """Return every coincidence that lies ahead, the nearest first; three queries whatever their number."""
    ahead = (
        Session.objects.held()
        .filter(ends_at__gt=now or timezone.now(), edition__state__in=LIVE)
        .select_related("edition__course")
        .prefetch_related("edition__instructors")
        .order_by("starts_at", "pk")
    )
    by_place: dict[str, list[Session]] = defaultdict(list)
    by_teacher: dict[str, list[Session]] = defaultdict(list)
    names: dict[str, str] = {}
    for session in ahead:
        if place := fold(session.place).strip():
            by_place[place].append(session)
        for teacher in session.edition.instructors.all():
            names[str(teacher.pk)] = teacher.name
            by_teacher[str(teacher.pk)].append(session)
    found = [
        Overlap(first, second, f"el lugar «{first.place}»")
        for group in by_place.values()
        for first, second in _pairs(group)
    ]
    found += [
        Overlap(first, second, f"quien facilita, {names[key]}")
        for key, group in by_teacher.items()
        for first, second in _pairs(group)
    ]
    return sorted(found, key=lambda each: (each.second.starts_at, each.first.pk, each.second.pk))


def warnings(edition: Edition, now: datetime.datetime | None = None) -> list[str]:
    """Return the coincidences of one edición, in words for who may read every edición."""
    found = [each for each in overlaps(now) if each.touches([edition.pk])]
    return [each.sentence({each.first.edition_id, each.second.edition_id}) for each in found]


def _name(session: Session, known: Collection[int]) -> str:
    """«PG-02-2026-1, sesión 2»."""
    if session.edition.state == Edition.State.DRAFT and session.edition_id not in known:
        return "otra edición en preparación"
    return f"{session.edition.key.upper()}, sesión {session.number}"


def _pairs(group: list[Session]) -> Iterator[tuple[Session, Session]]:
    """Yield the sessions of a group, in order of beginning, that last at the same time."""
    going: list[Session] = []
    for session in group:
        going = [each for each in going if each.ends_at > session.starts_at]
        yield from ((each, session) for each in going)
        going.append(session)
