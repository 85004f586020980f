"""Enlaces of the demonstration: posts held, alone, about to end, on their way, and letters without an answer."""

import datetime
import io
from dataclasses import dataclass
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from members import designating, requesting
from members.models import Department, Designation, LiaisonRole, OfficeSigner, Person
from red_genero.common.states import By
from red_genero.demo.people import account_of, person_of
from red_genero.documents import DocumentsUnavailable

LETTER: Final = (1275, 1650)
"""A sheet at 150 dots per inch."""


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody of the cast, her role, how far she got, and for how many days the oficio is good."""

    mailbox: str
    role: LiaisonRole = LiaisonRole.HOLDER
    reaches: str = Designation.State.IN_FORCE
    days: int | None = None
    shown: Person.Visibility = Person.Visibility.NOBODY


POSTS: Final = (
    Post("alicia.munoz", shown=Person.Visibility.PUBLIC),
    Post("beatriz.guemes", shown=Person.Visibility.MEMBERS),
    Post("cecilia.delatorre", days=20, shown=Person.Visibility.PUBLIC),
    Post("elena.oconnor"),
    Post("irma.pena", shown=Person.Visibility.MEMBERS),
    Post("josefina.nunez"),
    Post("fatima.lopez", LiaisonRole.ALTERNATE),
    Post("hortensia.avila", reaches=Designation.State.NOMINATED),
    Post("karla.ibanez", reaches=Designation.State.ACCEPTED),
)
LETTERS: Final = ("cultura", "proteccion-civil-bomberos")


def name_the_signer() -> None:
    """Name who signs the oficios of the demonstration."""
    OfficeSigner.objects.get_or_create(
        name="Mtra. Elena Robles Castañeda",
        position="Dirección General del Instituto (demostración)",
        defaults={"valid_from": timezone.localdate() - datetime.timedelta(days=365)},
    )


def fill_the_posts() -> None:
    """Nominate, let each answer, validate, by the portal's own verbs."""
    staff = By.admin(account_of("validacion"))
    for number, post in enumerate(POSTS, 1):
        row = _nominated(post, number, staff)
        if post.reaches == Designation.State.NOMINATED:
            continue
        row = designating.accept(row, show_name=post.shown, by=By.web(account_of(post.mailbox)))
        if post.reaches == Designation.State.IN_FORCE:
            designating.validate(row, by=staff)
    proposer = person_of("dolores.xochihua")
    designating.propose(
        proposer,
        proposer.assignments.open().get().department,
        LiaisonRole.HOLDER,
        by=By.web(account_of("dolores.xochihua")),
    )


def write_letters() -> None:
    """Ask two dependencias for their enlace; without the PDF libraries there is no letter."""
    staff = By.admin(account_of("validacion"))
    for key in LETTERS:
        try:
            with transaction.atomic():
                requesting.issue(
                    Department.objects.get(key=key),
                    addressee="Titular de la dependencia (demostración)",
                    addressee_position="Titular",
                    copies="Archivo",
                    by=staff,
                )
        except DocumentsUnavailable:
            return


def _nominated(post: Post, number: int, staff: By) -> Designation:
    """Record the oficio of her titular."""
    person = person_of(post.mailbox)
    today = timezone.localdate()
    return designating.nominate(
        person.assignments.open().get().department,
        post.role,
        person,
        oficio=designating.Oficio(
            number=f"DEMO/{number:03d}/{today.year}",
            date=today,
            file=scan(f"Oficio DEMO/{number:03d}/{today.year}"),
            last_day=today + datetime.timedelta(days=post.days) if post.days else None,
            titular="Titular de la dependencia (demostración)",
        ),
        by=staff,
    )


def scan(title: str) -> ContentFile[bytes]:
    """Return a sheet that looks scanned and says that it is none."""
    sheet = Image.new("RGB", LETTER, "white")
    ImageDraw.Draw(sheet).text((150, 200), f"{title}\n\nDocumento de demostracion", fill="black")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return ContentFile(out.getvalue(), name="oficio.png")
