"""Builders of Unidades de Género: opened, with people, and climbed by the real verbs."""

import datetime

from django.utils import timezone

from members import formalizing, planning, proving
from members.models import Department, GenderUnit, UnitPaper, UnitStep, User
from red_genero.common.states import By
from tests.rules import liaising

SURNAMES = ("Peña", "Güemes", "Ñáñez")


def evidence(rung: int, *, date: datetime.date | None = None) -> proving.Evidence:
    """Return what a rung asks."""
    return proving.Evidence(
        number=f"UG/{rung}/2026",
        date=date or timezone.localdate(),
        file=liaising.paper(),
        instrument="reglamento" if rung == UnitStep.Rung.FORMALIZED else "",
        gazette="Gaceta Municipal, tomo V, ejemplar 12" if rung == UnitStep.Rung.FORMALIZED else "",
        budget_line="2.1.4 Unidad de Género" if rung == UnitStep.Rung.CONSOLIDATED else "",
    )


def opened(
    department: Department, *, by: User, people: int = 3, titular: bool = True
) -> GenderUnit:
    """Return a unit with integrantes; the first of them is the enlace titular."""
    unit = formalizing.open_unit(department, by=By.admin(by))
    for number in range(people):
        person = liaising.worker(department, SURNAMES[number % 3])
        formalizing.add_member(unit, person, "vocalía", by=By.admin(by))
        if titular and number == 0:
            liaising.in_force(department, person, by=by)
    return unit


def waiting(unit: GenderUnit, rung: int, *, by: User) -> UnitStep:
    """Return evidence that nobody judged."""
    return proving.present(unit, rung, evidence(rung), by=By.admin(by))


def paper(kind: str, *, year: int | None = None, days: int = 200) -> planning.Paper:
    """Return a plan that ends in some days, or a report, of this year."""
    today = timezone.localdate()
    plan = kind == UnitPaper.Kind.PLAN
    ends = today + datetime.timedelta(days=days)
    return planning.Paper(
        year=year or today.year,
        number=f"PL/{today.year}",
        date=min(today, ends),
        file=liaising.paper(),
        valid_until=ends if plan else None,
        budget_line="2.1.4" if plan else "",
    )


def climbed(department: Department, rung: int, *, by: User) -> GenderUnit:
    """Return a unit on that rung."""
    unit = opened(department, by=by)
    for number in range(2, rung + 1):
        if number == UnitStep.Rung.CONSOLIDATED:
            for kind in UnitPaper.Kind.values:
                planning.record(unit, kind, paper(kind), by=By.admin(by))
        proving.validate(waiting(unit, number, by=by), by=By.admin(by))
    return unit
