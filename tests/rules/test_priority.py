"""The rule of each edición orders its queue when people enter it, and never again."""

import pytest

from members.models import Member, User
from tests import make
from tests.rules import liaising
from tests.rules.seating import STAFF, change, enrol
from trainings import conditions, filling
from trainings.models import Edition, Enrollment
from trainings.prioritising import FIRST


@pytest.fixture
def full(db: None) -> Edition:
    run = make.edition(seats=1)
    make.enrollment(run)
    return run


def queue(run: Edition) -> list[str]:
    seats = Enrollment.objects.filter(edition=run).queue().select_related("person")
    return [seat.person.given_names for seat in seats]


def experienced(who: Member) -> Member:
    make.enrollment(make.edition(state=Edition.State.CLOSED), who.person, "concluida")
    return who


def test_by_arrival_nobody_goes_before(full: Edition, alicia: Member, beatriz: Member) -> None:
    enrol(full, experienced(alicia))
    enrol(full, beatriz)

    assert queue(full) == ["Alicia", "Beatriz"]


def test_who_never_concluded_anything_goes_first(
    full: Edition, alicia: Member, beatriz: Member
) -> None:
    change(full, priority_rule=Edition.Priority.FIRST_TIME)
    enrol(full, experienced(alicia))
    enrol(full, beatriz)

    assert queue(full) == ["Beatriz", "Alicia"]
    assert "primero a quien no ha concluido" in conditions.when_full(full)
    filling.set_seats(full, 2, by=STAFF)
    assert queue(full) == ["Alicia"]


def test_a_changed_rule_moves_nobody(full: Edition, alicia: Member, beatriz: Member) -> None:
    enrol(full, experienced(alicia))
    enrol(full, experienced(beatriz))
    change(full, priority_rule=Edition.Priority.FIRST_TIME)

    assert queue(full) == ["Alicia", "Beatriz"]
    assert not Enrollment.objects.filter(edition=full, priority=FIRST).exists()


def test_enlaces_go_first(full: Edition, alicia: Member, beatriz: Member, valentina: User) -> None:
    change(full, priority_rule=Edition.Priority.LIAISONS)
    works_in = beatriz.person.assignments.get().department
    liaising.in_force(works_in, beatriz.person, by=valentina)
    enrol(full, alicia)
    enrol(full, beatriz)

    assert queue(full) == ["Beatriz", "Alicia"]
    assert "primero a enlaces de género" in conditions.when_full(full)
