"""A government reorganises the real tree: ten renamed, five merged, three divided; nobody and nothing is lost."""

import datetime

import time_machine
from django.utils import timezone

from members import catalogs, coverage, reorganising, tree
from members.models import Assignment, Department, Designation, Succession, User
from members.tree_rules import New, Order, Part
from red_genero.common.states import By
from tests import make
from tests.rules import liaising
from trainings.models import Certificate, Enrollment

DAY = datetime.timedelta(days=1)
RENAMED = 10
MERGED = 5
SPLIT = 3


def leaves() -> list[Department]:
    """Return the real dependencias without áreas, in a fixed order."""
    return list(Department.objects.current().filter(children=None).order_by("key"))


def earned() -> tuple[object, ...]:
    """Return what nobody may lose: seats by dependencia, constancias and people at work."""
    seats = list(Enrollment.objects.order_by("pk").values_list("department", "state"))
    papers = list(Certificate.objects.order_by("pk").values_list("folio", "sha256", "frozen"))
    people = sorted(Assignment.objects.open().values_list("person", flat=True))
    return seats, papers, people


def test_the_real_tree_is_reorganised(valentina: User) -> None:
    catalogs.load_all()
    staff, places = By.admin(valentina), leaves()
    people = [
        make.member(works_in=place).person for place in places[: RENAMED + 2 * MERGED + SPLIT]
    ]
    for number in (0, 1, RENAMED, RENAMED + 1):
        liaising.in_force(places[number], people[number], by=valentina)
    edition = make.taught(people=2)
    for seat, place in zip(edition.enrollments.order_by("pk"), places, strict=False):
        Enrollment.objects.filter(pk=seat.pk).update(department=place)
    make.certificate(edition.enrollments.order_by("pk")[0], by=valentina)
    nodes, before = Department.objects.count(), earned()
    yesterday = timezone.localdate()
    board = [
        (post.department.name, post.status, post.members)
        for post in coverage.read(exact=True).posts
    ]
    with time_machine.travel(timezone.now() + DAY, tick=False):
        order = Order(day=timezone.localdate(), source="Reforma al Código de Gobierno")
        for place in places[:RENAMED]:
            reorganising.rename(place, New(name=f"Nueva {place.name}"[:160]), order=order, by=staff)
        for number in range(RENAMED, RENAMED + 2 * MERGED, 2):
            pair = places[number : number + 2]
            reorganising.merge(pair, New(name=f"Unión {number}"), order=order, by=staff)
        for place in places[RENAMED + 2 * MERGED :][:SPLIT]:
            inside = Assignment.objects.open().filter(department=place)
            chosen = frozenset(inside.values_list("person", flat=True))
            parts = [
                Part(new=New(name=f"{place.name[:150]} A"), people=chosen),
                Part(new=New(name=f"{place.name[:150]} B")),
            ]
            reorganising.split(place, parts, order=order, by=staff)
        assert earned() == before
        assert Department.objects.count() == nodes + RENAMED + MERGED + 2 * SPLIT
        gone = RENAMED + 2 * MERGED + SPLIT
        assert (
            Department.objects.current().count() == nodes + MERGED + 2 * SPLIT - 2 * MERGED - SPLIT
        )
        assert len(tree.lines()) == Department.objects.current().count()
        assert len(tree.lines(yesterday)) == nodes
        assert Succession.objects.values("former").distinct().count() == gone
        assert len(tree.heirs()) == gone - SPLIT
        assert not reorganising.left_behind().exists()
        assert Designation.objects.current().count() == 2
        then = coverage.read(yesterday, exact=True).posts
        assert [(post.department.name, post.status, post.members) for post in then] == board
