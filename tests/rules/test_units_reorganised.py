"""Units when the tree, or a person, changes: a name carries them on, the rest ends them, nothing is lost or rewritten."""

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from members import (
    coverage,
    forgetting,
    formalizing,
    holdings,
    ladder,
    leaving_posts,
    merging,
    planning,
    proving,
    reach,
    reorganising,
    risks,
)
from members.formalizing import Ending
from members.models import (
    Department,
    Designation,
    GenderUnit,
    PrivacyPolicy,
    UnitMember,
    UnitStep,
    User,
)
from members.tree_rules import New, Order, Part
from red_genero.common import intake
from red_genero.common.models import Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising, units

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 3, 2, 16, tzinfo=datetime.UTC)


def order() -> Order:
    """Return a document of today."""
    return Order(day=timezone.localdate(), source="Gaceta Municipal, tomo I")


def test_a_new_name_carries_the_unit_on(valentina: User) -> None:
    by = By.admin(valentina)
    with time_machine.travel(START):
        market = make.department("Mercados")
        unit = units.climbed(market, 3, by=valentina)
        waiting = units.waiting(unit, 4, by=valentina)
        day = timezone.localdate()
    with time_machine.travel(START + 9 * DAY):
        assert reach.of([market]).units == [unit]
        made = reorganising.rename(market, New(name="Comercio"), order=order(), by=by)
        assert ladder.of(made).unit == unit
        assert (ladder.of(made).rung, unit.members.current().count()) == (3, 3)
        proving.validate(waiting, by=by)
        assert (ladder.of(made).rung, ladder.of(market, day).rung) == (4, 3)
        assert [(post.department.name, post.rung) for post in coverage.read(day).posts] == [
            ("Mercados", 3)
        ]
        leaving_posts.end(Designation.objects.current().get(), reason="Renunció", by=by)
    with time_machine.travel(START + 45 * DAY):
        assert "(36 días)" in risks.at_risk()[unit.pk][0]


@pytest.mark.parametrize("what", ["merge", "split", "close"])
def test_the_rest_dissolves_it_and_says_who_continues(what: str, valentina: User) -> None:
    by = By.admin(valentina)
    with time_machine.travel(START):
        market, heir = make.department("Mercados"), make.department("Comercio")
        unit = units.climbed(market, 3, by=valentina)
        other = formalizing.open_unit(heir, by=by)
        steps = list(unit.steps.values_list("pk", "state"))
        people = [row.person.pk for row in unit.members.all()]
        day = timezone.localdate()
    with time_machine.travel(START + 9 * DAY):
        if what == "merge":
            reorganising.merge([market], heir, order=order(), by=by)
        elif what == "split":
            parts = [Part(new=New(name="Plazas")), Part(new=New(name="Tianguis"))]
            reorganising.split(market, parts, order=order(), by=by)
        else:
            reorganising.close(market, order=order(), by=by)
        unit.refresh_from_db()
        assert (unit.state, unit.dissolved_on) == ("disuelta", timezone.localdate())
        assert unit.dissolution_document == "Gaceta Municipal, tomo I"
        expected = (heir, other) if what == "merge" else (None, None)
        assert (unit.successor, unit.successor_unit) == expected
        assert list(unit.steps.values_list("pk", "state")) == steps
        assert [row.person.pk for row in unit.members.all()] == people
        assert not unit.members.current().exists()
        assert ladder.of(market, day).rung == 3
        assert [line.to_state for line in Transition.objects.about(unit)] == ["activa", "disuelta"]


def test_one_person_twice_in_a_unit_is_not_merged_unsaid(valentina: User, diana: User) -> None:
    unit = units.opened(make.department(), by=valentina)
    kept, gone, other = (row.person for row in unit.members.order_by("pk"))
    plan = merging.plan(gone, other, by=By.admin(diana))
    assert "misma Unidad de Género" in " ".join(plan.refusals)
    place = unit.members.get(person=other)
    formalizing.end_member(place, reason="Se registró dos veces", by=By.admin(diana))
    merging.merge(gone, other, chosen={}, reason="Es la misma", by=By.admin(diana))
    assert unit.members.filter(person=gone).count() == 2
    assert unit.members.filter(person=kept).count() == 1


def test_her_place_is_hers_to_read_and_is_emptied_with_her(valentina: User, diana: User) -> None:
    PrivacyPolicy.objects.create()
    unit = units.opened(make.department(), by=valentina)
    place = unit.members.order_by("-pk")[0]
    held = {row["key"]: row for row in holdings.of(place.person)}
    [fields] = held["members.unitmember"]["rows"]
    assert {field["label"]: field["shown"] for field in fields}["Función"] == "vocalía"
    by = By.admin(diana)
    forgetting.block(place.person, by=by)
    place.refresh_from_db()
    assert place.end == timezone.localdate()
    with time_machine.travel(timezone.now() + 400 * DAY):
        forgetting.anonymise(place.person, by=by)
    place.refresh_from_db()
    assert (place.function, place.unit) == ("—", unit)
    assert {line.reason for line in Transition.objects.about(place)} == {""}


