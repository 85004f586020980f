"""The PDF of a constancia: made once, stored with its hash, served only while it is the same."""

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from red_genero.documents import render
from trainings import documents, emails
from trainings.models import (
    Certificate,
)

logger = logging.getLogger(__name__)


def store_pdf(certificate: Certificate) -> Certificate:
    """Make and store the PDF once, and announce it once, in one step; done before, nothing happens."""
    if certificate.sha256:
        return certificate
    content = render(documents.certificate_document(certificate))
    digest = hashlib.sha256(content).hexdigest()
    name = _store(pdf_name(certificate, digest), content)
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if not locked.sha256:
            locked.pdf.name, locked.sha256 = name, digest
            locked.save(update_fields=["pdf", "sha256"])
            if locked.state == Certificate.State.VALID:
                emails.certificate_issued(locked)
    return locked


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
