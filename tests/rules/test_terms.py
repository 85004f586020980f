"""Periodos de gobierno: what closing one ends, what it leaves as it was, and how its tasks are settled."""

import datetime
from collections.abc import Callable
from functools import partial

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from members import (
    catalogs,
    claims,
    closing_terms,
    coverage,
    designating,
    forgetting,
    leaving_posts,
    ratifying,
    reorganising,
    retention,
    risks,
    settling,
)
from members.models import (
    Department,
    Designation,
    GenderUnit,
    GovernmentTerm,
    Institute,
    LiaisonRole,
    Member,
    TermTask,
    User,
)
from members.tree_rules import New, Order, Part
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising, units

State = TermTask.State
DAY = datetime.timedelta(days=1)
TOUCHED = frozenset(
    {
        "members.Designation",
        "members.HistoricalDesignation",
        "members.GovernmentTerm",
        "members.HistoricalGovernmentTerm",
        "members.TermTask",
        "common.Transition",
        "common.QueuedMail",
    }
)
"""The only tables that closing a term may write."""


def term(*, last_in_days: int = 0, years: int = 3) -> GovernmentTerm:
    """Return a term whose last day is so many days from today."""
    last = timezone.localdate() + last_in_days * DAY
    first = last - years * 365 * DAY
    return GovernmentTerm.objects.create(
        key=f"{first.year}-{last.year}",
        name=f"Gobierno {first.year}–{last.year}",
        first_day=first,
        last_day=last,
    )


def refused(call: Callable[[], object]) -> str:
    """Return the code with which a verb says no."""
    with pytest.raises(ValidationError) as refusal:
        call()
    return str(refusal.value.code)


