"""Papeles de asistencia: the signed list that comes back, the proof of a justified absence."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from red_genero.common import intake
from red_genero.common.states import By
from trainings import attending
from trainings.models import Attendance, AttendancePaper, Edition, Enrollment, Session
from trainings.rolls import Change

Kind = AttendancePaper.Kind


def keep_list(session: Session, file: File[Any], *, by: By) -> AttendancePaper:
    """Keep a scan or photo of the signed list; the same file again is the one that is there.

    Raises ValidationError: ``session_refused`` and the codes of ``intake.receive``.
    """
    if why := attending.refusal(session):
        raise ValidationError(why, code="session_refused")
    return _keep(session, None, file, Kind.SIGNED_LIST, by)


def excuse(
    enrollment: Enrollment, session: Session, *, by: By, reason: str, file: File[Any] | None = None
) -> Attendance | None:
    """Mark «justificada» with its reason and, if there is one, the paper that proves it.

    Raises ValidationError: ``reason_required``, ``mark_refused`` and the codes of ``intake.receive``.
    """
    if not reason.strip():
        raise ValidationError(
            "Escriba en qué se apoya, sin relatar el caso ni datos de salud.",
            code="reason_required",
        )
    received = intake.receive(file, intake.PAPERS) if file else None
    with transaction.atomic():
        edition = Edition.objects.locked(session.edition_id)
        session.edition = edition
        stored = Attendance.objects.filter(enrollment=enrollment, session=session).first()
        if stored and stored.mark == Attendance.Mark.EXCUSED:
            if stored.reason != reason.strip() and not attending.is_own(enrollment, by):
                stored.reason = reason.strip()
                stored.save(update_fields=["reason"])
        else:
            change = Change(enrollment.pk, Attendance.Mark.EXCUSED, stored.mark if stored else "")
            done = attending.mark_many(
                session, [change], by=by, origin=Attendance.Origin.SCREEN, reason=reason
            )
            if done.conflicts:
                raise ValidationError(done.conflicts[0].reason, code="mark_refused")
        if received:
            if attending.is_own(enrollment, by):
                raise ValidationError(
                    "Su propio justificante lo debe guardar otra persona.", code="own"
                )
            _keep(session, enrollment, received, Kind.PROOF, by)
    return Attendance.objects.filter(enrollment=enrollment, session=session).first()


def _keep(
    session: Session, enrollment: Enrollment | None, file: File[Any], kind: str, by: By
) -> AttendancePaper:
    """Store a file once; if the row cannot be written the file does not stay."""
    if by.user is None:
        raise ValueError("A paper needs somebody who hands it in.")
    received = intake.receive(file, intake.PAPERS)
    with transaction.atomic():
        Edition.objects.locked(session.edition_id)
        same = AttendancePaper.objects.filter(
            session=session, enrollment=enrollment, source_sha256=received.source_sha256
        ).first()
        if same:
            return same
        paper = AttendancePaper(
            session=session,
            enrollment=enrollment,
            kind=kind,
            label=received.label,
            content_type=received.kind.content_type,
            size=received.size,
            sha256=received.sha256,
            source_sha256=received.source_sha256,
            uploaded_by_id=by.user.pk,
        )
        paper.file.save(received.stored_name, received, save=False)
        try:
            paper.save()
        except BaseException:
            default_storage.delete(paper.file.name or "")
            raise
    return paper
