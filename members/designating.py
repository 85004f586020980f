"""Enlaces de género: from the titular's oficio or her own proposal to the post, and out of it.

Nothing here rewrites a day that has passed: a post is held from the day on which Validación says so, or later, and left
today or later. So the coverage of a past date stays what it was. Locks: member → department → designation.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from members import emails, formalizing, requesting, settling, uploads
from members.models import (
    Department,
    Designation,
    DesignationRequest,
    LiaisonRole,
    Member,
    Person,
)
from red_genero.common import states
from red_genero.common.states import By

State = Designation.State
ONE_DAY: Final = datetime.timedelta(days=1)
BOTH_POSTS: Final = "No puede tener los dos puestos de una dependencia al mismo tiempo."


@dataclass(frozen=True, slots=True, kw_only=True)
class Oficio:
    """The paper of a dependencia: without it nobody is designated."""

    number: str
    date: datetime.date
    file: File[bytes]
    last_day: datetime.date | None = None
    titular: str = ""
    titular_email: str = ""


def nominate(
    department: Department,
    role: str,
    person: Person,
    *,
    oficio: Oficio,
    by: By,
    request: DesignationRequest | None = None,
) -> Designation:
    """Record that a dependencia's titular designates her, and ask her whether she accepts.

    With ``request``, this is the answer to that letter.
    """
    _check_oficio(oficio)
    file = uploads.checked(oficio.file)
    with transaction.atomic():
        _lock_member(person)
        _check_post(department, role, person)
        made = Designation(department=department, role=role, person=person, state=State.NOMINATED)
        made.request = request
        _write_oficio(made, oficio)
        _save_new(made, file)
        reason = f"Oficio {oficio.number}"
        states.append(made, from_state="", to_state=made.state, by=by, reason=reason)
        if request is not None:
            requesting.record_answer(
                request, number=oficio.number, date=oficio.date, file=oficio.file, by=by
            )
        emails.designation_nominated(made)
    return made


def propose(person: Person, department: Department, role: str, *, by: By) -> Designation:
    """She offers herself; the oficio of her titular comes later."""
    with transaction.atomic():
        _lock_member(person)
        _check_post(department, role, person)
        same = Designation.objects.open().filter(person=person, department=department, role=role)
        standing = same.first()
        if standing is not None:
            return standing
        made = Designation(department=department, role=role, person=person, state=State.PROPOSED)
        _save_new(made, None)
        states.append(made, from_state="", to_state=made.state, by=by)
    return made


def attach(designation: Designation, oficio: Oficio, *, by: By) -> Designation:
    """Add the titular's oficio to what she proposed; she had already said yes."""
    _check_oficio(oficio)
    file = uploads.checked(oficio.file)
    with transaction.atomic():
        _lock_member(designation.person)
        designation = locked(designation)
        _write_oficio(designation, oficio)
        states.check_move(Designation.MOVES, designation.state, State.ACCEPTED, State)
        if designation.state != State.PROPOSED:
            raise ValidationError("Ya tiene su oficio.", code="has_oficio")
        designation.oficio.save(str(file.name), file, save=False)
        move(
            designation,
            State.ACCEPTED,
            by=by,
            reason=f"Oficio {oficio.number}",
            touched=(
                "oficio",
                "oficio_number",
                "oficio_date",
                "last_day",
                "titular",
                "titular_email",
            ),
        )
    return designation


def accept(designation: Designation, *, show_name: str, by: By) -> Designation:
    """She takes the post that her dependencia offers, and says who may read her name."""
    _check_hers(designation, by)
    with transaction.atomic():
        _lock_member(designation.person)
        designation = locked(designation)
        if designation.state in (State.ACCEPTED, State.IN_FORCE):
            return designation
        if designation.state == State.PROPOSED:
            raise ValidationError(
                "Falta el oficio de su titular: agréguelo para seguir.", code="needs_oficio"
            )
        designation.show_name = show_name
        move(designation, State.ACCEPTED, by=by, touched=("show_name",))
    return designation


def decline(designation: Designation, *, reason: str = "", by: By) -> Designation:
    """She does not take it, or withdraws what she proposed; no reason is asked of her."""
    _check_hers(designation, by)
    with transaction.atomic():
        designation = locked(designation)
        if designation.state != State.DECLINED:
            move(designation, State.DECLINED, by=by, reason=reason)
    return designation


