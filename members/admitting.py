"""Admission: every move of a solicitud, from the draft to the decision."""

import datetime
from dataclasses import dataclass
from typing import Final, Protocol

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import eligibility, emails, membership, privacy
from members.models import (
    Application,
    Department,
    Holiday,
    InformationRequest,
    Member,
    Person,
    RejectionReason,
    User,
)
from red_genero.common import states
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By

ANSWER_DAYS: Final = 10
State = Application.State


class DraftForm(Protocol):
    """A form of one page of the draft, already valid."""

    def save(self) -> object:
        """Write what was typed."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum without which the solicitud cannot be sent, and the page that asks it."""

    step: str
    label: str


def mailbox_proven(user: User) -> bool:
    """Whether the address of this account was proven by its owner."""
    proven = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(proven.exists())


def why_not_start(user: User) -> str:
    """Return why this account may not begin a solicitud, or nothing."""
    person = Person.objects.filter(user=user).select_related("member").first()
    member = getattr(person, "member", None)
    if member is not None and member.state != Member.State.ENDED:
        return "Ya es integrante de la Red: no necesita otra solicitud."
    return ""


def start(user: User, *, by: By) -> Application:
    """Record that she read the aviso and open her draft; a second press returns the same one.

    Raises ValidationError (codes ``already_member`` and ``no_notice``).
    """
    if refusal := why_not_start(user):
        raise ValidationError(refusal, code="already_member")
    notice = privacy.notice_in_force()
    try:
        with transaction.atomic():
            person, _ = Person.objects.get_or_create(
                user=user, defaults={"institutional_email": user.email}
            )
            Person.objects.select_for_update().get(pk=person.pk)
            privacy.read_notice(person, notice, by=by)
            if already := person.applications.open().first():
                return already
            application = Application.objects.create(person=person)
            states.append(application, from_state="", to_state=State.DRAFT, by=by)
            return application
    except IntegrityError:
        return Application.objects.of(user).open().get()


def save(application: Application, form: DraftForm) -> None:
    """Write one page of the draft; once sent, it is no longer hers to change."""
    with transaction.atomic():
        if _locked(application).state != State.DRAFT:
            raise ValidationError(
                "Esta solicitud ya se envió y no se puede cambiar aquí.", code="already_sent"
            )
        form.save()


def missing(application: Application) -> list[Missing]:
    """Return what still has to be written before it can be sent, page by page."""
    person = application.person
    asked = (
        ("quien-es", "Nombre(s)", person.given_names),
        ("quien-es", "Primer apellido", person.first_surname),
        ("quien-es", "Correo institucional", person.institutional_email),
        ("dependencia", "Dependencia u organismo", application.workplace),
        ("puesto", "Área o unidad administrativa", application.area),
        ("puesto", "Cargo o puesto", application.position),
        ("puesto", "Nivel de responsabilidad", application.level),
        ("que-hace", "Políticas, programas o acciones", application.policy_work),
    )
    return [Missing(step, label) for step, label, value in asked if not value]


def send(
    application: Application, *, directory: bool, mobile: bool, image: bool, by: By
) -> Application:
    """Send it to the Instituto with a folio; a second press changes nothing.

    Raises ValidationError (codes ``mailbox_not_proven``, ``incomplete`` and ``move_refused``).
    """
    with transaction.atomic():
        application = _locked(application)
        if application.state == State.SENT:
            return application
        states.check_move(Application.MOVES, application.state, State.SENT, State)
        person = application.person
        if person.user is None or not mailbox_proven(person.user):
            raise ValidationError(
                "Falta comprobar su correo: abra el mensaje que le enviamos y confirme la dirección.",
                code="mailbox_not_proven",
            )
        if lacking := missing(application):
            labels = ", ".join(item.label for item in lacking)
            raise ValidationError(
                "Para enviar falta: %(labels)s.", "incomplete", {"labels": labels}
            )
        chosen = {"directorio": directory, "celular": mobile, "imagen": image}
        privacy.choose(person, chosen, by=by)
        application.folio = take_folio("SOL")
        application.sent_at = timezone.now()
        _move(application, State.SENT, by=by, touched=("folio", "sent_at"))
        emails.application_sent(application)
    return application


def take(application: Application, *, by: By) -> Application:
    """Begin to review it, or pick up one that nobody holds."""
    user = _judge(application, by)
    with transaction.atomic():
        application = _locked(application)
        if application.state == State.IN_REVIEW and application.reviewer_id is None:
            return _hand(application, user, by=by, reason=f"La revisa {user}")
        if application.state == State.IN_REVIEW:
            _held_by(application, user)
            return application
        application.reviewer = user
        _move(application, State.IN_REVIEW, by=by, touched=("reviewer",))
    return application


def hand_over(application: Application, *, to: User, by: By) -> Application:
    """Turnar: another person reviews it from now on; nobody chooses who judges her own."""
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
        application.save(update_fields=["department"])
        reason = f"Dependencia: «{before}» → «{department}»"
        states.append(
            application, from_state=State.IN_REVIEW, to_state=State.IN_REVIEW, by=by, reason=reason
        )
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
        _move(application, State.NEEDS_INFO, by=by, reason=asked.question)
        emails.information_requested(asked)
    return asked


