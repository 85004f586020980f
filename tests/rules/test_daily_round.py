"""The daily round: each message once, none late, and the same however often or seldom it runs."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from members.models import Member, User
from red_genero.common.models import QueuedMail
from tests import make
from tests.rules.seating import STAFF, change, forget_mails, mails, state
from tests.rules.surveys import with_surveys
from trainings import rescheduling, scheduling
from trainings.models import Edition, EditionNotice, Enrollment, Reminder, Session

ZONE = ZoneInfo("America/Mexico_City")
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=ZONE)  # type: ignore[misc,arg-type]


def plan(*starts: datetime.datetime, closes: datetime.datetime | None = None) -> Edition:
    """Return a published edición whose sessions of two hours begin at these moments."""
    run = make.edition(sessions=1)
    run.sessions.all().delete()
    first, last = min(starts), max(starts)
    change(
        run,
        starts_on=first.date(),
        ends_on=last.date(),
        enrollment_opens=first - 60 * DAY,
        enrollment_closes=closes or first - 30 * DAY,
        cancel_until=first - 2 * DAY,
    )
    for number, start in enumerate(starts, start=1):
        Session.objects.create(
            edition=run,
            number=number,
            starts_at=start,
            ends_at=start + 2 * HOUR,
            hours=2,
            place="Sala de capacitación",
        )
    return run


def seated(run: Edition, who: Member, *, before: datetime.timedelta = 20 * DAY) -> Enrollment:
    """Return a confirmed seat asked for some time before the edición begins."""
    seat = make.enrollment(run, who.person)
    Enrollment.objects.filter(pk=seat.pk).update(requested_at=run.begins_at - before)
    return seat


def rounds(now: datetime.datetime, times: int = 2) -> list[str]:
    """Run the round at one moment, more than once, and return which messages left."""
    forget_mails()
    for _ in range(times):
        scheduling.daily_round(now)
    return [kind for kind, _ in mails()]


START = at(2026, 12, 10, 16)


@pytest.mark.parametrize(
    ("ahead", "sent"),
    [
        (7 * DAY + SECOND, []),
        (7 * DAY, ["reminder_week"]),
        (2 * DAY + SECOND, ["reminder_week"]),
        (2 * DAY, []),
        (DAY + SECOND, []),
        (DAY, ["reminder_day"]),
        (SECOND, ["reminder_day"]),
        (0 * DAY, []),
    ],
)
def test_reminders_leave_when_they_help(
    ahead: datetime.timedelta, sent: list[str], alicia: Member
) -> None:
    seated(plan(START), alicia)

    assert rounds(START - ahead) == sent


def test_a_whole_week_of_rounds_sends_two_reminders(alicia: Member) -> None:
    seat = seated(plan(START), alicia)
    for hours in range(0, 8 * 24, 12):
        scheduling.daily_round(START - 8 * DAY + hours * HOUR)

    assert mails() == [
        ("reminder_week", seat.person.address),
        ("reminder_day", seat.person.address),
    ]
    subjects = set(QueuedMail.objects.values_list("subject", flat=True))
    assert subjects == {
        "Su formación comienza en los próximos días",
        "Recordatorio de su próxima sesión",
    }
    assert set(QueuedMail.objects.values_list("expires_at", flat=True)) == {START}


def test_a_worker_that_was_down_sends_nothing_stale(alicia: Member) -> None:
    seated(plan(START), alicia)

    assert rounds(START - 3 * DAY) == ["reminder_week"]
    assert rounds(START - HOUR) == ["reminder_day"]
    assert rounds(START + HOUR) == []
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize("seat_state", ["solicitada", "en_espera", "ofrecida", "cancelada"])
def test_only_a_confirmed_seat_is_reminded(seat_state: str, alicia: Member) -> None:
    run = plan(START, closes=START - DAY)
    make.enrollment(run, alicia.person, seat_state)

    found = rounds(START - 7 * DAY) + rounds(START - 20 * HOUR)

    assert [kind for kind in found if kind.startswith("reminder")] == []


def test_who_was_confirmed_after_the_week_began_got_it_all_already(alicia: Member) -> None:
    seated(plan(START), alicia, before=5 * DAY)

    assert rounds(START - 4 * DAY) == []
    assert rounds(START - DAY) == ["reminder_day"]


def test_two_sessions_of_a_day_are_one_reminder_and_each_day_has_its_own(alicia: Member) -> None:
    run = plan(at(2026, 12, 10, 9), at(2026, 12, 10, 16), at(2026, 12, 11, 9))
    seated(run, alicia)

    assert rounds(at(2026, 12, 9, 9)) == ["reminder_day"]
    assert QueuedMail.objects.get().text.count("Sala de capacitación") == 2
    assert rounds(at(2026, 12, 9, 17)) == []
    assert rounds(at(2026, 12, 10, 9, 1)) == ["reminder_day"]


def test_a_session_moved_to_another_day_is_reminded_for_that_day(alicia: Member) -> None:
    run = plan(START)
    seated(run, alicia)
    rounds(START - DAY)
    session = run.sessions.get()
    session.starts_at, session.ends_at = START + 5 * DAY, START + 5 * DAY + 2 * HOUR
    with time_machine.travel(START - 12 * HOUR):
        rescheduling.move_session(session, by=STAFF)

    assert rounds(START - 6 * HOUR) == ["reminder_week"]
    assert rounds(START + 4 * DAY) == ["reminder_day"]


def test_a_cancelled_session_is_not_reminded(alicia: Member) -> None:
    run = plan(START, START + 7 * DAY)
    seated(run, alicia)
    with time_machine.travel(START - 5 * DAY):
        rescheduling.cancel_session(
            run.sessions.earliest("starts_at"), by=STAFF, reason="La sede se ocupó."
        )

    assert rounds(START - DAY) == []


def test_the_link_goes_only_in_the_last_day(alicia: Member) -> None:
    run = plan(START)
    run.sessions.update(link="https://reunion.example/x", place="")
    seated(run, alicia)

    rounds(START - 7 * DAY)
    week = QueuedMail.objects.get()
    rounds(START - DAY)
    eve = QueuedMail.objects.get()

    assert "reunion.example" not in week.text + bytes(week.mime).decode()
    assert "https://reunion.example/x" in eve.text


def test_across_midnight_and_the_end_of_the_year(alicia: Member) -> None:
    start = at(2027, 1, 1, 0, 0, 1)
    run = plan(start, closes=at(2026, 12, 31, 23, 59, 59))
    seated(run, alicia)

    assert rounds(at(2026, 12, 24, 23, 59, 59)) == []
    assert rounds(at(2026, 12, 25, 0, 0, 1)) == ["reminder_week"]
    assert rounds(at(2026, 12, 31, 0, 0, 0)) == []
    assert rounds(at(2026, 12, 31, 0, 0, 1)) == ["reminder_day"]
    assert rounds(at(2026, 12, 31, 23, 59, 59)) == []
    assert Edition.objects.get().state == Edition.State.PUBLISHED
    scheduling.daily_round(at(2027, 1, 1, 0, 0, 0))
    assert not EditionNotice.objects.filter(kind="por_cerrar").exists()
    scheduling.daily_round(start)
    assert Edition.objects.get().state == Edition.State.RUNNING


# Whoever coordinates ------------------------------------------------------------------------------
@pytest.fixture
def coordinated(carmen: User) -> Edition:
    run = plan(START, closes=at(2026, 12, 5, 23, 59, 59))
    change(run, minimum_participants=2)
    run.coordinators.add(carmen)
    return run


def test_the_minimum_is_warned_of_three_days_before_enrolment_closes(
    coordinated: Edition, carmen: User, alicia: Member, beatriz: Member
) -> None:
    closes = coordinated.enrollment_closes
    seated(coordinated, alicia)

    assert rounds(closes - 3 * DAY - SECOND) == []
    assert rounds(closes - 3 * DAY) == ["minimum_at_risk"]
    message = QueuedMail.objects.get()
    assert (message.recipient, "1 persona con lugar" in message.text) == (carmen.email, True)
    assert "Alicia" not in message.text
    assert "minimum_at_risk" not in rounds(closes - DAY)


def test_an_edition_that_reaches_its_minimum_is_not_warned_of(
    coordinated: Edition, alicia: Member, beatriz: Member
) -> None:
    seated(coordinated, alicia)
    seated(coordinated, beatriz)

    assert rounds(coordinated.enrollment_closes - 3 * DAY) == []


def test_the_end_of_enrolment_is_told_once_at_its_last_second(
    coordinated: Edition, alicia: Member, beatriz: Member
) -> None:
    seated(coordinated, alicia)
    change(coordinated, seats=1)
    make.enrollment(coordinated, beatriz.person, "en_espera")
    rounds(at(2026, 12, 5, 12))

    assert rounds(at(2026, 12, 5, 23, 59, 59)) == []
    assert rounds(at(2026, 12, 6, 0, 0, 0)) == ["queue_closed", "enrollment_closed"]
    assert mails()[0] == ("queue_closed", beatriz.person.address)
    text = QueuedMail.objects.get(kind="trainings/enrollment_closed").text
    assert "1 persona con lugar de 1 y 1 en lista de espera" in text
    assert "No alcanza el mínimo de 2" in text
    change(coordinated, enrollment_closes=at(2026, 12, 7, 23, 59, 59), minimum_participants=0)
    assert rounds(at(2026, 12, 8, 0, 0, 1)) == ["queue_closed", "enrollment_closed"]


def test_an_end_of_enrolment_that_is_past_help_is_not_told(coordinated: Edition) -> None:
    assert rounds(START + HOUR) == []


def test_without_coordinator_formation_is_told(fernanda: User, carmen: User) -> None:
    plan(START, closes=at(2026, 12, 5, 23, 59, 59))

    rounds(at(2026, 12, 6, 0, 0, 0))

    assert mails() == [("enrollment_closed", fernanda.email)]


def test_an_edition_to_close_is_told_once(coordinated: Edition, alicia: Member) -> None:
    change(coordinated, minimum_participants=0)
    seated(coordinated, alicia)
    end = START + 2 * HOUR
    rounds(START)

    assert rounds(end - SECOND) == []
    assert not Edition.objects.to_close(end - SECOND).exists()
    assert rounds(end) == ["edition_to_close"]
    assert rounds(end + 3 * DAY) == []


# Surveys ------------------------------------------------------------------------------------------
def test_surveys_are_asked_for_when_it_ends_and_the_diagnostic_before(alicia: Member) -> None:
    run = with_surveys(plan(START))
    seat = seated(run, alicia)
    with time_machine.travel(START - 7 * DAY):
        assert rounds(START - 7 * DAY) == ["reminder_week"]
    assert "/encuesta/diagnostica/" in QueuedMail.objects.get().text
    end = START + 2 * HOUR

    assert "surveys_open" not in rounds(end - SECOND)
    assert "surveys_open" in rounds(end)
    message = QueuedMail.objects.get(kind="trainings/surveys_open")
    assert "/encuesta/final/" in message.text
    assert "/encuesta/satisfaccion/" in message.text
    assert "surveys_open" not in rounds(end + 10 * DAY)
    assert state(seat) == Enrollment.State.CONFIRMED


def test_nobody_is_asked_once_surveys_have_closed(alicia: Member) -> None:
    run = with_surveys(plan(START))
    seated(run, alicia)

    assert "surveys_open" not in rounds(at(2026, 12, 26, 0, 0, 0))


def test_the_command_runs_every_round(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("run_daily")

    said = capsys.readouterr().out
    for what in ("Recordatorios: 0", "Avisos de fin de inscripción: 0"):
        assert what in said
    assert timezone.get_current_timezone_name() == "America/Mexico_City"


def test_the_queue_is_served_at_the_moment_of_the_round(db: None, alicia: Member) -> None:
    run = plan(START, closes=START - DAY)
    waiting = make.enrollment(run, alicia.person, state=Enrollment.State.WAITING)
    with time_machine.travel(START - 10 * DAY, tick=False):
        scheduling.daily_round(START - DAY + SECOND)
        assert state(waiting) == Enrollment.State.WAITING
        scheduling.daily_round(START - 2 * DAY)
    waiting.refresh_from_db()
    assert waiting.state == Enrollment.State.OFFERED
    assert waiting.offer_expires_at == START - DAY
