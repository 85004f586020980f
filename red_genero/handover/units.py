"""What the pack says of the Unidades de Género: where each stands, its evidence, and its plans."""

from django.db.models import Count
from django.utils import timezone

from members import ladder, ratifying, risks
from members.models import GenderUnit, GovernmentTerm, UnitMember, UnitPaper, UnitStep
from red_genero.handover.tables import YEAR, Row, Table, counted


def units(term: GovernmentTerm) -> Table:
    """Return each unit with its rung, why it is at risk, and whether it was ratified after the term."""
    today = timezone.localdate()
    rungs = {standing.unit: standing.rung for standing in ladder.standings(today).values()}
    reasons = risks.at_risk()
    places = UnitMember.objects.current().order_by()
    people = dict(places.values_list("unit").annotate(Count("pk")))
    found = (
        GenderUnit.objects.active().select_related("department").order_by("department__name", "pk")
    )
    ratified = ratifying.ratified([unit.pk for unit in found], term, today)
    rows: list[Row] = [
        (
            unit.department.name,
            unit.department.key,
            rungs.get(unit.pk, 0),
            ladder.WORDS[rungs[unit.pk]] if rungs.get(unit.pk) else "Sin evidencia validada",
            people.get(unit.pk, 0),
            " ".join(reasons.get(unit.pk, [])),
            _ratified(unit, ratified, term),
        )
        for unit in found
    ]
    return Table(
        file="unidades.csv",
        title="Unidades de Género",
        note=f"{counted(len(rows), 'unidad activa', 'unidades activas')}; {len(reasons)} en riesgo.",
        header=(
            "Dependencia",
            "Clave",
            "Peldaño",
            "Nombre del peldaño",
            "Integrantes",
            "En riesgo",
            "Ratificada tras el periodo",
        ),
        rows=rows,
        printed=(
            "Dependencia",
            "Peldaño",
            "Nombre del peldaño",
            "Integrantes",
            "En riesgo",
            "Ratificada tras el periodo",
        ),
    )


def evidence(term: GovernmentTerm) -> Table:
    """Return the documents by which the units climbed, those in force and those that wait."""
    states = (UnitStep.State.VALIDATED, UnitStep.State.PRESENTED)
    found = UnitStep.objects.filter(state__in=states).select_related("unit__department")
    rows: list[Row] = [
        (
            step.unit.department.name,
            step.rung,
            step.get_rung_display(),
            step.number,
            step.date,
            step.get_state_display(),
            step.gazette,
            step.budget_line,
        )
        for step in found.order_by("unit__department__name", "rung", "pk")
    ]
    return Table(
        file="evidencias.csv",
        title="Evidencias de las unidades",
        note=f"{counted(len(rows), 'documento', 'documentos')}: validados o por validar. Las huellas de sus archivos están en el catálogo.",
        header=(
            "Dependencia",
            "Peldaño",
            "Nombre del peldaño",
            "Documento",
            "Fecha",
            "Estado",
            "Gaceta",
            "Partida presupuestal",
        ),
        rows=rows,
    )


def plans(term: GovernmentTerm) -> Table:
    """Return the plans and reports that no other corrected."""
    found = UnitPaper.objects.current().select_related("unit__department")
    rows: list[Row] = [
        (
            paper.unit.department.name,
            paper.get_kind_display(),
            paper.year,
            paper.number,
            paper.date,
            paper.valid_until,
            paper.budget_line,
        )
        for paper in found.order_by("unit__department__name", "-year", "kind", "pk")
    ]
    return Table(
        file="planes_e_informes.csv",
        title="Planes e informes anuales",
        note=f"{counted(len(rows), 'documento', 'documentos')}: el más reciente de cada año. Los corregidos siguen "
        "en el portal.",
        header=(
            "Dependencia",
            "Qué es",
            YEAR,
            "Documento",
            "Fecha",
            "Vigente hasta",
            "Partida presupuestal",
        ),
        rows=rows,
    )


def dissolved(term: GovernmentTerm) -> Table:
    """Return the units that ended, by which document, and who continues each."""
    found = GenderUnit.objects.filter(state=GenderUnit.State.DISSOLVED)
    rows: list[Row] = [
        (
            unit.department.name,
            unit.dissolution_document,
            unit.dissolution_date,
            unit.dissolution_reason,
            unit.successor.name if unit.successor else "",
        )
        for unit in found.select_related("department", "successor").order_by(
            "dissolution_date", "pk"
        )
    ]
    return Table(
        file="unidades_disueltas.csv",
        title="Unidades de Género disueltas",
        note=f"{counted(len(rows), 'unidad', 'unidades')}; su historia sigue en el portal.",
        header=("Dependencia", "Documento", "Fecha", "Motivo", "La continúa"),
        rows=rows,
    )


def _ratified(unit: GenderUnit, ratified: set[int], term: GovernmentTerm) -> str:
    if unit.opened_on > term.last_day:
        return "Se abrió después"
    if term.closed_at is None:
        return "El periodo no se ha cerrado"
    return "Sí" if unit.pk in ratified else "No"
