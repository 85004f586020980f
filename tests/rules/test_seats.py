"""Seats: who gets one, who waits, every way out of the queue, and exactly which mails leave."""

import datetime

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import membership
from members.models import Member, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules.seating import MANAGER, STAFF, by, change, enrol, forget_mails, mails, state
from trainings import approving, eligibility, enrolling, filling, scheduling
from trainings.models import Certificate, Edition, Enrollment, FillRun, FillSkip, Waiver

State = Enrollment.State


@pytest.fixture
def full(alicia: Member, beatriz: Member) -> tuple[Edition, Enrollment, Enrollment]:
    """An edición of one seat: Alicia's; Beatriz waits. The outbox is empty."""
    run = make.edition(seats=1)
    seat, waiting = enrol(run, alicia), enrol(run, beatriz)
    forget_mails()
    return run, seat, waiting


# Asking -----------------------------------------------------------------------------------------
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


def test_without_seats_she_waits_with_one_mail(alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    enrol(run, alicia)
    forget_mails()

    waiting = enrol(run, beatriz)

    assert waiting.state == State.WAITING
    assert mails() == [("enrolled_waiting", beatriz.person.address)]


def test_a_free_seat_is_not_taken_over_the_queue(
    full: tuple[Edition, Enrollment, Enrollment],
) -> None:
    run, _, waiting = full
    change(run, seats=2)

    newcomer = enrol(run, make.member())

    assert state(waiting) == State.OFFERED
    assert newcomer.state == State.WAITING


def test_with_jefatura_it_is_a_request_that_holds_no_seat(alicia: Member) -> None:
    run = change(make.edition(seats=1), manager_approval=True)

    seat = enrol(run, alicia)

    assert seat.state == State.REQUESTED
    assert filling.places_of(run).held == 0
    assert mails() == [
        ("approval_asked", MANAGER),
        ("enrollment_requested", alicia.person.address),
    ]


def test_the_visto_bueno_gives_a_seat_or_a_place_in_the_queue(
    alicia: Member, beatriz: Member
) -> None:
    run = change(make.edition(seats=1), manager_approval=True)
    first, second = enrol(run, alicia), enrol(run, beatriz)
    forget_mails()

    approved = [
        approving.approve_request(seat, by=STAFF, reason="Oficio").state for seat in (second, first)
    ]
    again = approving.approve_request(second, by=STAFF, reason="Oficio")

    assert approved == [State.CONFIRMED, State.WAITING]
    assert again.state == State.CONFIRMED
    assert mails() == [
        ("enrolled_confirmed", beatriz.person.address),
        ("enrolled_waiting", alicia.person.address),
    ]


def test_nobody_gives_the_visto_bueno_to_herself(alicia: Member) -> None:
    run = change(make.edition(seats=1), manager_approval=True)
    seat = enrol(run, alicia)

    with pytest.raises(ValidationError) as refusal:
        approving.approve_request(seat, by=by(alicia), reason="Oficio")

    assert refusal.value.code == "own"
    assert state(seat) == State.REQUESTED


def test_a_refused_request_tells_why(alicia: Member) -> None:
    seat = enrol(change(make.edition(), manager_approval=True), alicia)
    forget_mails()

    approving.refuse_request(seat, by=STAFF, reason="Cierre anual del área.")

    assert state(seat) == State.REJECTED
    assert mails() == [("enrollment_rejected", alicia.person.address)]
    assert "Cierre anual del área." in QueuedMail.objects.get().text


# All the reasons --------------------------------------------------------------------------------
def codes(run: Edition, member: Member) -> list[str]:
    return [reason.code for reason in eligibility.reasons(run, member.person)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"state": Edition.State.DRAFT}, ["edition_draft"]),
        ({"state": Edition.State.CANCELLED}, ["edition_cancelled"]),
        ({"state": Edition.State.CLOSED}, ["edition_closed"]),
        ({"state": Edition.State.RUNNING}, ["edition_started"]),
    ],
)
def test_the_state_of_the_edition_is_a_reason(
    alicia: Member, values: dict[str, str], expected: list[str]
) -> None:
    assert codes(change(make.edition(), **values), alicia) == expected


