"""How two memberships and two open adscripciones of one person become one."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from members.models import Assignment, Member, MembershipInterval, Person
from red_genero.common import states
from red_genero.common.states import By

Repoint = Callable[[models.Model, models.Model], None]


def open_post(person: Person) -> Assignment | None:
    """Return the adscripción in force."""
    return person.assignments.open().select_related("department").first()


def posts(kept: Person, gone: Person, chosen: Mapping[str, str]) -> None:
    """Leave one adscripción open; the other ends today and stays in the past."""
    mine, hers = open_post(kept), open_post(gone)
    if mine is None or hers is None:
        return
    ends = mine if chosen.get("assignment", "kept") == "gone" else hers
    ends.end = max(timezone.localdate(), ends.start)
    ends.save(update_fields=["end"])


def memberships(kept: Person, hers: Member, *, repoint: Repoint, by: By) -> None:
    """Give the membership of the second to the first; two become one with every stay of both."""
    mine = Member.objects.filter(person=kept).first()
    if mine is None:
        hers.person = kept
        hers.save(update_fields=["person"])
        return
    spans = coalesced([*mine.intervals.all(), *hers.intervals.all()])
    MembershipInterval.objects.filter(member__in=[mine, hers]).delete()
    for start, end, why in spans:
        MembershipInterval.objects.create(member=mine, start=start, end=end, end_reason=why)
    repoint(hers, mine)
    reason = f"Se fusionó con el registro {hers.folio}"
    mine.since = min(mine.since, hers.since)
    mine.save(update_fields=["since"])
    if mine.state == Member.State.ENDED != hers.state:
        states.move(mine, Member.State.ACTIVE, moves=Member.MOVES, by=by, reason=reason)
    else:
        states.append(mine, from_state=mine.state, to_state=mine.state, by=by, reason=reason)
    hers.delete()


def coalesced(
    intervals: list[MembershipInterval],
) -> list[tuple[datetime.date, datetime.date | None, str]]:
    """Return the stays in order, those that overlap as one."""
    spans: list[tuple[datetime.date, datetime.date | None, str]] = []
    for each in sorted(intervals, key=lambda interval: interval.start):
        if spans and (spans[-1][1] is None or each.start <= spans[-1][1]):
            start, end, _ = spans[-1]
            if end is not None and (each.end is None or each.end > end):
                spans[-1] = (start, each.end, each.end_reason)
            continue
        spans.append((each.start, each.end, each.end_reason))
    return spans


def snapshot(person: Person) -> Any:
    """Return her membership and its stays as plain data."""
    member = Member.objects.filter(person=person).first()
    if member is None:
        return None
    stays = [
        [str(each.start), str(each.end or ""), each.end_reason] for each in member.intervals.all()
    ]
    return {
        "folio": member.folio,
        "estado": member.state,
        "desde": str(member.since),
        "periodos": stays,
    }
