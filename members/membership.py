"""Membership after admission: suspend, reinstate, end and admit again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members import designating, emails
from members.models import Application, Assignment, Member, MembershipInterval, Person
from members.signals import membership_ended
from red_genero.common import states
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By


def admit(application: Application, *, by: By) -> Member:
    """Make her an integrante, or admit her again: same person, same kárdex, new interval.

    Must run inside the transaction that approves ``application``; opens her adscripción there.
    """
    person = application.person
    member = Member.objects.select_for_update().filter(person=person).first()
    today = timezone.localdate()
    if member is None:
        member = Member(person=person, folio=take_folio("INT"), since=today)
        member.full_clean()
        member.save()
        states.append(
            member, from_state="", to_state=member.state, by=by, reason=str(application.folio)
        )
    elif member.state == Member.State.ENDED:
        reason = f"Reingreso con la solicitud {application.folio}"
        states.move(member, Member.State.ACTIVE, moves=Member.MOVES, by=by, reason=reason)
    else:
        raise ValidationError("Esta persona ya es integrante de la Red.", code="already_member")
    MembershipInterval.objects.create(member=member, start=today)
    _open_assignment(application)
    designating.leave_former_posts(person, by=by)
    return member


def suspend(member: Member, *, reason: str, by: By) -> Member:
    """Take her access as integrante for a time; doing it twice changes nothing."""
    _need(reason)
    with transaction.atomic():
        member = _locked(member)
        if member.state == Member.State.SUSPENDED:
            return member
        states.move(member, Member.State.SUSPENDED, moves=Member.MOVES, by=by, reason=reason)
        emails.membership_suspended(member, reason)
    return member


def reinstate(member: Member, *, reason: str, by: By) -> Member:
    """End a suspension."""
    _need(reason)
    with transaction.atomic():
        member = _locked(member)
        if member.state == Member.State.ACTIVE:
            return member
        if member.state == Member.State.ENDED:
            raise ValidationError(
                "Causó baja: para volver debe presentar una solicitud de reingreso.",
                code="needs_application",
            )
        states.move(member, Member.State.ACTIVE, moves=Member.MOVES, by=by, reason=reason)
        emails.membership_reinstated(member)
    return member


def end(member: Member, *, reason: str, by: By) -> Member:
    """Baja: close her interval, her adscripción and her designations and tell the other apps in this transaction.

    Attendance, hours and constancias stay as they are.
    """
    _need(reason)
    with transaction.atomic():
        member = _locked(member)
        if member.state == Member.State.ENDED:
            return member
        today = timezone.localdate()
        states.move(member, Member.State.ENDED, moves=Member.MOVES, by=by, reason=reason)
        for interval in member.intervals.filter(end__isnull=True):
            interval.end, interval.end_reason = today, reason
            interval.full_clean()
            interval.save(update_fields=["end", "end_reason"])
        for assignment in member.person.assignments.open():
            _close(assignment)
        designating.end_all_of(member.person, reason="Causó baja en la Red", by=by)
        membership_ended.send(sender=Member, member=member, by=by)
        emails.membership_ended(member, reason)
    return member


def _locked(member: Member) -> Member:
    """Return the row as it is now, held until the end of the transaction."""
    return Member.objects.select_for_update().get(pk=member.pk)


def _need(reason: str) -> None:
    """Refuse an empty reason: it is part of the record."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")


def _open_assignment(application: Application) -> Assignment:
    """Open the adscripción that she declared, closing one left open."""
    person: Person = application.person
    for left_open in person.assignments.open():
        _close(left_open)
    assignment = Assignment(
        person=person,
        department=application.department,
        area=application.area,
        position=application.position,
        level=application.level,
        appointment=application.appointment,
        start=timezone.localdate(),
    )
    assignment.full_clean()
    assignment.save()
    return assignment


def _close(assignment: Assignment) -> None:
    """End an adscripción today."""
    assignment.end = max(timezone.localdate(), assignment.start)
    assignment.save(update_fields=["end"])
