"""The ladder of a dependencia, 0 to 5, today and on any day that is over.

Rungs 0 and 1 derive from the designations; 2 to 5 from evidence that Validación accepted. A rung carries the date of its
document and counts from the day on which it was validated, so the ladder of a past day is never rewritten.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Max, Q
from django.utils import timezone

from members.models import Department, Designation, GenderUnit, LiaisonRole, UnitMove, UnitStep

WORDS: Final[Mapping[int, str]] = {
    0: "Sin enlace",
    1: "Enlace designado",
    **{int(value): str(label) for value, label in UnitStep.Rung.choices},
}
"""Each rung as it is read."""
NEEDS: Final[Mapping[int, str]] = {
    1: "Oficio que designa al enlace titular.",
    2: "Plan de trabajo y al menos 3 integrantes en la unidad.",
    3: "Acta de instalación firmada.",
    4: "Publicación en la Gaceta: Código, reglamento o manual.",
    5: "Plan anual, informe y partida presupuestal.",
}
"""What takes a dependencia to each rung."""
TOP: Final = max(WORDS)


@dataclass(frozen=True, slots=True)
class Standing:
    """An active unit on one day: whose it was and the highest rung with evidence, 0 without any."""

    unit: int
    department: int
    rung: int


def standings(day: datetime.date) -> dict[int, Standing]:
    """Return the units of ``day`` by dependencia; one query, two for a day that is over."""
    counted = Q(steps__validated_on__lte=day) & (
        Q(steps__ended_on__isnull=True) | Q(steps__ended_on__gt=day)
    )
    found = (
        GenderUnit.objects.as_of(day).order_by().annotate(top=Max("steps__rung", filter=counted))
    )
    former = former_departments(day)
    rows = [
        Standing(unit, former.get(unit, department), top or 0)
        for unit, department, top in found.values_list("pk", "department_id", "top")
    ]
    return {row.department: row for row in rows}


def former_departments(day: datetime.date) -> dict[int, int]:
    """Return whose each unit was on ``day``, for those that passed to another since; no query for today."""
    if day >= timezone.localdate():
        return {}
    later = UnitMove.objects.filter(day__gt=day).order_by("-day", "-pk")
    return dict(later.values_list("unit", "former"))


def rungs(day: datetime.date) -> dict[int, int]:
    """Return the rung of each dependencia that had one on ``day``; the others stand on 0."""
    held = Designation.objects.as_of(day).filter(role=LiaisonRole.HOLDER)
    found = dict.fromkeys(held.values_list("department_id", flat=True), 1)
    for key, standing in standings(day).items():
        found[key] = rung_of(standing, held=key in found)
    return {key: rung for key, rung in found.items() if rung}


def rung_of(standing: Standing | None, *, held: bool) -> int:
    """Return the rung of a dependencia: that of its unit, or whether it has an enlace titular."""
    return max(standing.rung if standing else 0, int(held))


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder of a dependencia, with the evidence that counts."""

    number: int
    reached: bool
    current: bool
    below: bool
    """Whether the dependencia stands higher."""
    step: UnitStep | None

    @property
    def words(self) -> str:
        """Its name."""
        return WORDS[self.number]

    @property
    def needs(self) -> str:
        """What it takes."""
        return NEEDS.get(self.number, "")

    @property
    def status(self) -> str:
        """Where the dependencia is with respect to it, in words."""
        if self.current:
            return "Peldaño actual"
        if self.number == 0:
            return "Superado"
        if self.reached:
            return "Alcanzado"
        return "Vacante" if self.below else "Pendiente"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of one dependencia on one day."""

    unit: GenderUnit | None
    rung: int
    rungs: list[Rung]

    @property
    def words(self) -> str:
        """The rung as it is read."""
        return WORDS[self.rung]


def of(department: Department, day: datetime.date | None = None) -> Ladder:
    """Return the ladder of a dependencia; at most four queries."""
    when = day or timezone.localdate()
    held = department.designations.as_of(when).filter(role=LiaisonRole.HOLDER).exists()
    standing = standings(when).get(department.pk)
    steps: dict[int, UnitStep] = {}
    unit = None
    if standing is not None:
        unit = GenderUnit.objects.get(pk=standing.unit)
        steps = {step.rung: step for step in UnitStep.objects.as_of(when).filter(unit=unit)}
    rung = rung_of(standing, held=held)
    rungs = [
        Rung(
            number,
            reached=_reached(number, rung, held=held),
            current=number == rung,
            below=number < rung,
            step=steps.get(number),
        )
        for number in WORDS
    ]
    return Ladder(unit, rung, rungs)


def _reached(number: int, rung: int, *, held: bool) -> bool:
    """A titular who left takes rung 1 away, not what the unit climbed."""
    return held if number == 1 else number <= rung