def everything() -> dict[str, list[dict[str, object]]]:
    """Return every row of every table that closing may not touch."""
    return {
        model._meta.label: list(models.QuerySet(model).order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in TOUCHED
    }


def designated(row: Designation, staff: User, *, start: datetime.date | None = None) -> Designation:
    """Accept and validate."""
    her = By.web(row.person.user)  # type: ignore[arg-type]
    accepted = designating.accept(row, show_name="nadie", by=her)
    return designating.validate(accepted, start=start, replacing=True, by=By.admin(staff))


def test_closing_ends_what_it_covers_and_changes_nothing_else(
    valentina: User, diana: User, fernanda: User
) -> None:
    market, treasury, works, apart = (make.department(f"Dirección {n}") for n in range(4))
    Department.objects.filter(pk=apart.pk).update(expects_liaison=False)
    this = term()
    today = this.last_day
    held = liaising.in_force(market, by=valentina)
    alternate = liaising.in_force(market, by=valentina, role=LiaisonRole.ALTERNATE)
    own_end = liaising.in_force(treasury, by=valentina, last_day=today)
    later = liaising.accepted(treasury, by=valentina)
    designating.validate(later, start=today + DAY, by=By.admin(valentina))
    waiting = liaising.nominated(works, by=valentina)
    run = make.taught(people=2)
    make.certificate(run.enrollments.order_by("pk")[0], by=fernanda)
    before, mails = everything(), QueuedMail.objects.count()
    seen = closing_terms.preview(this)
    closed = closing_terms.close(this, by=By.admin(diana))
    assert everything() == before
    assert {row.pk for row in seen.ending} == {held.pk, alternate.pk}
    assert [row.pk for row in seen.staying] == [later.pk]
    assert (seen.tasks, seen.settled, seen.open) == (4, 0, 1)
    for row in (held, alternate):
        row.refresh_from_db()
        assert (row.state, row.end) == (Designation.State.ENDED, today + DAY)
    for row, state in ((own_end, "vigente"), (later, "vigente"), (waiting, "nominada")):
        row.refresh_from_db()
        assert row.state == state
    assert QueuedMail.objects.filter(kind="members/term_closed").count() == 2
    assert QueuedMail.objects.count() == mails + 2
    assert {task.department.name: task.state for task in closed.tasks.all()} == {
        "Dirección 0": State.PENDING,
        "Dirección 1": State.PENDING,
        "Dirección 2": State.PENDING,
        "Dirección de Obras Públicas": State.PENDING,
    }
    assert closed.tasks.get(department=market).outgoing == held
    assert (closed.state, closed.closed_by) == ("cerrado", diana)
    lines = Transition.objects.count()
    assert closing_terms.close(this, by=By.admin(diana)).closed_at == closed.closed_at
    assert (Transition.objects.count(), QueuedMail.objects.count()) == (lines, mails + 2)
    assert coverage.read().covered == 2


def test_when_a_term_may_be_closed(valentina: User, diana: User) -> None:
    this = term(last_in_days=1)
    by = By.admin(diana)
    assert refused(lambda: closing_terms.close(this, by=by)) == "term_not_over"
    assert refused(lambda: closing_terms.close(this, by=By.job("ronda"))) == "needs_a_person"
    row = liaising.in_force(make.department(), by=valentina)
    with time_machine.travel(timezone.now() + 11 * DAY):
        follows = closing_terms.open_next(
            this, name="El que sigue", last_day=this.last_day + 5 * DAY, by=by
        )
        assert refused(lambda: closing_terms.close(follows, by=by)) == "earlier_open"
        closing_terms.close(this, by=by)
        row.refresh_from_db()
        assert row.end == timezone.localdate()


def test_no_day_belongs_to_two_terms(diana: User) -> None:
    this = term()
    by = By.admin(diana)
    assert closing_terms.open_next(
        this, name="Sigue", last_day=this.last_day + 900 * DAY, by=by
    ) == closing_terms.open_next(this, name="Otra", last_day=this.last_day + 30 * DAY, by=by)
    other = GovernmentTerm(key="x", name="X", first_day=this.last_day, last_day=this.last_day + DAY)
    assert refused(other.clean) == "term_overlaps"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        GovernmentTerm.objects.filter(pk=this.pk).update(last_day=this.last_day + DAY)
    before = this.first_day - DAY
    GovernmentTerm.objects.create(key="y", name="Y", first_day=before - 30 * DAY, last_day=before)


def test_a_task_follows_the_designations(valentina: User, diana: User) -> None:
    market, treasury, works = (make.department(f"Dirección {n}") for n in range(3))
    same, left = (liaising.in_force(place, by=valentina) for place in (market, treasury))
    this = closing_terms.close(term(), by=By.admin(diana))
    by = By.admin(valentina)
    tasks = {task.department: task for task in this.tasks.select_related("term")}
    oficio = liaising.oficio
    assert refused(lambda: closing_terms.ratify(tasks[market], oficio=oficio(), by=by)) == (
        "oficio_of_before"
    )
    with time_machine.travel(timezone.now() + 2 * DAY):
        made = closing_terms.ratify(tasks[market], oficio=oficio(number="R/1"), by=by)
        assert this.tasks.pending().count() == 3
        designated(made, valentina)
        new = liaising.worker(treasury, "Soto")
        assert (
            refused(
                lambda: closing_terms.substitute(
                    tasks[treasury], left.person, oficio=oficio(), by=by
                )
            )
            == "same_person"
        )
        designated(
            closing_terms.substitute(tasks[treasury], new, oficio=oficio(), by=by), valentina
        )
        assert (
            refused(lambda: closing_terms.ratify(tasks[works], oficio=oficio(), by=by))
            == "nobody_to_ratify"
        )
        assert refused(lambda: settling.declare_vacant(tasks[works], reason=" ", by=by)) == (
            "reason_missing"
        )
        settling.declare_vacant(tasks[works], reason="Sin titular", by=by)
        found = {task.department: task for task in this.tasks.all()}
        assert [found[place].state for place in (market, treasury, works)] == [
            State.RATIFIED,
            State.REPLACED,
            State.VACANT,
        ]
        assert found[market].designation == made
        assert found[market].settled_by == valentina
        assert (
            refused(lambda: closing_terms.ratify(found[market], oficio=oficio(), by=by))
            == "already_settled"
        )
        assert refused(lambda: settling.ask_again(found[market], reason="x", by=by)) == (
            "settled_by_fact"
        )
        late = designated(liaising.nominated(works, by=valentina), valentina)
        task = this.tasks.get(department=works)
        assert (task.state, task.designation, task.reason) == (State.REPLACED, late, "")
        leaving_posts.end(late, reason="Se registró por error", by=by)
        task.refresh_from_db()
        assert (task.state, task.designation) == (State.PENDING, None)
    assert same.person_id == made.person_id


def test_a_new_name_does_not_carry_an_enlace_over_the_change(valentina: User, diana: User) -> None:
    market, treasury = make.department("Mercados"), make.department("Tesorería")
    liaising.in_force(market, by=valentina)
    left = liaising.in_force(treasury, by=valentina)
    this, by = term(), By.admin(valentina)
    with time_machine.travel(timezone.now() + 3 * DAY):
        order = Order(day=timezone.localdate(), source="Acuerdo 2")
        renamed = reorganising.rename(market, New(name="Comercio"), order=order, by=by)
        new = designated(liaising.nominated(treasury, by=valentina), valentina)
        went_on = Designation.objects.in_force().get(department=renamed)
    with time_machine.travel(timezone.now() + 5 * DAY):
        seen = closing_terms.preview(this)
        closing_terms.close(this, by=By.admin(diana))
        went_on.refresh_from_db()
        tasks = {task.department: task for task in this.tasks.all()}
        assert (list(seen.ending), list(seen.staying), seen.settled) == ([went_on], [new], 1)
        assert (went_on.state, went_on.end) == (Designation.State.ENDED, timezone.localdate())
        assert (tasks[renamed].state, tasks[renamed].outgoing) == (State.PENDING, went_on)
        assert (tasks[treasury].state, tasks[treasury].outgoing) == (State.REPLACED, left)
        again = closing_terms.ratify(tasks[renamed], oficio=liaising.oficio(), by=by)
        designated(again, valentina)
        assert this.tasks.get(department=renamed).state == State.RATIFIED


def test_an_oficio_of_the_former_government_settles_nothing(valentina: User, diana: User) -> None:
    market = make.department("Mercados")
    on_its_way = liaising.nominated(market, by=valentina)
    this = term()
    with time_machine.travel(timezone.now() + 2 * DAY):
        closing_terms.close(this, by=By.admin(diana))
        designated(on_its_way, valentina)
        assert this.tasks.get(department=market).state == State.PENDING
        oficio = liaising.oficio(number="DM/9")
        task = this.tasks.get(department=market)
        made = closing_terms.substitute(
            task, on_its_way.person, oficio=oficio, by=By.admin(valentina)
        )
        designated(made, valentina)
        task.refresh_from_db()
        assert (task.state, task.designation) == (State.REPLACED, made)


def test_an_alternate_settles_nothing(valentina: User, diana: User) -> None:
    market = make.department()
    this = closing_terms.close(term(last_in_days=-1), by=By.admin(diana))
    liaising.in_force(market, by=valentina, role=LiaisonRole.ALTERNATE)
    assert this.tasks.get().state == State.PENDING


def test_a_unit_is_at_risk_until_it_is_ratified(valentina: User, diana: User) -> None:
    unit = units.climbed(make.department("Mercados"), 2, by=valentina)
    today = timezone.localdate()
    this = closing_terms.close(term(), by=By.admin(diana))
    paper, by = liaising.paper, By.admin(valentina)
    with time_machine.travel(timezone.now() + DAY):
        later = units.opened(make.department("Tesorería"), by=valentina)
        everything = GenderUnit.objects.all()
        assert risks.of(everything) == {
            unit.pk: [f"Terminó el periodo de gobierno «{this}» sin ratificación."]
        }
        assert list(ratifying.owing(this)) == [unit]
        assert ratifying.owed_by(unit) == this
        assert ratifying.owed_by(later) is None
        for chosen, day, code in (
            (unit, today, "oficio_of_before"),
            (unit, today + 2 * DAY, "oficio_future"),
            (later, today + DAY, "no_change"),
        ):
            verb = partial(ratifying.ratify, chosen, number="R/1", date=day, file=paper(), by=by)
            assert refused(verb) == code
    with time_machine.travel(timezone.now() + 3 * DAY):
        made = ratifying.ratify(unit, number="R/1", date=today + 2 * DAY, file=paper(), by=by)
        again = ratifying.ratify(unit, number="R/2", date=today + 2 * DAY, file=paper(), by=by)
        assert (again, made.term, made.recorded_by) == (made, this, valentina)
        assert risks.at_risk() == {}
        assert not ratifying.owing(this).exists()
        assert set(risks.of(everything, today + 2 * DAY)) == {unit.pk}
        assert list(Transition.objects.about(unit))[-1].reason.endswith("Oficio R/1")


def test_the_constraints_of_a_task(diana: User) -> None:
    market = make.department()
    this = closing_terms.close(term(), by=By.admin(diana))
    with pytest.raises(IntegrityError), transaction.atomic():
        TermTask.objects.create(term=this, department=market)
    for column in ({"state": State.RATIFIED}, {"state": State.VACANT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TermTask.objects.filter(term=this).update(**column)


def test_a_reorganisation_carries_what_is_owed(valentina: User, diana: User) -> None:
    names = ("Renombra", "Cierra", "Fusiona 1", "Fusiona 2", "Divide", "Resuelta")
    places = {name: make.department(name) for name in names}
    this = closing_terms.close(term(last_in_days=-1), by=By.admin(diana))
    liaising.in_force(places["Resuelta"], by=valentina)
    by, order = By.admin(valentina), Order(day=timezone.localdate(), source="Acuerdo 1")
    renamed = reorganising.rename(
        places["Renombra"], New(name="Con otro nombre"), order=order, by=by
    )
    reorganising.close(places["Cierra"], order=order, by=by)
    heir = reorganising.merge(
        [places["Fusiona 1"], places["Fusiona 2"]], New(name="Fusionada"), order=order, by=by
    )
    parts = [Part(new=New(name=name), people=frozenset(), areas=frozenset()) for name in ("A", "B")]
    made = reorganising.split(places["Divide"], parts, order=order, by=by)
    reorganising.rename(places["Resuelta"], New(name="Resuelta y más"), order=order, by=by)
    found = {task.department.name: task.state for task in this.tasks.all()}
    assert found == {
        renamed.name: State.PENDING,
        "Cierra": State.VOID,
        "Fusiona 1": State.VOID,
        "Fusiona 2": State.VOID,
        heir.name: State.PENDING,
        "Divide": State.VOID,
        made[0].name: State.PENDING,
        made[1].name: State.PENDING,
        "Resuelta": State.REPLACED,
    }


def test_the_end_is_told_at_ninety_thirty_and_seven_days_once(valentina: User) -> None:
    Institute.objects.create(email="instituto@example.org")
    this = term(last_in_days=120)
    market = make.department()
    liaising.in_force(market, by=valentina, titular_email="ana.ruiz@guadalajara.gob.mx")
    liaising.in_force(market, by=valentina, role=LiaisonRole.ALTERNATE)
    liaising.in_force(
        make.department("Otra"), by=valentina, last_day=timezone.localdate() + 8 * DAY
    )
    sent = {}
    for days in (0, 29, 30, 31, 89, 90, 113, 120, 121):
        with time_machine.travel(timezone.now() + days * DAY):
            call_command("run_daily", verbosity=0)
            closing_terms.remind_due()
            sent[days] = QueuedMail.objects.filter(kind__startswith="members/term_ending").count()
    assert sent == {0: 0, 29: 0, 30: 3, 31: 3, 89: 3, 90: 6, 113: 9, 120: 9, 121: 9}
    told = QueuedMail.objects.filter(kind="members/term_ending_titular")
    assert {mail.recipient for mail in told} == {"ana.ruiz@guadalajara.gob.mx"}
    this.refresh_from_db()
    assert this.quarter_reminded_at
    assert this.month_reminded_at
    assert this.week_reminded_at


def test_one_reminder_when_the_portal_learns_of_it_late(db: None) -> None:
    Institute.objects.create(email="instituto@example.org")
    term(last_in_days=5)
    assert len(closing_terms.remind_due()) == 1
    assert closing_terms.remind_due() == []


def test_the_current_term_is_loaded_once_and_is_the_staffs_to_edit(db: None) -> None:
    catalogs.load_all()
    this = GovernmentTerm.objects.get()
    assert (this.first_day, this.last_day) == (
        datetime.date(2024, 10, 1),
        datetime.date(2027, 9, 30),
    )
    GovernmentTerm.objects.update(name="Como lo escribió el Instituto")
    catalogs.load_all()
    assert GovernmentTerm.objects.get().name == "Como lo escribió el Instituto"


def test_cancelling_her_data_leaves_the_tasks_without_her_name(
    valentina: User, diana: User
) -> None:
    held = liaising.in_force(make.department(), by=valentina)
    this = closing_terms.close(term(), by=By.admin(diana))
    ours = ("members.GovernmentTerm", "members.HandoverPack", "members.TermTask", "members.Unit")
    assert [name for name in retention.unclaimed() if name.startswith(ours)] == []
    planned = {line.title for line in forgetting.plan(held.person)}
    assert "Tareas del cambio de gobierno" in planned
    forgetting.block(held.person, by=By.admin(diana))
    with time_machine.travel(timezone.now() + 4000 * DAY):
        forgetting.anonymise(held.person, by=By.admin(diana))
    task = this.tasks.select_related("outgoing__person").get()
    assert task.outgoing is not None
    assert str(task.outgoing.person) == claims.NOBODY
    assert not QueuedMail.objects.filter(kind="members/term_closed").exists()
    assert Member.objects.filter(person=held.person).exists()
