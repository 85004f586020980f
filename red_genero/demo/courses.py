"""Ediciones of the demonstration: one finished with its constancias, one under way, others to come."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import F
from django.utils import timezone

from members.models import Person, User
from red_genero.common.states import By
from red_genero.demo import DOMAIN, papers, surveys
from red_genero.demo.cast import MEMBERS
from red_genero.demo.people import account_of, person_of
from trainings import (
    approving,
    archiving,
    attending,
    certifying,
    closing,
    enrolling,
    filling,
    issuing,
    messaging,
    nominating,
    scheduling,
)
from trainings.models import (
    ApprovalLink,
    Attendance,
    Certificate,
    Course,
    Edition,
    Enrollment,
    Instructor,
    Mode,
    Session,
    Signatory,
)

Mark = Attendance.Mark
STARTS_AT: Final = datetime.time(16)
OPENS_AT: Final = datetime.time(9)


@dataclass(frozen=True, slots=True)
class Plan:
    """An edición as the Instituto would capture it; the first sitting is ``in_days`` from today."""

    course: str
    key: str
    seats: int
    in_days: int
    place: str = "Sala de capacitación del Instituto"
    every: int = 7
    opens_in_days: int = -30
    link: str = ""
    manager_approval: bool = False
    mode: Mode = Mode.IN_PERSON
    room_code: bool = False


FINISHED: Final = Plan("tr-01", "tr-01-2026-1", 20, 20)
RUNNING: Final = Plan(
    "dh-01", "dh-01-2026-1", 15, 20, "Auditorio de Recursos Humanos", room_code=True
)
APPROVED: Final = Plan("is-01", "is-01-2026-1", 12, 26, manager_approval=True)
OPEN: Final = Plan("pg-02", "pg-02-2026-1", 20, 12)
FULL: Final = Plan("lp-04", "lp-04-2026-1", 4, 16)
ONLINE: Final = Plan(
    "pg-03",
    "pg-03-2026-1",
    30,
    44,
    "",
    opens_in_days=7,
    link="https://videollamada.guadalajara.example/pg-03",
    mode=Mode.ONLINE,
)
DIPLOMADO: Final = Plan(
    "pp-03", "pp-03-2026-1", 25, 60, "Aula magna del Instituto", mode=Mode.MIXED
)


def name_signatories() -> None:
    """Name who signs in the demonstration."""
    since = timezone.localdate() - datetime.timedelta(days=365)
    for order, (name, position) in enumerate(
        (
            ("Mtra. Elena Robles Castañeda", "Dirección General del Instituto (demostración)"),
            ("Lic. Sofía Arreola Muñiz", "Coordinación de Formación (demostración)"),
        )
    ):
        Signatory.objects.update_or_create(
            name=name, defaults={"position": position, "valid_from": since, "order": order}
        )


def _thank_who_taught(edition: Edition, *, by: By) -> None:
    """Issue the reconocimiento of an integrante who taught."""
    person = person_of(MEMBERS[10].mailbox)
    edition.instructors.add(Instructor.objects.create(name=person.full_name, person=person))
    for recognition in certifying.recognise(edition, by=by):
        archiving.store_pdf(recognition)


def finish_an_edition() -> Certificate:
    """Hold the induction from enrolment to constancias; return one of them."""
    staff, coordinator = By.admin(account_of("formacion")), By.web(account_of("coordinacion"))
    edition = surveys.ask(_publish(FINISHED, by=staff))
    people = [person_of(member.mailbox) for member in MEMBERS[:9]]
    _enrol(edition, people)
    edition = _held_days_ago(edition, 17)
    scheduling.states_from_clock()
    surveys.answer(edition)
    session = edition.sessions.get()
    absent = edition.enrollments.get(person=people[-1])
    attending.mark(absent, session, Mark.ABSENT, by=coordinator, origin=Attendance.Origin.PAPER)
    attending.all_present(session, by=coordinator, origin=Attendance.Origin.PAPER)
    papers.welcome_who_came(session, person_of(MEMBERS[9].mailbox), by=coordinator)
    closing.close(edition, by=coordinator)
    papers.correct_after_closing(edition, by=coordinator)
    papers.choose_a_design(by=staff)
    issuing.work_through(certifying.issue(edition, by=coordinator))
    _thank_who_taught(edition, by=coordinator)
    papers.replace_and_revoke(edition, by=staff)
    return Certificate.objects.filter(edition=edition).order_by("pk")[0]


def run_an_edition() -> None:
    """Leave an edición under way, with its first sitting captured."""
    staff, coordinator = By.admin(account_of("formacion")), By.web(account_of("coordinacion"))
    edition = _publish(RUNNING, by=staff)
    people = [person_of(member.mailbox) for member in MEMBERS[1:11]]
    _enrol(edition, people)
    edition = _held_days_ago(edition, 3)
    scheduling.states_from_clock()
    first = edition.sessions.order_by("number")[0]
    late = edition.enrollments.get(person=people[2])
    attending.mark(late, first, Mark.LATE, by=coordinator, origin=Attendance.Origin.SCREEN)
    attending.all_present(first, by=coordinator)
    papers.fill_the_folder(edition, first, by=coordinator)


def open_editions() -> None:
    """Leave ediciones to come: one with places, one full with a queue and an offer, one not yet open."""
    staff = By.admin(account_of("formacion"))
    _enrol(
        surveys.ask(_publish(OPEN, by=staff)),
        [person_of(member.mailbox) for member in MEMBERS[3:8]],
    )
    full = _publish(FULL, by=staff)
    _enrol(full, [person_of(member.mailbox) for member in (*MEMBERS[4:9], MEMBERS[0], MEMBERS[9])])
    leaving = full.enrollments.filter(state=Enrollment.State.CONFIRMED).order_by("pk")[0]
    enrolling.cancel(leaving, by=By.web(_account(leaving.person)))
    filling.expire_due_offers()
    _publish(ONLINE, by=staff)
    _publish(DIPLOMADO, by=staff)


def wait_for_a_jefatura() -> None:
    """Leave an edición with a request at her jefatura, another one answered, a propuesta and a notice."""
    staff, coordinator = By.admin(account_of("formacion")), By.web(account_of("coordinacion"))
    edition = _publish(APPROVED, by=staff)
    first, second, third = (person_of(member.mailbox) for member in MEMBERS[1:4])
    for person, manager in ((first, "jefatura.obras"), (second, "jefatura.archivo")):
        enrolling.enrol(
            edition,
            person,
            by=By.web(_account(person)),
            manager_email=f"{manager}@{DOMAIN}",
            substitute_email=f"suplencia@{DOMAIN}",
        )
    approving.answer_yes(
        ApprovalLink.objects.get(
            approval__enrollment__person=second, role=ApprovalLink.Role.MANAGER
        )
    )
    nominating.nominate(edition, [third], by=coordinator, reason="Oficio de demostración 7/2026")
    messaging.send(
        edition,
        groups=[Enrollment.State.CONFIRMED],
        text="La primera sesión empieza puntual. Lleve un programa de su área.",
        press="demostracion-1",
        by=coordinator,
    )


def _publish(plan: Plan, *, by: By) -> Edition:
    """Capture an edición with its sittings and publish it."""
    course = Course.objects.get(key=plan.course)
    first = _weekday(timezone.localdate() + datetime.timedelta(days=plan.in_days))
    last = first + datetime.timedelta(days=plan.every * (course.sittings - 1))
    opening = _at(first, STARTS_AT)
    edition = Edition(
        course=course,
        key=plan.key,
        mode=plan.mode,
        hours=course.hours,
        starts_on=first,
        ends_on=last,
        seats=plan.seats,
        enrollment_opens=_at(
            timezone.localdate() + datetime.timedelta(days=plan.opens_in_days), OPENS_AT
        ),
        enrollment_closes=opening - datetime.timedelta(days=1),
        cancel_until=opening - datetime.timedelta(days=2),
        minimum_attendance=course.minimum_attendance,
        manager_approval=plan.manager_approval,
        self_check_in=plan.room_code,
    )
    edition.full_clean()
    edition.save()
    edition.coordinators.add(account_of("coordinacion"))
    teacher, _ = Instructor.objects.get_or_create(name="Mtra. Ximena Ugalde Farías")
    edition.instructors.add(teacher)
    hours = course.hours / course.sittings
    for number in range(1, course.sittings + 1):
        start = opening + datetime.timedelta(days=plan.every * (number - 1))
        Session.objects.create(
            edition=edition,
            number=number,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=float(hours)),
            hours=hours,
            place=plan.place,
            link=plan.link,
        )
    return scheduling.publish(edition, by=by)


def _enrol(edition: Edition, people: list[Person]) -> None:
    """Let each ask for her seat."""
    for person in people:
        enrolling.enrol(edition, person, by=By.web(_account(person)))


def _held_days_ago(edition: Edition, days: int) -> Edition:
    """Move the calendar of ``edition`` back, so that its first sitting was ``days`` ago.

    The only thing here that no verb does: the demonstration has no past of its own.
    """
    held = _weekday(timezone.localdate() - datetime.timedelta(days=days), step=-1)
    back = edition.starts_on - held
    edition.sessions.update(starts_at=F("starts_at") - back, ends_at=F("ends_at") - back)
    for name in ("starts_on", "ends_on", "enrollment_opens", "enrollment_closes", "cancel_until"):
        setattr(edition, name, getattr(edition, name) - back)
    edition.full_clean()
    edition.save()
    return Edition.objects.get(pk=edition.pk)


def _account(person: Person) -> User:
    """Return the account by which she acts."""
    if person.user is None:
        raise ValueError(f"{person} has no account.")
    return person.user


def _weekday(day: datetime.date, *, step: int = 1) -> datetime.date:
    """Return ``day``, or the nearest day from Monday to Friday in that direction."""
    while day.weekday() > 4:
        day += datetime.timedelta(days=step)
    return day


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """Return that local moment."""
    return timezone.make_aware(datetime.datetime.combine(day, time))