def answer(application: Application, *, text: str, by: By) -> Application:
    """Store her answer and put the solicitud back with whoever reviews it.

    The same answer sent twice is stored once. Raises ValidationError (codes ``answer_missing``,
    ``too_late`` and ``nothing_asked``).
    """
    if not text.strip():
        raise ValidationError("Escriba su respuesta.", code="answer_missing")
    with transaction.atomic():
        application = _locked(application)
        asked = application.questions.open().first()
        if asked is None:
            last = application.questions.last()
            if last is not None and last.answer == text.strip():
                return application
            raise ValidationError(
                "No hay ninguna pregunta pendiente en esta solicitud.", code="nothing_asked"
            )
        if asked.deadline < timezone.now():
            raise ValidationError(
                "El plazo para responder terminó. Puede presentar una solicitud nueva.",
                code="too_late",
            )
        asked.answer, asked.answered_at = text.strip(), timezone.now()
        asked.full_clean()
        asked.save(update_fields=["answer", "answered_at"])
        _move(application, State.IN_REVIEW, by=by, reason="Respondió la pregunta")
    return application


def approve(application: Application, *, by: By) -> Member:
    """Admit her: integrante, adscripción and welcome mail; a second press returns the same member.

    Raises ValidationError (codes ``not_hers_to_judge``, ``taken_by_other``, ``department_unresolved``,
    ``already_member`` and ``move_refused``).
    """
    user = _judge(application, by)
    with transaction.atomic():
        application = _locked(application)
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
        _move(application, State.APPROVED, by=by, touched=("decided_at",))
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
        application = _locked(application)
        if application.state == State.REJECTED:
            return application
        states.check_move(Application.MOVES, application.state, State.REJECTED, State)
        _held_by(application, user)
        application.rejection_reason = reason
        application.decision_text = text.strip()
        application.decided_at = timezone.now()
        touched = ("rejection_reason", "decision_text", "decided_at")
        _move(application, State.REJECTED, by=by, reason=str(reason), touched=touched)
        emails.application_rejected(application)
    return application


def withdraw(application: Application, *, by: By, reason: str = "") -> Application:
    """Take it back while it is open; a sent one is confirmed by mail."""
    with transaction.atomic():
        application = _locked(application)
        if application.state == State.WITHDRAWN:
            return application
        _move(application, State.WITHDRAWN, by=by, reason=reason)
        application.questions.open().update(closed_at=timezone.now())
        if application.folio:
            emails.application_withdrawn(application)
    return application


def expire_due(*, by: By) -> list[Application]:
    """Expire every solicitud whose question nobody answered in time; return those expired now."""
    overdue = InformationRequest.objects.overdue(timezone.now()).values_list(
        "application_id", flat=True
    )
    found = [_expire(key, by=by) for key in list(overdue)]
    return [application for application in found if application is not None]


def remind_due() -> list[InformationRequest]:
    """Remind, once, everybody who has used half of the time to answer; return those questions."""
    now = timezone.now()
    reminded = []
    for pending in InformationRequest.objects.open().filter(reminded_at=None, deadline__gt=now):
        if now < pending.asked_at + (pending.deadline - pending.asked_at) / 2:
            continue
        with transaction.atomic():
            question = InformationRequest.objects.select_for_update().get(pk=pending.pk)
            if question.reminded_at or question.answered_at or question.closed_at:
                continue
            question.reminded_at = now
            question.save(update_fields=["reminded_at"])
            emails.information_reminder(question)
            reminded.append(question)
    return reminded


def _expire(key: int, *, by: By) -> Application | None:
    """Expire one, unless she answered meanwhile."""
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=key)
        overdue = application.questions.overdue(timezone.now()).first()
        if application.state != State.NEEDS_INFO or overdue is None:
            return None
        overdue.closed_at = timezone.now()
        overdue.save(update_fields=["closed_at"])
        _move(application, State.EXPIRED, by=by, reason="No hubo respuesta dentro del plazo")
        emails.application_expired(application)
        return application


def _locked(application: Application) -> Application:
    """Return the row as it is now, held until the end of the transaction."""
    return Application.objects.select_for_update().get(pk=application.pk)


def _in_review(application: Application) -> Application:
    """Return the locked row; refuse unless somebody is reviewing it."""
    application = _locked(application)
    if application.state != State.IN_REVIEW:
        raise ValidationError(
            "La solicitud no está en revisión. Actualice la página para ver el estado actual.",
            code="not_in_review",
        )
    return application


def _judge(application: Application, by: By) -> User:
    """Return who decides; refuse whoever may not judge this one."""
    if not isinstance(by.user, User):
        raise ValidationError("Una solicitud la resuelve una persona.", code="needs_a_person")
    if refusal := eligibility.why_not_hers_to_judge(application, by.user):
        raise ValidationError(refusal, code="not_hers_to_judge")
    return by.user


def _held_by(application: Application, user: User) -> None:
    """Refuse when somebody else holds it."""
    if application.reviewer_id == user.pk:
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


def _move(
    application: Application,
    to: str,
    *,
    by: By,
    reason: str = "",
    touched: tuple[str, ...] = (),
) -> None:
    """Go through the one door."""
    states.move(application, to, moves=Application.MOVES, by=by, reason=reason, touched=touched)


def _end_of(day: datetime.date) -> datetime.datetime:
    """Return 23:59:59 of a local day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))
