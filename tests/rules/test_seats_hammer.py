"""Everybody at once: several people press whatever they like, with connections of their own, and the promises hold.

Not which of them wins: that nobody embraces anybody, that no seat is given twice, and that the log tells the whole story.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from members import membership
from members.models import Member
from red_genero.common.models import Transition
from red_genero.common.states import By
from tests import make
from tests.rules.seating import by, change, enrol, mails
from trainings import approving, enrolling, filling, moving, nominating, scheduling
from trainings.models import ApprovalLink, Edition, Enrollment

pytestmark = pytest.mark.django_db(transaction=True)
State = Enrollment.State
HANDS, PRESSES, MOST_SEATS = 6, 14, 4
Act = Callable[[Edition, Member, random.Random], object]


def seat_of(run: Edition, member: Member) -> Enrollment:
    """Return her newest inscripción, or refuse as a page without her would."""
    mine = Enrollment.objects.filter(edition=run, person=member.person).select_related("person")
    seat = mine.order_by("pk").last()
    if seat is None:
        raise ValidationError("Nada.", code="none")
    return seat


def answer(run: Edition, member: Member, _: random.Random) -> object:
    """Her jefatura says yes, if she was asked."""
    link = ApprovalLink.objects.filter(approval__enrollment=seat_of(run, member)).first()
    return approving.answer_yes(link) if link else None


def acts(desk: By, runs: list[Edition]) -> list[tuple[int, Act]]:
    """Return what may be pressed, and how often."""

    def elsewhere(run: Edition, chance: random.Random) -> Edition:
        return chance.choice([each for each in runs if each != run])

    return [
        (12, lambda run, who, _: enrol(run, who)),
        (6, lambda run, who, _: enrolling.cancel(seat_of(run, who), by=by(who))),
        (6, lambda run, who, _: enrolling.accept_offer(seat_of(run, who), by=by(who))),
        (3, lambda run, who, _: enrolling.decline_offer(seat_of(run, who), by=by(who))),
        (3, lambda run, who, _: nominating.nominate(run, [who.person], by=desk, reason="Oficio")),
        (5, answer),
        (2, lambda run, _, chance: filling.set_seats(run, chance.randint(2, MOST_SEATS), by=desk)),
        (2, lambda *_: scheduling.daily_round()),
        (1, lambda _, who, __: membership.end(who, reason="Baja", by=desk)),
        (
            6,
            lambda run, who, chance: moving.move(
                seat_of(run, who), elsewhere(run, chance), by=desk, reason="x", may_wait=True
            ),
        ),
    ]


FAILURES: Final[list[BaseException]] = []


def press(seed: int, runs: list[Edition], people: list[Member], desk: By) -> None:
    """Press so many times, whatever comes; only a refusal in words is an answer."""
    chance, choices = random.Random(seed), acts(desk, runs)  # noqa: S311
    try:
        for _ in range(PRESSES):
            act = chance.choices([each for _, each in choices], [often for often, _ in choices])[0]
            run = Edition.objects.get(pk=chance.choice(runs).pk)
            who = Member.objects.select_related("person__user").get(pk=chance.choice(people).pk)
            try:
                act(run, who, chance)
            except ValidationError:
                continue
    except Exception as failure:  # noqa: BLE001
        FAILURES.append(failure)
    finally:
        connection.close()


def test_nobody_embraces_anybody_and_no_seat_is_given_twice() -> None:
    runs = [make.edition(seats=2, starts_in_days=40) for _ in range(3)]
    change(runs[1], seats_per_department=1)
    change(runs[2], manager_approval=True)
    people, desk = [make.member() for _ in range(8)], By.web(make.user(staff=True))
    FAILURES.clear()

    hands = [
        threading.Thread(target=press, args=(seed, runs, people, desk)) for seed in range(HANDS)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=120)

    assert FAILURES == []
    for run in runs:
        assert filling.places_of(Edition.objects.get(pk=run.pk)).held <= MOST_SEATS
    moves: Counter[str] = Counter()
    for seat in Enrollment.objects.all():
        told = list(Transition.objects.about(seat))
        assert told[-1].to_state == seat.state
        assert all(first.to_state == then.from_state for first, then in pairwise(told))
        moves.update(line.to_state for line in told if seat.moved_from_id is None)
    kinds = Counter(kind for kind, _ in mails())
    assert kinds["offer_expired"] == moves[State.OFFER_EXPIRED]
    assert kinds["enrollment_moved"] == Enrollment.objects.exclude(moved_from=None).count()
    gone = Enrollment.objects.open().filter(person__member__state="baja")
    assert not gone.exists()
