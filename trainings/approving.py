"""Visto bueno: to ask her jefatura by mail, and what she, her suplente, the staff or silence answer."""

import datetime
from collections.abc import Callable
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members.models import Assignment, Department, MailDomain, Person
from red_genero.common import states
from red_genero.common.models.transition import Channel
from red_genero.common.states import By
from red_genero.common.text import normalise_email
from trainings import eligibility, emails, filling, seating
from trainings.eligibility import Case
from trainings.models import Approval, ApprovalLink, Edition, Enrollment, Waiver

State = Enrollment.State
Decision = Approval.Decision
Role = ApprovalLink.Role

TIME_TO_ANSWER: Final = datetime.timedelta(days=7)
PETITIONS_A_DAY: Final = 5
NO_ANSWER: Final = "Su jefatura no respondió a tiempo."
PRIVATE: Final = frozenset({"not_a_member", "data_cancelled", eligibility.PREREQUISITES})


# Asking -----------------------------------------------------------------------------------------
def what_addresses_lack(
    person: Person, manager: str, substitute: str, *, required: bool, now: datetime.datetime
) -> list[ValidationError]:
    """Return everything wrong with the addresses to which the portal would write."""
    manager, substitute = normalise_email(manager), normalise_email(substitute)
    errors = []
    if not manager and (required or substitute):
        errors.append(ValidationError("Escriba el correo de su jefatura.", code="manager_required"))
    for typed, whom in ((manager, "su jefatura"), (substitute, "la persona suplente")):
        errors += _what_address_lacks(person, typed, whom) if typed else []
    if manager and manager == substitute:
        errors.append(
            ValidationError(
                "La persona suplente debe tener otro correo que su jefatura.", code="same_address"
            )
        )
    day = now - datetime.timedelta(days=1)
    asked = Approval.objects.filter(enrollment__person=person, asked_at__gt=day)
    if manager and asked.count() >= PETITIONS_A_DAY:
        errors.append(
            ValidationError(
                "Hoy ya se escribió varias veces a su jefatura. Intente de nuevo mañana.",
                code="too_many_petitions",
            )
        )
    return errors


def ask(
    seat: Enrollment,
    manager: str,
    substitute: str,
    *,
    begins_at: datetime.datetime,
    now: datetime.datetime,
) -> Approval | None:
    """Write to her jefatura; the caller holds what it needs and has checked the addresses.

    Without address nobody is asked: the personnel registers the answer.
    """
    if not manager.strip():
        return None
    deadline = min(now + TIME_TO_ANSWER, begins_at)
    petition = Approval.objects.create(enrollment=seat, asked_at=now, deadline=deadline)
    first = ApprovalLink.objects.create(
        approval=petition, role=Role.MANAGER, email=normalise_email(manager), sent_at=now
    )
    if substitute.strip():
        ApprovalLink.objects.create(
            approval=petition, role=Role.SUBSTITUTE, email=normalise_email(substitute)
        )
    emails.approval_asked(first)
    return petition


# Answering --------------------------------------------------------------------------------------
def approve_request(enrollment: Enrollment, *, by: By, reason: str) -> Enrollment:
    """Register the visto bueno that her jefatura gave otherwise: she takes a seat or enters the queue."""
    seating.need_reason(reason)
    return _approve(enrollment, by=by, reason=reason.strip())


def refuse_request(enrollment: Enrollment, *, by: By, reason: str) -> Enrollment:
    """Write that her jefatura did not give the visto bueno, and tell her why."""
    seating.need_reason(reason)
    return _refuse(enrollment, by=by, reason=reason.strip())


def answer_yes(link: ApprovalLink, *, by: By | None = None) -> Enrollment:
    """Give the visto bueno by the link, once; ``by`` is whoever happens to be signed in."""
    return _answer(
        link,
        by,
        Decision.GIVEN,
        lambda seat, who: _approve(seat, by=who, reason="Su jefatura dio el visto bueno."),
    )


