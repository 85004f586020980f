"""Random stories of two ediciones: whatever is pressed, in any order, the promises hold.

A failing story is shown as it was found: shrinking one takes minutes.
"""

import datetime
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any, Final

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from members import membership
from members.models import Member
from red_genero.common.models import Transition
from red_genero.common.states import By
from tests import make
from tests.rules.seating import STAFF, by, change, enrol, mails
from trainings import approving, enrolling, filling, moving, nominating, scheduling
from trainings.models import Approval, ApprovalLink, Edition, Enrollment, Nomination

State = Enrollment.State
PEOPLE = 8
who = st.integers(min_value=0, max_value=PEOPLE - 1)
several = st.lists(who, unique=True, min_size=3, max_size=PEOPLE)
may_leave, may_be_suspended = st.just(0), st.sampled_from([1, 2])
Order = tuple[int, datetime.datetime, int]


class Story(RuleBasedStateMachine):
    """Eight women, staff, a jefatura and the clock around an edición of few seats and another of one."""

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()

    def teardown(self) -> None:
        """Forget the story."""
        self.clock.stop()
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @initialize(
        seats=st.integers(1, 3),
        quota=st.sampled_from([None, None, None, 1]),
        asks=st.sampled_from([False, False, True]),
        first=several,
    )
    def open(self, seats: int, quota: int | None, asks: bool, first: list[int]) -> None:
        """Publish the ediciones, and let the first women in."""
        self.staff = By.web(make.user(staff=True))
        run = make.edition(seats=seats, starts_in_days=40)
        self.run = change(run, seats_per_department=quota, manager_approval=asks)
        self.other = make.edition(seats=1, starts_in_days=40)
        shared = make.department("Dirección compartida")
        self.members = [make.member(works_in=shared if n < 2 else None) for n in range(PEOPLE)]
        self.ceiling = seats
        self.entered: dict[int, datetime.datetime] = {}
        self.offered: set[int] = set()
        self.enrol(first)

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do it; a refusal must leave no trace."""
        before = self.trace()
        try:
            with transaction.atomic():
                act()
        except ValidationError:
            assert self.trace() == before

    def trace(self) -> list[Any]:
        """Everything a verb could have written."""
        states = Enrollment.objects.order_by("pk").values_list("pk", "state", "queued_at")
        return [*states, Transition.objects.count(), len(mails())]

    def seat_of(self, member: Member) -> Enrollment | None:
        """Her newest inscripción, wherever it is."""
        mine = Enrollment.objects.filter(person=member.person).select_related("person__user")
        return mine.select_related("edition__course", "person__user").order_by("pk").last()

    def with_seat(
        self, number: int, verb: Callable[[Enrollment, Member], Any], *fitting: State
    ) -> None:
        """Apply a verb to somebody's inscripción: of those in a ``fitting`` state, or else to her newest, if she has one."""
        member = self.members[number]
        fit = Enrollment.objects.filter(state__in=fitting).order_by("pk")
        found = list(fit.select_related("person__member", "person__user"))
        if number % 4 < 3 and found:
            seat: Enrollment | None = found[number % len(found)]
            member = next(
                each for each in self.members if seat and each.person_id == seat.person_id
            )
        else:
            seat = self.seat_of(member)
        if seat is not None:
            self.attempt(lambda: verb(seat, member))

    @rule(numbers=several)
    def enrol(self, numbers: list[int]) -> None:
        """Ask for a seat, one after another."""
        for number in numbers:
            self.attempt(partial(enrol, self.run, self.members[number]))

    @rule(number=who)
    def cancel(self, number: int) -> None:
        """Give it up."""
        self.with_seat(
            number, lambda seat, member: enrolling.cancel(seat, by=by(member)), State.CONFIRMED
        )

    @rule(number=who)
    def cancel_by_staff(self, number: int) -> None:
        """Staff gives it up for her."""
        self.with_seat(number, lambda seat, _: enrolling.cancel(seat, by=STAFF, reason="Motivo"))

    @rule(number=who)
    def accept(self, number: int) -> None:
        """Take the offer."""
        self.with_seat(
            number, lambda seat, member: enrolling.accept_offer(seat, by=by(member)), State.OFFERED
        )

    @rule(number=who)
    def decline(self, number: int) -> None:
        """Leave the offer."""
        self.with_seat(
            number, lambda seat, member: enrolling.decline_offer(seat, by=by(member)), State.OFFERED
        )

    @rule(number=who, back=st.booleans(), may_wait=st.booleans())
    def move(self, number: int, back: bool, may_wait: bool) -> None:
        """Staff moves her to the other edición, or back."""
        target = self.run if back else self.other
        self.with_seat(
            number,
            lambda seat, _: moving.move(
                seat, target, by=self.staff, reason="Horario", may_wait=may_wait
            ),
            State.CONFIRMED,
            State.WAITING,
        )

    @rule(numbers=several)
    def nominate(self, numbers: list[int]) -> None:
        """A dependencia puts several forward."""
        people = [self.members[number].person for number in numbers]
        nominating.nominate(self.run, people, by=self.staff, reason="Oficio")

    @rule(number=who)
    def withdraw(self, number: int) -> None:
        """The dependencia takes it back."""
        proposed = Nomination.objects.filter(enrollment__state__in=[State.OFFERED, State.WAITING])
        found = list(proposed.select_related("enrollment").order_by("pk"))
        seat = (
            found[number % len(found)].enrollment if found else self.seat_of(self.members[number])
        )
        if seat is not None:
            self.attempt(lambda: nominating.withdraw(seat, by=self.staff, reason="Error"))

    @rule(number=who, yes=st.booleans())
    def answer(self, number: int, yes: bool) -> None:
        """Her jefatura answers by the link."""
        links = ApprovalLink.objects.select_related("approval__enrollment__person").order_by("pk")
        asked = list(links.filter(approval__enrollment__state=State.REQUESTED))
        hers = links.filter(approval__enrollment__person=self.members[number].person)
        link = asked[number % len(asked)] if number % 4 < 3 and asked else hers.last()
        if link is not None and yes:
            self.attempt(lambda: approving.answer_yes(link))
        elif link is not None:
            self.attempt(lambda: approving.answer_no(link, reason="No es posible"))

    @rule(seats=st.sampled_from([4, 3, 2, 1, 0]))
    def set_seats(self, seats: int) -> None:
        """Raise or lower the cupo."""
        self.attempt(lambda: filling.set_seats(self.run, seats, by=STAFF))

    @rule(number=may_be_suspended, back=st.booleans())
    def suspend(self, number: int, back: bool) -> None:
        """Suspend her membership or end the suspension, which frees nothing by itself."""
        verb = membership.reinstate if back else membership.suspend
        self.attempt(lambda: verb(self.members[number], reason="Licencia", by=STAFF))
        for run in (self.run, self.other):
            filling.fill(run, cause="Membresía", by=STAFF)

    @rule(number=may_leave)
    def end_membership(self, number: int) -> None:
        """Baja."""
        self.attempt(lambda: membership.end(self.members[number], reason="Baja", by=STAFF))

    @rule(hours=st.sampled_from([49, 24, 75, 1]), looked=st.booleans())
    def wait(self, hours: int, looked: bool) -> None:
        """Let time pass without anybody looking, or with the clock's own work after it."""
        self.time.shift(datetime.timedelta(hours=hours))
        if looked:
            scheduling.daily_round()

    @rule(on=st.booleans())
    def switch(self, on: bool) -> None:
        """Turn the automatic offers off or on."""
        change(self.run, fill_automatically=on)
        filling.fill_if_widened(self.run, ["fill_automatically"], by=STAFF)

    @precondition(lambda self: Transition.objects.count() > 8)
    @rule(chance=st.sampled_from([3, 2, 1, 0]))
    def cancel_edition(self, chance: int) -> None:
        """The end of the story, now and then."""
        if chance == 0:
            self.attempt(lambda: scheduling.cancel_edition(self.run, by=STAFF, reason="Motivo"))

    @invariant()
    def never_one_seat_too_many(self) -> None:
        """Confirmadas + ofrecidas ≤ cupo; only lowering the cupo leaves a sobrecupo, which never grows."""
        if not hasattr(self, "run"):
            return
        self.run.refresh_from_db()
        places = filling.places_of(self.run)
        assert places.held <= max(self.ceiling, places.seats)
        self.ceiling = max(places.seats, places.held)
        assert filling.places_of(self.other).held <= self.other.seats

    @invariant()
    def one_standing_each(self) -> None:
        """Nobody has two in one edición."""
        standing = list(Enrollment.objects.standing().values_list("edition", "person"))
        assert len(standing) == len(set(standing))

    @invariant()
    def an_answer_belongs_to_its_request(self) -> None:
        """What was given let her in, what was declined did not; nobody in waits for an answer."""
        for petition in Approval.objects.select_related("enrollment"):
            states = [line.to_state for line in Transition.objects.about(petition.enrollment)]
            if petition.decision == Approval.Decision.GIVEN:
                assert {State.CONFIRMED, State.WAITING} & set(states)
            if petition.decision == Approval.Decision.DECLINED:
                assert states == [State.REQUESTED, State.REJECTED]
            if petition.decision == Approval.Decision.EXPIRED:
                assert states == [State.REQUESTED, State.CANCELLED]

    @invariant()
    def nobody_else_accepts_a_proposal(self) -> None:
        """Whoever was put forward is confirmed by her own press, wherever she was moved meanwhile."""
        for proposal in Nomination.objects.select_related("enrollment"):
            lines = Transition.objects.about(proposal.enrollment)
            ways = [line.reason for line in lines if line.to_state == State.CONFIRMED]
            assert ways in ([], ["Aceptó el lugar."])

    @invariant()
    def the_moment_is_written_once(self) -> None:
        """Nobody's place in the queue moves."""
        queued = Enrollment.objects.filter(queued_at__isnull=False)
        for pk, moment in queued.values_list("pk", "queued_at"):
            assert moment is not None
            assert self.entered.setdefault(pk, moment) == moment

    @invariant()
    def nobody_is_passed_over(self) -> None:
        """Who was offered a seat had nobody before her who qualified then."""
        if not hasattr(self, "run"):
            return
        offers = set(Enrollment.objects.filter(state=State.OFFERED).values_list("pk", flat=True))
        queued = Enrollment.objects.filter(queued_at__isnull=False)
        for seat in queued.filter(pk__in=offers - self.offered):
            ahead = Enrollment.objects.ahead_of(seat).exclude(person__member__state="suspendida")
            if self.run.seats_per_department is None:
                assert not ahead.exists()
        self.offered = offers

    @invariant()
    def no_seat_lies_idle(self) -> None:
        """While enrolment is open and Fill is on, nobody who qualifies waits before a free seat."""
        if not hasattr(self, "run") or self.run.seats_per_department is not None:
            return
        open_now = Edition.objects.open_for_enrollment(timezone.now())
        for run in open_now.filter(fill_automatically=True):
            waiting = Enrollment.objects.queue().filter(edition=run, person__member__state="activa")
            assert not (filling.places_of(run).free and waiting.exists())

    @invariant()
    def the_log_tells_the_story(self) -> None:
        """Each line begins where the one before ended; one mail for each event."""
        for seat in Enrollment.objects.all():
            told = list(Transition.objects.about(seat))
            assert told[-1].to_state == seat.state
            assert all(first.to_state == then.from_state for first, then in pairwise(told))
        kinds = Counter(kind for kind, _ in mails())
        lines = Transition.objects.filter(content_type__model="enrollment")
        moves: Counter[str] = Counter(lines.values_list("to_state", flat=True))
        moved = Enrollment.objects.filter(moved_from__isnull=False).count()
        first = lines.filter(from_state="")
        arrived = Counter(
            first.filter(
                object_id__in=Enrollment.objects.filter(moved_from__isnull=False).values("pk")
            ).values_list("to_state", flat=True)
        )
        nominated = first.filter(
            reason__startswith="Propuesta de su dependencia", to_state=State.OFFERED
        )
        expired = Approval.objects.filter(decision=Approval.Decision.EXPIRED).count()
        assert kinds["offer"] == moves[State.OFFERED] - nominated.count() - arrived[State.OFFERED]
        assert kinds["nominated"] == Nomination.objects.filter(enrollment__moved_from=None).count()
        assert kinds["offer_expired"] == moves[State.OFFER_EXPIRED]
        assert kinds["enrolled_confirmed"] == moves[State.CONFIRMED] - arrived[State.CONFIRMED]
        assert kinds["enrollment_moved"] == moved
        assert kinds["enrollment_rejected"] == moves[State.REJECTED]
        assert kinds["approval_expired"] == expired
        cancelled = kinds["enrollment_cancelled"] + kinds["edition_cancelled"]
        assert cancelled == moves[State.CANCELLED] - moved - expired


