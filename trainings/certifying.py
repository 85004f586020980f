"""Constancias: issuing without gaps nor doubles, replacing and revoking."""

import logging
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from red_genero.common import jobs, states
from red_genero.common.models import Channel, Job
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By
from red_genero.common.text import plain, random_code
from red_genero.documents import DocumentRefused, DocumentsUnavailable
from red_genero.documents.text import clean_context
from trainings import attending, documents
from trainings.archiving import store_pdf
from trainings.documents import Facts, FrozenImageChangedError
from trainings.models import (
    Certificate,
    Edition,
    Enrollment,
    IssueBatch,
    IssueItem,
    Signatory,
)
from trainings.previewing import Preview, unprintable

logger = logging.getLogger(__name__)

SERIES = "RED"
LOST_AT_ONCE = 50
BROKEN = "El documento no pudo prepararse. Avise a quien administra el portal."
WAITING = "Por ahora el servidor no puede preparar documentos PDF; se reintentará solo."
UNFINISHED = (Job.State.PENDING, Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a replacement prints otherwise; what is None stays as it was printed."""

    name: str | None = None
    department: str | None = None
    course_title: str | None = None
    hours: Decimal | None = None

    def applied_to(self, facts: Facts) -> Facts:
        """Return the facts with the corrections in them."""
        return changed(
            facts,
            name=plain(self.name or facts.name),
            department=facts.department if self.department is None else plain(self.department),
            course_title=plain(self.course_title or facts.course_title),
            hours=self.hours or facts.hours,
        )


def issue(edition: Edition, *, by: By) -> IssueBatch:
    """Start a batch for whoever has none yet and return it; while one is under way, return that one.

    Raises ValidationError: ``not_issuable`` (not closed, nobody signs), ``nothing_to_issue``.
    """
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        running = locked.issue_batches.filter(job__state__in=UNFINISHED).last()
        if running:
            return running
        preview = Preview(locked, by=by)
        if preview.refusals:
            raise ValidationError(preview.refusals[0], code="not_issuable")
        if not preview.receiving:
            raise ValidationError(
                "No hay constancias por emitir en esta edición.", code="nothing_to_issue"
            )
        title = f"Constancias de {locked.course.title} ({locked.key})"
        job = jobs.start(title, total=len(preview.receiving), by=by.user)
        batch = IssueBatch.objects.create(edition=locked, job=job)
        IssueItem.objects.bulk_create(
            IssueItem(batch=batch, enrollment=candidate.enrollment)
            for candidate in preview.receiving
        )
    return batch


def issue_one(item: IssueItem) -> Certificate | None:
    """Bring one item to its end from wherever a former try left it; return the constancia, None when refused.

    Each of its two transactions can be repeated: the first gives the folio, the second stores the PDF's name
    and queues the mail. What cannot be printed leaves the item failed, with the sentence, and no folio taken.
    """
    try:
        certificate = _certificate_for(item)
        store_pdf(certificate)
    except ValidationError as refusal:
        _finish_item(item, IssueItem.State.FAILED, " ".join(refusal.messages))
        return None
    _finish_item(item, IssueItem.State.DONE)
    return certificate


def work_through(batch: IssueBatch) -> None:
    """Issue whatever the batch still owes and keep its progress; may run twice, or after a crash."""
    _report(batch)
    for item in batch.items.filter(state=IssueItem.State.PENDING).order_by("pk"):
        try:
            issue_one(item)
        except DocumentsUnavailable:
            logger.exception("No PDF can be made now; batch %s waits.", batch.pk)
            Job.objects.filter(pk=batch.job_id).update(detail=WAITING, beat_at=timezone.now())
            return
        except OSError:
            logger.exception("Item %s has no PDF yet; it stays pending.", item.pk)
        except (DocumentRefused, FrozenImageChangedError):
            logger.exception("Item %s cannot be printed.", item.pk)
            _finish_item(item, IssueItem.State.FAILED, BROKEN)
        _report(batch)


def work_through_lost(silent_for: timedelta) -> None:
    """Finish what lost workers left: batches without a sign of life, and constancias without their PDF."""
    for job in Job.objects.unfinished(silent_for).filter(issue_batch__isnull=False):
        work_through(job.issue_batch)
    waiting = Certificate.objects.without_pdf().filter(issued_at__lt=timezone.now() - silent_for)
    for certificate in waiting.order_by("pk")[:LOST_AT_ONCE]:
        try:
            store_pdf(certificate)
        except (ValidationError, OSError, DocumentRefused, FrozenImageChangedError):
            logger.exception("%s still has no PDF.", certificate.folio)


def replace(
    certificate: Certificate, *, by: By, reason: str, corrections: Corrections
) -> Certificate:
    """Issue a corrected constancia in place of one in force, which points to it; return the new one.

    It is signed by who signs today. Raises ValidationError: ``reason_required``, ``nothing_corrected``,
    ``own_certificate``, ``no_signatory``, ``move_refused``, ``name_too_long``, ``unprintable``.
    """
    if not reason.strip():
        raise ValidationError("Escriba el motivo del reemplazo.", code="reason_required")
    with transaction.atomic():
        old = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        _refuse_own(old, by)
        states.check_move(
            Certificate.MOVES, old.state, Certificate.State.REPLACED, Certificate.State
        )
        printed = documents.facts_printed(old)
        facts = corrections.applied_to(printed)
        if facts == printed:
            raise ValidationError(
                "Lo corregido es igual a lo impreso: no hay nada que reemplazar.",
                code="nothing_corrected",
            )
        new = _create(old.edition_id, old.person_id, facts, by=by)
        old.replaced_by, old.ended_at = new, timezone.now()
        states.move(
            old,
            Certificate.State.REPLACED,
            moves=Certificate.MOVES,
            by=by,
            reason=reason.strip(),
            touched=("replaced_by", "ended_at"),
        )
        if old.enrollment_id:
            new.enrollment_id = old.enrollment_id
            new.save(update_fields=["enrollment"])
    return new


def revoke(
    certificate: Certificate, *, revocation: str, internal_reason: str, by: By
) -> Certificate:
    """End the force of a constancia for a public class of reason; revoked before, nothing changes.

    Raises ValidationError: ``reason_required``, ``unknown_reason``, ``own_certificate``, ``move_refused``.
    """
    if revocation not in Certificate.Revocation.values:
        raise ValidationError("Elija el motivo público de la lista.", code="unknown_reason")
    if not internal_reason.strip():
        raise ValidationError("Escriba el motivo interno.", code="reason_required")
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if locked.state == Certificate.State.REVOKED:
            return locked
        _refuse_own(locked, by)
        locked.revocation, locked.internal_reason = revocation, internal_reason.strip()
        locked.ended_at = timezone.now()
        states.move(
            locked,
            Certificate.State.REVOKED,
            moves=Certificate.MOVES,
            by=by,
            reason=Certificate.Revocation(revocation).label,
            touched=("revocation", "internal_reason", "ended_at"),
        )
    return locked


def _certificate_for(item: IssueItem) -> Certificate:
    """Give the item its constancia, with folio and frozen content, unless it has one."""
    with transaction.atomic():
        edition = Edition.objects.locked(item.batch.edition_id)
        enrollment = (
            Enrollment.objects.select_for_update(of=("self",))
            .select_related("person__user", "department")
            .get(pk=item.enrollment_id)
        )
        enrollment.edition = edition
        certificate = enrollment.certificates.order_by("pk").last()
        if certificate is None:
            by = By(item.batch.job.started_by, Channel.JOB)
            certificate = _issue_to(enrollment, by=by)
        item.certificate = certificate
        item.save(update_fields=["certificate"])
    return certificate


def _issue_to(enrollment: Enrollment, *, by: By) -> Certificate:
    """Create the first constancia of an inscripción."""
    if enrollment.state != Enrollment.State.COMPLETED:
        raise ValidationError("Ya no figura como concluida.", code="not_completed")
    if attending.is_own(enrollment, by):
        raise ValidationError(
            "Nadie emite su propia constancia: la debe emitir otra persona.",
            code="own_certificate",
        )
    facts = documents.facts_of(enrollment, documents.taught_hours(enrollment.edition))
    return _create(
        enrollment.edition_id, enrollment.person_id, facts, enrollment_id=enrollment.pk, by=by
    )


def _create(
    edition_id: int, person_id: int, facts: Facts, *, by: By, enrollment_id: int | None = None
) -> Certificate:
    """Take the folio and write the row with its frozen content; what cannot be printed is refused."""
    if why := unprintable(facts.name):
        raise ValidationError(why, code="unprintable")
    if by.user is None:
        raise ValueError("A constancia needs somebody who issues it.")
    folio, code = take_folio(SERIES), random_code()
    frozen = documents.freeze(facts, _signatories(), folio=folio, code=code)
    clean_context(frozen["context"], exact=True)
    certificate = Certificate(
        folio=folio,
        code=code,
        kind=facts.kind,
        person_id=person_id,
        enrollment_id=enrollment_id,
        edition_id=edition_id,
        name=facts.name,
        course_title=facts.course_title,
        hours=facts.hours,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        template=documents.TEMPLATE,
        frozen=frozen,
        issued_by_id=by.user.pk,
    )
    certificate.clean_fields(exclude={"person", "enrollment", "edition", "issued_by"})
    certificate.save(force_insert=True)
    states.append(certificate, from_state="", to_state=certificate.state, by=by)
    return certificate


def _signatories() -> list[Signatory]:
    """Who signs today; refuses when nobody does."""
    found = list(Signatory.objects.in_force(timezone.localdate())[: documents.SIGNATORIES])
    if not found:
        raise ValidationError(
            "No hay firmantes vigentes hoy. Registre quién firma antes de emitir.",
            code="no_signatory",
        )
    return found


def _refuse_own(certificate: Certificate, by: By) -> None:
    """Nobody touches her own constancia."""
    if by.user is not None and certificate.person.user_id == by.user.pk:
        raise ValidationError(
            "Es su propia constancia: lo debe hacer otra persona.", code="own_certificate"
        )


def _finish_item(item: IssueItem, state: str, error: str = "") -> None:
    item.state, item.error = state, error
    item.save(update_fields=["state", "error"])


def _report(batch: IssueBatch) -> None:
    """Write the progress of the batch as its items tell it."""
    found = list(batch.items.values_list("state", flat=True))
    done, failed = found.count(IssueItem.State.DONE), found.count(IssueItem.State.FAILED)
    finished = done + failed == len(found)
    state = Job.State.RUNNING
    if finished:
        state = Job.State.FAILED if failed else Job.State.DONE
    now = timezone.now()
    Job.objects.filter(pk=batch.job_id).update(
        state=state,
        total=len(found),
        done=done,
        failed=failed,
        detail="",
        beat_at=now,
        finished_at=now if finished else None,
    )
