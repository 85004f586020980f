"""Vetting: what the Instituto does with a solicitud, from taking it to the decision."""

import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members import admitting, areas, eligibility, emails, membership
from members.admitting import locked, move
from members.models import (
    Application,
    ApplicationNote,
    Department,
    Holiday,
    InformationRequest,
    Member,
    RejectionReason,
    User,
)
from red_genero.common import states
from red_genero.common.states import By

ANSWER_DAYS: Final = 10
State = Application.State


def take(application: Application, *, by: By) -> Application:
    """Begin to review it, or pick up one that nobody holds; one that waits for her answer is left to her."""
    user = _judge(application, by)
    with transaction.atomic():
        application = locked(application)
        if application.state == State.IN_REVIEW and application.reviewer_id is None:
            return _hand(application, user, by=by, reason=f"La revisa {user}")
        if application.state == State.IN_REVIEW:
            _held_by(application, user)
            return application
        if application.state == State.NEEDS_INFO:
            raise ValidationError(
                "Espera la respuesta de la solicitante. Al responder vuelve con quien la revisa.",
                code="waits_for_her",
            )
        application.reviewer = user
        move(application, State.IN_REVIEW, by=by, touched=("reviewer",))
    return application


def hand_over(application: Application, *, to: User, by: By) -> Application:
    """Turnar: another person reviews it from now on; nobody chooses who judges her own.

    Who holds one that turned out to be her superior's lets it go this way.
    """
    user = _person(by)
    if application.reviewer_id != user.pk or application.person.user_id == user.pk:
        _judge(application, by)
    if refusal := eligibility.why_not_hers_to_judge(application, to):
        raise ValidationError(refusal, code="not_hers_to_judge")
    if not to.is_active or not to.has_perm("members.review_application"):
        raise ValidationError("Esa cuenta no puede revisar solicitudes.", code="not_a_reviewer")
    with transaction.atomic():
        application = _in_review(application)
        if application.reviewer_id == to.pk:
            return application
        return _hand(application, to, by=by, reason=f"Turnada a {to}")


def resolve_department(application: Application, department: Department, *, by: By) -> Application:
    """Set the dependencia of the catalogue when she wrote «otra», or chose another one by mistake."""
    user = _judge(application, by)
    with transaction.atomic():
        application = _in_review(application)
        _held_by(application, user)
        if application.department_id == department.pk:
            return application
        before = application.workplace
        application.department = department
        if application.unit and application.unit not in areas.of(department):
            application.unit = None
        application.save(update_fields=["department", "unit"])
        _note(application, f"Dependencia: «{before}» → «{department}»", by)
    return application


def resolve_area(
    application: Application, *, unit: Department | None = None, area: str = "", by: By
) -> Application:
    """Set the área of the catalogue when she wrote «otra», or write even what she wrote; the log keeps her words.

    Raises ValidationError (codes ``area_missing``, ``area_elsewhere``, ``not_in_review`` and ``taken_by_other``).
    """
    user = _judge(application, by)
    wanted = unit.name if unit else area.strip()
    if not wanted:
        raise ValidationError("Elija el área o escríbala.", code="area_missing")
    with transaction.atomic():
        application = _in_review(application)
        _held_by(application, user)
        if unit and unit not in areas.of(application.department):
            raise ValidationError(
                "Esa área no es de su dependencia. Elija antes la dependencia.",
                code="area_elsewhere",
            )
        before = application.area
        if (before, application.unit) == (wanted, unit):
            return application
        application.unit, application.area = unit, wanted
        others = {field.name for field in Application._meta.fields} - {"area"}
        application.clean_fields(exclude=others)
        application.save(update_fields=["unit", "area"])
        _note(application, f"Área: «{before}» → «{wanted}»", by)
    return application


def request_information(application: Application, *, question: str, by: By) -> InformationRequest:
    """Ask her something; she has ten working days."""
    user = _judge(application, by)
    if not question.strip():
        raise ValidationError("Escriba la pregunta.", code="question_missing")
    with transaction.atomic():
        application = _in_review(application)
        _held_by(application, user)
        asked = InformationRequest(
            application=application,
            question=question.strip(),
            asked_by=user,
            deadline=_end_of(Holiday.after(timezone.localdate(), ANSWER_DAYS)),
        )
        asked.full_clean()
        asked.save()
        move(application, State.NEEDS_INFO, by=by, reason=asked.question)
        emails.information_requested(asked)
    return asked