def show_name(designation: Designation, visibility: str, *, by: By) -> Designation:
    """Change who reads her name as enlace."""
    _check_hers(designation, by)
    with transaction.atomic():
        designation = locked(designation)
        designation.show_name = visibility
        designation.clean_fields(
            exclude=[f.name for f in Designation._meta.fields if f.name != "show_name"]
        )
        designation.save(update_fields=["show_name"])
    return designation


def validate(
    designation: Designation,
    *,
    start: datetime.date | None = None,
    replacing: bool = False,
    by: By,
) -> Designation:
    """Put her in the post from ``start`` (today); with ``replacing``, whoever holds it leaves that day."""
    _refuse_own_case(designation, by)
    first = start or timezone.localdate()
    with transaction.atomic():
        _lock_member(designation.person)
        department = Department.objects.select_for_update().get(pk=designation.department_id)
        designation = locked(designation)
        if designation.state == State.IN_FORCE:
            return designation
        states.check_move(Designation.MOVES, designation.state, State.IN_FORCE, State)
        end = designation.last_day + ONE_DAY if designation.last_day else None
        _check_interval(department, first, end)
        _check_post(department, designation.role, designation.person)
        designation.start, designation.end = first, end
        _make_room(designation, replacing=replacing, by=by)
        try:
            with transaction.atomic():
                move(designation, State.IN_FORCE, by=by, touched=("start", "end"))
        except IntegrityError as error:
            raise ValidationError(
                "Ese puesto ya está ocupado en esas fechas.", code="post_taken"
            ) from error
        settling.follow(designation, by=by)
        emails.designation_validated(designation)
    return designation


def reject(designation: Designation, *, reason: str, by: By) -> Designation:
    """Validación does not accept it; she reads why."""
    _refuse_own_case(designation, by)
    need(reason)
    with transaction.atomic():
        designation = locked(designation)
        if designation.state == State.REJECTED:
            return designation
        move(designation, State.REJECTED, by=by, reason=reason)
        emails.designation_rejected(designation, reason)
    return designation


def move(
    designation: Designation, to: str, *, by: By, reason: str = "", touched: tuple[str, ...] = ()
) -> None:
    """Pass through the one door."""
    states.move(designation, to, moves=Designation.MOVES, by=by, reason=reason, touched=touched)


def locked(designation: Designation) -> Designation:
    """Return the row as it is now, held until the end of the transaction."""
    return (
        Designation.objects.select_for_update(of=("self",))
        .select_related("person", "department")
        .get(pk=designation.pk)
    )


def _lock_member(person: Person) -> Member:
    """Hold her membership: a baja waits, or has already won."""
    member = Member.objects.select_for_update().filter(person=person).first()
    if member is None:
        raise ValidationError(
            "No es integrante de la Red. Invítela a solicitar su ingreso antes de designarla.",
            code="not_member",
        )
    if member.state != Member.State.ACTIVE:
        raise ValidationError(
            "Su participación en la Red no está activa. Reactívela antes de designarla.",
            code="member_not_active",
        )
    return member


def _check_oficio(oficio: Oficio) -> None:
    """Refuse a paper of tomorrow or whose time is over."""
    today = timezone.localdate()
    if not oficio.number.strip():
        raise ValidationError("Escriba el número del oficio.", code="oficio_number")
    if oficio.date > today:
        raise ValidationError("La fecha del oficio no puede ser futura.", code="oficio_future")
    if oficio.last_day and oficio.last_day < today:
        raise ValidationError(
            "El periodo que dice el oficio ya terminó. Pida uno vigente.", code="oficio_over"
        )


def _check_post(department: Department, role: str, person: Person) -> None:
    """Refuse posts that do not exist, people who work elsewhere and both posts for one person."""
    if role not in LiaisonRole.values:
        raise ValidationError("Elija enlace titular o suplente.", code="role_unknown")
    if not Department.objects.current().filter(pk=department.pk, expects_liaison=True).exists():
        raise ValidationError(
            f"{department} no tiene puesto de enlace: está cerrada o no le corresponde.",
            code="no_post",
        )
    if not formalizing.works_there(person, department):
        raise ValidationError(
            f"Su adscripción vigente no es de {department} ni de un área suya. Actualícela antes.",
            code="works_elsewhere",
        )
    others = Designation.objects.filter(person=person, department=department).exclude(role=role)
    if others.filter(state__in=Designation.MOVES).exists():
        raise ValidationError(BOTH_POSTS, code="both_posts")


