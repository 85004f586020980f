"""Sesiones that change or are cancelled: the confirmed are told once, with the calendar that follows."""

import datetime
import email
from email import policy
from fractions import Fraction

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from members.models import Member
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules.seating import STAFF, forget_mails, mails
from trainings import attending, rescheduling, scheduling, tallying
from trainings.models import Attendance, Edition, Enrollment, Session

HOUR = datetime.timedelta(hours=1)


def calendar(kind: str) -> Calendar:
    """Return the calendar file of the newest message of a kind."""
    message = QueuedMail.objects.filter(kind=f"trainings/{kind}").latest("pk")
    return Calendar.from_ical(_ics(bytes(message.mime)))


def _ics(mime: bytes) -> str:
    whole = email.message_from_bytes(mime, policy=policy.default)
    (file,) = [part for part in whole.walk() if part.get_content_type() == "text/calendar"]
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


@pytest.fixture
def run(db: None) -> Edition:
    return make.edition(sessions=2)


@pytest.fixture
def seat(run: Edition, alicia: Member) -> Enrollment:
    return make.enrollment(run, alicia.person)


def test_only_the_confirmed_are_told_of_a_new_hour_once(
    run: Edition, seat: Enrollment, beatriz: Member
) -> None:
    make.enrollment(run, beatriz.person, "en_espera")
    session = run.sessions.earliest("starts_at")
    session.starts_at, session.ends_at = session.starts_at + HOUR, session.ends_at + HOUR

    rescheduling.move_session(session, by=STAFF)
    rescheduling.move_session(session, by=STAFF)

    assert mails() == [("sessions_changed", seat.person.address)]
    message = QueuedMail.objects.get()
    assert message.subject == "Hay cambios en las sesiones de su formación"
    assert "17:00 a 20:00 h" in message.text
    assert "antes:" in message.text
    line = Transition.objects.about(run).last()
    assert line is not None
    assert "Cambió la sesión 1" in line.reason


def test_several_changes_saved_together_are_one_mail(run: Edition, seat: Enrollment) -> None:
    first, second = run.sessions.order_by("number")

    with rescheduling.announcing(run, by=STAFF):
        Session.objects.filter(pk=first.pk).update(place="Auditorio")
        Session.objects.filter(pk=second.pk).update(starts_at=second.starts_at - HOUR)
        Session.objects.create(
            edition=run,
            number=3,
            starts_at=second.starts_at + 24 * HOUR,
            ends_at=second.ends_at + 24 * HOUR,
            hours=3,
            place="Sala 2",
        )

    assert mails() == [("sessions_changed", seat.person.address)]
    text = QueuedMail.objects.get().text
    for said in ("Cambió la sesión 1", "Auditorio", "Cambió la sesión 2", "Se agregó la sesión 3"):
        assert said in text


def test_the_calendar_that_follows_replaces_the_former_one(run: Edition, seat: Enrollment) -> None:
    session = run.sessions.earliest("starts_at")
    files = []
    for number in (1, 2):
        with time_machine.travel(session.starts_at - (48 - number) * HOUR, tick=False):
            session.place = f"Sala {number}"
            rescheduling.move_session(session, by=STAFF)
            files.append(calendar("sessions_changed"))

    before, after = [
        {str(e["uid"]): int(str(e["sequence"])) for e in file.walk("VEVENT")} for file in files
    ]
    assert [str(file["method"]) for file in files] == ["REQUEST", "REQUEST"]
    assert before.keys() == after.keys()
    assert len(after) == 2
    assert all(after[key] > before[key] for key in after)


@pytest.mark.parametrize("what", ["topic", "link_early", "nothing"])
def test_what_nobody_knows_of_changes_in_silence(run: Edition, seat: Enrollment, what: str) -> None:
    session = run.sessions.earliest("starts_at")
    if what == "topic":
        session.topic = "Otro tema"
    if what == "link_early":
        session.link = "https://reunion.example/a"

    rescheduling.move_session(session, by=STAFF)

    assert mails() == []


def test_a_link_that_was_already_seen_does_not_change_in_silence(
    run: Edition, seat: Enrollment
) -> None:
    session = run.sessions.earliest("starts_at")
    Session.objects.filter(pk=session.pk).update(link="https://reunion.example/a")
    session.link = "https://reunion.example/b"

    with time_machine.travel(session.starts_at - 2 * HOUR):
        rescheduling.move_session(session, by=STAFF)

    assert mails() == [("sessions_changed", seat.person.address)]
    assert "reunion.example" not in QueuedMail.objects.get().text


