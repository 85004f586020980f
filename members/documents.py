"""The papers of the members app as plain values: the letter that asks for an enlace."""

import datetime
from typing import Final, TypedDict

from django.utils import timezone
from django.utils.formats import date_format

from members.models import DesignationRequest, Institute, LiaisonRole
from red_genero.common.text import plain
from red_genero.documents import Document

LETTER: Final = "documents/designation_request.html"
CITY: Final = "Guadalajara, Jalisco"
POSTS: Final = {LiaisonRole.HOLDER: "titular", LiaisonRole.ALTERNATE: "suplente"}


class LetterContext(TypedDict):
    """``documents/designation_request.html``, in the words that are printed."""

    network: str
    network_place: str
    institution: str
    folio: str
    place_and_date: str
    subject: str
    addressee: str
    addressee_position: str
    department: str
    role: str
    answer_due: str
    signer: str
    signer_position: str
    copies: list[str]
    legend: str
    contact: str


def letter_context(request: DesignationRequest) -> LetterContext:
    """Return everything that the letter says, to be frozen with it."""
    institute = Institute.current(request.issued_on)
    role = POSTS[LiaisonRole(request.role)]
    contact = " · ".join(filter(None, (institute.address, institute.phone, institute.email)))
    return {
        "network": "Red Interinstitucional de Género",
        "network_place": "en el Gobierno Municipal de Guadalajara",
        "institution": institute.name,
        "folio": request.folio,
        "place_and_date": f"{CITY}, a {date_format(request.issued_on)}",
        "subject": f"Se solicita designar enlace de género {role}",
        "addressee": request.addressee,
        "addressee_position": request.addressee_position,
        "department": request.department.name,
        "role": role,
        "answer_due": date_format(request.answer_due),
        "signer": request.signer,
        "signer_position": request.signer_position,
        "copies": [line for line in map(plain, request.copies.splitlines()) if line],
        "legend": institute.certificate_legend,
        "contact": contact,
    }


def letter(request: DesignationRequest) -> Document:
    """Return the letter as a document; the same row gives the same bytes."""
    midnight = datetime.datetime.combine(request.issued_on, datetime.time())
    return Document(
        template=request.template,
        context=request.frozen,
        filename=f"{request.folio}.pdf",
        title=f"Oficio {request.folio}",
        created=timezone.make_aware(midnight),
    )
