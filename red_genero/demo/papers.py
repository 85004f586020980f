"""Papers of the demonstration: who came without a seat, what came back signed, what was corrected, what was there before."""

import io
from typing import Final

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from members.models import Person
from red_genero.common.states import By
from red_genero.demo import DOMAIN
from red_genero.demo.cast import MEMBERS
from red_genero.demo.people import account_of, person_of
from trainings import (
    archiving,
    arriving,
    attending,
    bundling,
    certifying,
    designing,
    filing,
    loading,
)
from trainings.certifying import Corrections
from trainings.models import Attendance, Bundle, Certificate, Design, Edition, Session

Mark = Attendance.Mark
PAST: Final = (
    "correo,folio,formacion,area,horas,inicio,fin,emitio\n"
    f"{MEMBERS[0].mailbox}@{DOMAIN},IMM-2023-118,Lenguaje incluyente en documentos oficiales,"
    "Perspectiva de Género,8,2023-05-08,2023-05-09,Instituto Municipal de las Mujeres\n"
    f"{MEMBERS[1].mailbox}@{DOMAIN},IMM-2023-124,Lenguaje incluyente en documentos oficiales,"
    "Perspectiva de Género,8,2023-05-08,2023-05-09,Instituto Municipal de las Mujeres\n"
)


def welcome_who_came(session: Session, person: Person, *, by: By) -> None:
    """Write down an integrante who came without a seat, and give her the one that was free."""
    arrival = arriving.capture(session, person.full_name, by=by)
    arriving.link(arrival.walk_in, person, by=by, reason="Llegó con el oficio de su jefatura")


def fill_the_folder(edition: Edition, session: Session, *, by: By) -> None:
    """Leave what a sitting leaves: a name without a seat, a justificante, the list signed and photographed."""
    arriving.capture(session, "Teresa Olmos Rivas", by=by, department="Archivo Municipal")
    seats = edition.enrollments.order_by("pk")
    filing.excuse(
        seats[4],
        session,
        by=by,
        reason="Oficio de comisión de demostración 12/2026",
        file=_photograph("Oficio de comisión.jpg", "OFICIO 12/2026", "Comisión en su dependencia"),
    )
    filing.keep_list(
        session,
        _photograph("Lista firmada.jpg", "LISTA DE ASISTENCIA", "Firmas a mano de esta sesión"),
        by=by,
    )


def correct_after_closing(edition: Edition, *, by: By) -> None:
    """Change a mark once the edición is closed, with its reason: she had come late."""
    late = edition.enrollments.get(person=person_of(MEMBERS[2].mailbox))
    attending.mark(
        late,
        edition.sessions.get(),
        Mark.LATE,
        by=by,
        origin=Attendance.Origin.PAPER,
        reason="La lista firmada dice que entró a las 16:20",
    )


def replace_and_revoke(edition: Edition, *, by: By) -> None:
    """Leave a constancia that another one replaced and one that was revoked, and a bundle of those in force."""
    issued = Certificate.objects.filter(edition=edition, enrollment__isnull=False)
    wrong, withdrawn = issued.order_by("pk")[1:3]
    archiving.store_pdf(
        certifying.replace(
            wrong,
            by=by,
            reason="La dependencia impresa no era la suya",
            corrections=Corrections(department="Tesorería Municipal"),
        )
    )
    certifying.revoke(
        withdrawn,
        revocation=Certificate.Revocation.REQUEST,
        internal_reason="Lo pidió por escrito (demostración).",
        by=by,
    )
    bundling.make(bundling.ask(edition, Bundle.Form.ZIP, by=by))


def choose_a_design(*, by: By) -> None:
    """Put a constancia with the leyenda of the year in force, and leave its next version as a draft."""
    kind = Certificate.Kind.ACCREDITATION
    chosen = Design.objects.create(
        kind=kind,
        version=designing.next_version(kind),
        page=Design.Page.CONSTANCIA,
        legend=f"{timezone.localdate():%Y}, Año de la Igualdad Sustantiva (demostración)",
    )
    designing.activate(chosen, by=by)
    designing.copy(chosen)


def load_what_was_before() -> None:
    """Load constancias of before the portal, from a spreadsheet."""
    loading.load(PAST.encode(), by=account_of("formacion"))


def _photograph(name: str, *lines: str) -> ContentFile[bytes]:
    """Return the picture of a sheet of paper, as a telephone takes it."""
    sheet = Image.new("RGB", (850, 1100), "#f6f2ea")
    pen = ImageDraw.Draw(sheet)
    large = ImageFont.load_default(34)
    for number, line in enumerate(("DEMOSTRACIÓN", *lines)):
        pen.text((90, 120 + 70 * number), line, fill="#2a2530", font=large)
    for row in range(12):
        pen.line((90, 420 + 48 * row, 760, 420 + 48 * row), fill="#8a8390", width=2)
    taken = io.BytesIO()
    sheet.save(taken, "JPEG", quality=80)
    return ContentFile(taken.getvalue(), name=name)
