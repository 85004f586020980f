"""Unidades de Género go on after a change of government by an oficio of the new titular."""

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from members import formalizing, uploads
from members.models import GenderUnit, GovernmentTerm, UnitRatification
from members.models.unit import GenderUnitQuerySet
from red_genero.common import states
from red_genero.common.states import By


def last_closed(day: datetime.date | None = None) -> GovernmentTerm | None:
    """Return the latest term that had been closed when ``day`` (today) ended."""
    when = day or timezone.localdate()
    return GovernmentTerm.objects.filter(closed_at__date__lte=when).first()


def owed_by(unit: GenderUnit) -> GovernmentTerm | None:
    """Return the term whose end this unit was not ratified after; None when it owes nothing."""
    term = last_closed()
    if term is None or unit.opened_on > term.last_day or unit.state != GenderUnit.State.ACTIVE:
        return None
    return None if unit.ratifications.filter(term=term).exists() else term


def owing(term: GovernmentTerm) -> GenderUnitQuerySet:
    """Return the active units that stood when it ended and that nobody ratified since; none while it is open."""
    if term.closed_at is None:
        return GenderUnit.objects.none()
    stood = GenderUnit.objects.active().filter(opened_on__lte=term.last_day)
    return stood.exclude(ratifications__term=term)


def ratified(units: Collection[int], term: GovernmentTerm, day: datetime.date) -> set[int]:
    """Return those of ``units`` whose oficio had been recorded when ``day`` ended."""
    found = UnitRatification.objects.filter(term=term, unit__in=units, recorded_on__lte=day)
    return set(found.order_by().values_list("unit", flat=True))


def ratify(
    unit: GenderUnit, *, number: str, date: datetime.date, file: File[bytes], by: By
) -> UnitRatification:
    """Record the oficio for the latest closed term; a second press returns what was recorded.

    Raises ValidationError (codes ``no_change``, ``oficio_of_before``, ``oficio_future``, those of ``uploads``).
    """
    term = last_closed()
    if term is None or unit.opened_on > term.last_day:
        raise ValidationError(
            "Ningún cambio de gobierno pide ratificar esta unidad.", code="no_change"
        )
    if date > timezone.localdate():
        raise ValidationError("La fecha del oficio no puede ser futura.", code="oficio_future")
    if date <= term.last_day:
        raise ValidationError(
            f"El oficio debe ser posterior al {date_format(term.last_day)}, último día del periodo.",
            code="oficio_of_before",
        )
    received = uploads.checked(file)
    with transaction.atomic():
        unit = formalizing.locked(unit)
        formalizing.check_active(unit)
        done = unit.ratifications.filter(term=term).first()
        if done is not None:
            return done
        made = UnitRatification(unit=unit, term=term, number=number.strip(), date=date)
        made.recorded_by_id = by.user.pk if by.user else None
        made.full_clean(exclude=["file"], validate_constraints=False)
        made.file.save(str(received.name), received, save=False)
        made.save()
        reason = f"Ratificada tras «{term}». Oficio {made.number}"
        states.append(unit, from_state=unit.state, to_state=unit.state, by=by, reason=reason)
    return made
