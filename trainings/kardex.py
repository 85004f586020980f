"""Kárdex: what a person has earned, here and before the portal, with the hours that stand by área de contenido."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format

from members.models import Institute, Person
from red_genero.documents import Document
from trainings import documents
from trainings.models import Certificate, PastCertificate

NO_AREA: Final = "Sin área registrada"


class Kardex:
    """One person's documents; two queries whatever their number."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def certificates(self) -> list[Certificate]:
        """Those of the portal, the last first, revoked and replaced ones too."""
        found = self.person.certificates.select_related("edition__course__area", "replaced_by")
        return list(found.defer("frozen", "replaced_by__frozen"))

    @cached_property
    def past(self) -> list[PastCertificate]:
        """Those of before."""
        return list(self.person.past_certificates.select_related("area"))

    @cached_property
    def areas(self) -> list[tuple[str, Decimal]]:
        """Hours by área, the most first; what stands alone counts, and teaching is not learning."""
        hours: defaultdict[str, Decimal] = defaultdict(Decimal)
        for certificate in self.certificates:
            stands = certificate.state == Certificate.State.VALID
            if stands and certificate.kind != Certificate.Kind.RECOGNITION:
                hours[certificate.edition.course.area.name] += certificate.hours
        for paper in self.past:
            hours[paper.area.name if paper.area else NO_AREA] += paper.hours
        return sorted(hours.items(), key=lambda pair: (-pair[1], pair[0]))

    @cached_property
    def hours(self) -> Decimal:
        """All of them."""
        return sum((hours for _, hours in self.areas), Decimal(0))

    @cached_property
    def valid(self) -> int:
        """How many documents stand."""
        standing = (row.state == Certificate.State.VALID for row in self.certificates)
        return sum(standing) + len(self.past)

    def document(self) -> Document:
        """Return the kárdex on paper, as of today."""
        context = {
            "institution": Institute.current().name,
            "name": self.person.printed_name,
            "date": date_format(timezone.localdate()),
            "valid": self.valid,
            "hours": documents.hours_phrase(self.hours),
            "areas": [
                {"area": area, "hours": documents.hours_phrase(hours)} for area, hours in self.areas
            ],
            "papers": [*map(_row, self.certificates), *map(_past_row, self.past)],
            "verify_address": documents.verify_address(),
        }
        return Document(
            template="documents/kardex.html",
            context=context,
            filename="kardex.pdf",
            title=f"Kárdex de {self.person.printed_name}",
            exact=False,
        )


def _row(certificate: Certificate) -> dict[str, Any]:
    return {
        "folio": certificate.folio,
        "kind": certificate.get_kind_display(),
        "course": certificate.course_title,
        "dates": documents.date_range(certificate.starts_on, certificate.ends_on),
        "hours": f"{certificate.hours.normalize():f}",
        "state": certificate.get_state_display(),
    }


def _past_row(paper: PastCertificate) -> dict[str, Any]:
    return {
        "folio": paper.folio,
        "kind": "Constancia anterior al portal",
        "course": paper.course_title,
        "dates": documents.date_range(paper.starts_on, paper.ends_on),
        "hours": f"{paper.hours.normalize():f}",
        "state": "Histórica",
    }
