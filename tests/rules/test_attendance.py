"""Marks: who writes them, what is refused, what two people at once may do, what closing fixes."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.models import Member, User
from red_genero.common.models import Transition
from red_genero.common.states import By
from tests import make
from trainings import attending, closing, tallying
from trainings.attending import Change
from trainings.models import Attendance, Edition, Enrollment, Session

Mark = Attendance.Mark
SCREEN = Attendance.Origin.SCREEN
PAPER = Attendance.Origin.PAPER


@pytest.fixture
def run(db: None) -> Edition:
    """An edición that is over: three people, two sessions of three hours, no marks."""
    return make.taught()


def first(run: Edition) -> Session:
    return run.sessions.get(number=1)


def people(run: Edition) -> list[Enrollment]:
    return list(run.enrollments.order_by("pk"))


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(refused.value.error_list[0].code)


def test_a_mark_keeps_who_when_and_from_where(run: Edition, carmen: User) -> None:
    mark = attending.mark(people(run)[0], first(run), Mark.LATE, by=By.web(carmen), origin=PAPER)

    assert mark is not None
    assert (mark.mark, mark.origin, mark.recorded_by) == (Mark.LATE, PAPER, carmen)
    assert timezone.now() - mark.recorded_at < datetime.timedelta(minutes=1)


def test_the_same_mark_twice_writes_once(run: Edition, carmen: User) -> None:
    for _ in range(2):
        attending.mark(people(run)[0], first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)

    assert Attendance.history.count() == 1


def test_a_change_keeps_the_old_value_in_the_history(
    run: Edition, carmen: User, fernanda: User
) -> None:
    seat = people(run)[0]
    attending.mark(seat, first(run), Mark.ABSENT, by=By.web(carmen), origin=SCREEN)
    attending.mark(seat, first(run), Mark.EXCUSED, by=By.web(fernanda), origin=SCREEN)

    told = Attendance.history.order_by("history_id").values_list("mark", "recorded_by")
    assert list(told) == [(Mark.ABSENT, carmen.pk), (Mark.EXCUSED, fernanda.pk)]


def test_a_mark_can_be_taken_away_while_the_edition_is_open(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    attending.mark(seat, first(run), Mark.ABSENT, by=By.web(carmen), origin=SCREEN)
    attending.mark(seat, first(run), "", by=By.web(carmen), origin=SCREEN)

    assert not Attendance.objects.exists()
    assert Attendance.history.order_by("-history_id")[0].history_user == carmen


def test_only_changed_rows_are_written(run: Edition, carmen: User) -> None:
    one, two, three = people(run)
    done = attending.mark_many(
        first(run),
        [
            Change(one.pk, Mark.PRESENT, ""),
            Change(two.pk, "", ""),
            Change(three.pk, Mark.ABSENT, ""),
        ],
        by=By.web(carmen),
        origin=SCREEN,
    )

    assert done == attending.Marked(2)
    assert set(Attendance.objects.values_list("enrollment", "mark")) == {
        (one.pk, Mark.PRESENT),
        (three.pk, Mark.ABSENT),
    }


def test_two_coordinators_at_once_lose_nothing(run: Edition, carmen: User, fernanda: User) -> None:
    """Both opened the screen empty; each sends every row; what the other wrote is never undone."""
    one, two, three = people(run)
    session = first(run)
    attending.mark_many(
        session,
        [
            Change(one.pk, Mark.PRESENT, ""),
            Change(two.pk, Mark.ABSENT, ""),
            Change(three.pk, "", ""),
        ],
        by=By.web(carmen),
        origin=SCREEN,
    )
    done = attending.mark_many(
        session,
        [
            Change(one.pk, "", ""),
            Change(two.pk, Mark.PRESENT, ""),
            Change(three.pk, Mark.PRESENT, ""),
        ],
        by=By.web(fernanda),
        origin=SCREEN,
    )

    assert done.written == 1
    assert [conflict.enrollment for conflict in done.conflicts] == [two]
    assert "registró «Falta»" in done.conflicts[0].reason
    assert dict(Attendance.objects.values_list("enrollment", "mark")) == {
        one.pk: Mark.PRESENT,
        two.pk: Mark.ABSENT,
        three.pk: Mark.PRESENT,
    }


def test_both_choosing_the_same_is_no_conflict(run: Edition, carmen: User, fernanda: User) -> None:
    change = [Change(people(run)[0].pk, Mark.PRESENT, "")]
    attending.mark_many(first(run), change, by=By.web(carmen), origin=SCREEN)

    assert attending.mark_many(
        first(run), change, by=By.web(fernanda), origin=SCREEN
    ) == attending.Marked(0)


def test_everybody_present_leaves_the_exceptions(run: Edition, carmen: User) -> None:
    attending.mark(people(run)[1], first(run), Mark.ABSENT, by=By.web(carmen), origin=SCREEN)

    assert attending.all_present(first(run), by=By.web(carmen)).written == 2
    assert attending.all_present(first(run), by=By.web(carmen)).written == 0
    assert Attendance.objects.filter(mark=Mark.PRESENT).count() == 2


def test_nobody_marks_her_own_attendance(run: Edition, carmen: User) -> None:
    own = make.enrollment(run, make.member(carmen.person).person)
    with pytest.raises(ValidationError, match="Su propia asistencia"):
        attending.mark(own, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)

    assert attending.all_present(first(run), by=By.web(carmen)).written == 3
    assert not own.marks.exists()


@pytest.mark.parametrize(
    "state",
    [
        Enrollment.State.WAITING,
        Enrollment.State.OFFERED,
        Enrollment.State.REQUESTED,
        Enrollment.State.CANCELLED,
    ],
)
def test_only_who_has_an_accepted_seat_is_marked(run: Edition, carmen: User, state: str) -> None:
    seat = make.enrollment(run, state=state)
    with pytest.raises(ValidationError, match="Ya no tiene lugar"):
        attending.mark(seat, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)


def test_somebody_of_another_edition_is_refused(run: Edition, carmen: User) -> None:
    stranger = make.enrollment(make.edition())
    with pytest.raises(ValidationError) as refused:
        attending.mark(stranger, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)

    assert code_of(refused) == "not_attending"


def test_an_unknown_mark_is_refused_and_nothing_is_written(run: Edition, carmen: User) -> None:
    one, two, _ = people(run)
    with pytest.raises(ValidationError) as refused:
        attending.mark_many(
            first(run),
            [Change(one.pk, Mark.PRESENT, ""), Change(two.pk, "de_vacaciones", "")],
            by=By.web(carmen),
            origin=SCREEN,
        )

    assert code_of(refused) == "unknown_mark"
    assert not Attendance.objects.exists()


def test_a_future_session_takes_no_marks(carmen: User) -> None:
    run = make.edition(starts_in_days=1)
    seat = make.enrollment(run)
    with pytest.raises(ValidationError, match="a partir del día de la sesión"):
        attending.mark(seat, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)


def test_a_session_takes_marks_on_its_day_before_it_begins(carmen: User) -> None:
    run = make.edition(starts_in_days=0)
    seat = make.enrollment(run)
    tonight = timezone.localtime().replace(hour=23, minute=58)
    run.sessions.filter(number=1).update(
        starts_at=tonight, ends_at=tonight + datetime.timedelta(hours=1)
    )

    assert attending.mark(seat, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)


@pytest.mark.parametrize("state", [Edition.State.DRAFT, Edition.State.CANCELLED])
def test_an_edition_that_is_not_given_takes_no_marks(
    run: Edition, carmen: User, state: str
) -> None:
    Edition.objects.filter(pk=run.pk).update(state=state)
    with pytest.raises(ValidationError, match="no lleva asistencia"):
        attending.all_present(first(run), by=By.web(carmen))


def test_a_cancelled_session_takes_no_marks_and_leaves_the_sum(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    attending.mark(seat, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)
    second = run.sessions.get(number=2)
    attending.mark(seat, second, Mark.ABSENT, by=By.web(carmen), origin=SCREEN)
    assert tallying.tally(seat).percentage == 50

    second.cancelled_at = timezone.now()
    second.save()
    assert tallying.tally(seat).percentage == 100
    with pytest.raises(ValidationError, match="se canceló"):
        attending.mark(seat, second, Mark.PRESENT, by=By.web(carmen), origin=SCREEN)


def test_sessions_without_marks_are_no_absences(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    attending.mark(seat, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)
    sums = tallying.tally(seat)

    assert (sums.percentage, sums.pending, sums.unmarked) == (Fraction(100), Fraction(3), 1)


def test_the_first_mark_freezes_what_marks_are_worth(run: Edition, carmen: User) -> None:
    run.minimum_attendance = 70
    run.full_clean()
    run.save()
    attending.all_present(first(run), by=By.web(carmen))
    frozen = Edition.objects.get(pk=run.pk)
    assert frozen.policy_frozen_at is not None

    frozen.minimum_attendance, frozen.seats = 60, 25
    with pytest.raises(ValidationError) as refused:
        frozen.full_clean()
    assert list(refused.value.message_dict) == ["minimum_attendance"]
    frozen.minimum_attendance = 70
    frozen.full_clean()


@pytest.mark.parametrize("number", [1, 3, 12])
def test_everybodys_sum_takes_three_queries(
    carmen: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = make.taught(people=number, sessions=number)
    attending.all_present(first(run), by=By.web(carmen))
    with django_assert_num_queries(3):
        sums = tallying.tallies(run)

    assert len(sums) == number
    for seat in people(run):
        assert sums[seat.pk] == tallying.tally(seat)


def closed(run: Edition, by: User) -> Edition:
    for session in run.sessions.all():
        attending.all_present(session, by=By.web(by))
    return closing.close(run, by=By.web(by))


def test_after_closing_a_correction_needs_a_reason(run: Edition, carmen: User) -> None:
    run = closed(run, carmen)
    seat = people(run)[0]
    with pytest.raises(ValidationError) as refused:
        attending.mark(seat, first(run), Mark.ABSENT, by=By.web(carmen), origin=SCREEN)
    assert code_of(refused) == "reason_required"
    with pytest.raises(ValidationError) as refused:
        attending.mark(seat, first(run), "", by=By.web(carmen), origin=SCREEN, reason="Error")
    assert code_of(refused) == "mark_required"

    attending.mark(
        seat,
        first(run),
        Mark.ABSENT,
        by=By.web(carmen),
        origin=PAPER,
        reason="La lista dice otra cosa",
    )
    seat.refresh_from_db()
    assert seat.state == Enrollment.State.NOT_COMPLETED
    assert seat.marks.get(session=first(run)).reason == "La lista dice otra cosa"
    lines = Transition.objects.about(seat).values_list("from_state", "to_state", "reason")
    assert list(lines) == [
        ("confirmada", "concluida", "6 de 6 horas, 100 %; el mínimo es 80 %."),
        ("concluida", "no_concluida", "La lista dice otra cosa"),
    ]


def test_a_correction_cannot_undermine_a_certificate_in_force(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    issued = make.certificate(seat, by=carmen)
    with pytest.raises(ValidationError, match=issued.folio) as refused:
        attending.mark(
            seat, first(run), Mark.ABSENT, by=By.web(carmen), origin=PAPER, reason="No estuvo"
        )

    assert code_of(refused) == "certificate_stands"
    assert seat.marks.get(session=first(run)).mark == Mark.PRESENT


def test_the_person_who_coordinates_reads_the_sum_of_a_suspended_member(
    run: Edition, carmen: User, alicia: Member
) -> None:
    """Attendance does not depend on the membership: what was attended is hers."""
    seat = make.enrollment(run, alicia.person)
    Member.objects.filter(pk=alicia.pk).update(state=Member.State.SUSPENDED)
    attending.mark(seat, first(run), Mark.PRESENT, by=By.web(carmen), origin=SCREEN)

    assert tallying.tally(seat).credited == Fraction(Decimal(3))
