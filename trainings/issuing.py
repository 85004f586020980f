"""The batch of constancias: in chunks that can be repeated, each person one document, one folio, one mail."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q
from django.utils import timezone

from red_genero.common.models import Channel, Job
from red_genero.common.states import By
from red_genero.documents import DocumentRefused, DocumentsUnavailable
from trainings import archiving, attending, certifying, documents
from trainings.archiving import Printed
from trainings.documents import FrozenImageChangedError
from trainings.models import Certificate, Edition, Enrollment, IssueBatch, IssueItem
from trainings.previewing import missing_modules

logger = logging.getLogger(__name__)

CHUNK = 50
"""As many constancias share a transaction: few enough to wait for, many enough to be quick."""
LEASE = timedelta(minutes=1)
"""After so long a claimed item is taken for lost, as the task of a silent worker is; to make it twice is harmless."""
WORKERS = 2
"""As many are called to a batch; more would wait for each other's folios."""
LOST_AT_ONCE = 50
BROKEN = "El documento no pudo prepararse. Avise a quien administra el portal."
WAITING = "Por ahora el servidor no puede preparar documentos PDF; se reintentará solo."


def work_through(batch: IssueBatch, *, lease: timedelta = LEASE) -> None:
    """Issue whatever the batch still owes and keep its progress; may run twice, or after a crash.

    Several workers may do it at once: each claims a chunk, and what was claimed longer ago than ``lease`` is claimed
    anew. Each chunk is two transactions that can be repeated: the first gives the folios, the second stores the names
    of the PDF files and queues the mail. A worker killed between them leaves constancias that the next one takes up.
    """
    report(batch)
    for items in _chunks(batch, timezone.now() - lease):
        try:
            _issue(batch, items)
        except DocumentsUnavailable:
            logger.exception("No PDF can be made now; batch %s waits.", batch.pk)
            Job.objects.filter(pk=batch.job_id).update(detail=WAITING, beat_at=timezone.now())
            return
        report(batch)


def workers_for(batch: IssueBatch) -> int:
    """Return how many workers the batch is worth; one who comes too late finds nothing to claim."""
    return min(WORKERS, max(1, batch.job.total // CHUNK))


def work_through_lost(silent_for: timedelta) -> None:
    """Finish what lost workers left: batches without a sign of life, and constancias without their PDF."""
    for job in Job.objects.unfinished(silent_for).filter(issue_batch__isnull=False):
        work_through(job.issue_batch)
    waiting = Certificate.objects.without_pdf().filter(issued_at__lt=timezone.now() - silent_for)
    for certificate in waiting.order_by("pk")[:LOST_AT_ONCE]:
        try:
            archiving.store_pdf(certificate)
        except (ValidationError, OSError, DocumentRefused, FrozenImageChangedError):
            logger.exception("%s still has no PDF.", certificate.folio)


def report(batch: IssueBatch) -> None:
    """Write the progress of the batch as its items tell it."""
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=batch.job_id)
        found = batch.items.aggregate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=IssueItem.State.DONE)),
            failed=Count("pk", filter=Q(state=IssueItem.State.FAILED)),
        )
        finished = found["done"] + found["failed"] == found["total"]
        state = Job.State.RUNNING
        if finished:
            state = Job.State.FAILED if found["failed"] else Job.State.DONE
        now = timezone.now()
        Job.objects.filter(pk=batch.job_id).update(
            state=state, detail="", beat_at=now, finished_at=now if finished else None, **found
        )