def answer_no(link: ApprovalLink, *, reason: str, by: By | None = None) -> Enrollment:
    """Decline by the link, once, with what she will read."""
    seating.need_reason(reason)
    return _answer(
        link, by, Decision.DECLINED, lambda seat, who: _refuse(seat, by=who, reason=reason.strip())
    )


def why_closed(petition: Approval, now: datetime.datetime) -> str:
    """Return why the petition takes no answer any more, or nothing."""
    if petition.decision == Decision.EXPIRED or (not petition.decision and petition.is_over(now)):
        return f"El plazo para responder terminó el {eligibility.moment(petition.deadline)}."
    if petition.decision:
        return f"Esta solicitud ya se respondió: {petition.get_decision_display().lower()}."
    if petition.enrollment.edition.state == Edition.State.CANCELLED:
        return "La edición se canceló: ya no hay nada que responder."
    if petition.enrollment.state != State.REQUESTED:
        return "La solicitud se canceló: ya no hay nada que responder."
    return ""


# The clock --------------------------------------------------------------------------------------
def remind_approvals(now: datetime.datetime | None = None) -> int:
    """Remind who was asked two days ago, and ask the suplente on the third; return how many mails."""
    moment = now or timezone.now()
    rows = ("approval__enrollment__person__user", "approval__enrollment__edition__course")
    due = [
        *ApprovalLink.objects.to_remind(moment).values_list("pk", flat=True),
        *ApprovalLink.objects.substitutes_due(moment).values_list("pk", flat=True),
    ]
    written = 0
    for pk in due:
        with transaction.atomic():
            link = ApprovalLink.objects.select_for_update(of=("self",)).get(pk=pk)
            column = "reminded_at" if link.sent_at else "sent_at"
            whole = ApprovalLink.objects.select_related(
                *rows, "approval__enrollment__department"
            ).get(pk=pk)
            if getattr(link, column) is not None or why_closed(whole.approval, moment):
                continue
            setattr(whole, column, moment)
            whole.save(update_fields=[column])
            emails.approval_asked(whole, reminder=column == "reminded_at")
            written += 1
    return written


def expire_approvals(now: datetime.datetime | None = None) -> int:
    """End the requests that nobody answered in time and tell each person; return how many."""
    moment = now or timezone.now()
    by = By.job("Vencimiento de vistos buenos")
    ended = 0
    for petition in Approval.objects.overdue(moment).select_related("enrollment"):
        with transaction.atomic():
            _, seat = seating.hold(petition.enrollment)
            petition.refresh_from_db()
            if seat.state != State.REQUESTED or petition.decision:
                continue
            _decide(seat, Decision.EXPIRED, by, moment)
            seating.leave(seat, by=by, reason=NO_ANSWER, silent=True)
            emails.approval_expired(seat)
            ended += 1
    return ended


# Inside -----------------------------------------------------------------------------------------
def _what_address_lacks(person: Person, typed: str, whom: str) -> list[ValidationError]:
    """Return what is wrong with one address: its shape, that it is hers, its domain."""
    try:
        validate_email(typed)
    except ValidationError:
        return [ValidationError(f"Revise el correo de {whom}.", code="address_invalid")]
    hers = {person.institutional_email, person.alternate_email, person.address}
    if typed in {normalise_email(each) for each in hers if each}:
        sentence = f"El correo de {whom} no puede ser el suyo: el visto bueno lo da otra persona."
        return [ValidationError(sentence, code="own_address")]
    domain = typed.rpartition("@")[2]
    known = MailDomain.objects.filter(
        Q(department=None) | Q(department__in=_workplaces(person)), domain__iexact=domain
    )
    if not known.exists():
        sentence = f"El correo de {whom} debe ser institucional; «{domain}» no está registrado."
        return [ValidationError(sentence, code="address_not_institutional")]
    return []


