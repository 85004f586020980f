"""The end of a government: it ends the designations that it covers, leaves one task to each dependencia, and nothing else.

Nothing here rewrites a day that is over: who was in the post leaves it on the first day after the term, or today when it
is closed later. Locks: term → members → departments → designations.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from members import designating, emails, leaving_posts, settling
from members.designating import Oficio
from members.models import (
    Department,
    Designation,
    GovernmentTerm,
    LiaisonRole,
    Member,
    Person,
    TermTask,
)
from members.models.designation import DesignationQuerySet
from red_genero.common import states
from red_genero.common.states import By

State = GovernmentTerm.State
REMINDERS: Final = (
    ("week_reminded_at", 7),
    ("month_reminded_at", 30),
    ("quarter_reminded_at", 90),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What closing a term would do, without doing it."""

    leaves: datetime.date
    """The first day on which those who end no longer hold their post."""
    ending: list[Designation]
    staying: list[Designation]
    """Those that began after its last day."""
    tasks: int
    settled: int
    """Tasks of dependencias that already have a titular of after the change."""
    open: int
    """Designations on their way, which closing leaves as they are."""


def preview(term: GovernmentTerm) -> Preview:
    """Return exactly what ``close`` would do today."""
    leaves = _leaves(term)
    known = Designation.objects.select_related("person", "department")
    covered = _covered(known, term, leaves)
    after = known.in_force().filter(start__gt=term.last_day).exclude(pk__in=covered.values("pk"))
    expecting = Department.objects.current().filter(expects_liaison=True)
    since = Designation.objects.decided_after(term.last_day).filter(department__in=expecting)
    return Preview(
        leaves=leaves,
        ending=list(covered.order_by("department__name", "role", "pk")),
        staying=list(after.order_by("department__name", "role", "pk")),
        tasks=expecting.count(),
        settled=since.values("department").distinct().count(),
        open=Designation.objects.open().count(),
    )


def close(term: GovernmentTerm, *, by: By) -> GovernmentTerm:
    """End what it covers and open one task per dependencia; a second press changes nothing.

    Raises ValidationError (codes ``term_not_over``, ``earlier_open``, ``needs_a_person``).
    """
    if by.user is None:
        raise ValidationError("Un periodo lo cierra una persona.", code="needs_a_person")
    with transaction.atomic():
        term = GovernmentTerm.objects.select_for_update().get(pk=term.pk)
        if term.state == State.CLOSED:
            return term
        _check_over(term)
        leaves = _leaves(term)
        covered = _covered(Designation.objects.all(), term, leaves)
        _hold(covered)
        leaving_posts.end_with_term(covered, term, leaves=leaves, by=by)
        settling.open_tasks(term, by=by)
        term.closed_at, term.closed_by_id = timezone.now(), by.user.pk
        states.move(
            term,
            State.CLOSED,
            moves=GovernmentTerm.MOVES,
            by=by,
            touched=("closed_at", "closed_by"),
        )
    return term


def open_next(
    term: GovernmentTerm, *, name: str, last_day: datetime.date, by: By
) -> GovernmentTerm:
    """Begin the term that follows, the day after the last of this one; a second press returns the same."""
    first = term.next_day
    with transaction.atomic():
        GovernmentTerm.objects.select_for_update().get(pk=term.pk)
        done = GovernmentTerm.objects.filter(first_day=first).first()
        if done is not None:
            return done
        made = GovernmentTerm(name=name.strip(), first_day=first, last_day=last_day)
        made.key = f"{first.year}-{last_day.year}"
        made.full_clean()
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise ValidationError(
                "Esas fechas se enciman con otro periodo.", code="term_overlaps"
            ) from error
        states.append(made, from_state="", to_state=made.state, by=by)
    return made


def ratify(task: TermTask, *, oficio: Oficio, by: By) -> Designation:
    """Nominate, by a new oficio, who was titular at the change; she accepts and Validación validates as always."""
    if task.outgoing is None:
        raise ValidationError(
            "Nadie era enlace titular al cierre: registre una designación nueva.",
            code="nobody_to_ratify",
        )
    return _nominate(task, task.outgoing.person, oficio, by)


