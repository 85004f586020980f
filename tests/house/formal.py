"""The rows of the world that belong to the Unidades de Género: one that she leads, and one that was dissolved."""

from django.utils import timezone

from members import formalizing, planning
from members.models import Department, GenderUnit, GovernmentTerm, Member, UnitRatification, User
from red_genero.common.states import By
from tests import make
from tests.rules import liaising, units


def a_unit(member: Member, department: Department, staff: User) -> GenderUnit:
    """Return the unit of the dependencia above hers, where she is titular, with evidence that waits and a plan."""
    above = make.department("Coordinación General")
    department.parent = above
    department.save()
    liaising.in_force(above, member.person, by=staff)
    unit = formalizing.open_unit(above, by=By.admin(staff))
    formalizing.add_member(unit, member.person, "coordinación", by=By.admin(staff))
    units.waiting(unit, 2, by=staff)
    planning.record(unit, "plan", units.paper("plan"), by=By.admin(staff))
    return unit


def a_ratification(unit: GenderUnit, term: GovernmentTerm) -> UnitRatification:
    """Return the oficio by which it went on after a change of government."""
    made = UnitRatification(unit=unit, term=term, number="CG/9/2026", date=timezone.localdate())
    made.file.save("oficio.pdf", liaising.paper())
    return made


def a_former_unit(unit: GenderUnit) -> GenderUnit:
    """Return one that the same dependencia had before, with the paper that dissolved it."""
    today = timezone.localdate()
    made = GenderUnit(
        department=unit.department,
        state=GenderUnit.State.DISSOLVED,
        dissolved_on=today,
        dissolution_date=today,
        dissolution_document="Acuerdo 7",
        dissolution_reason="Se reorganizó",
    )
    made.dissolution_file.save("acuerdo.pdf", liaising.paper())
    return made
