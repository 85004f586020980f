"""Unidades de Género: opened, formed by people who work there, and dissolved; their evidence is in ``proving``.

Nothing here rewrites a day that has passed: a unit is opened and dissolved on the day on which it is recorded, beside the
date of its document. Locks: member → department → unit.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from members import tree, uploads
from members.models import (
    Assignment,
    Department,
    Designation,
    GenderUnit,
    Member,
    Person,
    UnitMember,
    UnitStep,
    User,
)
from members.models.unit import led_by
from red_genero.common import states
from red_genero.common.states import By

State = GenderUnit.State
JOINED: Final = "integrante"
LEFT: Final = "terminada"
DISSOLVED: Final = "La unidad se disolvió antes de resolverse."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The document that dissolves a unit, and who continues it."""

    document: str
    date: datetime.date
    reason: str
    file: File[bytes] | None = None
    successor: Department | None = None


def open_unit(department: Department, *, by: By) -> GenderUnit:
    """Record that the dependencia has a unit, without any rung yet; the one it has, if it has one."""
    with transaction.atomic():
        department = Department.objects.select_for_update().get(pk=department.pk)
        standing = GenderUnit.objects.active().filter(department=department).first()
        if standing is not None:
            return standing
        if not Department.objects.current().filter(pk=department.pk, expects_liaison=True).exists():
            raise ValidationError(
                f"{department} no puede tener unidad: está cerrada o no le corresponde enlace.",
                code="no_post",
            )
        unit = GenderUnit(department=department)
        unit.full_clean()
        unit.save()
        states.append(unit, from_state="", to_state=unit.state, by=by)
    return unit


def add_member(
    unit: GenderUnit, person: Person, function: str, *, start: datetime.date | None = None, by: By
) -> UnitMember:
    """Let an integrante who works in the dependencia form part of its unit; pressed again, the same place."""
    with transaction.atomic():
        _lock_member(person)
        unit = locked(unit)
        check_active(unit)
        standing = UnitMember.objects.current().filter(unit=unit, person=person).first()
        if standing is not None:
            if standing.function == function.strip():
                return standing
            raise ValidationError(
                f"{person} ya forma parte de la unidad ({standing.function}). "
                "Termine antes esa función.",
                code="already_member",
            )
        place = UnitMember(unit=unit, person=person, function=function.strip())
        place.start = start or timezone.localdate()
        _check_start(place.start)
        if not works_there(person, unit.department):
            raise ValidationError(
                f"Su adscripción vigente no es de {unit.department} ni de un área suya.",
                code="works_elsewhere",
            )
        place.full_clean()
        place.save()
        states.append(place, from_state="", to_state=JOINED, by=by)
    return place


def end_member(place: UnitMember, *, reason: str, by: By) -> UnitMember:
    """She leaves the unit today."""
    need(reason)
    with transaction.atomic():
        place = UnitMember.objects.select_for_update().get(pk=place.pk)
        if place.end is None:
            _leave(place, reason=reason, by=by)
    return place


def end_all_of(person: Person, *, reason: str, by: By) -> list[UnitMember]:
    """Take her out of every unit; the caller's transaction holds her membership."""
    held = UnitMember.objects.current().filter(person=person).order_by("pk")
    return _end_each(held, reason=reason, by=by)


def leave_former_units(person: Person, *, by: By) -> list[UnitMember]:
    """After a readscripción: take her out of the units of where she no longer works."""
    reason = "Ya no trabaja en esa dependencia"
    return _end_each(places_elsewhere(person), reason=reason, by=by)


def places_elsewhere(person: Person) -> list[UnitMember]:
    """Return her places in units of dependencias where she does not work."""
    held = UnitMember.objects.current().filter(person=person).order_by("pk")
    return [
        place
        for place in held.select_related("unit__department")
        if not works_there(person, place.unit.department)
    ]


def dissolve(unit: GenderUnit, ending: Ending, *, by: By) -> GenderUnit:
    """End the unit today by a document: its people leave it, and what waited is closed. Its evidence stays."""
    need(ending.reason)
    _check_document(ending)
    file = uploads.checked(ending.file) if ending.file is not None else None
    with transaction.atomic():
        unit = locked(unit)
        if unit.state == State.DISSOLVED:
            return unit
        _check_successor(unit, ending.successor)
        _close_waiting(unit, by=by)
        _end_each(unit.members.current().order_by("pk"), reason="La unidad se disolvió", by=by)
        unit.dissolved_on = timezone.localdate()
        unit.dissolution_date = ending.date
        unit.dissolution_document = ending.document.strip()
        unit.dissolution_reason = ending.reason.strip()
        unit.successor = ending.successor
        if ending.successor is not None:
            heirs = GenderUnit.objects.active().filter(department=ending.successor)
            unit.successor_unit = heirs.first()
        if file is not None:
            unit.dissolution_file.save(str(file.name), file, save=False)
        states.move(
            unit,
            State.DISSOLVED,
            moves=GenderUnit.MOVES,
            by=by,
            reason=f"{ending.reason.strip()} {ending.document.strip()}",
            touched=(
                "dissolved_on",
                "dissolution_date",
                "dissolution_document",
                "dissolution_reason",
                "dissolution_file",
                "successor",
                "successor_unit",
            ),
        )
    return unit