def test_all_the_reasons_are_given_at_once(alicia: Member) -> None:
    now = timezone.now()
    run = make.edition(starts_in_days=-1)
    change(
        run,
        enrollment_opens=now - datetime.timedelta(days=9),
        enrollment_closes=now - datetime.timedelta(days=2),
        seats_per_department=0,
    )
    run.course.prerequisites.add(make.course("Género para quienes deciden"))
    membership.suspend(alicia, reason="Licencia", by=STAFF)

    found = eligibility.reasons(run, alicia.person)

    assert [reason.code for reason in found] == [
        "edition_started",
        "enrollment_closed",
        "not_a_member",
        "prerequisites",
        "department_full",
    ]
    assert found[3].message == "Antes debe concluir «Género para quienes deciden»."


def test_a_refusal_carries_every_reason_and_writes_nothing(alicia: Member) -> None:
    run = change(make.edition(), state=Edition.State.CANCELLED)
    membership.suspend(alicia, reason="Licencia", by=STAFF)

    with pytest.raises(ValidationError) as refusal:
        enrol(run, alicia)

    assert refusal.value.messages == [
        "Esta edición se canceló.",
        "Su membresía está suspendida. Escriba al Instituto para reactivarla.",
    ]
    assert not Enrollment.objects.exists()
    assert mails() == []


def test_a_prerequisite_is_met_by_concluding_or_by_a_constancia(
    alicia: Member, beatriz: Member, fernanda: User
) -> None:
    before, run = make.course("Antes"), make.edition()
    run.course.prerequisites.add(before)
    ended = make.edition(before, state=Edition.State.CLOSED)
    make.enrollment(ended, alicia.person, State.COMPLETED)
    old = make.enrollment(ended, beatriz.person, State.NOT_COMPLETED)
    assert (codes(run, alicia), codes(run, beatriz)) == ([], ["prerequisites"])

    Certificate.objects.create(
        folio="RED-2026-0001",
        kind=Certificate.Kind.ATTENDANCE,
        person=beatriz.person,
        enrollment=old,
        edition=ended,
        name="Beatriz",
        course_title="Antes",
        hours=3,
        starts_on=ended.starts_on,
        ends_on=ended.ends_on,
        template="v1",
        frozen={},
        issued_by=fernanda,
    )

    assert codes(run, beatriz) == []


def test_staff_waives_a_prerequisite_with_a_reason_and_nobody_for_herself(alicia: Member) -> None:
    run = make.edition()
    run.course.prerequisites.add(make.course("Antes"))
    with pytest.raises(ValidationError) as refusal:
        enrolling.enrol(
            run,
            alicia.person,
            by=by(alicia),
            waived=[Waiver.PREREQUISITES],
            waiver_reason="Ya lo sé.",
        )
    assert refusal.value.code == "own_waiver"

    staff = By.admin(make.user(staff=True))
    with pytest.raises(ValidationError) as silent:
        enrolling.enrol(run, alicia.person, by=staff, waived=[Waiver.PREREQUISITES])
    assert silent.value.code == "reason_required"

    seat = enrolling.enrol(
        run,
        alicia.person,
        by=staff,
        waived=[Waiver.PREREQUISITES],
        waiver_reason="Impartió el curso.",
    )

    assert (seat.state, seat.waiver_reason) == (State.CONFIRMED, "Impartió el curso.")


