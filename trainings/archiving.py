"""The PDF of a constancia: made once, stored with its hash, served only while it is the same."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from red_genero.documents import render
from trainings import documents, emails
from trainings.models import (
    Certificate,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Printed:
    """A constancia whose file lies in the storage under ``name``, not yet written in its row."""

    certificate: Certificate
    name: str
    digest: str


def store_pdf(certificate: Certificate) -> Certificate:
    """Make and store the PDF once, and announce it once, in one step; done before, nothing happens."""
    if certificate.sha256:
        return certificate
    keep(print_all([certificate]))
    certificate.refresh_from_db(fields=["pdf", "sha256"])
    return certificate


def print_all(certificates: Iterable[Certificate]) -> list[Printed]:
    """Make and store the files of those that have none; the rows are not touched."""
    return [_print(certificate) for certificate in certificates if not certificate.sha256]


def keep(printed: Sequence[Printed]) -> None:
    """Write the files' names and hashes in their rows and queue each mail, in one transaction; done before, nothing."""
    made = {each.certificate.pk: each for each in printed}
    with transaction.atomic():
        waiting = (
            Certificate.objects.without_pdf().filter(pk__in=made).select_related("person__user")
        )
        locked = list(waiting.select_for_update(of=("self",)).order_by("pk"))
        for certificate in locked:
            certificate.pdf.name = made[certificate.pk].name
            certificate.sha256 = made[certificate.pk].digest
        bulk_update_with_history(locked, Certificate, ["pdf", "sha256"])
        for certificate in locked:
            if certificate.state == Certificate.State.VALID:
                emails.certificate_issued(certificate)


def _print(certificate: Certificate) -> Printed:
    content = render(documents.certificate_document(certificate))
    digest = hashlib.sha256(content).hexdigest()
    return Printed(certificate, _store(pdf_name(certificate, digest), content), digest)


def pdf_name(certificate: Certificate, digest: str) -> str:
    """Return the place of the PDF in the storage; other bytes would have another place."""
    return f"constancias/{certificate.issued_at:%Y}/{certificate.folio}-{digest[:12]}.pdf"


def read_pdf(certificate: Certificate) -> bytes | None:
    """Return the stored bytes, or None when they are not there or are no longer those that were issued."""
    try:
        with default_storage.open(certificate.pdf.name or "") as file:
            content = bytes(file.read())
    except OSError:
        logger.exception("The PDF of %s cannot be read.", certificate.folio)
        return None
    if hashlib.sha256(content).hexdigest() != certificate.sha256:
        logger.error("The stored PDF of %s does not match its SHA-256.", certificate.folio)
        return None
    return content


def _store(name: str, content: bytes) -> str:
    """Save the bytes under ``name`` and return the name used; what a crash left half-written is thrown away."""
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if file.read() == content:
                return name
        default_storage.delete(name)
    saved = default_storage.save(name, ContentFile(content))
    with default_storage.open(saved) as file:
        if file.read() != content:
            raise OSError(f"The storage did not keep {saved} whole.")
    return saved
