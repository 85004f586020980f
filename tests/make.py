"""Typed builders of rows for tests; each returns what it made, valid and ordinary."""

import datetime
import itertools
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from members import admitting, vetting
from members.models import (
    Application,
    Assignment,
    ContentArea,
    Department,
    DepartmentKind,
    Level,
    Member,
    MembershipInterval,
    Person,
    PrivacyNotice,
    User,
)
from red_genero.common.states import By
from resources.models import HelpLine, Resource, ResourceVersion, Topic
from trainings import attending, certifying, closing, issuing
from trainings.models import Certificate, Course, Edition, Enrollment, Mode, Session, Signatory

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


def tree(total: int, *, width: int = 12) -> list[Department]:
    """Return ``total`` nodes called «nodo-0», «nodo-1»…, ``width`` hanging from each, written in bulk."""
    kind, _ = DepartmentKind.objects.get_or_create(key="direccion", defaults={"name": "Dirección"})
    made: list[Department] = []
    begin, size = 0, 1
    while begin < total:
        level = [
            Department(
                key=f"nodo-{number}",
                name=f"Dirección de Área Número {number}",
                kind=kind,
                parent=made[(number - 1) // width] if number else None,
            )
            for number in range(begin, min(begin + size, total))
        ]
        made += Department.objects.bulk_create(level)
        begin, size = begin + size, size * width
    return made


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


def signatory(name: str = "Ana Sofía Ñáñez Echeverría") -> Signatory:
    """Return somebody who signs since last year."""
    return Signatory.objects.create(
        name=name,
        position="Titular del Instituto",
        valid_from=timezone.localdate() - datetime.timedelta(days=365),
    )


def taught(of: Course | None = None, *, people: int = 3, sessions: int = 2) -> Edition:
    """Return an edición whose sittings are over, with confirmed people and no marks."""
    run = edition(of, starts_in_days=-7 * sessions, sessions=sessions, state=Edition.State.RUNNING)
    works_in = department("Dirección de Obras Públicas")
    for number in range(people):
        someone = person("Ñeca", f"Apellido{number:03d}", "Íñiguez")
        enrollment(run, member(someone, works_in=works_in).person)
    return run


def certificate(of: Enrollment, *, by: User) -> Certificate:
    """Return a constancia with its PDF, issued by the verbs to somebody who attended everything."""
    if not Signatory.objects.exists():
        signatory()
    run = of.edition
    if run.state != Edition.State.CLOSED:
        for session in run.sessions.all():
            attending.all_present(session, by=By.web(by))
        closing.close(run, by=By.web(by))
    issuing.work_through(certifying.issue(Edition.objects.get(pk=run.pk), by=By.web(by)))
    return of.certificates.get()


def proven(account: User) -> User:
    """Return the account with its mailbox proven."""
    EmailAddress.objects.get_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )
    return account


def notice(version: str = "1.0") -> PrivacyNotice:
    """Return the aviso simplificado in force."""
    body = "<p>Para qué se usan sus datos.</p>"
    found, _ = PrivacyNotice.objects.get_or_create(
        kind=PrivacyNotice.Kind.SIMPLIFIED,
        version=version,
        defaults={"body": body, "sha256": PrivacyNotice.fingerprint(body)},
    )
    return found


def draft(account: User | None = None, *, works_in: Department | None = None) -> Application:
    """Return a complete draft, ready to be sent."""
    holder = proven(account or user())
    notice()
    made = admitting.start(holder, by=By.web(holder))
    made.person.given_names, made.person.first_surname = "Inés", "Güereña"
    made.person.save()
    made.department = works_in or department()
    made.area, made.position, made.level = "Planeación", "Jefa de unidad", Level.HEAD
    made.policy_work = "Presupuesto con perspectiva de género"
    made.save()
    return made


def application(account: User | None = None, *, works_in: Department | None = None) -> Application:
    """Return a sent solicitud."""
    made = draft(account, works_in=works_in)
    by = By.web(made.person.user)  # type: ignore[arg-type]
    return admitting.send(made, directory=False, mobile=False, image=False, by=by)


def in_review(by: User, *, works_in: Department | None = None) -> Application:
    """Return a solicitud that ``by`` is reviewing."""
    return vetting.take(application(works_in=works_in), by=By.admin(by))


def topic(key: str = "marco-normativo", *, sensitive: bool = False) -> Topic:
    """Return a door of the library."""
    made, _ = Topic.objects.get_or_create(
        key=key, defaults={"name": "Marco normativo", "sensitive": sensitive}
    )
    return made


def resource(
    title: str = "Ley General de Víctimas",
    *,
    of: Topic | None = None,
    state: str = Resource.State.PUBLISHED,
    audience: str = Resource.Audience.OPEN,
) -> Resource:
    """Return an entry of the library with a located source."""
    return Resource.objects.create(
        key=f"recurso-{next(_numbers)}",
        topic=of or topic(),
        kind=Resource.Kind.LAW,
        scope=Resource.Scope.FEDERAL,
        title=title,
        issuer="Congreso de la Unión",
        summary="Reconoce derechos.",
        state=state,
        audience=audience,
        verification=Resource.Verification.SOURCE,
        withdrawal_reason="Se publicó otra." if state == Resource.State.WITHDRAWN else "",
    )


def version(of: Resource, *, number: int = 1, content: bytes = b"%PDF-1.7") -> ResourceVersion:
    """Return an edition of an entry, read by the worker, whose files are small."""
    folder = f"biblioteca/{next(_numbers)}"
    return ResourceVersion.objects.create(
        resource=of,
        number=number,
        note="Primera edición.",
        file=default_storage.save(f"{folder}.pdf", ContentFile(content)),
        thumbnail=default_storage.save(f"{folder}.webp", ContentFile(b"RIFF")),
        filename="Documento.pdf",
        kind="pdf",
        size=len(content),
        sha256=f"{next(_numbers):064}",
        source_sha256=f"{next(_numbers):064}",
        pages=3,
        reading=ResourceVersion.Reading.DONE,
    )


def help_line(name: str = "Línea de orientación", *, verified_days_ago: int | None = 1) -> HelpLine:
    """Return a line meant for the public, verified some days ago or never."""
    today = timezone.localdate()
    return HelpLine.objects.create(
        key=f"linea-{next(_numbers)}",
        name=name,
        number="33 0000 0000",
        channel="llamada",
        published=True,
        verified_on=None
        if verified_days_ago is None
        else today - datetime.timedelta(days=verified_days_ago),
    )