def test_reasons_take_the_same_queries_with_history_or_without(
    alicia: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = change(make.edition(), seats_per_department=9)
    run.course.prerequisites.add(make.course("Antes"))

    with django_assert_num_queries(9):
        eligibility.reasons(run, alicia.person)

    for _ in range(3):
        before = make.course()
        run.course.prerequisites.add(before)
        make.enrollment(make.edition(before), alicia.person, State.COMPLETED)
        make.enrollment(run)
    with django_assert_num_queries(9):
        eligibility.reasons(run, alicia.person)


# Every path of Fill -----------------------------------------------------------------------------
Full = tuple[Edition, Enrollment, Enrollment]


def test_her_own_cancellation_offers_the_seat(full: Full, alicia: Member, beatriz: Member) -> None:
    _, seat, waiting = full

    enrolling.cancel(seat, by=by(alicia))
    enrolling.cancel(seat, by=by(alicia))

    assert (state(seat), state(waiting)) == (State.CANCELLED, State.OFFERED)
    assert mails() == [
        ("enrollment_cancelled", alicia.person.address),
        ("offer", beatriz.person.address),
    ]


def test_the_staff_cancels_with_a_reason(full: Full, alicia: Member, beatriz: Member) -> None:
    _, seat, waiting = full
    with pytest.raises(ValidationError) as refusal:
        enrolling.cancel(seat, by=STAFF)
    assert refusal.value.code == "reason_required"

    enrolling.cancel(seat, by=STAFF, reason="Cambió de horario.")

    assert state(waiting) == State.OFFERED
    assert [kind for kind, _ in mails()] == ["enrollment_cancelled", "offer"]


def test_a_baja_frees_her_seat_inside_its_own_transaction(
    full: Full, alicia: Member, beatriz: Member
) -> None:
    _, seat, waiting = full

    membership.end(alicia, reason="Cambio de gobierno", by=STAFF)

    assert (state(seat), state(waiting)) == (State.CANCELLED, State.OFFERED)
    assert mails() == [
        ("enrollment_cancelled", alicia.person.address),
        ("offer", beatriz.person.address),
    ]


def test_a_baja_keeps_the_seat_of_an_edition_under_way(alicia: Member) -> None:
    run = make.edition(starts_in_days=-1, state=Edition.State.RUNNING)
    seat = make.enrollment(run, alicia.person)

    membership.end(alicia, reason="Cambio de gobierno", by=STAFF)

    assert state(seat) == State.CONFIRMED
    assert mails() == []


def test_a_raised_cupo_offers_and_a_lowered_one_evicts_nobody(full: Full, beatriz: Member) -> None:
    run, seat, waiting = full

    filling.set_seats(run, 2, by=STAFF)
    filling.set_seats(run, 1, by=STAFF)

    assert (state(seat), state(waiting)) == (State.CONFIRMED, State.OFFERED)
    assert filling.places_of(Edition.objects.get()).over == 1
    assert mails() == [("offer", beatriz.person.address)]


def test_a_declined_offer_goes_to_the_next(full: Full, alicia: Member, beatriz: Member) -> None:
    run, seat, waiting = full
    third_member = make.member()
    third = enrol(run, third_member)
    enrolling.cancel(seat, by=by(alicia))
    forget_mails()

    enrolling.decline_offer(waiting, by=by(beatriz))
    enrolling.decline_offer(waiting, by=by(beatriz))

    assert (state(waiting), state(third)) == (State.CANCELLED, State.OFFERED)
    assert mails() == [
        ("enrollment_cancelled", beatriz.person.address),
        ("offer", third_member.person.address),
    ]


def test_an_expired_offer_goes_to_the_next_once(
    full: Full, alicia: Member, beatriz: Member
) -> None:
    run, seat, waiting = full
    third_member = make.member()
    third = enrol(run, third_member)
    enrolling.cancel(seat, by=by(alicia))
    forget_mails()

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=48, seconds=1), tick=False):
        assert [filling.expire_due_offers(), filling.expire_due_offers()] == [1, 0]

    assert (state(waiting), state(third)) == (State.OFFER_EXPIRED, State.OFFERED)
    assert mails() == [
        ("offer_expired", beatriz.person.address),
        ("offer", third_member.person.address),
    ]


def test_an_offer_left_to_expire_does_not_block_a_newcomer(alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    offered = make.enrollment(run, alicia.person, State.OFFERED)
    forget_mails()

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=49), tick=False):
        newcomer = enrol(run, beatriz)

    assert (state(offered), newcomer.state) == (State.OFFER_EXPIRED, State.CONFIRMED)