def _check_interval(
    department: Department, start: datetime.date, end: datetime.date | None
) -> None:
    """Refuse to write in the past, and intervals without a day."""
    if start < timezone.localdate():
        raise ValidationError(
            "Elija hoy o una fecha futura: lo que ya pasó no se reescribe.", code="start_past"
        )
    if end and end <= start:
        raise ValidationError(
            "El periodo que dice el oficio termina antes de esa fecha. Pida un oficio vigente.",
            code="oficio_over",
        )
    if department.valid_to and department.valid_to < start:
        raise ValidationError(f"{department} ya no existe en esa fecha.", code="no_post")


def _make_room(designation: Designation, *, replacing: bool, by: By) -> None:
    """Let whoever holds the post leave it on the day on which the new one begins, if so decided."""
    start = designation.start
    assert start is not None  # noqa: S101
    same_post = Designation.objects.select_for_update(of=("self",)).filter(
        department=designation.department_id, role=designation.role
    )
    for holder in same_post.overlapping(start, designation.end).select_related("person"):
        _check_room(holder, start, replacing=replacing)
        holder.end, holder.replaced_by = start, designation
        if start > timezone.localdate():
            holder.save(update_fields=["end", "replaced_by"])
        else:
            move(holder, State.REPLACED, by=by, touched=("end", "replaced_by"))
        if holder.person_id != designation.person_id:
            emails.designation_ended(holder, f"La sustituye {designation.person}")


def _check_room(holder: Designation, start: datetime.date, *, replacing: bool) -> None:
    """Refuse to push somebody out unsaid, or somebody who begins later."""
    since = date_format(holder.start) if holder.start else ""
    if holder.start and holder.start > start:
        raise ValidationError(
            f"Hay otra designación para ese puesto que empieza el {since}. Termínela primero.",
            code="post_taken",
        )
    if holder.state != State.IN_FORCE and holder.end:
        raise ValidationError(
            f"{holder.person} deja ese puesto el {date_format(holder.end)}. Elija esa fecha o una posterior.",
            code="post_taken",
        )
    if not replacing:
        raise ValidationError(
            f"{holder.person} tiene ese puesto desde el {since}. "
            "Si la sustituye, marque que deja el puesto ese día.",
            code="post_taken",
        )


def _write_oficio(designation: Designation, oficio: Oficio) -> None:
    designation.oficio_number = oficio.number.strip()
    designation.oficio_date = oficio.date
    designation.last_day = oficio.last_day
    designation.titular = oficio.titular.strip()
    designation.titular_email = oficio.titular_email


def _save_new(designation: Designation, file: File[bytes] | None) -> None:
    """Check everything, then store the file and the row; a refused row leaves no file."""
    designation.full_clean(exclude=["oficio"], validate_constraints=False)
    same = Designation.objects.open().filter(
        person=designation.person, department=designation.department, role=designation.role
    )
    if same.exists():
        raise ValidationError(
            "Ya hay una propuesta en trámite de esta persona para ese puesto.", code="already_open"
        )
    if file is not None:
        designation.oficio.save(str(file.name), file, save=False)
    try:
        with transaction.atomic():
            designation.save()
    except Exception:
        if file is not None:
            designation.oficio.delete(save=False)
        raise


def _check_hers(designation: Designation, by: By) -> None:
    """Only she accepts or declines."""
    if by.user is None or designation.person.user_id != by.user.pk:
        raise ValidationError("Solo la persona designada puede responder.", code="not_hers")


def _refuse_own_case(designation: Designation, by: By) -> None:
    """Nobody decides over her own designation."""
    if by.user is not None and designation.person.user_id == by.user.pk:
        raise ValidationError(
            "Es su propia designación: la resuelve otra persona.", code="own_case"
        )


def need(reason: str) -> None:
    """Refuse an empty reason: it is part of the record."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
