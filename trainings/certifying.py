"""Constancias: who gets one, issuing without gaps nor doubles, replacing and revoking."""

import hashlib
import logging
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from red_genero.common import jobs, states
from red_genero.common.models import Channel, Job
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By
from red_genero.common.text import plain, random_code
from red_genero.documents import DocumentRefused, DocumentsUnavailable, render
from red_genero.documents.text import clean_context
from trainings import attending, documents, emails, tallying
from trainings.documents import Facts, FrozenImageChangedError
from trainings.models import (
    Certificate,
    Edition,
    Enrollment,
    IssueBatch,
    IssueItem,
    Signatory,
)
from trainings.tallying import Tally

logger = logging.getLogger(__name__)

SERIES = "RED"
NAME_LENGTH = 120
LOST_AT_ONCE = 50
BROKEN = "El documento no pudo prepararse. Avise a quien administra el portal."
WAITING = "Por ahora el servidor no puede preparar documentos PDF; se reintentará solo."
UNFINISHED = (Job.State.PENDING, Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of the edición; with a reason when she gets no constancia now."""

    enrollment: Enrollment
    name: str
    reason: str
    certificate: Certificate | None
    tally: Tally

    @property
    def gets_one(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reason


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


class Preview:
    """Who would get a constancia if it were issued now; five queries whatever their number."""

    def __init__(self, edition: Edition, *, by: By | None = None) -> None:
        self.edition = edition
        self.by = by

    @cached_property
    def refusals(self) -> list[str]:
        """Why nothing can be issued now, in words; none when it can."""
        if self.edition.state != Edition.State.CLOSED:
            return ["Primero cierre la edición: el cierre fija quién alcanzó el mínimo."]
        if not self.signatories:
            return [
                "No hay firmantes vigentes hoy. Formación debe registrar quién firma antes de emitir."
            ]
        return []

    @cached_property
    def signatories(self) -> list[Signatory]:
        """Who signs today."""
        return list(Signatory.objects.in_force(timezone.localdate())[: documents.SIGNATORIES])

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Everybody, in the order of the list."""
        sums = tallying.tallies(self.edition)
        issued: dict[int, Certificate] = {}
        for certificate in self.edition.certificates.defer("frozen").order_by("pk"):
            if certificate.enrollment_id:
                issued[certificate.enrollment_id] = certificate
        people = self.edition.enrollments.attending().select_related("person__user", "department")
        return [
            self._judge(enrollment, sums[enrollment.pk], issued.get(enrollment.pk))
            for enrollment in documents.by_name(people)
        ]

    @cached_property
    def receiving(self) -> list[Candidate]:
        """Those who get one."""
        return [candidate for candidate in self.candidates if candidate.gets_one]

    @cached_property
    def others(self) -> list[Candidate]:
        """Those who do not, each with its reason."""
        return [candidate for candidate in self.candidates if not candidate.gets_one]

    def _judge(
        self, enrollment: Enrollment, sums: Tally, certificate: Certificate | None
    ) -> Candidate:
        name = enrollment.person.printed_name
        reason = self._refusal(enrollment, certificate) or _unprintable(name)
        return Candidate(enrollment, name, reason, certificate, sums)

    def _refusal(self, enrollment: Enrollment, certificate: Certificate | None) -> str:
        if certificate and (certificate.state != Certificate.State.VALID or certificate.sha256):
            state = certificate.get_state_display().lower()
            return f"Ya tiene la constancia {certificate.folio}, {state}."
        if enrollment.state == Enrollment.State.CONFIRMED:
            return "La edición no se ha cerrado."
        if enrollment.state != Enrollment.State.COMPLETED:
            return f"{enrollment.get_state_display()}: no alcanzó la asistencia mínima."
        if self.by and attending.is_own(enrollment, self.by):
            return "Es su propia constancia: la debe emitir otra persona."
        return ""


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
    if why := _unprintable(facts.name):
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


def _unprintable(name: str) -> str:
    """Return why a name cannot go on a constancia, or nothing."""
    if len(plain(name)) > NAME_LENGTH:
        return (
            f"El nombre tiene {len(plain(name))} caracteres y en la constancia caben {NAME_LENGTH}: "
            "hay que acordar con ella cómo abreviarlo en «nombre para la constancia»."
        )
    try:
        clean_context({"name": name}, exact=True)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def _refuse_own(certificate: Certificate, by: By) -> None:
    """Nobody touches her own constancia."""
    if by.user is not None and certificate.person.user_id == by.user.pk:
        raise ValidationError(
            "Es su propia constancia: lo debe hacer otra persona.", code="own_certificate"
        )


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