def test_an_accepted_offer_is_hers_once(full: Full, alicia: Member, beatriz: Member) -> None:
    _, seat, waiting = full
    enrolling.cancel(seat, by=by(alicia))
    forget_mails()

    enrolling.accept_offer(waiting, by=by(beatriz))
    enrolling.accept_offer(waiting, by=by(beatriz))

    assert state(waiting) == State.CONFIRMED
    assert mails() == [("enrolled_confirmed", beatriz.person.address)]


def test_who_waits_cannot_take_a_seat_that_was_not_offered(full: Full, beatriz: Member) -> None:
    _, _, waiting = full

    with pytest.raises(ValidationError) as refusal:
        enrolling.accept_offer(waiting, by=by(beatriz))

    assert refusal.value.code == "no_offer"
    assert state(waiting) == State.WAITING


def test_nobody_accepts_on_her_behalf(full: Full, alicia: Member) -> None:
    _, seat, waiting = full
    enrolling.cancel(seat, by=by(alicia))

    with pytest.raises(ValidationError) as refusal:
        enrolling.accept_offer(waiting, by=STAFF)

    assert refusal.value.code == "not_hers"
    assert state(waiting) == State.OFFERED


def test_a_cancelled_edition_tells_everybody_once(alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    enrol(run, alicia)
    enrol(run, beatriz)
    offered, asked = make.member(), make.member()
    make.enrollment(run, offered.person, State.OFFERED)
    make.enrollment(run, asked.person, State.REQUESTED)
    make.enrollment(run, None, State.CANCELLED)
    forget_mails()

    told = [scheduling.cancel_edition(run, by=STAFF, reason="Sin sede.") for _ in range(2)]

    assert told == [4, 0]
    everybody = (alicia, beatriz, offered, asked)
    assert sorted(mails()) == sorted(
        ("edition_cancelled", member.person.address) for member in everybody
    )
    assert not Enrollment.objects.open().exists()


@pytest.mark.parametrize("people", [1, 3, 30])
def test_cancelling_holds_the_edition_for_as_many_statements_whoever_is_told(
    db: None, people: int
) -> None:
    run = make.edition(seats=100)
    for number in range(people):
        make.enrollment(run, state=(State.CONFIRMED, State.WAITING, State.REQUESTED)[number % 3])
    Enrollment.objects.update(adjustments="Letra grande")
    ContentType.objects.get_for_models(Edition, Enrollment)
    with CaptureQueriesContext(connection) as captured:
        scheduling.cancel_edition(run, by=STAFF, reason="Sin sede.")

    held = [query["sql"] for query in captured.captured_queries]
    first = next(at for at, sql in enumerate(held) if sql.startswith(("BEGIN", "SAVEPOINT")))
    assert len(held[first:]) == 19
    assert len(mails()) == people
    assert set(Enrollment.objects.values_list("state", "adjustments")) == {(State.CANCELLED, "")}
    assert set(Enrollment.history.filter(history_type="~").values_list("state", flat=True)) == {
        State.CANCELLED
    }
    for seat in run.enrollments.all():
        assert [line.to_state for line in Transition.objects.about(seat)] == [State.CANCELLED]


# Skipping without moving ------------------------------------------------------------------------
def test_who_does_not_qualify_keeps_her_place_and_the_log_says_why(
    full: Full, alicia: Member, beatriz: Member
) -> None:
    run, seat, waiting = full
    third = enrol(run, make.member())
    moment = waiting.queued_at
    membership.suspend(beatriz, reason="Licencia", by=STAFF)

    enrolling.cancel(seat, by=by(alicia))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.queued_at) == (State.WAITING, moment)
    assert state(third) == State.OFFERED
    skip = FillSkip.objects.get()
    assert (skip.enrollment, skip.run) == (waiting, FillRun.objects.first())
    assert skip.reasons == "Su membresía está suspendida. Escriba al Instituto para reactivarla."
    assert skip.run.outcome == "Se ofreció 1 lugar; 1 en espera sin cumplir los requisitos."


