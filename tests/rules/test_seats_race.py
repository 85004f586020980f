"""Races for seats, with real threads and connections of their own, on both databases."""

import datetime
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from members import forgetting, membership
from members.models import Member, Person, User
from red_genero.common.states import By
from tests import make
from tests.rules.seating import STAFF, by, enrol, mails, state
from tests.rules.surveys import choice, with_surveys
from trainings import (
    cloning,
    enrolling,
    filling,
    messaging,
    nominating,
    scheduling,
    surveying,
)
from trainings.models import Edition, Enrollment, SurveyMark, SurveyResponse

pytestmark = pytest.mark.django_db(transaction=True)
State = Enrollment.State
Press = Callable[[Edition, Person], object]
TIME_TO_MEET_THE_LOCK = 0.6


def in_thread(act: Callable[[], object], answers: list[object]) -> threading.Thread:
    """Start ``act`` in a thread with its own connection; its result or refusal goes to ``answers``."""

    def run() -> None:
        try:
            answers.append(act())
        except Exception as error:  # noqa: BLE001
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@contextmanager
def while_held(run: Edition, acts: list[Callable[[], object]]) -> Iterator[list[object]]:
    """Hold the edición until every act has looked and waits for it; then let them all go at once."""
    answers: list[object] = []
    with transaction.atomic():
        Edition.objects.locked(run.pk)
        threads = [in_thread(act, answers) for act in acts]
        time.sleep(TIME_TO_MEET_THE_LOCK)
        yield answers
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)


def race(press: Press, run: Edition, members: list[Member]) -> list[object]:
    """Let everybody press at once; return the answers."""

    def act_of(member: Member) -> Callable[[], object]:
        return lambda: press(run, member.person)

    with while_held(run, [act_of(member) for member in members]) as answers:
        pass
    return answers


def press_enrol(run: Edition, person: Person) -> Enrollment:
    return enrolling.enrol(run, person, by=by(person.member))


def naive_enrol(run: Edition, person: Person) -> Enrollment:
    """Check, then insert: what must not be done, to prove that the race is a real one."""
    free = Enrollment.objects.holding().filter(edition=run).count() < run.seats
    time.sleep(TIME_TO_MEET_THE_LOCK / 2)
    chosen = State.CONFIRMED if free else State.REQUESTED
    return Enrollment.objects.create(edition=run, person=person, state=chosen)


def test_two_women_and_the_last_seat() -> None:
    run, members = make.edition(seats=1), [make.member(), make.member()]

    answers = race(press_enrol, run, members)

    assert sorted(str(seat.state) for seat in answers if isinstance(seat, Enrollment)) == [
        State.CONFIRMED,
        State.WAITING,
    ]
    assert filling.places_of(run).held == 1
    assert sorted(kind for kind, _ in mails()) == ["enrolled_confirmed", "enrolled_waiting"]


def test_the_same_race_overbooks_a_naive_verb() -> None:
    run, members = make.edition(seats=1), [make.member(), make.member()]

    race(naive_enrol, run, members)

    assert filling.places_of(run).held == 2


def test_ten_women_and_three_seats() -> None:
    run = make.edition(seats=3)

    answers = race(press_enrol, run, [make.member() for _ in range(10)])

    assert [answer for answer in answers if not isinstance(answer, Enrollment)] == []
    places = filling.places_of(run)
    assert (places.held, places.waiting) == (3, 7)
    assert len(mails()) == 10


def test_two_tabs_of_one_woman_make_one_seat(alicia: Member) -> None:
    run = make.edition(seats=5)

    answers = race(press_enrol, run, [alicia, alicia])

    first, second = (answer.pk for answer in answers if isinstance(answer, Enrollment))
    assert first == second
    assert Enrollment.objects.count() == 1
    assert len(mails()) == 1


def test_who_enters_the_queue_while_a_seat_is_freed_is_not_forgotten(
    alicia: Member, beatriz: Member
) -> None:
    run = make.edition(seats=1)
    seat = enrol(run, alicia)

    with while_held(run, [lambda: enrol(run, beatriz)]) as answers:
        enrolling.cancel(seat, by=by(alicia))

    assert isinstance(answers[0], Enrollment), answers
    assert filling.places_of(run).waiting == 0
    assert filling.places_of(run).held == 1


