"""Oficios that ask for an enlace: issued with folio and frozen, answered or cancelled."""

import datetime
import hashlib
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import documents, emails, uploads
from members.models import Department, DesignationRequest, Holiday, LiaisonRole, OfficeSigner
from red_genero.common import states
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By
from red_genero.documents import render

ANSWER_DAYS: Final = 10
State = DesignationRequest.State


def issue(
    department: Department,
    *,
    addressee: str,
    addressee_position: str,
    role: str = LiaisonRole.HOLDER,
    addressee_email: str = "",
    copies: str = "",
    answer_days: int = ANSWER_DAYS,
    by: By,
) -> DesignationRequest:
    """Return the letter, printed and stored; it is mailed when there is an address.

    ``answer_days`` are working days of the municipal calendar. Raises DocumentsUnavailable without the PDF libraries.
    """
    today = timezone.localdate()
    signer = OfficeSigner.on(today)
    if signer is None:
        raise ValidationError(
            "Falta registrar quién firma los oficios en esta fecha.", code="signer_missing"
        )
    if by.user is None:
        raise ValidationError("Un oficio lo emite una persona.", code="issuer_missing")
    with transaction.atomic():
        department = Department.objects.select_for_update().get(pk=department.pk)
        _check_post(department, role)
        made = DesignationRequest(
            folio=take_folio("OFI"),
            department=department,
            role=role,
            addressee=addressee.strip(),
            addressee_position=addressee_position.strip(),
            addressee_email=addressee_email,
            copies=copies,
            signer=signer.name,
            signer_position=signer.position,
            issued_on=today,
            answer_due=Holiday.after(today, answer_days),
            issued_by_id=by.user.pk,
            template=documents.LETTER,
        )
        made.frozen = dict(documents.letter_context(made))
        made.full_clean(exclude=["pdf", "sha256"], validate_constraints=False)
        content = render(documents.letter(made))
        made.sha256 = hashlib.sha256(content).hexdigest()
        _store(made, content)
        states.append(made, from_state="", to_state=made.state, by=by)
        emails.designation_requested(made, content)
    return made


def record_answer(
    request: DesignationRequest,
    *,
    number: str,
    date: datetime.date,
    file: File[bytes],
    by: By,
) -> DesignationRequest:
    """Keep the dependencia's answer; the designation it may bring is nominated apart."""
    answer = uploads.checked(file)
    with transaction.atomic():
        request = _locked(request)
        states.check_move(DesignationRequest.MOVES, request.state, State.ANSWERED, State)
        if date < request.issued_on or date > timezone.localdate():
            raise ValidationError(
                "La respuesta lleva una fecha entre la del oficio y hoy.", code="answer_date"
            )
        request.answer_number, request.answer_date = number.strip(), date
        request.answer_file.save(str(answer.name), answer, save=False)
        states.move(
            request,
            State.ANSWERED,
            moves=DesignationRequest.MOVES,
            by=by,
            reason=f"Oficio {number}",
            touched=("answer_number", "answer_date", "answer_file"),
        )
    return request


def cancel(request: DesignationRequest, *, reason: str, by: By) -> DesignationRequest:
    """Take a letter back; its folio and its file stay."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    with transaction.atomic():
        request = _locked(request)
        if request.state != State.CANCELLED:
            states.move(
                request, State.CANCELLED, moves=DesignationRequest.MOVES, by=by, reason=reason
            )
    return request


def _locked(request: DesignationRequest) -> DesignationRequest:
    return DesignationRequest.objects.select_for_update().get(pk=request.pk)


def _check_post(department: Department, role: str) -> None:
    """Refuse posts that do not exist and a second letter while the first waits."""
    if not Department.objects.current().filter(pk=department.pk, expects_liaison=True).exists():
        raise ValidationError(
            f"{department} no tiene puesto de enlace: está cerrada o no le corresponde.",
            code="no_post",
        )
    waiting = DesignationRequest.objects.waiting().filter(department=department, role=role).first()
    if waiting is not None:
        raise ValidationError(
            f"El oficio {waiting.folio} para ese puesto sigue sin respuesta.", code="already_asked"
        )


def _store(made: DesignationRequest, content: bytes) -> None:
    """Write the file, then the row; a refused row leaves no file."""
    made.pdf.save(f"{made.folio}-{made.sha256[:12]}.pdf", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        made.pdf.delete(save=False)
        raise