def _workplaces(person: Person) -> list[int]:
    """Return the keys of her dependencia and of those above it."""
    post = Assignment.objects.open().filter(person=person).select_related("department").first()
    found: list[int] = []
    department: Department | None = post.department if post else None
    while department is not None and department.pk not in found:
        found.append(department.pk)
        department = department.parent
    return found


def _answer(
    link: ApprovalLink,
    signed_in: By | None,
    decision: Approval.Decision,
    verb: Callable[[Enrollment, By], Enrollment],
) -> Enrollment:
    """Apply one answer once; the same answer again changes nothing, another one is refused."""
    if signed_in is not None:
        seating.refuse_own(link.approval.enrollment, signed_in, "su propia solicitud")
    with transaction.atomic():
        _, seat = seating.hold(link.approval.enrollment)
        petition = Approval.objects.get(pk=link.approval_id)
        petition.enrollment = seat
        if petition.decision == decision:
            return seat
        closed = why_closed(petition, timezone.now())
        if closed:
            raise ValidationError(closed, code="approval_closed")
        who = By(None, Channel.WEB, f"{link.get_role_display()} ({link.email})")
        try:
            return verb(seat, who)
        except ValidationError as refusal:
            raise _without_her_data(refusal) from None


def _without_her_data(refusal: ValidationError) -> ValidationError:
    """Leave out what only she and the Instituto may read: her membership, what she has studied, her data."""
    hers = {check.code for check in refusal.error_list} & PRIVATE
    if not hers:
        return refusal
    sentence = (
        "Por ahora la inscripción no puede aprobarse: faltan condiciones que el Instituto revisa "
        "con ella. Puede intentarlo de nuevo antes de que venza el plazo."
    )
    return ValidationError(sentence, code="conditions_missing")


def _approve(enrollment: Enrollment, *, by: By, reason: str) -> Enrollment:
    """Let her in under the same rules of seats as anybody."""
    now = timezone.now()
    with transaction.atomic():
        edition, seat = seating.hold(enrollment)
        seating.refuse_own(seat, by, "su propia solicitud")
        if seat.state in {State.CONFIRMED, State.WAITING, State.OFFERED}:
            return seat
        states.check_move(Enrollment.MOVES, seat.state, State.CONFIRMED, State)
        facts = eligibility.gather(edition, [seat.person_id], now=now)
        checks = (*eligibility.EDITION_CHECKS, *eligibility.SEAT_CHECKS)
        eligibility.refuse(eligibility.apply(checks, Case(facts, seat.person_id, seat.waived)))
        filling.expire_held(edition, by=by, now=now)
        _decide(seat, Decision.GIVEN, by, now)
        seating.settle(seat, facts, by, reason=reason)
        seating.tell(seat)
        return seat


def _refuse(enrollment: Enrollment, *, by: By, reason: str) -> Enrollment:
    """Reject her request and tell her."""
    with transaction.atomic():
        _, seat = seating.hold(enrollment)
        seating.refuse_own(seat, by, "su propia solicitud")
        if seat.state == State.REJECTED:
            return seat
        states.move(
            seat,
            State.REJECTED,
            moves=Enrollment.MOVES,
            by=by,
            reason=reason,
            touched=seat.forget_needs(),
        )
        _decide(seat, Decision.DECLINED, by, timezone.now())
        emails.enrollment_rejected(seat, reason=reason)
        return seat


def _decide(seat: Enrollment, decision: Approval.Decision, by: By, now: datetime.datetime) -> None:
    """Close the petition, if one was made; the inscripción is held."""
    Approval.objects.filter(enrollment=seat, decision="").update(
        decision=decision, decided_at=now, decided_by=by.name[:160]
    )


def is_settled(seat: Enrollment) -> bool:
    """Whether the visto bueno of this inscripción was given or waived."""
    if Waiver.APPROVAL in seat.waived:
        return True
    return Approval.objects.filter(enrollment=seat, decision=Decision.GIVEN).exists()