def test_who_moves_while_the_edition_is_being_cancelled_reads_the_letter_of_her_new_state(
    alicia: Member, beatriz: Member
) -> None:
    """The letters are written before the edición is held; here Alicia leaves, Beatriz is offered her seat and Ana enters."""
    run, late = make.edition(seats=1), make.member()
    seat, waiting = enrol(run, alicia), enrol(run, beatriz)

    def cancel() -> object:
        return scheduling.cancel_edition(run, by=STAFF, reason="Sin sede.")

    with while_held(run, [cancel]) as answers:
        enrolling.cancel(seat, by=by(alicia))
        make.enrollment(run, late.person, State.WAITING)

    assert answers == [2]
    assert state(waiting) == State.CANCELLED
    told = [mail for mail in mails() if mail[0] == "edition_cancelled"]
    assert sorted(told) == sorted(
        ("edition_cancelled", member.person.address) for member in (beatriz, late)
    )


def test_a_baja_and_an_inscription_do_not_cross(alicia: Member) -> None:
    run = make.edition(seats=5)
    answers: list[object] = []

    with transaction.atomic():
        membership.end(alicia, reason="Cambio de gobierno", by=STAFF)
        thread = in_thread(lambda: enrol(run, alicia), answers)
        time.sleep(TIME_TO_MEET_THE_LOCK)
    thread.join(timeout=30)

    assert isinstance(answers[0], ValidationError), answers
    assert not Enrollment.objects.exists()


def test_accepting_and_expiring_at_once_leave_one_answer(alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    offered = make.enrollment(run, alicia.person, State.OFFERED)
    enrol(run, beatriz)

    with while_held(
        run,
        [
            lambda: enrolling.accept_offer(offered, by=by(alicia)),
            lambda: enrolling.decline_offer(offered, by=by(alicia)),
        ],
    ) as answers:
        pass

    assert len(answers) == 2
    assert state(offered) in {State.CONFIRMED, State.CANCELLED}
    assert filling.places_of(run).held == 1


def test_withdrawing_what_she_accepts_at_that_instant_takes_no_seat(alicia: Member) -> None:
    run, desk = make.edition(seats=1), By.web(make.user(staff=True))
    nominating.nominate(run, [alicia.person], by=desk, reason="Oficio")
    offered = Enrollment.objects.get()

    with while_held(
        run, [lambda: nominating.withdraw(offered, by=desk, reason="Error")]
    ) as answers:
        enrolling.accept_offer(offered, by=by(alicia))

    assert [getattr(answer, "code", "") for answer in answers] == ["already_accepted"]
    assert state(offered) == State.CONFIRMED


def test_an_inscription_and_a_cancellation_of_data_do_not_embrace(
    alicia: Member, diana: User
) -> None:
    run = make.edition(seats=2)

    def block() -> object:
        time.sleep(TIME_TO_MEET_THE_LOCK / 2)
        return forgetting.block(alicia.person, by=By.admin(diana))

    with while_held(run, [lambda: enrol(run, alicia), block]) as answers:
        pass

    assert [answer for answer in answers if isinstance(answer, OperationalError)] == []
    assert filling.places_of(run).held == 0
    assert Person.objects.get(pk=alicia.person_id).blocked_at


def test_answers_to_a_survey_at_the_same_instant_are_each_kept_once() -> None:
    run = with_surveys(make.edition())
    hers, other = (make.enrollment(run) for _ in range(2))
    given, moment = choice(run, "diagnostica", 1), "diagnostica"

    def answer(seat: Enrollment) -> Callable[[], object]:
        return lambda: surveying.answer(seat, moment, given, by=by(seat.person.member))

    with while_held(run, [answer(hers), answer(hers), answer(other)]) as answers:
        pass

    assert sorted(map(str, answers)) == ["False", "True", "True"]
    assert SurveyMark.objects.count() == SurveyResponse.objects.count() == 2
    assert len(set(SurveyResponse.objects.values_list("pseudonym", flat=True))) == 2


def test_a_group_is_written_to_once_and_nobody_waits_for_it(alicia: Member) -> None:
    run, desk = make.edition(seats=2), By.web(make.user(staff=True))
    make.enrollment(run, alicia.person)

    def press() -> object:
        return messaging.send(
            run, groups=[State.CONFIRMED], text="Hola", press="a" * 32, by=desk
        ).pk

    answers: list[object] = []
    threads = [in_thread(press, answers) for _ in range(2)]
    for thread in threads:
        thread.join(timeout=30)

    assert len(set(answers)) == 1, answers
    assert mails() == [("group_message", alicia.person.address)]


def test_two_presses_of_clone_make_one_copy() -> None:
    run, desk = make.edition(), By.web(make.user(staff=True))
    day = timezone.localdate() + datetime.timedelta(days=90)
    answers: list[object] = []

    def press() -> object:
        return cloning.clone(run, starts_on=day, key="copia-1", by=desk)

    threads = [in_thread(press, answers) for _ in range(2)]
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(type(answer).__name__ for answer in answers) == ["Edition", "ValidationError"]
    assert Edition.objects.count() == 2