def test_the_quota_of_a_dependencia_makes_her_wait(alicia: Member) -> None:
    run = change(make.edition(seats=5), seats_per_department=1)
    colleague = make.member(works_in=alicia.person.assignments.get().department)
    seat = enrol(run, alicia)

    waiting = enrol(run, colleague)
    somebody_else = enrol(run, make.member())
    assert (waiting.state, somebody_else.state) == (State.WAITING, State.OFFERED)

    enrolling.cancel(seat, by=by(alicia))
    assert state(waiting) == State.OFFERED


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"fill_automatically": False}, "La asignación automática está apagada."),
        ({"state": Edition.State.RUNNING}, "Esta edición inició el"),
        ({"enrollment_closes": None}, "La inscripción cerró el"),
    ],
)
def test_fill_stops_and_says_why(full: Full, values: dict[str, object], outcome: str) -> None:
    run, _, waiting = full
    values = dict(values)
    if "enrollment_closes" in values:
        values["enrollment_closes"] = timezone.now() - datetime.timedelta(minutes=1)
    change(run, seats=2, **values)

    filled = filling.fill(run, cause="Prueba", by=STAFF)

    assert filled.outcome.startswith(outcome)
    assert (state(waiting), mails()) == (State.WAITING, [])


def test_priority_goes_before_arrival(full: Full, alicia: Member) -> None:
    run, seat, waiting = full
    third = enrol(run, make.member())
    Enrollment.objects.filter(pk=third.pk).update(priority=1)
    assert list(Enrollment.objects.queue()) == [third, waiting]

    enrolling.cancel(seat, by=by(alicia))

    assert (state(third), state(waiting)) == (State.OFFERED, State.WAITING)


def test_the_offered_person_does_not_learn_who_left(full: Full, alicia: Member) -> None:
    _, seat, waiting = full

    enrolling.cancel(seat, by=by(alicia))

    line = Transition.objects.about(waiting).last()
    assert line is not None
    assert (line.actor, line.actor_name) == (None, "Asignación de lugares")


# Deadlines at local midnight --------------------------------------------------------------------
def local(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("now", "open_"),
    [
        ("2026-12-31T23:59:59", True),
        ("2026-12-31T23:59:59.900000", True),
        ("2027-01-01T00:00:00", False),
        ("2027-01-01T00:00:01", False),
    ],
)
def test_enrolment_closes_after_the_last_second_of_the_year(
    alicia: Member, now: str, open_: bool
) -> None:
    with time_machine.travel(local("2026-12-20T10:00:00"), tick=False):
        run = change(
            make.edition(starts_in_days=20), enrollment_closes=local("2026-12-31T23:59:59")
        )

    with time_machine.travel(local(now), tick=False):
        assert codes(run, alicia) == ([] if open_ else ["enrollment_closed"])
        assert Edition.objects.open_for_enrollment(timezone.now()).exists() is open_
        assert run.takes_enrollments(timezone.now()) is open_


@pytest.mark.parametrize("last", ["2026-12-30", "2026-12-31"])
@pytest.mark.parametrize(
    ("after", "allowed"), [(0.0, True), (0.999999, True), (1.0, False), (2.0, False)]
)
def test_she_may_cancel_until_the_last_second_and_then_only_staff(
    alicia: Member, last: str, after: float, allowed: bool
) -> None:
    end = local(f"{last}T23:59:59")
    with time_machine.travel(local("2026-12-20T10:00:00"), tick=False):
        run = change(make.edition(starts_in_days=20), cancel_until=end)
        seat = enrol(run, alicia)

    with time_machine.travel(end + datetime.timedelta(seconds=after), tick=False):
        assert enrolling.may_cancel(seat, timezone.now()) is allowed
        if not allowed:
            with pytest.raises(ValidationError) as refusal:
                enrolling.cancel(seat, by=by(alicia))
            assert (refusal.value.code, state(seat)) == ("too_late", State.CONFIRMED)
        who, why = (by(alicia), "") if allowed else (STAFF, "Avisó por teléfono.")
        enrolling.cancel(seat, by=who, reason=why)

    assert state(seat) == State.CANCELLED


