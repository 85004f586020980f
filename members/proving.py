"""The evidence by which a Unidad de Género climbs: presented, validated or observed, and left without effect.

There are no gaps: a rung is presented and validated only over the one before it. Evidence is never corrected: after an
observation another one is presented, and both stay. It counts from the day on which it is validated. Locks: unit → step.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from members import emails, formalizing, ladder, uploads
from members.models import Designation, GenderUnit, LiaisonRole, UnitPaper, UnitStep, User
from red_genero.common import states
from red_genero.common.states import By

State = UnitStep.State
Rung = UnitStep.Rung
PEOPLE_NEEDED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The paper that takes a unit to a rung, and what some rungs ask besides."""

    number: str
    date: datetime.date
    file: File[bytes]
    instrument: str = ""
    gazette: str = ""
    budget_line: str = ""


def present(unit: GenderUnit, rung: int, evidence: Evidence, *, by: By) -> UnitStep:
    """Give the evidence of the next rung; Validación judges it."""
    presenter = check_presents(unit, by)
    _check_evidence(rung, evidence)
    file = uploads.checked(evidence.file)
    with transaction.atomic():
        unit = formalizing.locked(unit)
        formalizing.check_active(unit)
        _check_free(unit, rung)
        refuse_each(_before(unit, rung))
        step = UnitStep(
            unit=unit,
            rung=rung,
            number=evidence.number.strip(),
            date=evidence.date,
            instrument=evidence.instrument,
            gazette=evidence.gazette.strip(),
            budget_line=evidence.budget_line.strip(),
            presented_by=presenter,
        )
        step.full_clean(exclude=["file"], validate_constraints=False)
        step.file.save(str(file.name), file, save=False)
        try:
            with transaction.atomic():
                step.save()
        except Exception:
            step.file.delete(save=False)
            raise
        states.append(step, from_state="", to_state=step.state, by=by, reason=step.number)
    return step


def validate(step: UnitStep, *, by: By) -> UnitStep:
    """Accept the evidence: the unit stands on that rung from today."""
    with transaction.atomic():
        unit, step = _judged(step, by)
        if step.state == State.VALIDATED:
            return step
        states.check_move(UnitStep.MOVES, step.state, State.VALIDATED, State)
        formalizing.check_active(unit)
        refuse_each(missing(unit, step.rung))
        step.judged_at, step.validated_on = timezone.now(), timezone.localdate()
        _move(step, State.VALIDATED, by=by, touched=("judged_at", "judged_by", "validated_on"))
        emails.unit_step_validated(step, holders(unit))
    return step


def observe(step: UnitStep, *, text: str, by: By) -> UnitStep:
    """Say what is missing; another evidence may be presented, and this one stays readable."""
    if not text.strip():
        raise ValidationError("Escriba qué hace falta: se lee en «Mi unidad».", code="text_missing")
    with transaction.atomic():
        unit, step = _judged(step, by)
        if step.state == State.OBSERVED:
            return step
        step.judged_at, step.observation = timezone.now(), text.strip()
        _move(
            step,
            State.OBSERVED,
            by=by,
            reason=text.strip(),
            touched=("judged_at", "judged_by", "observation"),
        )
        emails.unit_step_observed(step, holders(unit))
    return step


def withdraw(step: UnitStep, *, reason: str, by: By) -> UnitStep:
    """Leave the highest rung without effect from today: the days that it counted stay."""
    formalizing.need(reason)
    with transaction.atomic():
        unit, step = _judged(step, by)
        if step.state == State.WITHDRAWN:
            return step
        states.check_move(UnitStep.MOVES, step.state, State.WITHDRAWN, State)
        formalizing.check_active(unit)
        if unit.steps.in_force().filter(rung__gt=step.rung).exists():
            raise ValidationError(
                "Hay un peldaño más alto validado: deje antes sin efecto ese.", code="not_the_top"
            )
        step.ended_on = timezone.localdate()
        _move(
            step, State.WITHDRAWN, by=by, reason=reason.strip(), touched=("ended_on", "judged_by")
        )
    return step


def next_rung(unit: GenderUnit) -> int | None:
    """Return the rung whose evidence comes next; None at the top."""
    reached = unit.steps.in_force().order_by("-rung").values_list("rung", flat=True).first()
    following = (reached or Rung.INSTALLING - 1) + 1
    return following if following <= ladder.TOP else None


def missing(unit: GenderUnit, rung: int) -> Iterator[ValidationError]:
    """Yield everything that this unit lacks today for that rung."""
    yield from _before(unit, rung)
    if rung == Rung.INSTALLING:
        yield from _people(unit)
    if rung == Rung.CONSOLIDATED:
        yield from _papers(unit)


def refuse_each(refusals: Iterator[ValidationError]) -> None:
    """Refuse with every sentence at once."""
    if found := list(refusals):
        raise ValidationError(found)


