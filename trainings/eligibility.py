"""Who may take a seat: small checks, each a sentence or nothing; the answer has all of them."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Assignment, Member, Person
from red_genero.common.text import join_with_y
from trainings import programmes, quotas
from trainings.models import Edition, Enrollment, Session, Waiver
from trainings.models.edition import passed
from trainings.quotas import Quota

PREREQUISITES: Final = "prerequisites"
EXCUSED_BY: Final[dict[str, str]] = {
    PREREQUISITES: Waiver.PREREQUISITES,
    "department_full": Waiver.QUOTA,
    "enrollment_not_open": Waiver.WINDOW,
    "enrollment_closed": Waiver.WINDOW,
}
"""Which waiver excuses which reason. Nothing excuses a full, started or cancelled edición."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a code for programs, a sentence for her; ``waits`` keeps her in the queue instead."""

    code: str
    message: str
    waits: bool = False

    def __str__(self) -> str:
        return self.message


@dataclass(slots=True)
class Facts:
    """What the checks need to know about one edición and some people, gathered in few queries."""

    edition: Edition
    now: datetime.datetime
    begins_at: datetime.datetime
    required: dict[int, str] = field(default_factory=dict)
    member_states: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    passed_courses: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    departments: dict[int, int] = field(default_factory=dict)
    quota: Quota | None = None
    enrolled: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Case:
    """One person before one edición."""

    facts: Facts
    person_id: int
    waived: Collection[str] = ()

    @property
    def edition(self) -> Edition:
        """The edición in question."""
        return self.facts.edition

    @property
    def now(self) -> datetime.datetime:
        """The moment in question."""
        return self.facts.now


Check = Callable[[Case], Reason | None]


def moment(when: datetime.datetime) -> str:
    """Return a local moment in words: «22 de noviembre de 2026 a las 18:00»."""
    local = timezone.localtime(when)
    return f"{date_format(local)} a las {local:%H:%M}"


# Checks about the edición -----------------------------------------------------------------------
def edition_cancelled(case: Case) -> Reason | None:
    """It will not take place."""
    if case.edition.state != Edition.State.CANCELLED:
        return None
    return Reason("edition_cancelled", "Esta edición se canceló.")


def edition_over(case: Case) -> Reason | None:
    """It has ended."""
    if case.edition.state != Edition.State.CLOSED:
        return None
    return Reason("edition_closed", "Esta edición ya terminó.")


def edition_draft(case: Case) -> Reason | None:
    """Nobody has published it."""
    if case.edition.state != Edition.State.DRAFT:
        return None
    return Reason("edition_draft", "Esta edición todavía no se publica.")


def edition_started(case: Case) -> Reason | None:
    """The first sitting has begun."""
    under_way = case.edition.state == Edition.State.RUNNING
    waiting = case.edition.state in {Edition.State.DRAFT, Edition.State.PUBLISHED}
    if not under_way and not (waiting and case.now >= case.facts.begins_at):
        return None
    return Reason("edition_started", f"Esta edición inició el {moment(case.facts.begins_at)}.")


def enrollment_not_open(case: Case) -> Reason | None:
    """The window of enrolment has not begun."""
    if case.now >= case.edition.enrollment_opens:
        return None
    return Reason(
        "enrollment_not_open", f"La inscripción abre el {moment(case.edition.enrollment_opens)}."
    )


def enrollment_closed(case: Case) -> Reason | None:
    """The window of enrolment is over."""
    if not passed(case.edition.enrollment_closes, case.now):
        return None
    return Reason(
        "enrollment_closed", f"La inscripción cerró el {moment(case.edition.enrollment_closes)}."
    )


# Checks about the person ------------------------------------------------------------------------
def already_enrolled(case: Case) -> Reason | None:
    """She has a seat, a place in the queue or a request."""
    if case.person_id not in case.facts.enrolled:
        return None
    return Reason("already_enrolled", "Ya tiene una inscripción en esta edición.")


def data_cancelled(case: Case) -> Reason | None:
    """She asked that her data be cancelled: nothing new is written about her."""
    return data_blocked(blocked=case.person_id in case.facts.blocked)


def data_blocked(*, blocked: bool) -> Reason | None:
    """What a person whose data are blocked or anonymised lacks."""
    if not blocked:
        return None
    return Reason("data_cancelled", "Sus datos personales están cancelados: no puede inscribirse.")


def not_a_member(case: Case) -> Reason | None:
    """The edición is for integrantes and her membership is not active."""
    if case.edition.open_to_non_members:
        return None
    return membership(case.facts.member_states.get(case.person_id, ""))


