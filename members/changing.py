"""Changes of name, cargo and dependencia: asked by her, decided by the Instituto; her access stays meanwhile.

A change writes the present: constancias keep the name that they were issued with, and hours stay with the dependencia
where they were earned. Locks: member → change request.
"""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from members import leaving_posts, messages
from members.models import Assignment, ChangeRequest, Department, Member, Person, User
from red_genero.common import intake, states
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By

State = ChangeRequest.State
Kind = ChangeRequest.Kind
ONE_DAY: Final = datetime.timedelta(days=1)
FARTHEST: Final = datetime.timedelta(days=365)
"""How far from today a change may begin or have begun."""
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    Kind.NAME: ChangeRequest.NAME_FIELDS,
    Kind.POST: (*ChangeRequest.POST_FIELDS, "effective_on"),
    Kind.DEPARTMENT: (
        "department",
        "department_other",
        *ChangeRequest.POST_FIELDS,
        "effective_on",
    ),
}


def request(
    member: Member,
    kind: str,
    *,
    wanted: Mapping[str, Any],
    note: str = "",
    file: File[bytes] | None = None,
    by: By,
) -> ChangeRequest:
    """Ask for a change; the same one waiting already is returned as it is.

    ``wanted`` holds the columns of ``FIELDS[kind]``. Raises ValidationError (codes ``not_active``, ``nothing_changes``,
    ``date_far``, ``department_missing`` and those of the fields).
    """
    proof = intake.receive(file, intake.PAPERS) if file else None
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member.pk)
        if member.state == Member.State.ENDED:
            raise ValidationError(
                "Causó baja en la Red: para volver presente una solicitud de reingreso.",
                code="not_active",
            )
        standing = member.person.changes.open().filter(kind=kind).first()
        if standing is not None:
            return standing
        columns = {name: wanted[name] for name in FIELDS[kind] if name in wanted}
        made = ChangeRequest(person=member.person, kind=kind, note=note.strip(), **columns)
        _check(made)
        made.before = now(made.person, kind)
        made.folio = take_folio("CAM")
        made.full_clean(exclude=["file"], validate_constraints=False)
        _store(made, proof)
        states.append(made, from_state="", to_state=made.state, by=by)
        messages.change_requested(made)
    return made


def approve(change: ChangeRequest, *, by: By) -> ChangeRequest:
    """Apply what she asked for; a second press changes nothing.

    Raises ValidationError (codes ``own_case``, ``too_early``, ``department_unresolved`` and ``date_before``).
    """
    reviewer = _judge(change, by)
    with transaction.atomic():
        Member.objects.select_for_update().get(person=change.person_id)
        change = _locked(change)
        if change.state == State.APPROVED:
            return change
        states.check_move(ChangeRequest.MOVES, change.state, State.APPROVED, State)
        if change.kind == Kind.NAME:
            _rename(change)
        else:
            _readscribe(change)
            leaving_posts.leave_former_posts(change.person, by=by)
        _decide(
            change, State.APPROVED, reviewer, by=by, reason=f"{change.before} → {asked(change)}"
        )
        messages.change_approved(change)
    return change


def refuse(change: ChangeRequest, *, text: str, by: By) -> ChangeRequest:
    """Do not make the change, in words that she reads."""
    reviewer = _judge(change, by)
    if not text.strip():
        raise ValidationError(
            "Escriba el motivo: se le envía tal como lo escriba.", code="reason_missing"
        )
    with transaction.atomic():
        change = _locked(change)
        if change.state == State.REFUSED:
            return change
        states.check_move(ChangeRequest.MOVES, change.state, State.REFUSED, State)
        change.decision_text = text.strip()
        _decide(change, State.REFUSED, reviewer, by=by, reason=change.decision_text)
        messages.change_refused(change)
    return change


def withdraw(change: ChangeRequest, *, by: By) -> ChangeRequest:
    """Take the request back; everything stays as it was."""
    with transaction.atomic():
        change = _locked(change)
        if change.state != State.WITHDRAWN:
            states.move(change, State.WITHDRAWN, moves=ChangeRequest.MOVES, by=by)
    return change


def resolve_department(change: ChangeRequest, department: Department, *, by: By) -> ChangeRequest:
    """Set the dependencia of the catalogue when she wrote «otra»."""
    _judge(change, by)
    with transaction.atomic():
        change = _locked(change)
        states.check_move(ChangeRequest.MOVES, change.state, State.APPROVED, State)
        if change.kind != Kind.DEPARTMENT:
            raise ValidationError("Este cambio no es de dependencia.", code="other_kind")
        if change.department_id == department.pk:
            return change
        reason = f"Dependencia: «{change.workplace}» → «{department}»"
        change.department = department
        change.save(update_fields=["department"])
        states.append(change, from_state=change.state, to_state=change.state, by=by, reason=reason)
    return change


def now(person: Person, kind: str) -> str:
    """Return in words how it stands today."""
    if kind == Kind.NAME:
        printed = f" (constancias: {person.certificate_name})" if person.certificate_name else ""
        return f"{person.full_name}{printed}"
    post = person.assignments.open().select_related("department").first()
    if post is None:
        return "Sin adscripción"
    return ", ".join(filter(None, (post.position, post.area, str(post.department))))


