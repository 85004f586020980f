"""Annual plans and reports of the Unidades de Género: recorded, corrected by another, and recalled before they end."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from members import emails, formalizing, proving, uploads
from members.models import GenderUnit, UnitPaper
from members.models.unit_step import UnitPaperQuerySet
from red_genero.common import states
from red_genero.common.states import By

MONTH_BEFORE: Final = datetime.timedelta(days=30)
WEEK_BEFORE: Final = datetime.timedelta(days=7)
RECORDED: Final = "registrado"
REPLACED: Final = "corregido"
Kind = UnitPaper.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A plan or a report of one year; only a plan ends and has a budget line."""

    year: int
    number: str
    date: datetime.date
    file: File[bytes]
    valid_until: datetime.date | None = None
    budget_line: str = ""


def record(unit: GenderUnit, kind: str, paper: Paper, *, by: By) -> UnitPaper:
    """Record the plan or the report of a year; one already recorded is corrected by it, and stays readable.

    The same paper pressed twice changes nothing.
    """
    recorder = proving.check_presents(unit, by)
    _check(kind, paper)
    file = uploads.checked(paper.file)
    with transaction.atomic():
        unit = formalizing.locked(unit)
        formalizing.check_active(unit)
        former = UnitPaper.objects.current().filter(unit=unit, kind=kind, year=paper.year).first()
        if former is not None and _same(former, kind, paper, file):
            return former
        if former is not None:
            former.replaced_on = timezone.localdate()
            former.save(update_fields=["replaced_on"])
            states.append(former, from_state=RECORDED, to_state=REPLACED, by=by)
        made = UnitPaper(
            unit=unit,
            kind=kind,
            year=paper.year,
            number=paper.number.strip(),
            date=paper.date,
            valid_until=paper.valid_until if kind == Kind.PLAN else None,
            budget_line=paper.budget_line.strip() if kind == Kind.PLAN else "",
            recorded_by=recorder,
        )
        if former is not None and former.valid_until == made.valid_until:
            made.month_reminded_at = former.month_reminded_at
            made.week_reminded_at = former.week_reminded_at
        made.full_clean(exclude=["file"])
        made.file.save(str(file.name), file, save=False)
        try:
            with transaction.atomic():
                made.save()
        except Exception:
            made.file.delete(save=False)
            raise
        states.append(made, from_state="", to_state=RECORDED, by=by, reason=made.number)
    return made


def remind_due() -> list[UnitPaper]:
    """Tell the enlace titular and the Instituto, 30 and 7 days before a plan ends, once each.

    A plan that another one already continues is not recalled.
    """
    now, today = timezone.now(), timezone.localdate()
    done = []
    for column, before in (("week_reminded_at", WEEK_BEFORE), ("month_reminded_at", MONTH_BEFORE)):
        due = _ending(today).filter(valid_until__lte=today + before, **{f"{column}__isnull": True})
        for key in due.values_list("pk", flat=True):
            with transaction.atomic():
                paper = due.select_for_update(of=("self",)).filter(pk=key).first()
                if paper is None or _continued(paper):
                    continue
                paper.month_reminded_at = paper.month_reminded_at or now
                if column == "week_reminded_at":
                    paper.week_reminded_at = now
                paper.save(update_fields=["month_reminded_at", "week_reminded_at"])
                emails.unit_plan_ending(paper, proving.holders(paper.unit))
                done.append(paper)
    return done


def _ending(today: datetime.date) -> UnitPaperQuerySet:
    """Return the plans in force of units that stand."""
    plans = (
        UnitPaper.objects.current()
        .plans()
        .filter(unit__state=GenderUnit.State.ACTIVE, valid_until__gte=today)
    )
    return plans.select_related("unit__department")


def _same(former: UnitPaper, kind: str, paper: Paper, file: File[bytes]) -> bool:
    """Whether this very paper is the one already recorded."""
    typed = [paper.number.strip(), paper.date]
    kept = [former.number, former.date]
    if kind == Kind.PLAN:
        typed += [paper.valid_until, paper.budget_line.strip()]
        kept += [former.valid_until, former.budget_line]
    if typed != kept:
        return False
    file.seek(0)
    with former.file.open("rb") as stored:
        same: bool = stored.read() == file.read()
    file.seek(0)
    return same


def _continued(paper: UnitPaper) -> bool:
    """Whether the unit has a plan that ends later."""
    plans = UnitPaper.objects.current().plans().filter(unit=paper.unit)
    return plans.filter(valid_until__gt=paper.valid_until).exists()


def _check(kind: str, paper: Paper) -> None:
    """Refuse what is neither, papers of tomorrow, and plans without an end."""
    if kind not in Kind.values:
        raise ValidationError("Elija plan o informe.", code="kind_unknown")
    if not paper.number.strip():
        raise ValidationError("Escriba el número del documento.", code="number_missing")
    if paper.date > timezone.localdate():
        raise ValidationError("La fecha del documento no puede ser futura.", code="date_future")
    if kind == Kind.PLAN and paper.valid_until is None:
        raise ValidationError("Diga hasta cuándo está vigente el plan.", code="end_missing")
    if kind == Kind.PLAN and paper.valid_until and paper.valid_until < paper.date:
        raise ValidationError("El plan vence después de su fecha.", code="end_before")
