"""Typed builders of rows for tests; each returns what it made, valid and ordinary."""

import datetime
import itertools
from decimal import Decimal

from django.contrib.auth.models import Group
from django.utils import timezone

from members.models import (
    Assignment,
    ContentArea,
    Department,
    DepartmentKind,
    Level,
    Member,
    MembershipInterval,
    Person,
    User,
)
from trainings.models import Course, Edition, Enrollment, Mode, Session

_numbers = itertools.count(1)


def user(email: str = "", *, staff: bool = False, roles: tuple[str, ...] = ()) -> User:
    """Return an account whose password is «clave-de-prueba»."""
    address = email or f"persona{next(_numbers)}@guadalajara.gob.mx"
    made = User.objects.create_user(address, "clave-de-prueba", is_staff=staff)
    for role in roles:
        made.groups.add(Group.objects.get(name=role))
    return made


def person(
    given_names: str = "María Guadalupe",
    first_surname: str = "Peña",
    second_surname: str = "Núñez",
    *,
    account: User | None = None,
) -> Person:
    """Return a person with an account."""
    holder = account or user()
    return Person.objects.create(
        user=holder,
        given_names=given_names,
        first_surname=first_surname,
        second_surname=second_surname,
        institutional_email=holder.email,
    )


def department(
    name: str = "Dirección de Mercados", *, parent: Department | None = None
) -> Department:
    """Return a confirmed node of the tree."""
    kind, _ = DepartmentKind.objects.get_or_create(key="direccion", defaults={"name": "Dirección"})
    return Department.objects.create(
        key=f"dependencia-{next(_numbers)}",
        name=name,
        kind=kind,
        parent=parent,
        verification=Department.Verification.SOURCE,
    )


def member(who: Person | None = None, *, works_in: Department | None = None) -> Member:
    """Return an active integrante with an open adscripción."""
    someone = who or person()
    today = timezone.localdate()
    made = Member.objects.create(
        person=someone, folio=f"INT-{today.year}-{next(_numbers):04d}", since=today
    )
    MembershipInterval.objects.create(member=made, start=today)
    Assignment.objects.create(
        person=someone,
        department=works_in or department(),
        position="Jefa de departamento",
        level=Level.HEAD,
        start=today,
    )
    return made


def course(title: str = "Sesgos cotidianos en la oficina pública") -> Course:
    """Return a published course of six hours."""
    area, _ = ContentArea.objects.get_or_create(
        key="perspectiva-genero", defaults={"name": "Perspectiva de Género"}
    )
    return Course.objects.create(
        key=f"pg-{next(_numbers)}",
        title=title,
        area=area,
        format=Course.Format.WORKSHOP,
        mode=Mode.IN_PERSON,
        hours=Decimal(6),
        sittings=2,
        difficulty=Course.Difficulty.BASIC,
    )


def edition(
    of: Course | None = None,
    *,
    seats: int = 20,
    state: str = Edition.State.PUBLISHED,
    starts_in_days: int = 10,
    sessions: int = 2,
) -> Edition:
    """Return an edición with open enrolment and weekly sittings of three hours at 16:00."""
    now = timezone.now()
    first = timezone.localtime(now).replace(
        hour=16, minute=0, second=0, microsecond=0
    ) + datetime.timedelta(days=starts_in_days)
    last = first + datetime.timedelta(days=7 * (sessions - 1))
    made = Edition.objects.create(
        course=of or course(),
        key=f"pg-2026-{next(_numbers)}",
        state=state,
        mode=Mode.IN_PERSON,
        hours=Decimal(3 * sessions),
        starts_on=first.date(),
        ends_on=last.date(),
        seats=seats,
        enrollment_opens=min(now, first) - datetime.timedelta(days=30),
        enrollment_closes=first - datetime.timedelta(days=1),
        cancel_until=first - datetime.timedelta(days=2),
        minimum_attendance=80,
    )
    for number in range(1, sessions + 1):
        start = first + datetime.timedelta(days=7 * (number - 1))
        Session.objects.create(
            edition=made,
            number=number,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=3),
            hours=Decimal(3),
            place="Sala de capacitación",
        )
    return made


def enrollment(
    run: Edition, who: Person | None = None, state: str = Enrollment.State.CONFIRMED
) -> Enrollment:
    """Return an inscripción of an integrante, in the given state."""
    someone = who or member().person
    works = someone.assignments.first()
    return Enrollment.objects.create(
        edition=run,
        person=someone,
        department=works.department if works else None,
        state=state,
        queued_at=timezone.now() if state == Enrollment.State.WAITING else None,
        offer_expires_at=timezone.now() + datetime.timedelta(hours=48)
        if state == Enrollment.State.OFFERED
        else None,
    )