def substitute(task: TermTask, person: Person, *, oficio: Oficio, by: By) -> Designation:
    """Nominate somebody else by the ordinary path; the task settles when she is validated."""
    if task.outgoing is not None and task.outgoing.person_id == person.pk:
        raise ValidationError(
            "Es la misma persona que ya era enlace: use «Ratificar».", code="same_person"
        )
    return _nominate(task, person, oficio, by)


def remind_due() -> list[GovernmentTerm]:
    """Tell the Instituto and each enlace titular, 90, 30 and 7 days before the last day, once each."""
    today, now = timezone.localdate(), timezone.now()
    reminded = []
    for number, (column, days) in enumerate(REMINDERS):
        due = GovernmentTerm.objects.open().filter(
            first_day__lte=today,
            last_day__range=(today, today + datetime.timedelta(days=days)),
            **{f"{column}__isnull": True},
        )
        for key in due.values_list("pk", flat=True):
            with transaction.atomic():
                term = due.select_for_update().filter(pk=key).first()
                if term is None:
                    continue
                wider = [name for name, _ in REMINDERS[number:]]
                for name in wider:
                    setattr(term, name, getattr(term, name) or now)
                term.save(update_fields=wider)
                _tell(term)
                reminded.append(term)
    return reminded


def _tell(term: GovernmentTerm) -> None:
    """Write once to the Instituto and to each titular whose designation the closing would end."""
    emails.term_ending_office(term)
    known = Designation.objects.filter(role=LiaisonRole.HOLDER)
    covered = _covered(known.select_related("person", "department"), term, term.next_day)
    for designation in covered.filter(start__lte=timezone.localdate()).order_by("pk"):
        emails.term_ending(designation, term)


def _leaves(term: GovernmentTerm) -> datetime.date:
    """Return the first day without those who end: the one after the term, or today when that is over."""
    return max(timezone.localdate(), term.next_day)


def _covered(
    known: DesignationQuerySet, term: GovernmentTerm, leaves: datetime.date
) -> DesignationQuerySet:
    """Return those in force that began by the last day and would go on beyond ``leaves``.

    One that ends before by its own oficio is left to end by itself.
    """
    beyond = Q(end__isnull=True) | Q(end__gt=leaves)
    return known.in_force().filter(beyond).begun_by(term.last_day)


def _check_over(term: GovernmentTerm) -> None:
    """Refuse a term that goes on, and one whose former is still open."""
    if timezone.localdate() < term.last_day:
        raise ValidationError(
            f"El periodo termina el {date_format(term.last_day)}: ciérrelo ese día o después.",
            code="term_not_over",
        )
    earlier = GovernmentTerm.objects.open().filter(first_day__lt=term.first_day).first()
    if earlier is not None:
        raise ValidationError(f"Cierre antes el periodo «{earlier}».", code="earlier_open")


def _hold(covered: DesignationQuerySet) -> None:
    """Lock who is concerned, in the order of the house."""
    people = list(covered.order_by().values_list("person", flat=True))
    list(Member.objects.select_for_update().filter(person__in=people).order_by("pk"))
    list(Department.objects.select_for_update().filter(expects_liaison=True).order_by("pk"))


def _nominate(task: TermTask, person: Person, oficio: Oficio, by: By) -> Designation:
    """Check that the task waits and that the oficio is of the new government."""
    if task.state not in {TermTask.State.PENDING, TermTask.State.VACANT}:
        raise ValidationError("Esta tarea ya no espera una designación.", code="already_settled")
    if oficio.date <= task.term.last_day:
        raise ValidationError(
            f"El oficio debe ser posterior al {date_format(task.term.last_day)}, último día del periodo.",
            code="oficio_of_before",
        )
    return designating.nominate(task.department, LiaisonRole.HOLDER, person, oficio=oficio, by=by)