def check_presents(unit: GenderUnit, by: By) -> User:
    """Return who presents; refuse whoever is neither staff of the units nor the enlace titular there."""
    if not isinstance(by.user, User) or not formalizing.may_present(unit, by.user):
        raise ValidationError(
            "Solo el enlace titular de la dependencia o el Instituto presentan documentos.",
            code="not_titular",
        )
    return by.user


def holders(unit: GenderUnit) -> list[Designation]:
    """Return who is enlace titular of its dependencia today: nobody or one."""
    found = Designation.objects.current().filter(
        department=unit.department_id, role=LiaisonRole.HOLDER
    )
    return list(found.select_related("person"))


def _before(unit: GenderUnit, rung: int) -> Iterator[ValidationError]:
    """A rung stands on the one before: the titular first, then each evidence."""
    if rung == Rung.INSTALLING:
        if not holders(unit):
            yield ValidationError(
                f"{unit.department} no tiene enlace titular: es el peldaño anterior.",
                code="no_titular",
            )
    elif not unit.steps.in_force().filter(rung=rung - 1).exists():
        yield ValidationError(
            f"Falta validar antes el peldaño {rung - 1}, «{ladder.WORDS[rung - 1]}».",
            code="rung_before",
        )


def _people(unit: GenderUnit) -> Iterator[ValidationError]:
    count = unit.members.current().count()
    if count < PEOPLE_NEEDED:
        yield ValidationError(
            f"La unidad necesita al menos {PEOPLE_NEEDED} integrantes y tiene {count}.",
            code="few_people",
        )


def _papers(unit: GenderUnit) -> Iterator[ValidationError]:
    """The plan in force with its budget, and the report of this year or the last."""
    today = timezone.localdate()
    papers = UnitPaper.objects.current().filter(unit=unit)
    plans = papers.plans().filter(valid_until__gte=today)
    if not plans.exists():
        yield ValidationError("Falta registrar su plan anual vigente.", code="no_plan")
    elif not plans.exclude(budget_line="").exists():
        yield ValidationError(
            "El plan anual vigente no dice su partida presupuestal.", code="plan_without_budget"
        )
    if not papers.reports().filter(year__gte=today.year - 1).exists():
        yield ValidationError(
            f"Falta registrar el informe de {today.year - 1} o de {today.year}.", code="no_report"
        )


def _check_evidence(rung: int, evidence: Evidence) -> None:
    """Refuse a paper of tomorrow, without number, or without what its rung asks."""
    if rung not in Rung.values:
        raise ValidationError(
            "Ese peldaño no se sube con evidencia: elija del 2 al 5.", code="rung_unknown"
        )
    if not evidence.number.strip():
        raise ValidationError("Escriba el número del documento.", code="number_missing")
    if evidence.date > timezone.localdate():
        raise ValidationError("La fecha del documento no puede ser futura.", code="date_future")
    if rung == Rung.FORMALIZED and evidence.instrument not in UnitStep.Instrument.values:
        raise ValidationError(
            "Diga qué se publicó: Código, reglamento o manual.", code="instrument_missing"
        )
    if rung == Rung.FORMALIZED and not evidence.gazette.strip():
        raise ValidationError(
            "Escriba la referencia de la Gaceta: tomo, número y fecha.", code="gazette_missing"
        )
    if rung == Rung.CONSOLIDATED and not evidence.budget_line.strip():
        raise ValidationError("Escriba la partida presupuestal.", code="budget_missing")


def _check_free(unit: GenderUnit, rung: int) -> None:
    """Refuse a second one of a rung that waits or was validated."""
    standing = unit.steps.filter(rung=rung, state__in=[State.PRESENTED, State.VALIDATED]).first()
    if standing is not None and standing.state == State.PRESENTED:
        raise ValidationError(
            "Ya hay una evidencia de ese peldaño por validar. Espere la respuesta.",
            code="already_waiting",
        )
    if standing is not None:
        raise ValidationError("Ese peldaño ya está validado.", code="already_validated")


def _judged(step: UnitStep, by: By) -> tuple[GenderUnit, UnitStep]:
    """Return the unit and the step, held, for somebody who may judge it; she is noted in the step."""
    unit = formalizing.locked(step.unit)
    if not isinstance(by.user, User):
        raise ValidationError("La evidencia la resuelve una persona.", code="needs_a_person")
    step = UnitStep.objects.select_for_update().get(pk=step.pk)
    if formalizing.belonged_to(unit, by.user, step.presented_on):
        raise ValidationError(
            "Forma o formaba parte de esa unidad cuando se presentó: la evidencia la resuelve otra "
            "persona.",
            code="own_unit",
        )
    step.unit, step.judged_by = unit, by.user
    return unit, step


def _move(step: UnitStep, to: str, *, by: By, touched: tuple[str, ...], reason: str = "") -> None:
    """Pass through the one door."""
    states.move(step, to, moves=UnitStep.MOVES, by=by, reason=reason, touched=touched)