PROMISES: Final[tuple[Callable[[Story], None], ...]] = (
    Story.never_one_seat_too_many,
    Story.one_standing_each,
    Story.an_answer_belongs_to_its_request,
    Story.nobody_else_accepts_a_proposal,
    Story.the_moment_is_written_once,
    Story.nobody_is_passed_over,
    Story.no_seat_lies_idle,
    Story.the_log_tells_the_story,
)


def told(*steps: Callable[[Story], Any]) -> set[tuple[str, str]]:
    """Tell a story step by step, holding it to its promises after each; return the moves that it made."""
    story = Story()
    try:
        for step in steps:
            step(story)
            for promise in PROMISES:
                promise(story)
        lines = Transition.objects.filter(content_type__model="enrollment")
        return set(lines.values_list("from_state", "to_state"))
    finally:
        story.teardown()


@pytest.mark.django_db
def test_a_story_in_which_every_seat_changes_hands() -> None:
    """Chance may leave a move out of its stories; here each one happens."""
    moves = told(
        lambda story: story.open(seats=1, quota=None, asks=False, first=[3, 4, 5, 6]),
        lambda story: story.cancel(0),
        lambda story: story.wait(49, looked=True),
        lambda story: story.decline(0),
        lambda story: story.accept(0),
        lambda story: story.enrol([0, 1, 2, 3, 4]),
        lambda story: story.set_seats(3),
        lambda story: story.suspend(1, back=False),
        lambda story: story.accept(1),
        lambda story: story.set_seats(1),
        lambda story: story.end_membership(0),
        lambda story: story.set_seats(4),
        lambda story: story.suspend(1, back=True),
        lambda story: story.move(0, back=False, may_wait=False),
        lambda story: story.set_seats(PEOPLE),
        lambda story: story.nominate([5, 7]),
        lambda story: story.withdraw(0),
        lambda story: story.set_seats(1),
        lambda story: story.cancel_by_staff(2),
        lambda story: story.enrol([2, 3, 4, 5]),
        lambda story: story.cancel_edition(0),
    )

    assert moves == {
        ("", State.CONFIRMED),
        ("", State.OFFERED),
        ("", State.WAITING),
        (State.WAITING, State.OFFERED),
        (State.OFFERED, State.CONFIRMED),
        (State.OFFERED, State.OFFER_EXPIRED),
        (State.OFFERED, State.CANCELLED),
        (State.WAITING, State.CANCELLED),
        (State.CONFIRMED, State.CANCELLED),
    }


@pytest.mark.django_db
def test_a_story_in_which_a_jefatura_answers_and_falls_silent() -> None:
    moves = told(
        lambda story: story.open(seats=1, quota=None, asks=True, first=[3, 4, 5, 6]),
        lambda story: story.answer(0, yes=True),
        lambda story: story.answer(0, yes=True),
        lambda story: story.answer(0, yes=False),
        *[lambda story: story.wait(75, looked=True)] * 3,
        lambda story: story.cancel_edition(0),
    )

    assert moves == {
        ("", State.REQUESTED),
        (State.REQUESTED, State.CONFIRMED),
        (State.REQUESTED, State.WAITING),
        (State.REQUESTED, State.REJECTED),
        (State.REQUESTED, State.CANCELLED),
        (State.WAITING, State.CANCELLED),
        (State.CONFIRMED, State.CANCELLED),
    }


@pytest.mark.django_db
def test_every_story_keeps_the_promises() -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
