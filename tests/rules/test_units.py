"""Unidades de Género: every move, every condition refused with its sentence, and what each database refuses."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import (
    formalizing,
    ladder,
    leaving_posts,
    membership,
    planning,
    proving,
    risks,
)
from members.formalizing import Ending
from members.models import (
    Assignment,
    Department,
    Designation,
    GenderUnit,
    Institute,
    UnitMember,
    UnitPaper,
    UnitStep,
    User,
)
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising, units

State = UnitStep.State
DAY = datetime.timedelta(days=1)


def refused(call: Callable[[], object]) -> set[str]:
    """Return the codes with which a verb says no."""
    with pytest.raises(ValidationError) as refusal:
        call()
    found = refusal.value
    return {str(error.code) for error in getattr(found, "error_list", [found])}


VERBS: dict[str, Callable[[UnitStep, User], object]] = {
    "validate": lambda row, staff: proving.validate(row, by=By.admin(staff)),
    "observe": lambda row, staff: proving.observe(row, text="Falta", by=By.admin(staff)),
    "withdraw": lambda row, staff: proving.withdraw(row, reason="Se anuló", by=By.admin(staff)),
}
MOVED = {
    ("presentada", "validate"): "validada",
    ("presentada", "observe"): "observada",
    ("validada", "withdraw"): "sin_efecto",
}
AGAIN = {("validada", "validate"), ("observada", "observe"), ("sin_efecto", "withdraw")}
"""Pressing twice is harmless."""


@pytest.mark.parametrize("state", State.values)
def test_evidence_only_moves_by_the_table(state: str, valentina: User) -> None:
    unit = units.opened(make.department(), by=valentina)
    for verb, press in VERBS.items():
        row = units.waiting(unit, 2, by=valentina)
        UnitStep.objects.filter(pk=row.pk).update(**_as(state))
        refusal = ""
        try:
            press(row, valentina)
        except ValidationError as said:
            refusal = str(said.code)
        row.refresh_from_db()
        assert row.state == MOVED.get((state, verb), state)
        allowed = (state, verb) in MOVED or (state, verb) in AGAIN
        assert refusal == ("" if allowed else "move_refused")
        UnitStep.objects.filter(pk=row.pk).delete()


def _as(state: str) -> dict[str, Any]:
    """Return what a row of that state has."""
    now, today = timezone.now(), timezone.localdate()
    counted = state in {"validada", "sin_efecto"}
    return {
        "state": state,
        "judged_at": None if state == "presentada" else now,
        "observation": "Falta" if state == "observada" else "",
        "validated_on": today if counted else None,
        "ended_on": today if state == "sin_efecto" else None,
    }


def test_from_nothing_to_the_top(valentina: User) -> None:
    market = make.department()
    assert ladder.of(market).rung == 0
    unit = units.climbed(market, 5, by=valentina)
    read = ladder.of(market)
    assert (read.unit, read.rung, read.words) == (unit, 5, "Consolidada")
    assert [rung.status for rung in read.rungs] == [
        "Superado",
        *["Alcanzado"] * 4,
        "Peldaño actual",
    ]
    assert proving.next_rung(unit) is None
    assert formalizing.open_unit(market, by=By.admin(valentina)) == unit
    kinds = QueuedMail.objects.filter(kind="members/unit_step_validated")
    assert kinds.count() == 4


def test_each_rung_says_what_it_lacks(valentina: User) -> None:
    market = make.department()
    by = By.admin(valentina)
    unit = units.opened(market, by=valentina, people=2, titular=False)
    give = proving.present
    assert refused(lambda: give(unit, 2, units.evidence(2), by=by)) == {"no_titular"}
    assert refused(lambda: give(unit, 3, units.evidence(3), by=by)) == {"rung_before"}
    assert refused(lambda: give(unit, 1, units.evidence(2), by=by)) == {"rung_unknown"}
    assert refused(lambda: give(unit, 6, units.evidence(2), by=by)) == {"rung_unknown"}
    tomorrow = timezone.localdate() + DAY
    assert refused(lambda: give(unit, 2, units.evidence(2, date=tomorrow), by=by)) == {
        "date_future"
    }
    plain = units.evidence(2)
    assert refused(lambda: give(unit, 4, plain, by=by)) == {"instrument_missing"}
    assert refused(lambda: give(unit, 5, plain, by=by)) == {"budget_missing"}
    titular = liaising.in_force(market, by=valentina)
    step = units.waiting(unit, 2, by=valentina)
    assert refused(lambda: proving.validate(step, by=by)) == {"few_people"}
    leaving_posts.end(titular, reason="Renunció", by=by)
    assert refused(lambda: proving.validate(step, by=by)) == {"few_people", "no_titular"}
    assert not UnitStep.objects.in_force().exists()


def test_the_last_rung_needs_plan_report_and_budget(valentina: User) -> None:
    unit = units.climbed(make.department(), 4, by=valentina)
    by = By.admin(valentina)
    step = units.waiting(unit, 5, by=valentina)
    assert refused(lambda: proving.validate(step, by=by)) == {"no_plan", "no_report"}
    bare = units.paper("plan")
    planning.record(
        unit,
        "plan",
        planning.Paper(
            year=bare.year,
            number="1",
            date=bare.date,
            file=liaising.paper(),
            valid_until=bare.valid_until,
        ),
        by=by,
    )
    assert refused(lambda: proving.validate(step, by=by)) == {"plan_without_budget", "no_report"}
    planning.record(unit, "plan", units.paper("plan"), by=by)
    planning.record(unit, "informe", units.paper("informe", year=2001), by=by)
    assert refused(lambda: proving.validate(step, by=by)) == {"no_report"}
    planning.record(unit, "informe", units.paper("informe"), by=by)
    assert proving.validate(step, by=by).state == State.VALIDATED
    plans = UnitPaper.objects.plans().filter(unit=unit)
    assert (plans.count(), plans.current().get().budget_line) == (2, "2.1.4")


def test_an_observation_keeps_the_earlier_one_readable(valentina: User) -> None:
    unit = units.opened(make.department(), by=valentina)
    by = By.admin(valentina)
    first = units.waiting(unit, 2, by=valentina)
    assert refused(lambda: units.waiting(unit, 2, by=valentina)) == {"already_waiting"}
    assert refused(lambda: proving.observe(first, text=" ", by=by)) == {"text_missing"}
    first = proving.observe(first, text="Falta la firma.", by=by)
    assert proving.observe(first, text="Otra vez", by=by).observation == "Falta la firma."
    second = units.waiting(unit, 2, by=valentina)
    proving.validate(second, by=by)
    with first.file.open() as stored:
        assert stored.read() == liaising.PDF
    assert [row.state for row in unit.steps.order_by("pk")] == ["observada", "validada"]
    assert (first.judged_by, first.presented_by) == (valentina, valentina)
    mail = QueuedMail.objects.get(kind="members/unit_step_observed")
    assert "Falta la firma." in mail.text
    assert refused(lambda: units.waiting(unit, 2, by=valentina)) == {"already_validated"}


def test_who_presents_and_who_judges(valentina: User, diana: User) -> None:
    market = make.department()
    own = make.member(valentina.person, works_in=market).person
    unit = units.opened(market, by=diana)
    titular = Designation.objects.get().person.user
    assert titular is not None
    stranger = liaising.worker(market, "Soto").user
    assert stranger is not None
    for who in (By.web(stranger), By.job("prueba")):
        assert refused(lambda who=who: proving.present(unit, 2, units.evidence(2), by=who)) == {  # type: ignore[misc]
            "not_titular"
        }
    step = proving.present(unit, 2, units.evidence(2), by=By.web(titular))
    assert refused(lambda: proving.validate(step, by=By.job("prueba"))) == {"needs_a_person"}
    formalizing.add_member(unit, own, "vocalía", by=By.admin(diana))
    for verb in VERBS.values():
        assert refused(lambda verb=verb: verb(step, valentina)) == {"own_unit"}  # type: ignore[misc]
    assert refused(lambda: proving.validate(step, by=By.web(titular))) == {"own_unit"}
    formalizing.end_member(
        unit.members.get(person=own), reason="Para validarla", by=By.admin(diana)
    )
    assert refused(lambda: proving.validate(step, by=By.admin(valentina))) == {"own_unit"}
    assert proving.validate(step, by=By.admin(diana)).judged_by == diana


def test_only_the_highest_rung_is_left_without_effect(valentina: User) -> None:
    market = make.department()
    unit = units.climbed(market, 3, by=valentina)
    by = By.admin(valentina)
    plan, act = unit.steps.order_by("rung")
    assert refused(lambda: proving.withdraw(plan, reason="x", by=by)) == {"not_the_top"}
    assert refused(lambda: proving.withdraw(act, reason=" ", by=by)) == {"reason_missing"}
    with time_machine.travel(timezone.now() + 3 * DAY):
        proving.withdraw(act, reason="El acta no era auténtica", by=by)
        assert ladder.of(market).rung == 2
        assert ladder.of(market, timezone.localdate() - DAY).rung == 3
        assert proving.next_rung(unit) == 3
        assert list(Transition.objects.about(act))[-1].reason == "El acta no era auténtica"


def test_who_forms_a_unit(valentina: User) -> None:
    market, treasury = make.department(), make.department("Tesorería")
    by = By.admin(valentina)
    unit = formalizing.open_unit(market, by=by)
    she = liaising.worker(make.department("Área", parent=market))
    add = formalizing.add_member
    elsewhere = liaising.worker(treasury)
    assert refused(lambda: add(unit, elsewhere, "vocalía", by=by)) == {"works_elsewhere"}
    assert refused(lambda: add(unit, make.person(), "vocalía", by=by)) == {"member_not_active"}
    tomorrow = timezone.localdate() + DAY
    assert refused(lambda: add(unit, she, "vocalía", start=tomorrow, by=by)) == {"start_future"}
    place = add(unit, she, "vocalía", by=by)
    assert add(unit, she, "vocalía", by=by) == place
    assert refused(lambda: add(unit, she, "coordinación", by=by)) == {"already_member"}
    assert refused(lambda: formalizing.end_member(place, reason="", by=by)) == {"reason_missing"}
    ended = formalizing.end_member(place, reason="Cambió de función", by=by)
    assert formalizing.end_member(ended, reason="Otra vez", by=by).end == timezone.localdate()
    assert add(unit, she, "coordinación", by=by) != place
    Department.objects.filter(pk=treasury.pk).update(expects_liaison=False)
    assert refused(lambda: formalizing.open_unit(treasury, by=by)) == {"no_post"}


def test_a_baja_or_a_readscripcion_takes_her_out(valentina: User) -> None:
    market, treasury = make.department(), make.department("Tesorería")
    by = By.admin(valentina)
    unit = units.opened(market, by=valentina)
    leaves, moves, stays = (row.person for row in unit.members.order_by("pk"))
    membership.end(leaves.member, reason="Dejó el gobierno", by=by)
    Assignment.objects.filter(person=moves).update(department=treasury)
    leaving_posts.leave_former_posts(moves, by=by)
    assert [row.person for row in unit.members.current()] == [stays]


def test_a_dissolution_closes_what_was_open_and_loses_nothing(valentina: User) -> None:
    market, heir = make.department(), make.department("Comercio")
    unit = units.climbed(market, 3, by=valentina)
    other = formalizing.open_unit(heir, by=By.admin(valentina))
    step = units.waiting(unit, 4, by=valentina)
    by = By.admin(valentina)
    ending = Ending(
        document="Acuerdo 7", date=timezone.localdate(), reason="Se reorganizó",
        file=liaising.paper(), successor=heir,
    )  # fmt: skip
    for wrong, code in (
        (Ending(document="", date=ending.date, reason="x"), "source_missing"),
        (Ending(document="x", date=ending.date, reason=""), "reason_missing"),
        (Ending(document="x", date=ending.date + DAY, reason="x"), "date_future"),
        (Ending(document="x", date=ending.date, reason="x", successor=market), "same_department"),
    ):
        assert refused(lambda wrong=wrong: formalizing.dissolve(unit, wrong, by=by)) == {code}  # type: ignore[misc]
    with time_machine.travel(timezone.now() + DAY):
        done = formalizing.dissolve(unit, ending, by=by)
        assert (done.successor, done.successor_unit) == (heir, other)
        assert formalizing.dissolve(done, ending, by=by).dissolved_on == timezone.localdate()
        step.refresh_from_db()
        assert (step.state, step.observation) == (State.OBSERVED, formalizing.DISSOLVED)
        assert not unit.members.current().exists()
        assert (unit.steps.count(), UnitMember.objects.filter(unit=unit).count()) == (3, 3)
        assert ladder.of(market).rung == 1
        assert ladder.of(market, timezone.localdate() - DAY).rung == 3
        for verb in (
            lambda: units.waiting(done, 4, by=valentina),
            lambda: planning.record(done, "plan", units.paper("plan"), by=by),
            lambda: formalizing.add_member(done, liaising.worker(market), "x", by=by),
        ):
            assert refused(verb) == {"unit_dissolved"}
        assert formalizing.open_unit(market, by=by) != done


def test_why_a_unit_is_at_risk(valentina: User) -> None:
    market = make.department()
    unit = units.climbed(market, 2, by=valentina)
    by = By.admin(valentina)
    now = timezone.now()
    planning.record(unit, "plan", units.paper("plan", days=20), by=by)
    assert risks.at_risk() == {}
    leaving_posts.end(Designation.objects.get(), reason="Renunció", by=by)
    with time_machine.travel(now + 20 * DAY):
        assert risks.at_risk() == {}
    with time_machine.travel(now + 30 * DAY):
        assert risks.at_risk().keys() == {unit.pk}
        assert "Su plan anual venció el" in risks.at_risk()[unit.pk][0]
    with time_machine.travel(now + 31 * DAY):
        first, second = risks.at_risk()[unit.pk]
        assert first.startswith("Sin enlace titular desde el")
        assert first.endswith("(31 días).")
        everything = GenderUnit.objects.all()
        assert len(risks.of(everything, timezone.localdate(now) + 30 * DAY)[unit.pk]) == 1
        liaising.in_force(market, unit.members.current()[1].person, by=valentina)
        planning.record(unit, "plan", units.paper("plan", year=2030), by=by)
        assert risks.at_risk() == {}
        assert len(risks.of(everything, timezone.localdate() - DAY)[unit.pk]) == 1
        assert second


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_risks_are_read_in_the_same_queries(
    rows: int, valentina: User, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        formalizing.open_unit(make.department(f"Dirección {number}"), by=By.admin(valentina))
    with time_machine.travel(timezone.now() + 40 * DAY), django_assert_num_queries(6):
        assert len(risks.at_risk()) == rows


def test_a_plan_is_recalled_once_before_it_ends(valentina: User) -> None:
    Institute.objects.create(email="instituto@example.org")
    unit = units.opened(make.department(), by=valentina, people=1)
    planning.record(unit, "plan", units.paper("plan", days=40), by=By.admin(valentina))
    sent = {}
    for days in (9, 10, 11, 32, 33, 34, 41):
        with time_machine.travel(timezone.now() + days * DAY):
            call_command("run_daily", verbosity=0)
            planning.remind_due()
            sent[days] = QueuedMail.objects.filter(kind__startswith="members/unit_plan").count()
    assert sent == {9: 0, 10: 2, 11: 2, 32: 2, 33: 4, 34: 4, 41: 4}
    office = QueuedMail.objects.filter(kind="members/unit_plan_ending_office")
    assert {mail.recipient for mail in office} == {"instituto@example.org"}
    assert f"plan anual {timezone.localdate().year} de" in office[0].text


def test_a_plan_pressed_twice_is_one_and_a_correction_is_not_recalled_again(
    valentina: User,
) -> None:
    unit = units.opened(make.department(), by=valentina, people=1)
    by = By.admin(valentina)
    Designation.objects.update(titular_email="ana.ruiz@guadalajara.gob.mx")
    first = planning.record(unit, "plan", units.paper("plan", days=20), by=by)
    assert planning.record(unit, "plan", units.paper("plan", days=20), by=by) == first
    assert planning.remind_due() == [first]
    told = QueuedMail.objects.filter(kind="members/unit_plan_ending_office")
    assert [mail.recipient for mail in told] == ["ana.ruiz@guadalajara.gob.mx"]
    corrected = replace(units.paper("plan", days=20), number="PL/B")
    made = planning.record(unit, "plan", corrected, by=by)
    assert unit.papers.current().get() == made != first
    assert planning.remind_due() == []


def test_a_plan_with_another_after_it_is_not_recalled(valentina: User) -> None:
    unit = units.opened(make.department(), by=valentina, people=1)
    by = By.admin(valentina)
    planning.record(unit, "plan", units.paper("plan", days=5), by=by)
    planning.record(unit, "plan", units.paper("plan", year=2030, days=300), by=by)
    assert planning.remind_due() == []
    for wrong, code in (
        ({"number": " "}, "number_missing"),
        ({"date": timezone.localdate() + DAY}, "date_future"),
        ({"valid_until": None}, "end_missing"),
        ({"valid_until": timezone.localdate() - DAY}, "end_before"),
    ):
        plan = units.paper("plan")
        typed = {name: getattr(plan, name) for name in plan.__slots__} | wrong
        bad = planning.Paper(**typed)
        assert refused(lambda bad=bad: planning.record(unit, "plan", bad, by=by)) == {code}  # type: ignore[misc]
    assert refused(lambda: planning.record(unit, "acta", units.paper("plan"), by=by)) == {
        "kind_unknown"
    }


def test_the_database_refuses_what_no_verb_writes(valentina: User) -> None:
    today, now = timezone.localdate(), timezone.now()
    unit = units.climbed(make.department(), 2, by=valentina)
    person = unit.members.all()[0].person
    step = {"unit": unit, "number": "1", "date": today, "file": "x.pdf"}
    plan = {"unit": unit, "kind": "plan", "year": 2026, "number": "1", "date": today, "file": "x"}
    wrong: list[tuple[type[Any], dict[str, Any]]] = [
        (GenderUnit, {"department": unit.department}),
        (GenderUnit, {"department": make.department(), "state": "disuelta"}),
        (UnitMember, {"unit": unit, "person": person, "function": "otra"}),
        (UnitMember, {"unit": unit, "person": make.person(), "start": today, "end": today - DAY}),
        (
            UnitStep,
            {**step, "rung": 2, "state": "validada", "judged_at": now, "validated_on": today},
        ),
        (UnitStep, {**step, "rung": 1}),
        (UnitStep, {**step, "rung": 3, "file": ""}),
        (UnitStep, {**step, "rung": 3, "number": ""}),
        (UnitStep, {**step, "rung": 4}),
        (UnitStep, {**step, "rung": 5}),
        (UnitStep, {**step, "rung": 3, "state": "validada"}),
        (UnitStep, {**step, "rung": 3, "state": "observada", "judged_at": now}),
        (UnitStep, {**step, "rung": 3, "ended_on": today}),
        (UnitPaper, plan),
        (UnitPaper, {**plan, "valid_until": today - DAY}),
        (UnitPaper, {**plan, "kind": "informe", "year": 1999}),
    ]
    for model, fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)
    UnitStep.objects.create(**step, rung=3)
    UnitPaper.objects.create(**plan, valid_until=today)
    for again in (
        lambda: UnitStep.objects.create(**step, rung=3),
        lambda: UnitPaper.objects.create(**plan, valid_until=today),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()