class Town:
    """Three dependencias, one with a unit and three integrantes, to whom anything may happen."""

    def __init__(self, staff: User) -> None:
        self.staff, self.by = staff, By.admin(staff)
        self.paper = intake.receive(liaising.paper(), intake.PAPERS)
        make.department("Tesorería")
        make.department("Archivo")
        self.unit = units.opened(make.department("Mercados"), by=staff)

    def act(self, what: str, number: int) -> None:
        """Do one thing; what the portal refuses does not happen."""
        rows = list(GenderUnit.objects.active().order_by("pk"))
        places = list(Department.objects.current().order_by("pk"))
        if not places:
            return
        place = places[number % len(places)]
        try:
            with transaction.atomic():
                if what in {"rename", "merge", "close", "open"}:
                    getattr(self, what)(place, places[(number + 1) % len(places)])
                elif rows:
                    getattr(self, what)(rows[number % len(rows)], number)
        except ValidationError:
            pass

    def open(self, place: Department, other: Department) -> None:
        """A unit begins."""
        formalizing.open_unit(place, by=self.by)

    def rename(self, place: Department, other: Department) -> None:
        """The same dependencia with another name."""
        new = New(name=f"{place.name[:30]} {Department.objects.count()}")
        reorganising.rename(place, new, order=order(), by=self.by)

    def merge(self, place: Department, other: Department) -> None:
        """One takes in the other."""
        reorganising.merge([place], other, order=order(), by=self.by)

    def close(self, place: Department, other: Department) -> None:
        """One ends without successor."""
        reorganising.close(place, order=order(), by=self.by)

    def climb(self, unit: GenderUnit, number: int) -> None:
        """Present and, mostly, validate the next rung."""
        rung = proving.next_rung(unit) or 5
        given = replace(units.evidence(rung), file=self.paper)
        step = proving.present(unit, rung, given, by=self.by)
        if number % 4 == 3:
            proving.observe(step, text="Falta", by=self.by)
        else:
            proving.validate(step, by=self.by)

    def plan(self, unit: GenderUnit, number: int) -> None:
        """A plan, good for a while or over already, and a report."""
        for kind in ("plan", "informe"):
            given = replace(units.paper(kind, days=number - 3), file=self.paper)
            planning.record(unit, kind, given, by=self.by)

    def fall(self, unit: GenderUnit, number: int) -> None:
        """The highest rung no longer counts."""
        for step in unit.steps.in_force().order_by("-rung")[:1]:
            proving.withdraw(step, reason="Se anuló", by=self.by)

    def vacate(self, unit: GenderUnit, number: int) -> None:
        """Nobody is titular any more."""
        for row in Designation.objects.in_force().filter(department=unit.department):
            leaving_posts.end(row, reason="Renunció", by=self.by)

    def dissolve(self, unit: GenderUnit, number: int) -> None:
        """It ends by a document."""
        ending = Ending(document="Acuerdo", date=timezone.localdate(), reason="Se extinguió")
        formalizing.dissolve(unit, ending, by=self.by)


def told(day: datetime.date) -> object:
    """Return what the board and the staff's detail say of a day."""
    read = coverage.read(day)
    posts = [(post.department.name, post.status, post.rung, post.unit) for post in read.posts]
    return posts, risks.of(GenderUnit.objects.all(), day)


ACTS = ("climb", "climb", "climb", "plan", "fall", "vacate", "dissolve", "open", "rename", "merge", "close")  # fmt: skip


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 8), st.sampled_from([0, 1, 1, 40])),
        min_size=4,
        max_size=10,
    )
)
def test_the_ladder_of_a_day_that_is_over_never_changes(
    valentina: User, acts: list[tuple[str, int, int]]
) -> None:
    """Whatever happens later; nothing presented is lost, and no rung stands over a gap."""
    with transaction.atomic():
        now = START
        with time_machine.travel(now, tick=False):
            town = Town(valentina)
        remembered: dict[datetime.date, object] = {}
        steps = people = 0
        for what, number, nights in acts:
            with time_machine.travel(now, tick=False):
                town.act(what, number)
                assert UnitStep.objects.count() >= steps
                assert UnitMember.objects.count() >= people
                steps, people = UnitStep.objects.count(), UnitMember.objects.count()
                for unit in GenderUnit.objects.active():
                    rungs = sorted(unit.steps.in_force().values_list("rung", flat=True))
                    assert rungs == list(range(2, 2 + len(rungs)))
                    assert not unit.department.closed
            if nights:
                day = timezone.localdate(now)
                now += nights * DAY
                with time_machine.travel(now, tick=False):
                    remembered[day] = told(day)
        with time_machine.travel(now, tick=False):
            for day, said in remembered.items():
                assert told(day) == said
        transaction.set_rollback(True)
