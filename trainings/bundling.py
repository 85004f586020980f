"""All the documents of an edición in one file: a ZIP as they were issued, or one PDF for the printer."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from io import BytesIO
from itertools import islice
from typing import BinaryIO, cast

import pikepdf
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from red_genero.common import jobs
from red_genero.common.models import Job
from red_genero.common.states import By
from trainings import archiving, documents
from trainings.models import Bundle, Certificate, Edition
from trainings.models.certificate import CertificateQuerySet

KEEP = timedelta(days=7)
"""A bundle is a copy: it can be asked for again."""
SHEAF = 50
"""As many papers are open at once while a PDF is joined."""


def ask(edition: Edition, form: str, *, by: By) -> Bundle:
    """Start making a bundle and return it; while the same is being made, return that one.

    Raises ValidationError: ``unknown_form``, ``nothing_to_bundle``.
    """
    if form not in Bundle.Form.values:
        raise ValidationError("Elija ZIP o PDF para imprimir.", code="unknown_form")
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        unfinished = (Job.State.PENDING, Job.State.RUNNING)
        running = locked.bundles.filter(form=form, job__state__in=unfinished).first()
        if running:
            return running
        total = _papers(locked).count()
        if not total:
            raise ValidationError(
                "Esta edición no tiene constancias vigentes con su PDF.", code="nothing_to_bundle"
            )
        title = f"{Bundle.Form(form).label} de {locked.key}"
        job = jobs.start(title, total=total, by=by.user)
        return Bundle.objects.create(edition=locked, form=form, job=job)


def make(bundle: Bundle) -> None:
    """Write the file and end the job; done before, nothing happens."""
    if bundle.job.over:
        return
    Job.objects.filter(pk=bundle.job_id).update(done=0, failed=0)
    with tempfile.TemporaryFile() as draft:
        write = _zip if bundle.form == Bundle.Form.ZIP else _print
        write(bundle, cast("BinaryIO", draft))
        draft.seek(0)
        bundle.file.save(f"{bundle.edition.key}.{bundle.form}", File(draft))
    jobs.finish(bundle.job)


def forget_old() -> None:
    """Delete the bundles of last week: they hold names, and can be made again."""
    for bundle in Bundle.objects.filter(job__created_at__lt=timezone.now() - KEEP):
        bundle.file.delete(save=False)
        bundle.delete()


def _papers(edition: Edition) -> CertificateQuerySet:
    return edition.certificates.valid().exclude(sha256="").order_by("folio")


def _contents(bundle: Bundle) -> Iterator[tuple[Certificate, bytes]]:
    """Yield each document with its bytes; one that cannot be read is counted as an error."""
    for certificate in _papers(bundle.edition).defer("frozen").iterator(chunk_size=200):
        content = archiving.read_pdf(certificate)
        if content is not None:
            yield certificate, content
        jobs.advance(bundle.job, failed=content is None)


def _zip(bundle: Bundle, draft: BinaryIO) -> None:
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        for certificate, content in _contents(bundle):
            archive.writestr(documents.certificate_filename(certificate), content)


def _print(bundle: Bundle, draft: BinaryIO) -> None:
    """Join the pages some at a time: only one sheaf is held open, the others lie on the disk."""
    contents = (content for _, content in _contents(bundle))
    with ExitStack() as kept:
        sheaves = []
        while papers := list(islice(contents, SHEAF)):
            sheaf = cast("BinaryIO", kept.enter_context(tempfile.TemporaryFile()))
            _join(map(BytesIO, papers), sheaf)
            sheaves.append(sheaf)
        _join(sheaves, draft)


def _join(files: Iterable[BinaryIO], target: BinaryIO) -> None:
    """Write the pages of all the files in one."""
    with pikepdf.new() as joined, ExitStack() as opened:
        for file in files:
            joined.pages.extend(opened.enter_context(pikepdf.open(file)).pages)
        joined.save(target)