def membership(state: str) -> Reason | None:
    """What a membership in ``state`` (empty: never admitted) lacks."""
    sentences = {
        Member.State.SUSPENDED: "Su membresía está suspendida. Escriba al Instituto para reactivarla.",
        Member.State.ENDED: "Su membresía terminó. Puede solicitar su reingreso a la Red.",
    }
    if state == Member.State.ACTIVE:
        return None
    never = "La formación es para integrantes de la Red. Antes envíe su solicitud de ingreso."
    return Reason("not_a_member", sentences.get(Member.State(state), never) if state else never)


def prerequisites_missing(case: Case) -> Reason | None:
    """She has neither concluded nor a constancia in force of what comes before."""
    done = case.facts.passed_courses.get(case.person_id, set())
    missing = [title for pk, title in case.facts.required.items() if pk not in done]
    if not missing:
        return None
    names = join_with_y([f"«{title}»" for title in missing])
    return Reason(PREREQUISITES, f"Antes debe concluir {names}.")


def department_full(case: Case) -> Reason | None:
    """Her dependencia already holds all the seats that one dependencia may hold."""
    quota = case.facts.quota
    department = case.facts.departments.get(case.person_id)
    if quota is None or department is None or not quota.reached(department, case.person_id):
        return None
    taken = "el lugar" if quota.limit == 1 else f"los {quota.limit} lugares"
    return Reason(
        "department_full",
        f"Ya se ocuparon {taken} de su dependencia. Entraría a la lista de espera.",
        waits=True,
    )


EDITION_CHECKS: Final[tuple[Check, ...]] = (
    edition_cancelled,
    edition_over,
    edition_draft,
    edition_started,
)
WINDOW_CHECKS: Final[tuple[Check, ...]] = (enrollment_not_open, enrollment_closed)
STILL_CHECKS: Final[tuple[Check, ...]] = (data_cancelled, not_a_member)
"""What must still hold when she takes a seat that was kept for her."""
SEAT_CHECKS: Final[tuple[Check, ...]] = (*STILL_CHECKS, prerequisites_missing, department_full)
ALL_CHECKS: Final[tuple[Check, ...]] = (
    *EDITION_CHECKS,
    *WINDOW_CHECKS,
    already_enrolled,
    *SEAT_CHECKS,
)


def apply(checks: Iterable[Check], case: Case) -> list[Reason]:
    """Return every reason that the checks give and nobody waived."""
    found = [reason for check in checks if (reason := check(case)) is not None]
    return [reason for reason in found if EXCUSED_BY.get(reason.code) not in case.waived]


def reasons(
    edition: Edition,
    person: Person,
    *,
    now: datetime.datetime | None = None,
    waived: Collection[str] = (),
) -> list[Reason]:
    """Return all the reasons why ``person`` cannot enrol in ``edition``; at most nine queries.

    Reasons with ``waits`` do not refuse her: she enters the queue.
    """
    facts = gather(edition, [person.pk], now=now or timezone.now())
    return apply(ALL_CHECKS, Case(facts, person.pk, waived))


def refuse(found: Iterable[Reason]) -> None:
    """Raise one ValidationError with every reason that does not merely wait."""
    if errors := as_errors(found):
        raise ValidationError(errors)


def as_errors(found: Iterable[Reason]) -> list[ValidationError]:
    """Return as refusals the reasons that do not merely wait."""
    return [
        ValidationError(reason.message, code=reason.code) for reason in found if not reason.waits
    ]


def overlaps(edition: Edition, person: Person) -> list[str]:
    """Warn in words of sittings at the same time as others in which she has a seat; one query."""
    clashing = edition.sessions.held().filter(
        starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    seats = Enrollment.objects.filter(
        person=person, state__in=[Enrollment.State.CONFIRMED, Enrollment.State.OFFERED]
    )
    others = Session.objects.held().exclude(edition=edition).filter(Exists(clashing))
    found = others.filter(edition__in=seats.values("edition")).select_related("edition__course")
    titles = {session.edition.pk: session.edition.course.title for session in found}
    return [
        f"Coincide en horario con «{title}», donde ya tiene un lugar." for title in titles.values()
    ]


def gather(edition: Edition, people: Collection[int], *, now: datetime.datetime) -> Facts:
    """Collect the facts of ``edition`` about people (ids); the queries do not grow with them."""
    facts = Facts(edition, now, edition.begins_at)
    facts.required = {course.pk: course.title for course in edition.course.prerequisites.all()}
    rows = Person.objects.filter(pk__in=people).values_list("pk", "member__state", "blocked_at")
    for pk, state, blocked_at in rows.order_by():
        facts.member_states[pk] = state or ""
        if blocked_at is not None:
            facts.blocked.add(pk)
    facts.departments = dict(
        Assignment.objects.open().filter(person__in=people).values_list("person", "department")
    )
    seats = Enrollment.objects.filter(edition=edition)
    facts.enrolled = set(
        seats.standing().filter(person__in=people).values_list("person", flat=True)
    )
    facts.quota = quotas.count(edition)
    if facts.required:
        facts.passed_courses = programmes.passed_courses(facts.required, people)
    return facts
