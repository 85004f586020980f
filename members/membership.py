"""Membership: enter, suspend, reinstate, end, come back, and work elsewhere."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from members import contacting, emails, leaving_posts
from members.models import (
    Application,
    Assignment,
    Department,
    Member,
    MembershipInterval,
    Person,
)
from members.signals import membership_ended
from red_genero.common import states
from red_genero.common.models.folio import take_folio
from red_genero.common.models.transition import Channel
from red_genero.common.states import By


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works and as what."""

    department: Department
    position: str
    level: str
    area: str = ""
    appointment: str = ""


def admit(application: Application, *, by: By) -> Member:
    """Make her an integrante, or admit her again: same person, same kárdex, new interval.

    Must run inside the transaction that approves ``application``; opens her adscripción there.
    """
    if application.department is None:
        raise ValidationError("Falta su dependencia.", code="department_unresolved")
    place = Place(
        application.department,
        application.position,
        application.level,
        application.area,
        application.appointment,
    )
    return enter(application.person, place, reason=str(application.folio), by=by)


def enter(
    person: Person, place: Place, *, reason: str, since: datetime.date | None = None, by: By
) -> Member:
    """Open her membership, her stay and her adscripción; no mail. Must run inside a transaction.

    ``since`` is a day of the past for who belonged before the portal knew it. Raises ValidationError (codes
    ``already_member``, ``date_ahead``, ``date_before``).
    """
    member = Member.objects.select_for_update().filter(person=person).first()
    day = since or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError("La fecha de ingreso no puede ser futura.", code="date_ahead")
    if member is None:
        member = Member(person=person, folio=take_folio("INT"), since=day)
        member.full_clean()
        member.save()
        states.append(member, from_state="", to_state=member.state, by=by, reason=reason)
    elif member.state == Member.State.ENDED:
        if member.intervals.filter(end__gt=day).exists():
            raise ValidationError(
                "La fecha de reingreso es anterior a su última baja.", code="date_before"
            )
        again = f"Reingreso: {reason}"
        states.move(member, Member.State.ACTIVE, moves=Member.MOVES, by=by, reason=again)
    else:
        raise ValidationError("Esta persona ya es integrante de la Red.", code="already_member")
    MembershipInterval.objects.create(member=member, start=day)
    _open_assignment(person, place, day)
    leaving_posts.leave_former_posts(person, by=by)
    return member


def readmit(member: Member, place: Place, *, reason: str, by: By) -> Member:
    """Reingreso by staff: same person and kárdex, new stay; she is told. A second press changes nothing."""
    _need(reason, member, by)
    with transaction.atomic():
        member = _locked(member)
        if member.state == Member.State.ACTIVE:
            return member
        if member.state == Member.State.SUSPENDED:
            raise ValidationError("Está suspendida: use «Reactivar».", code="move_refused")
        member = enter(member.person, place, reason=reason, by=by)
        emails.membership_reinstated(member)
    return member


def readscribe(
    member: Member, place: Place, *, start: datetime.date, reason: str, by: By
) -> Assignment:
    """Readscripción by staff: her adscripción ends the day before ``start`` and the new one opens.

    Hours already earned stay with the dependencia where they were earned. Raises ValidationError (codes
    ``not_active``, ``date_ahead``, ``date_before``).
    """
    _need(reason, member, by)
    if start > timezone.localdate():
        raise ValidationError("Regístrela a partir del día en que empieza.", code="date_ahead")
    with transaction.atomic():
        member = _locked(member)
        if member.state == Member.State.ENDED:
            raise ValidationError("Causó baja: registre antes su reingreso.", code="not_active")
        former = member.person.assignments.open().first()
        if former is not None and _same(former, place):
            return former
        if former is not None and start <= former.start:
            raise ValidationError(
                "Su adscripción actual empezó el %(day)s: la nueva empieza después.",
                code="date_before",
                params={"day": date_format(former.start)},
            )
        if former is not None:
            former.end = start - datetime.timedelta(days=1)
            former.save(update_fields=["end"])
        made = _open_assignment(member.person, place, start)
        before = str(former) if former else "sin adscripción"
        line = f"Readscripción: {before} → {made}. {reason.strip()}"
        states.append(member, from_state=member.state, to_state=member.state, by=by, reason=line)
        leaving_posts.leave_former_posts(member.person, by=by)
        emails.membership_readscribed(member, made)
    return made


def suspend(member: Member, *, reason: str, by: By) -> Member:
    """Take her access as integrante for a time; doing it twice changes nothing."""
    _need(reason, member, by)
    with transaction.atomic():
        member = _locked(member)
        if member.state == Member.State.SUSPENDED:
            return member
        states.move(member, Member.State.SUSPENDED, moves=Member.MOVES, by=by, reason=reason)
        emails.membership_suspended(member, reason)
    return member


def reinstate(member: Member, *, reason: str, by: By) -> Member:
    """End a suspension."""
    _need(reason, member, by)
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
    _need(reason, member, by)
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
        leaving_posts.end_all_of(member.person, reason="Causó baja en la Red", by=by)
        contacting.close_all_of(member.person, by=by)
        membership_ended.send(sender=Member, member=member, by=by)
        emails.membership_ended(member, reason)
    return member


def _locked(member: Member) -> Member:
    """Return the row as it is now, held until the end of the transaction."""
    return Member.objects.select_for_update().get(pk=member.pk)


def _need(reason: str, member: Member, by: By) -> None:
    """Refuse an empty reason, which is part of the record, and staff acting on their own membership."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    hers = by.user is not None and member.person.user_id == by.user.pk
    if hers and by.channel == Channel.ADMIN:
        raise ValidationError("Es su propia membresía: la atiende otra persona.", code="own_case")


def _open_assignment(person: Person, place: Place, day: datetime.date) -> Assignment:
    """Open an adscripción, closing one left open."""
    for left_open in person.assignments.open():
        _close(left_open)
    assignment = Assignment(
        person=person,
        department=place.department,
        area=place.area,
        position=place.position,
        level=place.level,
        appointment=place.appointment,
        start=day,
    )
    assignment.full_clean()
    assignment.save()
    return assignment


def _same(held: Assignment, place: Place) -> bool:
    """Whether she already works there as that."""
    now = (held.department_id, held.position, held.level, held.area, held.appointment)
    return now == (
        place.department.pk,
        place.position,
        place.level,
        place.area,
        place.appointment,
    )


def _close(assignment: Assignment) -> None:
    """End an adscripción today."""
    assignment.end = max(timezone.localdate(), assignment.start)
    assignment.save(update_fields=["end"])