def approve(application: Application, *, by: By) -> Member:
    """Admit her: integrante, adscripción and welcome mail; a second press returns the same member.

    Raises ValidationError (codes ``not_hers_to_judge``, ``taken_by_other``, ``department_unresolved``,
    ``already_member`` and ``move_refused``).
    """
    user = _judge(application, by)
    with transaction.atomic():
        application = locked(application)
        if application.state == State.APPROVED:
            return application.person.member
        states.check_move(Application.MOVES, application.state, State.APPROVED, State)
        _held_by(application, user)
        if application.department is None:
            raise ValidationError(
                "Elija primero la dependencia del catálogo que corresponde a «%(other)s».",
                code="department_unresolved",
                params={"other": application.department_other},
            )
        member = membership.admit(application, by=by)
        application.decided_at = timezone.now()
        move(application, State.APPROVED, by=by, touched=("decided_at",))
        emails.application_approved(application, member)
    return member


def reject(application: Application, *, reason: RejectionReason, text: str, by: By) -> Application:
    """Decide not to admit her, with a reason of the list and words that she reads."""
    user = _judge(application, by)
    if not text.strip():
        raise ValidationError(
            "Escriba el texto que leerá la solicitante.", code="decision_text_missing"
        )
    with transaction.atomic():
        application = locked(application)
        if application.state == State.REJECTED:
            return application
        states.check_move(Application.MOVES, application.state, State.REJECTED, State)
        _held_by(application, user)
        application.rejection_reason = reason
        application.decision_text = text.strip()
        application.decided_at = timezone.now()
        touched = ("rejection_reason", "decision_text", "decided_at")
        move(application, State.REJECTED, by=by, reason=str(reason), touched=touched)
        emails.application_rejected(application)
    return application


def withdraw_for_her(application: Application, *, reason: str, by: By) -> Application:
    """Retirar: take it back because she asked for it by another way; the reason stays in the history."""
    user = _judge(application, by)
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    with transaction.atomic():
        held = locked(application)
        if held.state == State.WITHDRAWN:
            return held
        if held.reviewer_id is not None:
            _held_by(held, user)
        return admitting.withdraw(held, by=by, reason=reason.strip())


def remark(application: Application, *, text: str, by: By) -> ApplicationNote:
    """Leave a note for the personnel; the applicant never reads it. The same one twice is one."""
    user = _judge(application, by)
    if not text.strip():
        raise ValidationError("Escriba la nota.", code="note_missing")
    with transaction.atomic():
        locked(application)
        last: ApplicationNote | None = application.notes.last()
        if last is not None and (last.author_id, last.text) == (user.pk, text.strip()):
            return last
        note = ApplicationNote(application=application, text=text.strip(), author=user)
        note.full_clean()
        note.save()
    return note


def _note(application: Application, reason: str, by: By) -> None:
    """Leave a line of what was settled while it stays in review."""
    states.append(
        application, from_state=State.IN_REVIEW, to_state=State.IN_REVIEW, by=by, reason=reason
    )


def _in_review(application: Application) -> Application:
    """Return the locked row; refuse unless somebody is reviewing it."""
    application = locked(application)
    if application.state != State.IN_REVIEW:
        raise ValidationError(
            "La solicitud no está en revisión. Actualice la página para ver el estado actual.",
            code="not_in_review",
        )
    return application


def _person(by: By) -> User:
    """Return who acts; refuse the clock."""
    if not isinstance(by.user, User):
        raise ValidationError("Una solicitud la resuelve una persona.", code="needs_a_person")
    return by.user


def _judge(application: Application, by: By) -> User:
    """Return who decides; refuse whoever may not judge this one."""
    user = _person(by)
    if refusal := eligibility.why_not_hers_to_judge(application, user):
        raise ValidationError(refusal, code="not_hers_to_judge")
    return user


def _held_by(application: Application, user: User) -> None:
    """Refuse when somebody else holds the locked row, or when what it says now makes it not hers to judge."""
    if application.reviewer_id == user.pk:
        if refusal := eligibility.why_not_hers_to_judge(application, user):
            raise ValidationError(f"{refusal} Túrnela.", code="not_hers_to_judge")
        return
    holder = application.reviewer
    raise ValidationError(
        "La revisa %(who)s. Pida que se la turne." if holder else "Tome primero la solicitud.",
        code="taken_by_other",
        params={"who": str(holder)},
    )


def _hand(application: Application, user: User, *, by: By, reason: str) -> Application:
    """Change who reviews it and leave a line."""
    application.reviewer = user
    application.save(update_fields=["reviewer"])
    states.append(
        application, from_state=application.state, to_state=application.state, by=by, reason=reason
    )
    return application


def _end_of(day: datetime.date) -> datetime.datetime:
    """Return 23:59:59 of a local day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))
