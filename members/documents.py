"""The papers of the members app as plain values: the letter that asks for an enlace, her card, her data."""

import datetime
from typing import Final, TypedDict

from django.utils import timezone
from django.utils.formats import date_format

from members import holdings
from members.models import (
    Assignment,
    DesignationRequest,
    Institute,
    LiaisonRole,
    Member,
    Person,
)
from red_genero.common.text import plain
from red_genero.documents import Document

LETTER: Final = "documents/designation_request.html"
CARD: Final = "documents/member_card.html"
MY_DATA: Final = "documents/my_data.html"
CITY: Final = "Guadalajara, Jalisco"
NETWORK: Final = "Red Interinstitucional de Género"
NETWORK_PLACE: Final = "en el Gobierno Municipal de Guadalajara"
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
        "network": NETWORK,
        "network_place": NETWORK_PLACE,
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


class CardFacts(TypedDict):
    """What the card says, on screen and on paper."""

    name: str
    folio: str
    department: str
    position: str
    since: str


def card_facts(member: Member) -> CardFacts:
    """Return what the card of an integrante says today."""
    post = Assignment.objects.open().filter(person=member.person_id).select_related("department")
    works = post.first()
    return {
        "name": member.person.printed_name,
        "folio": member.folio,
        "department": works.department.name if works else "",
        "position": works.position if works else "",
        "since": date_format(member.since),
    }


def card(member: Member) -> Document:
    """Return the card as a document."""
    institute = Institute.current()
    today = timezone.localdate()
    return Document(
        template=CARD,
        context={
            **card_facts(member),
            "network": NETWORK,
            "network_place": NETWORK_PLACE,
            "institution": institute.name,
            "printed_on": date_format(today),
        },
        filename=f"credencial-{member.folio}.pdf",
        title=f"Credencial {member.folio}",
        exact=False,
    )


def my_data(person: Person) -> Document:
    """Return everything that the portal holds about her as a document."""
    now = timezone.localtime()
    return Document(
        template=MY_DATA,
        context={
            "network": NETWORK,
            "network_place": NETWORK_PLACE,
            "institution": Institute.current().name,
            "name": person.full_name,
            "made_at": date_format(now, "DATETIME_FORMAT"),
            "tables": [
                {
                    "title": holding["title"],
                    "rows": [
                        [[datum["label"], datum["shown"]] for datum in row if datum["shown"]]
                        for row in holding["rows"]
                    ],
                }
                for holding in holdings.of(person)
            ],
        },
        filename=f"mis-datos-{now:%Y-%m-%d}.pdf",
        title="Mis datos en el portal de la Red",
        exact=False,
    )
