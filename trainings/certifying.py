"""Constancias: issuing without gaps nor doubles, replacing and revoking."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from red_genero.common import jobs, states
from red_genero.common.models import Job
from red_genero.common.models.folio import take_folios
from red_genero.common.states import By
from red_genero.common.text import plain, random_code
from red_genero.documents.text import clean_context
from trainings import documents, emails
from trainings.documents import Facts
from trainings.models import (
    Certificate,
    Design,
    Edition,
    IssueBatch,
    IssueItem,
)
from trainings.previewing import Preview, unprintable

SERIES = "RED"
UNFINISHED = (Job.State.PENDING, Job.State.RUNNING)


Style = tuple[Design, dict[str, Any]]
"""A design and its letterhead."""


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
        new = draft(old.edition_id, old.person_id, facts, by=by)
        number([new], by=by)
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
        emails.certificate_revoked(locked)
    return locked


def recognise(edition: Edition, *, by: By) -> list[Certificate]:
    """Issue the reconocimiento of each facilitadora who is known as a person and has none; return the new ones.

    Raises ValidationError: ``not_closed``, ``no_signatory``, ``unprintable``. Her own is left to somebody else.
    """
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        if locked.state != Edition.State.CLOSED:
            raise ValidationError("Primero cierre la edición.", code="not_closed")
        having = locked.certificates.filter(kind=Certificate.Kind.RECOGNITION).values("person")
        people = [
            instructor.person
            for instructor in locked.instructors.filter(person__isnull=False)
            .exclude(person__in=having)
            .select_related("person__user")
            if instructor.person and (by.user is None or instructor.person.user_id != by.user.pk)
        ]
        if not people:
            return []
        style, taught = style_of(Certificate.Kind.RECOGNITION), documents.taught(locked)
        drafts = [
            draft(
                locked.pk,
                person.pk,
                documents.recognition(locked, person, taught),
                by=by,
                style=style,
            )
            for person in people
        ]
        number(drafts, by=by)
    return drafts


def draft(
    edition_id: int,
    person_id: int,
    facts: Facts,
    *,
    by: By,
    style: Style | None = None,
    enrollment_id: int | None = None,
) -> Certificate:
    """Return an unsaved constancia without folio; what cannot be printed is refused before a number is taken.

    ``style`` is given when many are drafted: it is the same for all of them.
    """
    if why := unprintable(facts.name):
        raise ValidationError(why, code="unprintable")
    if by.user is None:
        raise ValueError("A constancia needs somebody who issues it.")
    code = random_code()
    design, head = style or style_of(facts.kind)
    frozen = documents.freeze(facts, design, head, code=code)
    clean_context(frozen["context"], exact=True)
    certificate = Certificate(
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
        template=frozen["template"],
        frozen=frozen,
        issued_by_id=by.user.pk,
    )
    certificate.clean_fields(exclude={"folio", "person", "enrollment", "edition", "issued_by"})
    return certificate


def number(drafts: Sequence[Certificate], *, by: By) -> None:
    """Give the drafts consecutive folios and save them; must run inside a transaction."""
    folios = take_folios(SERIES, len(drafts))
    for certificate, folio in zip(drafts, folios, strict=True):
        certificate.folio = certificate.frozen["context"]["folio"] = folio
    bulk_create_with_history(drafts, Certificate, default_user=by.user)
    states.append_first(drafts, by=by)


def style_of(kind: str) -> Style:
    """Return the design of a kind with what its documents share today; refuses when nobody signs."""
    design = Design.current(kind)
    return design, documents.letterhead(design)


def _refuse_own(certificate: Certificate, by: By) -> None:
    """Nobody touches her own constancia."""
    if by.user is not None and certificate.person.user_id == by.user.pk:
        raise ValidationError(
            "Es su propia constancia: lo debe hacer otra persona.", code="own_certificate"
        )
