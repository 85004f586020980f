"""The way out of a post of enlace: left, ended with its dependencia or its government, expired, and recalled before.

Nothing here rewrites a day that has passed: every post is left today or later. Locks: member → department → designation.
"""

import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members import emails, formalizing, settling
from members.designating import ONE_DAY, locked, move, need
from members.models import Department, Designation, GovernmentTerm, Person
from red_genero.common.states import By

State = Designation.State
MONTH_BEFORE: Final = datetime.timedelta(days=30)
WEEK_BEFORE: Final = datetime.timedelta(days=7)


def end(designation: Designation, *, reason: str, by: By) -> Designation:
    """She leaves the post today; what was asked and not yet in force is closed."""
    need(reason)
    with transaction.atomic():
        designation = locked(designation)
        if designation.state in Designation.MOVES:
            _close(designation, reason=reason, by=by)
    return designation


def end_all_of(person: Person, *, reason: str, by: By) -> list[Designation]:
    """End every designation of hers, also those on their way, and her places in units.

    The caller's transaction holds them.
    """
    formalizing.end_all_of(person, reason=reason, by=by)
    return _end_each(Designation.objects.filter(person=person), reason=reason, by=by)


def end_all_in(department: Department, *, reason: str, by: By) -> list[Designation]:
    """End every designation of a dependencia that closes."""
    return _end_each(Designation.objects.filter(department=department), reason=reason, by=by)


def end_with_term(
    designations: QuerySet[Designation], term: GovernmentTerm, *, leaves: datetime.date, by: By
) -> list[Designation]:
    """End those that a change of government covers, on the day ``leaves``; each person gets one message."""
    reason = f"Terminó el periodo de gobierno «{term}»"
    done = []
    for designation in (
        designations.order_by("pk")
        .select_for_update(of=("self",))
        .select_related("person", "department")
    ):
        designation.end = leaves
        move(designation, State.ENDED, by=by, reason=reason, touched=("end",))
        emails.term_closed(designation, term)
        done.append(designation)
    return done


def leave_former_posts(person: Person, *, by: By) -> list[Designation]:
    """After a readscripción: end what she held where she no longer works, her places in units too."""
    formalizing.leave_former_units(person, by=by)
    left = [row.pk for row in posts_elsewhere(person)]
    reason = "Ya no trabaja en esa dependencia"
    return _end_each(Designation.objects.filter(pk__in=left), reason=reason, by=by)


def posts_elsewhere(person: Person) -> list[Designation]:
    """Return what she holds, or is on her way to, where she does not work."""
    standing = Designation.objects.filter(person=person, state__in=Designation.MOVES)
    return [
        row
        for row in standing.select_related("department")
        if not formalizing.works_there(row.person, row.department)
    ]


def expire_due(*, by: By) -> list[Designation]:
    """Close those whose last day has passed; doing it again finds nothing."""
    today = timezone.localdate()
    due = Designation.objects.in_force().filter(end__lte=today)
    done = []
    for key in due.values_list("pk", flat=True):
        with transaction.atomic():
            designation = due.select_for_update().filter(pk=key).first()
            if designation is None:
                continue
            replaced = designation.replaced_by_id is not None
            move(designation, State.REPLACED if replaced else State.EXPIRED, by=by)
            if not replaced:
                emails.designation_expired(designation)
            done.append(designation)
    return done


def remind_due() -> list[Designation]:
    """Tell her, her titular and the Instituto, 30 and 7 days before the last day, once each."""
    now, today = timezone.now(), timezone.localdate()
    ending = Designation.objects.in_force().filter(end__gt=today, replaced_by__isnull=True)
    done = []
    for column, before in (
        ("week_reminded_at", WEEK_BEFORE),
        ("month_reminded_at", MONTH_BEFORE),
    ):
        due = ending.filter(end__lte=today + before + ONE_DAY, **{f"{column}__isnull": True})
        for key in due.values_list("pk", flat=True):
            with transaction.atomic():
                designation = due.select_for_update().filter(pk=key).first()
                if designation is None:
                    continue
                designation.month_reminded_at = designation.month_reminded_at or now
                if column == "week_reminded_at":
                    designation.week_reminded_at = now
                designation.save(update_fields=["month_reminded_at", "week_reminded_at"])
                emails.designation_ending(designation)
                done.append(designation)
    return done


def _end_each(designations: QuerySet[Designation], *, reason: str, by: By) -> list[Designation]:
    """End those that stand, in a fixed order."""
    done = []
    with transaction.atomic():
        standing = designations.filter(state__in=Designation.MOVES).order_by("pk")
        for designation in standing.select_for_update(of=("self",)).select_related(
            "person", "department"
        ):
            _close(designation, reason=reason, by=by)
            done.append(designation)
    return done


def _close(designation: Designation, *, reason: str, by: By) -> None:
    """Leave the post today, or before it began; or close what was on its way."""
    if designation.state in Designation.OPEN:
        move(designation, State.REJECTED, by=by, reason=reason)
        return
    first = designation.start or timezone.localdate()
    leaves = max(timezone.localdate(), first)
    designation.end = min(designation.end, leaves) if designation.end else leaves
    move(designation, State.ENDED, by=by, reason=reason, touched=("end",))
    settling.reopen_for(designation, by=by)
    emails.designation_ended(designation, reason)