def _chunks(batch: IssueBatch, lost_before: datetime) -> Iterator[list[IssueItem]]:
    """Claim the pending items some at a time and yield them; what this worker claimed itself is not claimed again."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=lost_before)
    while True:
        with transaction.atomic():
            pending = batch.items.filter(free, state=IssueItem.State.PENDING).order_by("pk")
            items = list(pending.select_for_update(skip_locked=True)[:CHUNK])
            IssueItem.objects.filter(pk__in=[item.pk for item in items]).update(
                claimed_at=timezone.now()
            )
        if not items:
            return
        yield items


def _issue(batch: IssueBatch, items: Sequence[IssueItem]) -> None:
    """Bring a chunk to its end from wherever a former try left it."""
    given = give_folios(batch, items)
    made = archiving.print_all(certificate for _, certificate in given)
    archiving.keep([each for each in made.values() if isinstance(each, Printed)])
    finished = []
    for item, certificate in given:
        result = made.get(certificate.pk)
        if isinstance(result, OSError):
            logger.error("Item %s has no PDF yet; it stays pending.", item.pk, exc_info=result)
        elif isinstance(result, Exception):
            logger.error("Item %s cannot be printed.", item.pk, exc_info=result)
            _fail(item, BROKEN)
        else:
            finished.append(item.pk)
    IssueItem.objects.filter(pk__in=finished).update(state=IssueItem.State.DONE, error="")


def give_folios(
    batch: IssueBatch, items: Sequence[IssueItem]
) -> list[tuple[IssueItem, Certificate]]:
    """Give each item its constancia unless it has one; who may not have it fails with the sentence, no folio taken."""
    by = By(batch.job.started_by, Channel.JOB)
    with transaction.atomic():
        edition = Edition.objects.locked(batch.edition_id)
        wanted = [item.enrollment_id for item in items]
        people = (
            Enrollment.objects.select_for_update(of=("self",))
            .select_related("person__user", "department")
            .in_bulk(wanted)
        )
        found = {
            certificate.enrollment_id: certificate
            for certificate in Certificate.objects.filter(enrollment__in=wanted).order_by("pk")
        }
        drafts = _drafts(edition, [people[item.enrollment_id] for item in items], found, items, by)
        certifying.number(drafts, by=by)
        found.update({certificate.enrollment_id: certificate for certificate in drafts})
        given = [(item, found[item.enrollment_id]) for item in items if item.enrollment_id in found]
        for item, certificate in given:
            item.certificate = certificate
        newest = Certificate.objects.filter(enrollment=OuterRef("enrollment")).order_by("-pk")
        IssueItem.objects.filter(pk__in=[item.pk for item, _ in given]).update(
            certificate=newest.values("pk")[:1]
        )
    return given


def _drafts(
    edition: Edition,
    people: Sequence[Enrollment],
    found: dict[int | None, Certificate],
    items: Sequence[IssueItem],
    by: By,
) -> list[Certificate]:
    """Return the unsaved constancias of whoever has none; the items of the others fail with their reason."""
    taught, drafts = documents.taught(edition), list[Certificate]()
    missing = missing_modules(edition, people)
    style: certifying.Style | None = None
    for item, enrollment in zip(items, people, strict=True):
        if enrollment.pk in found:
            continue
        enrollment.edition = edition
        try:
            style = style or certifying.style_of(documents.kind_of(edition.course))
            refuse(enrollment, missing.get(enrollment.person_id, ""), by)
            facts = documents.facts_of(enrollment, taught)
            drafts.append(
                certifying.draft(
                    edition.pk,
                    enrollment.person_id,
                    facts,
                    enrollment_id=enrollment.pk,
                    by=by,
                    style=style,
                )
            )
        except ValidationError as refusal:
            _fail(item, " ".join(refusal.messages))
    return drafts


def refuse(enrollment: Enrollment, missing: str, by: By) -> None:
    """Raise ValidationError when she may not have it: ``not_completed``, ``modules_missing``, ``own_certificate``."""
    if enrollment.state != Enrollment.State.COMPLETED:
        raise ValidationError("Ya no figura como concluida.", code="not_completed")
    if missing:
        raise ValidationError(missing, code="modules_missing")
    if attending.is_own(enrollment, by):
        raise ValidationError(
            "Nadie emite su propia constancia: la debe emitir otra persona.",
            code="own_certificate",
        )


def _fail(item: IssueItem, error: str) -> None:
    item.state, item.error = IssueItem.State.FAILED, error
    item.save(update_fields=["state", "error"])