def asked(change: ChangeRequest) -> str:
    """Return in words what she asks for."""
    if change.kind == Kind.NAME:
        printed = f" (constancias: {change.certificate_name})" if change.certificate_name else ""
        return f"{change.asked_name}{printed}"
    place = change.workplace if change.kind == Kind.DEPARTMENT else ""
    since = f"desde el {date_format(change.effective_on)}" if change.effective_on else ""
    return ", ".join(filter(None, (change.position, change.area, place, since)))


def _check(change: ChangeRequest) -> None:
    """Refuse what changes nothing and dates that cannot be meant."""
    today = timezone.localdate()
    if change.effective_on and abs(change.effective_on - today) > FARTHEST:
        raise ValidationError(
            "Escriba una fecha de los últimos doce meses o de los próximos.", code="date_far"
        )
    if change.kind == Kind.NAME:
        person = change.person
        if _same(person, change, ChangeRequest.NAME_FIELDS):
            raise ValidationError(
                "Es el mismo nombre que ya tiene. Escriba el nuevo.", code="nothing_changes"
            )
        return
    change.effective_on = change.effective_on or today
    if change.kind == Kind.DEPARTMENT and not (change.department or change.department_other):
        raise ValidationError("Elija la dependencia o escríbala.", code="department_missing")
    post = change.person.assignments.open().first()
    same_place = change.kind == Kind.POST or (post and post.department_id == change.department_id)
    if post and same_place and _same(post, change, ChangeRequest.POST_FIELDS):
        raise ValidationError(
            "Es el mismo puesto que ya tiene. Escriba lo que cambia.", code="nothing_changes"
        )


def _same(held: Person | Assignment, change: ChangeRequest, names: tuple[str, ...]) -> bool:
    """Whether these columns already say what she asks for."""
    return all(getattr(held, name) == getattr(change, name) for name in names)


def _rename(change: ChangeRequest) -> None:
    """Write the name on her row; what was issued before keeps its own."""
    person = Person.objects.select_for_update().get(pk=change.person_id)
    for name in ChangeRequest.NAME_FIELDS:
        setattr(person, name, getattr(change, name))
    person.clean_fields(
        exclude=[f.name for f in Person._meta.fields if f.name not in ChangeRequest.NAME_FIELDS]
    )
    keys = ("search_key", "name_key", "sort_name")
    person.save(update_fields=[*ChangeRequest.NAME_FIELDS, *keys])
    change.person = person


def _readscribe(change: ChangeRequest) -> None:
    """End the adscripción the day before and open the new one; on its first day it is corrected in place."""
    start = change.effective_on or timezone.localdate()
    if start > timezone.localdate():
        raise ValidationError(
            f"El cambio empieza el {date_format(start)}: apruébelo a partir de ese día.",
            code="too_early",
        )
    former = change.person.assignments.open().first()
    if change.kind == Kind.DEPARTMENT and change.department is None:
        raise ValidationError(
            f"Elija primero la dependencia del catálogo que corresponde a «{change.department_other}».",
            code="department_unresolved",
        )
    department = change.department if change.kind == Kind.DEPARTMENT else None
    if former is None and department is None:
        raise ValidationError(
            "No tiene adscripción vigente: pida el cambio como readscripción.", code="no_post"
        )
    if former is not None and start < former.start:
        raise ValidationError(
            f"Su adscripción actual empezó el {date_format(former.start)}: la nueva no puede empezar antes.",
            code="date_before",
        )
    row = Assignment(person=change.person, start=start)
    if former is not None and start == former.start:
        row = former
    elif former is not None:
        former.end = start - ONE_DAY
        former.save(update_fields=["end"])
    row.department = department or former.department  # type: ignore[union-attr]
    for name in ChangeRequest.POST_FIELDS:
        setattr(row, name, getattr(change, name))
    row.full_clean()
    row.save()


def _judge(change: ChangeRequest, by: By) -> User:
    """Return who decides; nobody decides over her own."""
    if not isinstance(by.user, User):
        raise ValidationError("Un cambio lo resuelve una persona.", code="needs_a_person")
    if change.person.user_id == by.user.pk:
        raise ValidationError("Es su propia solicitud: la resuelve otra persona.", code="own_case")
    return by.user


def _locked(change: ChangeRequest) -> ChangeRequest:
    """Return the row as it is now, held until the end of the transaction."""
    found = ChangeRequest.objects.select_for_update(of=("self",))
    return found.select_related("person", "department").get(pk=change.pk)


def _decide(change: ChangeRequest, to: str, reviewer: User, *, by: By, reason: str) -> None:
    """Go through the one door, with who decided and when."""
    change.reviewer, change.decided_at = reviewer, timezone.now()
    touched = ("reviewer", "decided_at", "decision_text")
    states.move(change, to, moves=ChangeRequest.MOVES, by=by, reason=reason, touched=touched)


def _store(made: ChangeRequest, proof: intake.Received | None) -> None:
    """Write the file, then the row; a refused row leaves no file."""
    if proof is not None:
        made.file.save(proof.stored_name, proof, save=False)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        if proof is not None:
            made.file.delete(save=False)
        raise ValidationError(
            "Ya tiene una solicitud de ese cambio en espera de revisión.", code="already_open"
        ) from error
