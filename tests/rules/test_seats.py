"""Seats: confirmed and offered never exceed the cupo; the queue is an order; Fill is its only way out."""



from members.models import Member
from red_genero.common.models import QueuedMail
from red_genero.common.states import By
from tests import make
from trainings import enrolling
from trainings.models import Edition, Enrollment

State = Enrollment.State


def by_herself(member: Member) -> By:
    assert member.person.user
    return By.web(member.person.user)


def mails(*kinds: str) -> list[tuple[str, str]]:
    """(kind, recipient) of every message, oldest first."""
    rows = QueuedMail.objects.order_by("pk").values_list("kind", "recipient")
    return [(kind.removeprefix("trainings/"), to) for kind, to in rows]


def enrol(run: Edition, member: Member) -> Enrollment:
    return enrolling.enrol(run, member.person, by=by_herself(member))


def test_a_free_seat_is_confirmed_with_one_mail(alicia: Member) -> None:
    seat = enrol(make.edition(seats=1), alicia)

    assert seat.state == State.CONFIRMED
    assert seat.department == alicia.person.assignments.get().department
    assert mails() == [("enrolled_confirmed", alicia.person.address)]


def test_pressing_again_returns_the_same_seat(alicia: Member) -> None:
    run = make.edition(seats=1)

    first, second = enrol(run, alicia), enrol(run, alicia)

    assert first.pk == second.pk
    assert len(mails()) == 1


def test_without_seats_she_waits_and_gets_the_next_one(alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    seat, waiting = enrol(run, alicia), enrol(run, beatriz)
    assert waiting.state == State.WAITING

    enrolling.cancel(seat, by=by_herself(alicia))

    waiting.refresh_from_db()
    assert waiting.state == State.OFFERED
    assert mails() == [
        ("enrolled_confirmed", alicia.person.address),
        ("enrolled_waiting", beatriz.person.address),
        ("enrollment_cancelled", alicia.person.address),
        ("offer", beatriz.person.address),
    ]
