"""The PDF of a constancia: made and signed once, stored with its hash, served only while it is the same."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from red_genero.documents import DocumentRefused, render
from red_genero.documents.signing import sign
from trainings import documents, emails
from trainings.documents import FrozenImageChangedError
from trainings.models import (
    Certificate,
)

logger = logging.getLogger(__name__)

WRITERS = 4


@dataclass(frozen=True, slots=True)
class Printed:
    """A constancia whose file lies in the storage under ``name``, not yet written in its row."""

    certificate: Certificate
    name: str
    digest: str
    signer: str


def store_pdf(certificate: Certificate) -> Certificate:
    """Make and store the PDF once, and announce it once, in one step; done before, nothing happens."""
    if certificate.sha256:
        return certificate
    made = print_all([certificate])[certificate.pk]
    if isinstance(made, Exception):
        raise made
    keep([made])
    certificate.refresh_from_db(fields=["pdf", "sha256", "signed_by"])
    return certificate


def print_all(certificates: Iterable[Certificate]) -> dict[int, Printed | Exception]:
    """Make and store the files of those that have none, by id; the rows are not touched.

    What went wrong with one is told instead of its file. A file is forced to the disk while the next is being made.
    DocumentsUnavailable is raised: nothing can be made.
    """
    made: dict[int, Printed | Exception] = {}
    with ThreadPoolExecutor(WRITERS) as writers:
        waiting = {}
        for certificate in certificates:
            if certificate.sha256:
                continue
            try:
                signed = sign(render(documents.certificate_document(certificate)))
            except (ValidationError, DocumentRefused, FrozenImageChangedError) as refusal:
                made[certificate.pk] = refusal
                continue
            digest = hashlib.sha256(signed.content).hexdigest()
            name = pdf_name(certificate, digest)
            writing = writers.submit(_store, name, signed.content)
            waiting[writing] = (certificate, digest, signed.signer)
        for writing, (certificate, digest, signer) in waiting.items():
            try:
                made[certificate.pk] = Printed(certificate, writing.result(), digest, signer)
            except OSError as failure:
                made[certificate.pk] = failure
    return made


def keep(printed: Sequence[Printed]) -> None:
    """Write the files' names and hashes in their rows and queue each mail, in one transaction; done before, nothing."""
    made = {each.certificate.pk: each for each in printed}
    with transaction.atomic():
        waiting = (
            Certificate.objects.without_pdf()
            .filter(pk__in=made)
            .select_related("person__user", "replaces")
            .defer("replaces__frozen")
        )
        locked = list(waiting.select_for_update(of=("self",)).order_by("pk"))
        for certificate in locked:
            certificate.pdf.name = made[certificate.pk].name
            certificate.sha256 = made[certificate.pk].digest
            certificate.signed_by = made[certificate.pk].signer
        bulk_update_with_history(locked, Certificate, ["pdf", "sha256", "signed_by"])
        emails.certificates_issued(
            [each for each in locked if each.state == Certificate.State.VALID]
        )


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
