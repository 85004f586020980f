"""Builders of enlaces: papers, nominations and people in their posts, by the real verbs."""

import datetime
import io

import pikepdf
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from members import designating
from members.models import (
    Department,
    Designation,
    LiaisonRole,
    OfficeSigner,
    Person,
    User,
)
from red_genero.common.states import By
from tests import make


def scanned(**root: object) -> bytes:
    """Return a document of one page; ``root`` goes into its catalogue."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        del pdf.add_blank_page()["/Contents"]
        for key, value in root.items():
            pdf.Root[f"/{key}"] = value
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


PDF = scanned()
SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x()")


def paper(content: bytes = PDF, name: str = "oficio.pdf") -> ContentFile[bytes]:
    """Return a scanned paper."""
    return ContentFile(content, name=name)


def picture(kind: str = "PNG") -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#efe7f7").save(out, kind)
    return out.getvalue()


def oficio(
    *, number: str = "DM/123/2026", last_day: datetime.date | None = None, titular_email: str = ""
) -> designating.Oficio:
    """Return the oficio by which a titular designates, of today."""
    return designating.Oficio(
        number=number,
        date=timezone.localdate(),
        file=paper(),
        last_day=last_day,
        titular="Mtra. Ana Ruiz, Directora",
        titular_email=titular_email,
    )


def worker(department: Department, surname: str = "Peña") -> Person:
    """Return an active integrante who works there."""
    return make.member(make.person("Inés", surname), works_in=department).person


def nominated(
    department: Department,
    person: Person | None = None,
    *,
    by: User,
    role: str = LiaisonRole.HOLDER,
    last_day: datetime.date | None = None,
    titular_email: str = "",
) -> Designation:
    """Return a designation that waits for her answer."""
    return designating.nominate(
        department,
        role,
        person or worker(department),
        oficio=oficio(last_day=last_day, titular_email=titular_email),
        by=By.admin(by),
    )


def accepted(
    department: Department,
    person: Person | None = None,
    *,
    by: User,
    role: str = LiaisonRole.HOLDER,
    last_day: datetime.date | None = None,
    show_name: str = Person.Visibility.NOBODY,
    titular_email: str = "",
) -> Designation:
    """Return a designation that waits for Validación."""
    made = nominated(
        department, person, by=by, role=role, last_day=last_day, titular_email=titular_email
    )
    her = By.web(made.person.user)  # type: ignore[arg-type]
    return designating.accept(made, show_name=show_name, by=her)


def in_force(
    department: Department,
    person: Person | None = None,
    *,
    by: User,
    role: str = LiaisonRole.HOLDER,
    last_day: datetime.date | None = None,
    show_name: str = Person.Visibility.NOBODY,
    titular_email: str = "",
) -> Designation:
    """Return a designation that stands since today."""
    made = accepted(
        department,
        person,
        by=by,
        role=role,
        last_day=last_day,
        show_name=show_name,
        titular_email=titular_email,
    )
    return designating.validate(made, by=By.admin(by))


def signer() -> OfficeSigner:
    """Return who signs the oficios."""
    return OfficeSigner.objects.create(
        name="Mtra. Sofía Ñáñez Íñiguez",
        position="Titular del Instituto",
        valid_from=timezone.localdate() - datetime.timedelta(days=90),
    )
