"""Closing: everybody's result is written once, what was open ends, what was private is erased."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import User
from red_genero.common.models import Transition
from red_genero.common.states import By
from tests import make
from trainings import attending, closing
from trainings.models import Attendance, Edition, Enrollment, Session

Mark = Attendance.Mark
SCREEN = Attendance.Origin.SCREEN


@pytest.fixture
def run(db: None) -> Edition:
    """An edición that is over: three people, two sessions of three hours, no marks."""
    return make.taught()


def first(run: Edition) -> Session:
    return run.sessions.get(number=1)


def people(run: Edition) -> list[Enrollment]:
    return list(run.enrollments.order_by("pk"))


def closed(run: Edition, by: User) -> Edition:
    for session in run.sessions.all():
        attending.all_present(session, by=By.web(by))
    return closing.close(run, by=By.web(by))


def test_each_gets_the_state_of_her_sum(run: Edition, carmen: User) -> None:
    one, two, three = people(run)
    by = By.web(carmen)
    for session in run.sessions.all():
        attending.mark(one, session, Mark.PRESENT, by=by, origin=SCREEN)
        attending.mark(three, session, Mark.ABSENT, by=by, origin=SCREEN)
    attending.mark(two, first(run), Mark.PRESENT, by=by, origin=SCREEN)
    attending.mark(two, run.sessions.get(number=2), Mark.ABSENT, by=by, origin=SCREEN)

    ended = closing.close(run, by=by)
    assert (ended.state, ended.closed_at is not None) == (Edition.State.CLOSED, True)
    assert [seat.state for seat in people(run)] == [
        Enrollment.State.COMPLETED,
        Enrollment.State.NOT_COMPLETED,
        Enrollment.State.NO_SHOW,
    ]


def test_missing_marks_want_a_confirmation_and_are_written(run: Edition, carmen: User) -> None:
    attending.all_present(first(run), by=By.web(carmen))
    with pytest.raises(ValidationError, match="Faltan 3 marcas"):
        closing.close(run, by=By.web(carmen))
    run.refresh_from_db()
    assert run.state == Edition.State.RUNNING

    closing.close(run, by=By.web(carmen), missing_are_absent=True)
    second = Attendance.objects.filter(session__number=2)
    assert [(row.mark, row.recorded_by) for row in second] == [(Mark.ABSENT, carmen)] * 3
    assert Attendance.history.filter(session__number=2).count() == 3


def test_her_own_missing_mark_stops_her(run: Edition, carmen: User) -> None:
    make.enrollment(run, make.member(carmen.person).person)
    with pytest.raises(ValidationError) as refused:
        closing.close(run, by=By.web(carmen), missing_are_absent=True)
    assert refused.value.error_list[0].code == "own_mark_missing"
    assert not Attendance.objects.exists()


def test_it_waits_for_the_last_session(carmen: User) -> None:
    run = make.edition(starts_in_days=-1, sessions=2)
    with pytest.raises(ValidationError, match="Faltan sesiones"):
        closing.close(run, by=By.web(carmen), missing_are_absent=True)

    run.sessions.filter(number=2).update(cancelled_at=timezone.now())
    assert closing.close(run, by=By.web(carmen)).state == Edition.State.CLOSED


def test_an_edition_without_sessions_is_not_closed(carmen: User) -> None:
    run = make.edition(starts_in_days=-20, sessions=1)
    run.sessions.all().delete()
    with pytest.raises(ValidationError, match="no tiene sesiones"):
        closing.close(run, by=By.web(carmen))


def test_what_was_open_ends_and_private_needs_are_erased(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    Enrollment.objects.filter(pk=seat.pk).update(adjustments="Rampa", care_needs="Lactancia")
    open_ones = [
        make.enrollment(run, state=state)
        for state in (
            Enrollment.State.WAITING,
            Enrollment.State.OFFERED,
            Enrollment.State.REQUESTED,
        )
    ]
    closed(run, carmen)

    seat.refresh_from_db()
    assert (seat.adjustments, seat.care_needs) == ("", "")
    for row in open_ones:
        row.refresh_from_db()
        assert row.state == Enrollment.State.CANCELLED
        assert Transition.objects.about(row).get().reason == closing.ENDED


def test_closing_twice_changes_nothing(run: Edition, carmen: User) -> None:
    closed(run, carmen)
    lines = Transition.objects.count()
    closing.close(run, by=By.web(carmen))

    assert Transition.objects.count() == lines


@pytest.mark.parametrize("state", [Edition.State.DRAFT, Edition.State.CANCELLED])
def test_a_state_that_cannot_close_refuses(run: Edition, carmen: User, state: str) -> None:
    Edition.objects.filter(pk=run.pk).update(state=state)
    with pytest.raises(ValidationError, match="no puede cerrarse"):
        closing.close(run, by=By.web(carmen))