def test_an_offer_never_lasts_beyond_the_close_of_enrolment(full: Full, alicia: Member) -> None:
    run, seat, waiting = full
    closes = timezone.now() + datetime.timedelta(hours=5)
    change(run, enrollment_closes=closes)

    enrolling.cancel(seat, by=by(alicia))

    waiting.refresh_from_db()
    assert waiting.offer_expires_at == closes


@pytest.mark.parametrize("freed", ["2026-12-10T12:00:00", "2026-12-29T23:59:59"])
def test_an_offer_ends_after_its_last_second(alicia: Member, beatriz: Member, freed: str) -> None:
    with time_machine.travel(local(freed), tick=False):
        run = make.edition(seats=1, starts_in_days=20)
        seat, waiting = enrol(run, alicia), enrol(run, beatriz)
        enrolling.cancel(seat, by=by(alicia))
    waiting.refresh_from_db()
    deadline = waiting.offer_expires_at
    assert deadline == local(freed) + datetime.timedelta(hours=48)

    with time_machine.travel(deadline + datetime.timedelta(seconds=1), tick=False):
        with pytest.raises(ValidationError) as refusal:
            enrolling.accept_offer(waiting, by=by(beatriz))
        assert refusal.value.code == "offer_expired"
    with time_machine.travel(deadline + datetime.timedelta(milliseconds=900), tick=False):
        assert filling.expire_due_offers() == 0
        enrolling.accept_offer(waiting, by=by(beatriz))

    assert state(waiting) == State.CONFIRMED


# The daily round --------------------------------------------------------------------------------
def test_the_clock_starts_an_edition_once(db: None) -> None:
    run = make.edition(starts_in_days=1)
    begins = run.begins_at

    rounds = []
    for moment in (begins - datetime.timedelta(seconds=1), begins, begins):
        with time_machine.travel(moment, tick=False):
            rounds.append(scheduling.daily_round()["ediciones iniciadas"])

    assert rounds == [0, 1, 0]
    run.refresh_from_db()
    assert run.state == Edition.State.RUNNING


def test_the_daily_round_finds_a_forgotten_seat(full: Full, beatriz: Member) -> None:
    run, _, waiting = full
    change(run, seats=2)

    rounds = [scheduling.daily_round() for _ in range(2)]

    assert [found["ediciones con lugares ofrecidos"] for found in rounds] == [1, 0]
    assert state(waiting) == State.OFFERED
    assert mails() == [("offer", beatriz.person.address)]


# Publishing -------------------------------------------------------------------------------------
def test_publishing_says_everything_that_is_missing(db: None) -> None:
    run = make.edition(state=Edition.State.DRAFT, sessions=2)
    first, second = run.sessions.all()
    first.place = ""
    first.save()
    second.starts_at += datetime.timedelta(days=90)
    second.ends_at += datetime.timedelta(days=90)
    second.save()

    with pytest.raises(ValidationError) as refusal:
        scheduling.publish(run, by=STAFF)

    assert len(refusal.value.messages) == 2
    run.refresh_from_db()
    assert run.state == Edition.State.DRAFT


def test_publishing_twice_is_harmless(db: None) -> None:
    run = make.edition(state=Edition.State.DRAFT)

    states = [scheduling.publish(run, by=STAFF).state for _ in range(2)]

    assert states == [Edition.State.PUBLISHED] * 2
    assert Transition.objects.about(run).count() == 1


def test_the_command_of_the_daily_round_says_what_it_did(
    full: Full, capsys: pytest.CaptureFixture[str]
) -> None:
    change(full[0], seats=2)

    call_command("run_daily")

    assert "Ediciones con lugares ofrecidos: 1" in capsys.readouterr().out
    assert state(full[2]) == State.OFFERED