def may_present(unit: GenderUnit, user: User) -> bool:
    """Whether she gives evidence for it: whoever formalises units, and the enlace titular of its dependencia."""
    if user.has_perm("members.formalize_unit"):
        return True
    return led_by(user).filter(department=unit.department_id).exists()


def belonged_to(unit: GenderUnit, user: User, since: datetime.date) -> bool:
    """Whether she was one of its integrantes, or enlace of its dependencia, on some day from ``since`` until today."""
    lasted = Q(end__isnull=True) | Q(end__gte=since)
    if unit.members.filter(lasted, person__user=user).exists():
        return True
    posts = Designation.objects.held().filter(lasted, department=unit.department_id)
    return posts.filter(person__user=user, start__lte=timezone.localdate()).exists()


def works_there(person: Person, department: Department) -> bool:
    """Whether her adscripción is in the dependencia or below it."""
    posts = Assignment.objects.open().filter(person=person)
    return posts.filter(department__in=tree.branch(department)).exists()


def locked(unit: GenderUnit) -> GenderUnit:
    """Return the unit as it is now, held until the end of the transaction."""
    found = GenderUnit.objects.select_for_update(of=("self",)).select_related("department")
    return found.get(pk=unit.pk)


def check_active(unit: GenderUnit) -> None:
    """Refuse to write in a unit that no longer exists."""
    if unit.state != State.ACTIVE:
        raise ValidationError("La unidad está disuelta: ya no cambia.", code="unit_dissolved")


def need(reason: str) -> None:
    """Refuse an empty reason: it is part of the record."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")


def _close_waiting(unit: GenderUnit, *, by: By) -> None:
    """Leave nothing to be judged in a unit that ends."""
    waiting = UnitStep.objects.waiting().filter(unit=unit).select_for_update()
    for step in waiting:
        step.observation, step.judged_at = DISSOLVED, timezone.now()
        states.move(
            step,
            UnitStep.State.OBSERVED,
            moves=UnitStep.MOVES,
            by=by,
            reason=DISSOLVED,
            touched=("observation", "judged_at"),
        )


def _end_each(places: Iterable[UnitMember], *, reason: str, by: By) -> list[UnitMember]:
    """Take people out, in a fixed order."""
    done = list(places)
    for place in done:
        _leave(place, reason=reason, by=by)
    return done


def _leave(place: UnitMember, *, reason: str, by: By) -> None:
    place.end = timezone.localdate()
    place.save(update_fields=["end"])
    states.append(place, from_state=JOINED, to_state=LEFT, by=by, reason=reason)


def _lock_member(person: Person) -> None:
    """Hold her membership: a baja waits, or has already won."""
    member = Member.objects.select_for_update().filter(person=person).first()
    if member is None or member.state != Member.State.ACTIVE:
        raise ValidationError(
            "Solo una integrante activa de la Red forma parte de una unidad.",
            code="member_not_active",
        )


def _check_start(start: datetime.date) -> None:
    if start > timezone.localdate():
        raise ValidationError("Regístrela a partir del día en que empieza.", code="start_future")


def _check_document(ending: Ending) -> None:
    """Refuse a dissolution without a document, or by one of tomorrow."""
    if not ending.document.strip():
        raise ValidationError("Escriba el documento que la disuelve.", code="source_missing")
    if ending.date > timezone.localdate():
        raise ValidationError(
            f"El documento no puede ser posterior al {date_format(timezone.localdate())}.",
            code="date_future",
        )


def _check_successor(unit: GenderUnit, successor: Department | None) -> None:
    """Refuse what cannot continue it."""
    if successor is None:
        return
    if successor.pk == unit.department_id:
        raise ValidationError(
            "La unidad no puede continuar en la misma dependencia.", code="same_department"
        )
    if successor.closed:
        raise ValidationError(f"{successor} ya está cerrada. Elija otra.", code="department_closed")