def test_a_draft_and_what_is_over_change_in_silence(alicia: Member) -> None:
    draft = make.edition(state=Edition.State.DRAFT)
    make.enrollment(draft, alicia.person)
    past = make.taught(people=1)
    for run in (draft, past):
        session = run.sessions.earliest("starts_at")
        session.place = "Otra sala"
        rescheduling.move_session(session, by=STAFF)

    assert mails() == []


def test_cancelling_one_session_tells_once_and_takes_it_off_the_calendar(
    run: Edition, seat: Enrollment
) -> None:
    first, second = run.sessions.order_by("number")

    told = rescheduling.cancel_session(first, by=STAFF, reason="La sede se ocupó.")
    again = rescheduling.cancel_session(first, by=STAFF, reason="Otra vez.")

    assert (told, again) == (1, 0)
    assert mails() == [("session_cancelled", seat.person.address)]
    message = QueuedMail.objects.get()
    assert message.subject == "Se canceló una sesión de su formación"
    assert "La sede se ocupó." in message.text
    file = calendar("session_cancelled")
    (event,) = file.walk("VEVENT")
    assert (str(file["method"]), str(event["status"])) == ("CANCEL", "CANCELLED")
    assert str(event["uid"]).startswith(f"sesion-{first.pk}@")
    assert list(run.sessions.held()) == [second]
    assert rescheduling.cancellable(run) == []


@pytest.mark.parametrize("verb", ["move", "cancel"])
def test_telling_many_holds_the_edition_no_longer_than_telling_three(db: None, verb: str) -> None:
    def press(people: int) -> int:
        run = make.edition(sessions=2, seats=people)
        for _ in range(people):
            make.enrollment(run)
        session = run.sessions.select_related("edition__course").earliest("starts_at")
        session.ends_at += HOUR / 2
        forget_mails()
        with CaptureQueriesContext(connection) as asked:
            if verb == "move":
                rescheduling.move_session(session, by=STAFF)
            else:
                rescheduling.cancel_session(session, by=STAFF, reason="Motivo")
        assert len(mails()) == people
        return len(asked)

    press(1)
    assert press(3) == press(30)


def test_a_cancelled_session_leaves_the_denominator(run: Edition, seat: Enrollment) -> None:
    first, second = run.sessions.order_by("number")
    rescheduling.cancel_session(first, by=STAFF, reason="No hubo luz.")
    staff = By.web(make.user(staff=True))

    with time_machine.travel(second.ends_at):
        attending.mark(
            seat, second, Attendance.Mark.PRESENT, by=staff, origin=Attendance.Origin.PAPER
        )

    sums = tallying.tally(seat)
    assert (sums.counting, sums.pending) == (Fraction(3), Fraction(0))
    assert sums.percentage == Fraction(100)


def test_what_cannot_be_cancelled_says_why(alicia: Member) -> None:
    alone = make.edition(sessions=1)
    taught = make.taught(people=1)
    marked = taught.sessions.earliest("starts_at")
    attending.all_present(marked, by=By.web(make.user(staff=True)))
    ended = make.edition(state=Edition.State.CLOSED)
    refused = {}
    for name, run, reason in (
        ("reason_required", alone, " "),
        ("only_session", alone, "Sí"),
        ("session_marked", taught, "Sí"),
        ("edition_ended", ended, "Sí"),
    ):
        with pytest.raises(ValidationError) as error:
            rescheduling.cancel_session(run.sessions.earliest("starts_at"), by=STAFF, reason=reason)
        refused[name] = error.value.code

    assert refused == {name: name for name in refused}
    assert mails() == []
    assert marked not in rescheduling.cancellable(taught)


def test_cancelling_the_edition_later_says_nothing_more_of_that_session(
    run: Edition, seat: Enrollment
) -> None:
    first = run.sessions.earliest("starts_at")
    rescheduling.cancel_session(first, by=STAFF, reason="La sede se ocupó.")
    forget_mails()

    scheduling.cancel_edition(run, by=STAFF, reason="No habrá edición.")

    assert mails() == [("edition_cancelled", seat.person.address)]
    assert [str(e["uid"]) for e in calendar("edition_cancelled").walk("VEVENT")] == [
        f"sesion-{run.sessions.latest('number').pk}@testserver"
    ]
