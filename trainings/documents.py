"""The papers of the trainings app as plain values: attendance lists and constancias."""

import base64
import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Final, Literal, NamedTuple, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Assignment, Institute, Person
from red_genero.common.text import format_phone, group_code, join_with_y, plain, sort_key
from red_genero.documents import Document
from red_genero.documents.contexts import (
    AttendanceListContext,
    AttendanceRow,
    AttendanceSheet,
    CertificateContext,
    CertificateLogo,
    CertificateSignatory,
)
from red_genero.documents.fitting import address_lines
from trainings.models import Certificate, Course, Design, Edition, Enrollment, Session, WalkIn

NETWORK: Final = "Red Interinstitucional de Género"
NETWORK_PLACE: Final = "en el Gobierno Municipal de Guadalajara"
PRIVACY: Final = "Sus datos se usan solo para acreditar la asistencia a esta formación."
IMAGE_TYPES: Final[Mapping[str, str]] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
IMAGE_LIMIT: Final = 2_000_000
CONTACT_EMS: Final = 16.5
"""How wide the contact column is, in ems of its letters (``attendance_list.css``)."""

Orientation = Literal["portrait", "landscape"]

_KIND: Final[Mapping[str, str]] = {
    Course.Paper.ACCREDITATION: Certificate.Kind.ACCREDITATION,
    Course.Paper.ATTENDANCE: Certificate.Kind.ATTENDANCE,
    Course.Paper.DIPLOMA: Certificate.Kind.DIPLOMA,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a constancia says of one person's course, in the words that are printed."""

    name: str
    department: str
    kind: str
    course_title: str
    format: str
    mode: str
    hours: Decimal
    starts_on: datetime.date
    ends_on: datetime.date
    area: str


def listed_name(person: Person) -> str:
    """Return «Muñoz Íñiguez, Alicia», as lists are sorted and read."""
    surnames = " ".join(filter(None, (person.first_surname, person.second_surname)))
    return f"{surnames}, {person.given_names}"


def list_key(enrollment: Enrollment) -> tuple[str, int]:
    """Return the key of the alphabetical order of a Spanish list."""
    return sort_key(listed_name(enrollment.person)), enrollment.pk


def by_name(enrollments: Iterable[Enrollment]) -> list[Enrollment]:
    """Return the inscripciones in the order of the list."""
    return sorted(enrollments, key=list_key)


def attendance_list(
    edition: Edition,
    sessions: Iterable[Session],
    *,
    orientation: Orientation = "portrait",
    blank_rows: int = 5,
    contact: bool = False,
) -> Document:
    """Return the list to be signed, a sheet per session; names, dependencias and cargos, and contact only if asked."""
    people = by_name(
        edition.enrollments.attending()
        .select_related("person", "department")
        .prefetch_related(
            Prefetch("person__assignments", Assignment.objects.open(), to_attr="open_assignments")
        )
    )
    guests = list(edition.walk_ins.filter(enrollment__isnull=True))
    total = edition.sessions.held().count()
    coordinator = join_with_y([str(user) for user in edition.coordinators.select_related("person")])
    context: AttendanceListContext = {
        "network": NETWORK,
        "network_place": NETWORK_PLACE,
        "institution": Institute.current().name,
        "course": edition.course.title,
        "edition": edition.key.upper(),
        "sheets": [
            _sheet(edition, session, people, guests, total=total, coordinator=coordinator)
            for session in sessions
        ],
        "blank_rows": blank_rows,
        "privacy": PRIVACY,
        "orientation": orientation,
        "paper": "a4" if settings.PAPER_SIZE.lower() == "a4" else "letter",
    }
    if contact:
        context["contact"], context["orientation"] = True, "landscape"
        for sheet in context["sheets"]:
            for row, seat in zip(sheet["rows"], people, strict=False):
                row["contact"] = _contact(seat.person)
    return Document(
        template="documents/attendance_list.html",
        context=cast("Mapping[str, object]", context),
        filename=f"lista-{edition.key}.pdf",
        title=f"Lista de asistencia — {edition.course.title} ({edition.key})",
        exact=False,
    )


def _sheet(
    edition: Edition,
    session: Session,
    people: list[Enrollment],
    guests: list[WalkIn],
    *,
    total: int,
    coordinator: str,
) -> AttendanceSheet:
    start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    capture = reverse("trainings:attendance_capture", args=[edition.key, session.number])
    return {
        "session": f"Sesión {session.number} de {total}",
        "date": date_format(start, r"l j \d\e F \d\e Y"),
        "hours": f"{start:%H:%M} a {end:%H:%M}",
        "place": session.place or ("En línea" if session.link else "Por definir"),
        "coordinator": coordinator or "Por definir",
        "rows": [
            *(
                _row(enrollment, f"{settings.PORTAL_URL}{capture}#persona-{enrollment.pk}")
                for enrollment in people
            ),
            *(
                _guest(guest, f"{settings.PORTAL_URL}{capture}#persona-v{guest.pk}")
                for guest in guests
            ),
        ],
    }


def _guest(walk_in: WalkIn, url: str) -> AttendanceRow:
    """Return the row of somebody who came to an earlier session without inscripción."""
    return {
        "name": walk_in.name,
        "department": walk_in.department,
        "position": "Sin inscripción",
        "url": url,
        "code": f"v{walk_in.pk}",
    }


def _contact(person: Person) -> list[str]:
    """Return the lines of her office phone and institutional address, as far as they are known."""
    phone = [format_phone(person.office_phone)] if person.office_phone else []
    return phone + address_lines(person.institutional_email, ems=CONTACT_EMS)


def _row(enrollment: Enrollment, url: str) -> AttendanceRow:
    assignments: list[Assignment] = getattr(enrollment.person, "open_assignments", [])
    return {
        "name": listed_name(enrollment.person),
        "department": enrollment.department.name if enrollment.department else "",
        "position": assignments[0].position if assignments else "",
        "url": url,
        "code": str(enrollment.pk),
    }


def kind_of(course: Course) -> str:
    """Return which document the course gives."""
    return _KIND[course.paper]


def taught_hours(edition: Edition) -> Decimal:
    """Return the hours that were taught: those announced, less the cancelled ones that were not made up for."""
    held = cancelled = Decimal(0)
    for hours, gone in edition.sessions.values_list("hours", "cancelled_at"):
        held, cancelled = (held, cancelled + hours) if gone else (held + hours, cancelled)
    return max(edition.hours - cancelled, min(held, edition.hours))


class Taught(NamedTuple):
    """What was taught of an edición, as its papers say it."""

    hours: Decimal
    starts_on: datetime.date
    ends_on: datetime.date


def taught(edition: Edition) -> Taught:
    """Return its hours and days: the announced ones, unless the session of the first or the last day was cancelled."""
    held, gone = set[datetime.date](), set[datetime.date]()
    for session in edition.sessions.all():
        (gone if session.cancelled_at else held).add(session.day)
    gone -= held
    first, last = edition.starts_on, edition.ends_on
    return Taught(
        taught_hours(edition),
        min(held) if held and first in gone else first,
        max(held) if held and last in gone else last,
    )


def facts_of(enrollment: Enrollment, given: Taught) -> Facts:
    """Return what a constancia says of her today."""
    edition = enrollment.edition
    course = edition.course
    return Facts(
        name=plain(enrollment.person.printed_name),
        department=enrollment.department.name if enrollment.department else "",
        kind=kind_of(course),
        course_title=course.title,
        format=course.get_format_display(),
        mode=edition.get_mode_display(),
        hours=given.hours,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        area=course.area.name,
    )


def recognition(edition: Edition, person: Person, given: Taught) -> Facts:
    """Return what the reconocimiento of a facilitadora says."""
    return Facts(
        name=plain(person.printed_name),
        department="",
        kind=Certificate.Kind.RECOGNITION,
        course_title=edition.course.title,
        format=edition.course.get_format_display(),
        mode=edition.get_mode_display(),
        hours=given.hours,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        area=edition.course.area.name,
    )


def facts_printed(certificate: Certificate) -> Facts:
    """Return what an issued constancia says, from its frozen content."""
    frozen = cast("dict[str, Any]", certificate.frozen)
    return Facts(
        name=certificate.name,
        department=frozen["department"],
        kind=certificate.kind,
        course_title=certificate.course_title,
        format=frozen["format"],
        mode=frozen["mode"],
        hours=certificate.hours,
        starts_on=certificate.starts_on,
        ends_on=certificate.ends_on,
        area=frozen["area"],
    )


def letterhead(design: Design) -> dict[str, Any]:
    """Return what the documents of one day and design share, as JSON; read once for a whole batch.

    Images are named by their place in the storage and their SHA-256, not repeated in each row. Raises ValidationError
    (``no_signatory``) when nobody signs today.
    """
    today = timezone.localdate()
    institute = Institute.current(today)
    signing = design.signing(today)
    if not signing:
        raise ValidationError(
            "No hay firmantes vigentes hoy. Registre quién firma antes de emitir.",
            code="no_signatory",
        )
    logos = [(institute.logo, institute.name), (design.logo, institute.government)]
    return {
        "template": design.template,
        "issuer": institute.name,
        "context": {
            "network": NETWORK,
            "network_place": NETWORK_PLACE,
            "institution": institute.name,
            "kind": design.title,
            "lead": design.grants,
            "place_and_date": f"{design.city}, a {date_format(today)}",
            "signatories": [
                {"name": person.name, "post": person.position, "image": _image(person.image)}
                for person in signing
            ],
            "verify_address": _without_scheme(reverse("trainings:verify")),
            "legend": design.legend or institute.certificate_legend,
            "logos": [{**image, "alt": alt} for logo, alt in logos if (image := _image(logo))],
        },
    }


def freeze(facts: Facts, design: Design, head: Mapping[str, Any], *, code: str) -> dict[str, Any]:
    """Return everything that is printed but the folio, as JSON; nothing else is ever read to print it again."""
    feminine = facts.format == Course.Format.TALK.label
    path = reverse("trainings:verify_code", args=[code])
    context = {
        **head["context"],
        "name": facts.name,
        "department": facts.department,
        "reason": design.because(facts.format.lower(), feminine=feminine),
        "course": facts.course_title,
        "details": [f"Modalidad {facts.mode.lower()}", hours_phrase(facts.hours)],
        "dates": date_range(facts.starts_on, facts.ends_on),
        "folio": "",
        "verify_url": f"{settings.PORTAL_URL}{path}",
        "code": group_code(code),
    }
    return {
        "context": context,
        "template": head["template"],
        "design": design.pk,
        "issuer": head["issuer"],
        "format": facts.format,
        "mode": facts.mode,
        "department": facts.department,
        "area": facts.area,
    }


def certificate_document(certificate: Certificate) -> Document:
    """Return the document of a constancia from its frozen content alone."""
    frozen = cast("CertificateContext", certificate.frozen["context"])
    context: CertificateContext = {
        **frozen,
        "signatories": [
            _signatory(person) for person in certificate.frozen["context"]["signatories"]
        ],
        "logos": [_logo(logo) for logo in certificate.frozen["context"]["logos"]],
    }
    kind = frozen["kind"]
    return Document(
        template=certificate.template,
        context=cast("Mapping[str, object]", context),
        filename=certificate_filename(certificate),
        title=f"{kind} {certificate.folio} — {certificate.name}",
        created=certificate.issued_at,
        serial=True,
    )


def certificate_filename(certificate: Certificate) -> str:
    """Return the name under which the PDF is saved."""
    return f"{certificate.get_kind_display().split()[0].lower()}-{certificate.folio}.pdf"


def date_range(first: datetime.date, last: datetime.date) -> str:
    """Return «del 3 al 24 de noviembre de 2026», «el 3 de noviembre de 2026»."""
    if first == last:
        return f"el {date_format(last)}"
    start = date_format(first)
    if first.year == last.year:
        start = date_format(first, r"j \d\e F")
        if first.month == last.month:
            start = str(first.day)
    return f"del {start} al {date_format(last)}"


def hours_phrase(hours: Decimal) -> str:
    """Return «20 horas», «1 hora», «7.5 horas»."""
    text = f"{hours.normalize():f}"
    return f"{text} hora" if text == "1" else f"{text} horas"


def verify_address() -> str:
    """Return where one types a folio, for reading: «genero.example.mx/verificar»."""
    return _without_scheme(reverse("trainings:verify"))


def _without_scheme(path: str) -> str:
    portal: str = settings.PORTAL_URL
    return portal.split("://", 1)[-1] + path.rstrip("/")


def _image(field: Any) -> dict[str, str]:
    """Return where an image is stored and its SHA-256, or nothing when there is no usable one."""
    if not field or PurePosixPath(field.name).suffix.lower() not in IMAGE_TYPES:
        return {}
    with field.storage.open(field.name) as file:
        content = file.read(IMAGE_LIMIT + 1)
    if len(content) > IMAGE_LIMIT:
        return {}
    return {"name": field.name, "sha256": hashlib.sha256(content).hexdigest()}


def _signatory(frozen: Mapping[str, Any]) -> CertificateSignatory:
    person: CertificateSignatory = {"name": frozen["name"], "post": frozen["post"]}
    if frozen["image"]:
        person["image"] = _data_uri(frozen["image"])
    return person


def _logo(frozen: Mapping[str, str]) -> CertificateLogo:
    return {"src": _data_uri(frozen), "alt": frozen["alt"]}


def _data_uri(frozen: Mapping[str, str]) -> str:
    """Return the frozen image as it was that day; another content under the same name is refused."""
    return _inline(frozen["name"], frozen["sha256"])


@lru_cache(maxsize=16)
def _inline(name: str, digest: str) -> str:
    with default_storage.open(name) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != digest:
        raise FrozenImageChangedError(name)
    kind = IMAGE_TYPES[PurePosixPath(name).suffix.lower()]
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


class FrozenImageChangedError(Exception):
    """The stored image is no longer the one that was frozen."""
