"""The tree changes: who passes, what ends, what stays where it was, and that no day that is over changes."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from members import coverage, membership, reorganising, tree
from members.models import (
    Assignment,
    Department,
    Designation,
    Level,
    LiaisonRole,
    MailDomain,
    Person,
    Succession,
    User,
)
from members.tree_rules import New, Order, Part
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising
from trainings import eligibility

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 3, 2, 16, tzinfo=datetime.UTC)


@pytest.fixture
def staff(valentina: User) -> Iterator[By]:
    """Validación, on a still day of March that is later than everything made before it."""
    with time_machine.travel(START, tick=False) as clock:
        yield By.admin(valentina)
        clock.move_to(START)


def order(*, days_ago: int = 0, source: str = "Gaceta Municipal, tomo I") -> Order:
    """Return the document of so many days ago."""
    return Order(day=timezone.localdate() - days_ago * DAY, source=source)


def refused(code: str, verb: object, *args: object, **kwargs: object) -> None:
    """Check that a verb says no with that code."""
    with pytest.raises(ValidationError) as refusal:
        verb(*args, **kwargs)  # type: ignore[operator]
    assert refusal.value.code == code


def where(person: Person) -> list[tuple[str, datetime.date, datetime.date | None]]:
    """Return every adscripción of hers, the oldest first."""
    rows = Assignment.objects.filter(person=person).order_by("start", "pk")
    return [(row.department.name, row.start, row.end) for row in rows]


def test_a_new_name_carries_people_areas_posts_and_nothing_earned(staff: By) -> None:
    market = make.department("Dirección de Mercados")
    market.acronym = "DMER"
    market.save()
    area = make.department("Tianguis", parent=market)
    MailDomain.objects.create(domain="mercados.gob.mx", department=market)
    seat = make.enrollment(make.edition())
    Assignment.objects.filter(person=seat.person).update(department=market)
    type(seat).objects.filter(pk=seat.pk).update(department=market)
    holder = liaising.in_force(market, by=staff.user)  # type: ignore[arg-type]
    waiting = liaising.nominated(market, by=staff.user, role=LiaisonRole.ALTERNATE)  # type: ignore[arg-type]
    first = timezone.localdate()
    QueuedMail.objects.all().delete()
    with time_machine.travel(START + 10 * DAY, tick=False):
        today = timezone.localdate()
        new = New(name=" Dirección  de Comercio ", acronym="DCOM")
        made = reorganising.rename(market, new, order=order(days_ago=3), by=staff)
        assert reorganising.rename(market, new, order=order(), by=staff) == made
        market.refresh_from_db()
        assert (made.name, made.key, made.valid_from) == (
            "Dirección de Comercio",
            "direccion-de-comercio",
            today - 3 * DAY,
        )
        assert market.valid_to == today - 4 * DAY
        assert market.closed
        assert where(holder.person) == [
            ("Dirección de Mercados", first, today - DAY),
            ("Dirección de Comercio", today, None),
        ]
        area.refresh_from_db()
        waiting.refresh_from_db()
        holder.refresh_from_db()
        seat.refresh_from_db()
        assert (area.parent, waiting.department, seat.department) == (made, made, market)
        assert (holder.state, holder.end) == (Designation.State.ENDED, today)
        current = Designation.objects.current().get()
        assert (current.department, current.person, current.start, current.oficio_number) == (
            made,
            holder.person,
            today,
            holder.oficio_number,
        )
        assert [domain.domain for domain in made.mail_domains.all()] == ["mercados.gob.mx"]
        assert list(Department.objects.current().search("mercados dmer")) == [made]
        assert made.earlier_names == ["Dirección de Mercados", "DMER"]
        assert not QueuedMail.objects.exists()
        assert [line.to_state for line in Transition.objects.about(market)] == ["cerrada"]


def test_the_old_names_reach_through_several_changes(staff: By) -> None:
    first = make.department("Oficialía Mayor")
    second = reorganising.rename(first, New(name="Administración"), order=order(), by=staff)
    with time_machine.travel(START + 5 * DAY, tick=False):
        third = reorganising.rename(second, New(name="Innovación"), order=order(), by=staff)
        assert list(Department.objects.current().search("oficialia")) == [third]
        assert tree.heirs() == {first.pk: third.pk, second.pk: third.pk}


def test_moving_ends_the_posts_of_who_is_no_longer_below(staff: By) -> None:
    top, other = make.department("Presidencia"), make.department("Tesorería")
    moved = make.department("Dirección", parent=top)
    below = make.department("Área", parent=moved)
    of_the_top = liaising.in_force(top, liaising.worker(below), by=staff.user)  # type: ignore[arg-type]
    of_her_own = liaising.in_force(moved, liaising.worker(below, "Ríos"), by=staff.user)  # type: ignore[arg-type]
    refused("cycle", reorganising.move, top, below, order=order(), by=staff)
    refused("cycle", reorganising.move, top, top, order=order(), by=staff)
    reorganising.move(moved, other, order=order(days_ago=2), by=staff)
    of_the_top.refresh_from_db()
    of_her_own.refresh_from_db()
    assert (of_the_top.state, of_her_own.state) == (
        Designation.State.ENDED,
        Designation.State.IN_FORCE,
    )
    assert [row.department.name for row in tree.lines()] == [
        "Presidencia",
        "Tesorería",
        "Dirección",
        "Área",
    ]
    then = tree.lines(timezone.localdate() - 3 * DAY)
    assert [row.department.name for row in then] == [
        "Presidencia",
        "Dirección",
        "Área",
        "Tesorería",
    ]
    refused("date_before", reorganising.move, moved, top, order=order(days_ago=9), by=staff)


def test_closing_leaves_people_to_be_placed_and_receives_nobody(staff: By) -> None:
    gone, to = make.department("Archivo"), make.department("Secretaría")
    area = make.department("Acervo", parent=gone)
    row = liaising.in_force(gone, by=staff.user)  # type: ignore[arg-type]
    refused("has_areas", reorganising.close, gone, order=order(), by=staff)
    reorganising.move(area, to, order=order(), by=staff)
    gone = reorganising.close(gone, order=order(), by=staff)
    assert reorganising.close(gone, order=order(), by=staff) == gone
    row.refresh_from_db()
    assert row.state == Designation.State.ENDED
    assert [post.person for post in reorganising.left_behind()] == [row.person]
    place = membership.Place(gone, "Jefa", Level.HEAD)
    newcomer = make.person()
    refused_enter = {"reason": "Prueba", "by": staff}
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        membership.enter(newcomer, place, **refused_enter)  # type: ignore[arg-type]
    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["department_closed"]
    refused("closed", reorganising.rename, gone, New(name="Otro"), order=order(), by=staff)
    refused("department_closed", reorganising.relocate, gone, gone, [row.person], by=staff)
    refused("not_closed", reorganising.relocate, to, to, [], by=staff)
    assert reorganising.relocate(gone, to, [row.person], by=staff) == [row.person]
    assert reorganising.relocate(gone, to, [row.person], by=staff) == []
    assert not reorganising.left_behind().exists()
    told = QueuedMail.objects.filter(kind="members/membership_readscribed").count()
    assert told == 1


def test_merging_takes_in_what_closes_even_its_own_parent(staff: By) -> None:
    top = make.department("Presidencia")
    parent = make.department("Coordinación", parent=top)
    heir = make.department("Cultura", parent=parent)
    sibling = make.department("Museos", parent=parent)
    lone = make.department("Festivales")
    kept = liaising.in_force(heir, by=staff.user)  # type: ignore[arg-type]
    ended = liaising.in_force(lone, by=staff.user)  # type: ignore[arg-type]
    refused("cycle", reorganising.merge, [parent, heir], heir, order=order(), by=staff)
    refused("needs_two", reorganising.merge, [lone], New(name="X"), order=order(), by=staff)
    merged = reorganising.merge([parent, lone], heir, order=order(), by=staff)
    assert reorganising.merge([parent, lone], heir, order=order(), by=staff) == merged
    sibling.refresh_from_db()
    assert (merged, merged.parent, sibling.parent) == (heir, top, heir)
    kept.refresh_from_db()
    ended.refresh_from_db()
    assert (kept.state, ended.state) == (Designation.State.IN_FORCE, Designation.State.ENDED)
    assert Assignment.objects.open().filter(department=heir).count() == 2
    assert Succession.objects.filter(kind=Succession.Kind.MERGED).count() == 2


def test_splitting_sends_each_where_she_was_chosen(staff: By) -> None:
    whole = make.department("Obras y Servicios")
    area = make.department("Alumbrado", parent=whole)
    one, two, left = (make.member(works_in=whole).person for _ in range(3))
    chosen = frozenset({one.pk})
    works = Part(new=New(name="Obras"), people=chosen)
    services = Part(new=New(name="Servicios"), people=frozenset({two.pk}), areas={area.pk})  # type: ignore[arg-type]
    refused("needs_two", reorganising.split, whole, [works], order=order(), by=staff)
    refused(
        "areas_left",
        reorganising.split,
        whole,
        [works, Part(new=New(name="B"))],
        order=order(),
        by=staff,
    )
    twice = Part(new=New(name="B"), people=chosen)
    refused("chosen_twice", reorganising.split, whole, [works, twice], order=order(), by=staff)
    parts = reorganising.split(whole, [works, services], order=order(), by=staff)
    assert reorganising.split(whole, [works, services], order=order(), by=staff) == parts
    area.refresh_from_db()
    assert [part.name for part in parts] == ["Obras", "Servicios"]
    assert area.parent == parts[1]
    places = [
        Assignment.objects.open().get(person=person).department for person in (one, two, left)
    ]
    assert places == [parts[0], parts[1], whole]
    assert [row.person for row in reorganising.left_behind()] == [left]
    assert tree.heirs() == {}


@pytest.mark.parametrize(
    ("given_order", "code"),
    [
        (Order(day=datetime.date(2027, 1, 1), source="Gaceta"), "date_ahead"),
        (Order(day=datetime.date(2026, 1, 1), source="Gaceta"), "date_before"),
        (Order(day=datetime.date(2026, 3, 2), source=" "), "source_missing"),
    ],
)
def test_days_that_cannot_be(staff: By, given_order: Order, code: str) -> None:
    place = make.department()
    place.valid_from = datetime.date(2026, 2, 1)
    place.save()
    refused(code, reorganising.rename, place, New(name="Otra"), order=given_order, by=staff)
    assert Department.objects.count() == 1


class Town:
    """Some dependencias with people and posts, reorganised in any way."""

    def __init__(self, by: By) -> None:
        self.by = by
        tops = [make.department(f"Coordinación {number}") for number in range(2)]
        self.leaves = [make.department(f"Dirección {n}", parent=tops[n % 2]) for n in range(4)]
        self.people = [liaising.worker(place, f"Ruiz{n}") for n, place in enumerate(self.leaves)]
        for place, person in zip(self.leaves[:3], self.people, strict=False):
            liaising.in_force(place, person, by=by.user)  # type: ignore[arg-type]

    def act(self, what: str, first: int, second: int, ago: int) -> None:
        """Do one thing; what the portal refuses does not happen."""
        rows = list(Department.objects.current().order_by("pk"))
        one, other = rows[first % len(rows)], rows[second % len(rows)]
        when = order(days_ago=ago)
        named = New(name=f"{what} {first} {second} {Department.objects.count()}")
        try:
            if what == "rename":
                reorganising.rename(one, named, order=when, by=self.by)
            elif what == "move":
                reorganising.move(one, other, order=when, by=self.by)
            elif what == "close":
                reorganising.close(one, order=when, by=self.by)
            elif what == "merge":
                into = other if first % 2 else named
                pair = [one] if first % 2 else [one, other]
                reorganising.merge(pair, into, order=when, by=self.by)
            else:
                here = Assignment.objects.open().filter(department=one)
                people = frozenset(here.values_list("person", flat=True))
                areas = frozenset(one.children.current().values_list("pk", flat=True))
                parts = [
                    Part(new=named, people=people),
                    Part(new=New(name=f"{named.name} B"), areas=areas),
                ]
                reorganising.split(one, parts, order=when, by=self.by)
        except ValidationError:
            pass

    def kept(self) -> None:
        """Nobody is lost, nobody works twice, every node is printed once and hangs from no ring."""
        posts = Assignment.objects.open().values_list("person", flat=True)
        assert sorted(posts) == sorted(person.pk for person in self.people)
        current = set(Department.objects.current().values_list("pk", flat=True))
        assert sorted(line.department.pk for line in tree.lines()) == sorted(current)
        for department in Department.objects.current():
            assert department.pk not in {row.pk for row in tree.path_to(department)}


def told(day: datetime.date) -> list[tuple[object, ...]]:
    """Return what the board says of a day, people included."""
    read = coverage.read(day, exact=True)
    return [
        (post.department.name, post.status, post.vacant_since, post.members) for post in read.posts
    ]


ACTS = ("rename", "move", "close", "merge", "split")


@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)),
        min_size=2,
        max_size=6,
    )
)
def test_no_reorganisation_loses_anybody_or_rewrites_a_day(
    valentina: User, acts: list[tuple[str, int, int, int]]
) -> None:
    with transaction.atomic():
        now = START
        with time_machine.travel(now, tick=False):
            town = Town(By.admin(valentina))
        remembered: dict[datetime.date, object] = {}
        for what, first, second, ago in acts:
            day = timezone.localdate(now)
            now += DAY
            with time_machine.travel(now, tick=False):
                remembered[day] = told(day)
                town.act(what, first, second, ago)
                town.kept()
        with time_machine.travel(now + DAY, tick=False):
            assert {day: told(day) for day in remembered} == remembered
        transaction.set_rollback(True)


def test_a_quota_follows_the_dependencia(staff: By) -> None:
    market, other = make.department("Dirección de Mercados"), make.department("Tianguis")
    run = make.edition(seats=9)
    run.seats_per_department = 2
    run.save()
    people = [make.member(works_in=market).person for _ in range(2)]
    for person in people:
        make.enrollment(run, person)
    renamed = reorganising.rename(market, New(name="Dirección de Abasto"), order=order(), by=staff)

    def full(person: Person) -> bool:
        found = eligibility.gather(run, [person.pk], now=timezone.now())
        case = eligibility.Case(found, person.pk)
        return bool(eligibility.apply([eligibility.department_full], case))

    with time_machine.travel(START + DAY, tick=False):
        heir = reorganising.merge([renamed], other, order=order(), by=staff)
        newcomer = make.member(works_in=heir).person
        assert full(newcomer)
    parts = [
        Part(new=New(name="Abasto Norte"), people=frozenset({people[0].pk, newcomer.pk})),
        Part(new=New(name="Abasto Sur"), people=frozenset({people[1].pk})),
    ]
    with time_machine.travel(START + 2 * DAY, tick=False):
        north, south = reorganising.split(heir, parts, order=order(), by=staff)
        assert not full(newcomer)
        make.enrollment(run, newcomer)
        assert full(make.member(works_in=north).person)
        assert not full(make.member(works_in=south).person)
