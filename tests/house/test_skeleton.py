"""The builders make valid rows."""

from members.models import Member
from tests import make
from trainings.models import Enrollment


def test_builders_make_a_seat(alicia: Member) -> None:
    seat = make.enrollment(make.edition(), alicia.person)

    assert seat.state == Enrollment.State.CONFIRMED
    seat.full_clean()
