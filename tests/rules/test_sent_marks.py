"""Marks that devices send late, twice or at once; undone presses; codes of the room; sheets; papers."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import User
from red_genero.common.states import By
from tests import make
from tests.rules.liaising import paper
from trainings import attending, checking_in, filing, importing_marks
from trainings.importing_marks import Sheet
from trainings.models import Attendance, AttendancePaper, Edition, Enrollment, MarkReceipt, Session
from trainings.rolls import Change, Marked

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


def sent(seat: Enrollment, mark: str, seen: str = "", **more: datetime.datetime) -> Change:
    return Change(seat.pk, mark, seen, key=uuid.uuid4(), at=more.get("at", timezone.now()))


def codes(refused: pytest.ExceptionInfo[ValidationError]) -> set[str | None]:
    return {error.code for error in refused.value.error_list}


def deliver(run: Edition, by: User, *changes: Change) -> Marked:
    return attending.mark_many(first(run), changes, by=By.web(by), origin=SCREEN)


def test_a_mark_sent_again_after_it_was_taken_away_stays_away(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    change = sent(seat, Mark.PRESENT)
    assert deliver(run, carmen, change) == Marked(1)
    deliver(run, carmen, sent(seat, "", Mark.PRESENT))

    assert deliver(run, carmen, change) == Marked(0)
    assert not Attendance.objects.exists()


def test_a_late_mark_changes_nothing_that_somebody_wrote_meanwhile(
    run: Edition, carmen: User, fernanda: User
) -> None:
    seat = people(run)[0]
    late = sent(seat, Mark.ABSENT, at=timezone.now() - datetime.timedelta(hours=5))
    deliver(run, fernanda, sent(seat, Mark.PRESENT))
    done = deliver(run, carmen, late)

    assert done.written == 0
    assert str(fernanda) in done.conflicts[0].reason
    assert "«Presente»" in done.conflicts[0].reason
    assert Attendance.objects.get().mark == Mark.PRESENT


def test_several_about_one_row_in_one_delivery_leave_the_last(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    deliver(run, carmen, sent(seat, Mark.PRESENT), sent(seat, Mark.ABSENT))

    assert [row.mark for row in Attendance.objects.all()] == [Mark.ABSENT]


def test_when_is_the_moment_of_the_tap_and_never_the_future(run: Edition, carmen: User) -> None:
    one, two, _ = people(run)
    tapped = timezone.now() - datetime.timedelta(hours=2)
    deliver(
        run,
        carmen,
        sent(one, Mark.PRESENT, at=tapped),
        sent(two, Mark.PRESENT, at=timezone.now() + datetime.timedelta(days=1)),
    )

    assert one.marks.get().recorded_at == tapped
    assert two.marks.get().recorded_at <= timezone.now()


def test_a_mark_that_waited_a_month_is_shown_again_to_whoever_chose_it(
    run: Edition, carmen: User
) -> None:
    old = sent(people(run)[0], Mark.PRESENT, at=timezone.now() - datetime.timedelta(days=31))
    done = deliver(run, carmen, old)

    assert "30 días" in done.conflicts[0].reason
    assert not MarkReceipt.objects.exists()
    deliver(run, carmen, sent(people(run)[0], Mark.PRESENT))
    assert attending.forget_receipts(timezone.now() + datetime.timedelta(days=59)) == 0
    assert attending.forget_receipts(timezone.now() + datetime.timedelta(days=61)) == 1


def test_undoing_takes_back_ones_own_last_press(run: Edition, carmen: User, fernanda: User) -> None:
    one, two, three = people(run)
    deliver(run, fernanda, sent(one, Mark.LATE))
    deliver(run, carmen, Change(two.pk, Mark.ABSENT, ""))
    attending.all_present(first(run), by=By.web(carmen))
    assert attending.undo(first(run), by=By.web(carmen)).written == 1
    assert dict(Attendance.objects.values_list("enrollment", "mark")) == {
        one.pk: Mark.LATE,
        two.pk: Mark.ABSENT,
    }
    deliver(run, carmen, Change(one.pk, Mark.PRESENT, Mark.LATE))
    assert attending.undo(first(run), by=By.web(carmen)).written == 1
    assert one.marks.get().mark == Mark.LATE
    assert not three.marks.exists()


@pytest.fixture
def now_running(carmen: User) -> Edition:
    """An edición whose first session begins today at noon, with self check-in."""
    run = make.edition(starts_in_days=0, state=Edition.State.RUNNING)
    start = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    run.sessions.filter(number=1).update(
        starts_at=start, ends_at=start + datetime.timedelta(hours=3)
    )
    Edition.objects.filter(pk=run.pk).update(self_check_in=True)
    make.enrollment(run)
    return Edition.objects.get(pk=run.pk)


def hers(seat: Enrollment) -> By:
    assert seat.person.user is not None
    return By.web(seat.person.user)


@pytest.mark.parametrize(
    ("minutes", "mark"), [(-20, Mark.PRESENT), (14, Mark.PRESENT), (16, Mark.LATE)]
)
def test_she_registers_with_the_code_of_the_room(
    now_running: Edition, minutes: int, mark: str
) -> None:
    seat, session = now_running.enrollments.get(), first(now_running)
    with time_machine.travel(session.starts_at + datetime.timedelta(minutes=minutes), tick=False):
        code = checking_in.code(session, timezone.now())
        made, again = checking_in.check_in(now_running, seat, code.lower(), by=hers(seat))
        assert (made.mark, made.origin, again) == (mark, Attendance.Origin.ROOM_CODE, False)
    with time_machine.travel(session.starts_at + datetime.timedelta(minutes=60), tick=False):
        code = checking_in.code(session, timezone.now())
        assert checking_in.check_in(now_running, seat, code, by=hers(seat)) == (made, True)


def test_the_code_turns_and_nobody_elses_serves(now_running: Edition, carmen: User) -> None:
    seat, session = now_running.enrollments.get(), first(now_running)
    other = now_running.sessions.get(number=2)
    base = session.starts_at
    with time_machine.travel(base, tick=False):
        code = checking_in.code(session, base)
        stale = checking_in.code(session, base, ago=2)
        for wrong in (stale, checking_in.code(other, base), "", "AAAAAA"):
            with pytest.raises(ValidationError) as refused:
                checking_in.check_in(now_running, seat, wrong, by=hers(seat))
            assert codes(refused) == {"wrong_code"}
        with pytest.raises(ValidationError) as refused:
            checking_in.check_in(now_running, seat, code, by=By.web(carmen))
        assert codes(refused) == {"not_hers"}
        assert seat.person.user is not None
        now_running.coordinators.add(seat.person.user)
        seat.person.user.groups.add(*carmen.groups.all())
        with pytest.raises(ValidationError) as refused:
            checking_in.check_in(now_running, seat, code, by=hers(Enrollment.objects.get()))
        assert codes(refused) == {"own"}
    with time_machine.travel(base + datetime.timedelta(hours=4), tick=False):
        with pytest.raises(ValidationError) as refused:
            checking_in.check_in(now_running, seat, code, by=hers(seat))
        assert codes(refused) == {"not_open"}
    assert not Attendance.objects.exists()


def sheet(run: Edition, by: User, *rows: str) -> Sheet:
    content = "\n".join(["persona,sesion,asistencia", *rows]).encode()
    return Sheet(run, "hoja.csv", content, by=By.web(by))


def test_a_sheet_is_written_whole_and_twice_changes_nothing(run: Edition, carmen: User) -> None:
    one, two, _ = people(run)
    rows = [f"{one.person.institutional_email},1,Presente", f"{two.person.member.folio},1,f"]
    assert importing_marks.load(sheet(run, carmen, *rows), by=By.web(carmen)) == 2
    assert importing_marks.load(sheet(run, carmen, *rows), by=By.web(carmen)) == 0
    assert set(Attendance.objects.values_list("enrollment", "mark", "origin")) == {
        (one.pk, Mark.PRESENT, "importacion"),
        (two.pk, Mark.ABSENT, "importacion"),
    }


@pytest.mark.parametrize(
    "wrong", ["nadie@example.mx,1,P", "{0},9,P", "{0},1,vino", "{0},1,P\n{0},1,F"]
)
def test_one_wrong_row_and_nothing_is_written(run: Edition, carmen: User, wrong: str) -> None:
    one, two, _ = people(run)
    rows = [f"{two.person.institutional_email},1,P", wrong.format(one.person.institutional_email)]
    with pytest.raises(ValidationError) as refused:
        importing_marks.load(sheet(run, carmen, *rows), by=By.web(carmen))

    assert codes(refused) == {"rows_wrong"}
    assert not Attendance.objects.exists()


def test_what_changed_after_the_preview_is_not_overwritten(
    run: Edition, carmen: User, fernanda: User
) -> None:
    one = people(run)[0]
    shown = sheet(run, carmen, f"{one.person.institutional_email},1,P").copy()
    deliver(run, fernanda, sent(one, Mark.ABSENT))
    later = Sheet(run, "hoja.csv", shown.encode(), by=By.web(carmen))
    with pytest.raises(ValidationError):
        importing_marks.load(later, by=By.web(carmen))

    assert one.marks.get().mark == Mark.ABSENT


def test_a_justified_absence_keeps_its_paper_once(run: Edition, carmen: User) -> None:
    seat = people(run)[0]
    for _ in range(2):
        filing.excuse(
            seat, first(run), by=By.web(carmen), reason="Oficio DOP/12/2026", file=paper()
        )

    assert seat.marks.get().mark == Mark.EXCUSED
    assert seat.marks.get().reason == "Oficio DOP/12/2026"
    assert AttendancePaper.objects.get().enrollment == seat
    with pytest.raises(ValidationError) as refused:
        filing.excuse(seat, first(run), by=By.web(carmen), reason="  ")
    assert codes(refused) == {"reason_required"}


def test_the_signed_list_is_kept_once(run: Edition, carmen: User) -> None:
    kept = {filing.keep_list(first(run), paper(), by=By.web(carmen)).pk for _ in range(2)}

    assert len(kept) == 1
    assert AttendancePaper.objects.get().kind == AttendancePaper.Kind.SIGNED_LIST
