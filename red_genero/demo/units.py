"""Unidades de Género of the demonstration: at several rungs, one with an observation, one at risk."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from members import formalizing, planning, proving, tree
from members.models import GenderUnit, Person, UnitPaper, UnitStep
from red_genero.common.states import By
from red_genero.demo.liaisons import scan
from red_genero.demo.people import account_of, person_of

FUNCTIONS: Final = ("Secretaría técnica", "Vocalía")
OBSERVATION: Final = "Falta la firma de la titularidad en la última hoja del acta."
DOCUMENTS: Final = {
    2: "Plan de trabajo",
    3: "Acta de instalación",
    4: "Reglamento interno",
    5: "Informe de consolidación",
}


@dataclass(frozen=True, slots=True)
class Climb:
    """Whose dependencia, how far it got, what became of its next evidence, and for how many days its plan is good."""

    mailbox: str
    rung: int
    next_state: str = ""
    plan_days: int | None = None


CLIMBS: Final = (
    Climb("alicia.munoz", 5, plan_days=25),
    Climb("irma.pena", 3, plan_days=-20),
    Climb("elena.oconnor", 2, next_state=UnitStep.State.OBSERVED),
    Climb("cecilia.delatorre", 3, next_state=UnitStep.State.PRESENTED),
    Climb("beatriz.guemes", 4),
    Climb("josefina.nunez", 0),
)


def climb() -> None:
    """Open each unit, let its enlace present and Validación judge, by the portal's own verbs."""
    staff = By.admin(account_of("validacion"))
    for planned in CLIMBS:
        enlace = person_of(planned.mailbox)
        unit = formalizing.open_unit(enlace.assignments.open().get().department, by=staff)
        formalizing.add_member(unit, enlace, "Coordinación", by=staff)
        for function, person in zip(FUNCTIONS, _companions(unit), strict=False):
            formalizing.add_member(unit, person, function, by=staff)
        hers = By.web(account_of(planned.mailbox))
        if planned.plan_days is not None:
            _record(unit, planned.plan_days, by=hers)
        for rung in range(2, planned.rung + 1):
            proving.validate(_present(unit, rung, by=hers), by=staff)
        if planned.next_state:
            step = _present(unit, planned.rung + 1, by=hers)
            if planned.next_state == UnitStep.State.OBSERVED:
                proving.observe(step, text=OBSERVATION, by=staff)


def _companions(unit: GenderUnit) -> list[Person]:
    """Return who else works there."""
    inside = unit.members.current().values("person")
    found = Person.objects.members().filter(
        assignments__end__isnull=True, assignments__department__in=tree.branch(unit.department)
    )
    return list(found.exclude(pk__in=inside).order_by("pk").distinct()[: len(FUNCTIONS)])


def _present(unit: GenderUnit, rung: int, *, by: By) -> UnitStep:
    """Give the paper of a rung, of some weeks ago."""
    today = timezone.localdate()
    number = f"DEMO-UG/{unit.pk:03d}/{rung}"
    return proving.present(
        unit,
        rung,
        proving.Evidence(
            number=number,
            date=today - datetime.timedelta(days=120 - 20 * rung),
            file=scan(f"{DOCUMENTS[rung]} {number}"),
            instrument=UnitStep.Instrument.REGULATION if rung == UnitStep.Rung.FORMALIZED else "",
            gazette="Gaceta Municipal (demostración), tomo I, ejemplar 7"
            if rung == UnitStep.Rung.FORMALIZED
            else "",
            budget_line="Partida inventada 2.1.4" if rung == UnitStep.Rung.CONSOLIDATED else "",
        ),
        by=by,
    )


def _record(unit: GenderUnit, days: int, *, by: By) -> None:
    """Record the plan, good for so many days or over since, and last year's report."""
    today = timezone.localdate()
    ends = today + datetime.timedelta(days=days)
    for kind, year in ((UnitPaper.Kind.PLAN, ends.year), (UnitPaper.Kind.REPORT, today.year - 1)):
        plan = kind == UnitPaper.Kind.PLAN
        paper = planning.Paper(
            year=year,
            number=f"DEMO-{kind.upper()}/{unit.pk:03d}/{year}",
            date=today - datetime.timedelta(days=300),
            file=scan(f"{kind.label} {year}"),
            valid_until=ends if plan else None,
            budget_line="Partida inventada 2.1.4" if plan else "",
        )
        planning.record(unit, kind, paper, by=by)
