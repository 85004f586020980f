"""Coverage: the arithmetic, the vacancies, and that a day that is over never changes."""

import datetime
from dataclasses import replace

import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from members import closing_terms, coverage, designating, leaving_posts, membership
from members.models import (
    Assignment,
    Department,
    Designation,
    GovernmentTerm,
    LiaisonRole,
    Member,
    Person,
    User,
)
from red_genero.common import rings
from red_genero.common.states import By
from tests import make
from tests.rules import liaising

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 3, 2, 10, tzinfo=datetime.UTC)


def test_only_titulares_of_those_that_should_have_one_count(valentina: User) -> None:
    covered, alone, _empty, apart, closed = (make.department(f"Dirección {n}") for n in range(5))
    liaising.in_force(covered, by=valentina)
    liaising.in_force(alone, by=valentina, role=LiaisonRole.ALTERNATE)
    apart.expects_liaison = False
    apart.save()
    closed.valid_to = timezone.localdate() - DAY
    closed.save()
    read = coverage.read()
    assert (read.expected, read.covered, read.only_alternate, read.vacant) == (3, 1, 1, 1)
    assert read.percent == 33.3
    assert {post.department.name: post.status for post in read.posts} == {
        "Dirección 0": "titular",
        "Dirección 1": "suplente",
        "Dirección 2": "vacante",
    }


def test_nothing_to_cover_has_no_percentage(db: None) -> None:
    assert coverage.read().percent is None
    assert coverage.known_since() is None


def test_almost_everything_is_not_everything(valentina: User) -> None:
    read = coverage.Coverage(day=timezone.localdate(), posts=[], departments=[])
    post = coverage.Post(
        department=make.department(),
        kind="",
        parent="",
        held=True,
        alternate=False,
        vacant_since=None,
        vacant_days=None,
        members=None,
    )
    many = replace(read, posts=[post] * 1999 + [replace(post, held=False)])
    assert many.percent == 99.9


def test_a_vacancy_is_as_old_as_the_last_titular(valentina: User) -> None:
    market = make.department()
    row = liaising.in_force(market, by=valentina)
    with time_machine.travel(timezone.now() + 10 * DAY):
        leaving_posts.end(row, reason="Cambió de encargo", by=By.admin(valentina))
        left = timezone.localdate()
    with time_machine.travel(timezone.now() + 51 * DAY):
        read = coverage.read()
        assert [(post.vacant_since, post.vacant_days) for post in read.posts] == [(left, 41)]
        assert {age.label: age.value for age in read.ages() if age.value} == {"De 31 a 90 días": 1}
        before = coverage.read(left - DAY)
        assert (before.covered, before.posts[0].vacant_since) == (1, None)
        assert coverage.read(left).covered == 0


def test_the_past_keeps_the_tree_that_was_known(valentina: User) -> None:
    with time_machine.travel(START):
        market = make.department("Mercados")
        liaising.in_force(market, by=valentina)
        day = timezone.localdate()
    with time_machine.travel(START + 5 * DAY):
        market.name, market.expects_liaison = "Comercio", False
        market.save()
        make.department("Nueva")
        today = coverage.read()
        then = coverage.read(day)
        assert [post.department.name for post in today.posts] == ["Nueva"]
        assert [post.department.name for post in then.posts] == ["Mercados"]
        assert (then.covered, today.covered) == (1, 0)
        assert coverage.read(day - DAY).expected == 0
        assert coverage.known_since() == day


def test_orders_of_the_table(valentina: User) -> None:
    for name in ("Ñandú", "Oficialía", "Nóminas"):
        make.department(name)
    posts = coverage.read().posts
    names = [post.department.name for post in coverage.ordered(posts, "dependencia")]
    assert names == ["Nóminas", "Ñandú", "Oficialía"]
    assert [p.department.name for p in coverage.ordered(posts, "-dependencia")] == names[::-1]
    assert [p.department.name for p in coverage.ordered(posts, "'; drop")] == names


def test_small_numbers_of_integrantes_are_kept_back(valentina: User) -> None:
    many, few, one = (make.department(f"Dirección {n}") for n in range(3))
    for place, people in ((many, 9), (few, 4), (one, 1)):
        for _ in range(people):
            make.member(works_in=place)
    public = {post.department.pk: post.members for post in coverage.read().posts}
    assert public == {many.pk: 9, few.pk: None, one.pk: None}
    exact = {post.department.pk: post.members for post in coverage.read(exact=True).posts}
    assert exact == {many.pk: 9, few.pk: 4, one.pk: 1}


def test_the_drawing_has_every_dependencia_once(valentina: User) -> None:
    top = make.department("Presidencia")
    for number in range(4):
        make.department(f"Dirección {number}", parent=top)
    liaising.in_force(top, by=valentina)
    read = coverage.read()
    drawing = coverage.draw(read)
    assert sorted(dot.label for dot in drawing.dots) == [
        "Dirección 0: Sin enlace",
        "Dirección 1: Sin enlace",
        "Dirección 2: Sin enlace",
        "Dirección 3: Sin enlace",
        "Presidencia: Con titular",
    ]
    assert [dot.status for dot in drawing.dots].count("titular") == 1


@given(st.lists(st.integers(-1, 60), max_size=60))
def test_any_tree_is_laid_out_inside_the_frame(parents: list[int]) -> None:
    """Also forests, chains and, should the data ever hold one, rings."""
    tree = {
        key: (parent if 0 <= parent < len(parents) else None) for key, parent in enumerate(parents)
    }
    spots = rings.lay_out(tree)
    assert sorted(spot.key for spot in spots) == sorted(tree)
    for spot in spots:
        assert 0 < float(spot.x) < rings.SIZE
        assert 0 < float(spot.y) < rings.SIZE


def test_a_large_tree_is_laid_out_at_once() -> None:
    chain: dict[int, int | None] = {key: key - 1 if key else None for key in range(5000)}
    assert len(rings.lay_out(chain)) == 5000
    assert (
        len({spot.key for spot in rings.lay_out({k: (k - 1) // 3 if k else None for k in chain})})
        == 5000
    )


class Town:
    """Two dependencias and their people, to whom anything may happen on any day."""

    def __init__(self, staff: User) -> None:
        self.by = By.admin(staff)
        self.staff = staff
        self.places = [make.department("Mercados"), make.department("Tesorería")]
        self.people = [
            liaising.worker(place, f"Apellido{number}")
            for place in self.places
            for number in range(3)
        ]

    def act(self, what: str, who: int, length: int) -> None:
        """Do one thing; what the portal refuses does not happen."""
        person = self.people[who % len(self.people)]
        place = self.places[who // 3 % 2]
        try:
            with transaction.atomic():
                getattr(self, what)(person, place, length)
        except ValidationError:
            pass

    def designate(self, person: Person, place: Department, length: int) -> None:
        """Nominate, accept and validate, for some days or without end, today or later."""
        last = timezone.localdate() + (length + 3) * DAY if length % 3 else None
        role = LiaisonRole.ALTERNATE if length % 5 == 0 else LiaisonRole.HOLDER
        row = liaising.accepted(place, person, by=self.staff, role=role, last_day=last)
        start = timezone.localdate() + (length % 4) * DAY
        designating.validate(row, start=start, replacing=length % 2 == 0, by=self.by)

    def end(self, person: Person, place: Department, length: int) -> None:
        """End whatever stands in a dependencia."""
        for row in Designation.objects.in_force().filter(department=place):
            leaving_posts.end(row, reason="Cambió", by=self.by)

    def leave(self, person: Person, place: Department, length: int) -> None:
        """Baja."""
        membership.end(Member.objects.get(person=person), reason="Baja", by=self.by)

    def move(self, person: Person, place: Department, length: int) -> None:
        """Readscripción."""
        Assignment.objects.open().filter(person=person).update(department=place)
        leaving_posts.leave_former_posts(person, by=self.by)

    def reorganise(self, person: Person, place: Department, length: int) -> None:
        """Rename, close or open a dependencia, or change whether it should have an enlace."""
        row = Department.objects.get(pk=place.pk)
        row.name = f"{row.name[:40]} {length}"
        row.expects_liaison = length % 3 != 0
        row.valid_to = timezone.localdate() if length % 4 == 1 else None
        row.save()
        if length % 5 == 2:
            make.department(f"Nueva {length}")

    def change_government(self, person: Person, place: Department, length: int) -> None:
        """Close a term that ends today, or that ended some days ago."""
        known = GovernmentTerm.objects.order_by("-last_day").first()
        last = timezone.localdate() - length % 3 * DAY
        first = known.next_day if known else last - 30 * DAY
        if first < last:
            made = GovernmentTerm.objects.create(
                key=str(last), name=str(last), first_day=first, last_day=last
            )
            closing_terms.close(made, by=self.by)

    def round(self, person: Person, place: Department, length: int) -> None:
        """The daily round."""
        leaving_posts.expire_due(by=By.job("prueba"))
        leaving_posts.remind_due()


def told(day: datetime.date) -> list[tuple[int, str, str, datetime.date | None]]:
    """Return what the board says of a day."""
    return [
        (post.department.pk, post.department.name, post.status, post.vacant_since)
        for post in coverage.read(day).posts
    ]


ACTS = (
    "designate",
    "designate",
    "end",
    "leave",
    "move",
    "reorganise",
    "change_government",
    "round",
)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 20), st.integers(0, 5)),
        max_size=14,
    )
)
def test_a_day_that_is_over_never_changes(
    valentina: User, acts: list[tuple[str, int, int, int]]
) -> None:
    """Whatever happens later, and no two people ever hold one post on one day."""
    with transaction.atomic():
        now = START
        with time_machine.travel(now, tick=False):
            town = Town(valentina)
        remembered: dict[datetime.date, object] = {}
        for what, who, length, later in acts:
            with time_machine.travel(now, tick=False):
                town.act(what, who, length)
            nights = later
            for _ in range(nights):
                day = timezone.localdate(now)
                now += DAY
                with time_machine.travel(now, tick=False):
                    remembered[day] = told(day)
        with time_machine.travel(now, tick=False):
            for day, said in remembered.items():
                assert told(day) == said
                held = Designation.objects.as_of(day).values_list("department_id", "role")
                assert len(held) == len(set(held))
        transaction.set_rollback(True)
