"""Moves between ediciones, propuestas and notices to groups: rules, mails, and what a second press does."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import membership
from members.models import Member, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules.seating import MANAGER, STAFF, by, change, enrol, forget_mails, mails, state
from trainings import approving, enrolling, filling, messaging, moving, nominating
from trainings.models import Edition, Enrollment, FillRun, GroupMessage, Nomination, Waiver

State = Enrollment.State


@pytest.fixture
def desk(db: None) -> By:
    """Somebody of Formación acting at the board."""
    return By.web(make.user(staff=True))


# Moving -----------------------------------------------------------------------------------------
def test_a_move_keeps_her_history_and_offers_her_seat(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    source, target = make.edition(seats=1), make.edition(seats=1)
    seat, waiting = enrol(source, alicia), enrol(source, beatriz)
    Enrollment.objects.filter(pk=seat.pk).update(adjustments="Letra grande")
    forget_mails()

    moved = moving.move(seat, target, by=desk, reason="Cambió su horario.")
    again = moving.move(seat, target, by=desk, reason="Cambió su horario.")

    assert again.pk == moved.pk
    assert (state(seat), state(moved), state(waiting)) == (
        State.CANCELLED,
        State.CONFIRMED,
        State.OFFERED,
    )
    seat.refresh_from_db()
    assert (moved.moved_from, moved.adjustments, seat.adjustments) == (seat, "Letra grande", "")
    assert mails() == [
        ("offer", beatriz.person.address),
        ("enrollment_moved", alicia.person.address),
    ]
    letter = bytes(QueuedMail.objects.get(kind="trainings/enrollment_moved").mime)
    assert letter.count(b"text/calendar") == 2
    assert "Cambio a la edición" in list(Transition.objects.about(seat))[-1].reason


def test_a_full_target_takes_nobodys_seat_unless_she_agreed_to_wait(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    source, target = make.edition(seats=1), make.edition(seats=1)
    seat = enrol(source, alicia)
    enrol(target, beatriz)
    forget_mails()

    with pytest.raises(ValidationError) as refusal:
        moving.move(seat, target, by=desk, reason="Motivo")

    assert refusal.value.code == "target_full"
    assert (state(seat), mails(), target.enrollments.count()) == (State.CONFIRMED, [], 1)
    moved = moving.move(seat, target, by=desk, reason="Motivo", may_wait=True)
    assert moved.state == State.WAITING
    assert mails() == [("enrollment_moved", alicia.person.address)]


@pytest.mark.parametrize("target_asks", [True, False])
def test_no_seat_and_no_offer_is_given_up_for_a_wait_that_nobody_agreed_to(
    alicia: Member, beatriz: Member, desk: By, target_asks: bool
) -> None:
    source, target = make.edition(seats=1), make.edition(seats=1)
    seat = make.enrollment(source, alicia.person, State.CONFIRMED if target_asks else State.OFFERED)
    if not target_asks:
        enrol(target, beatriz)
    change(target, manager_approval=target_asks)
    forget_mails()

    with pytest.raises(ValidationError) as refusal:
        moving.move(seat, target, by=desk, reason="Motivo")

    assert refusal.value.code == ("target_asks" if target_asks else "target_full")
    assert (state(seat), mails()) == (seat.state, [])
    moved = moving.move(seat, target, by=desk, reason="Motivo", may_wait=True)
    assert moved.state == (State.REQUESTED if target_asks else State.WAITING)


def test_the_rules_of_the_target_are_checked_and_only_its_dates_are_waived(
    alicia: Member, desk: By
) -> None:
    seat = enrol(make.edition(), alicia)
    now = timezone.now()
    closed = change(make.edition(), enrollment_closes=now - datetime.timedelta(days=1))
    closed.course.prerequisites.add(make.course("Antes"))

    with pytest.raises(ValidationError) as refusal:
        moving.move(seat, closed, by=desk, reason="Motivo")
    assert [error.code for error in refusal.value.error_list] == [
        "enrollment_closed",
        "prerequisites",
    ]
    closed.course.prerequisites.clear()
    moved = moving.move(seat, closed, by=desk, reason="Motivo", waived=[Waiver.WINDOW])

    assert (moved.state, moved.waived) == (State.CONFIRMED, [Waiver.WINDOW])


@pytest.mark.parametrize("where", [Edition.State.RUNNING, Edition.State.CANCELLED])
def test_no_waiver_opens_what_began_or_was_cancelled(alicia: Member, desk: By, where: str) -> None:
    seat = enrol(make.edition(), alicia)
    target = change(make.edition(), state=where)

    with pytest.raises(ValidationError):
        moving.move(seat, target, by=desk, reason="Motivo", waived=list(Waiver.values))

    assert state(seat) == State.CONFIRMED


def test_a_move_to_an_edition_with_visto_bueno_asks_the_same_jefatura(
    alicia: Member, desk: By
) -> None:
    source = change(make.edition(), manager_approval=True)
    target = change(make.edition(), manager_approval=True)
    seat = enrol(source, alicia)
    forget_mails()

    moved = moving.move(seat, target, by=desk, reason="Motivo")

    assert moved.state == State.REQUESTED
    assert moved.approval.links.get().email == MANAGER
    assert mails() == [
        ("approval_asked", MANAGER),
        ("enrollment_moved", alicia.person.address),
    ]
    approving.approve_request(moved, by=STAFF, reason="Oficio")
    third = change(make.edition(), manager_approval=True)
    assert moving.move(moved, third, by=desk, reason="Motivo").state == State.CONFIRMED


def test_nobody_moves_herself_nor_what_ended(alicia: Member, desk: By) -> None:
    source, target = make.edition(), make.edition()
    seat = enrol(source, alicia)

    with pytest.raises(ValidationError) as own:
        moving.move(seat, target, by=by(alicia), reason="Motivo")
    enrolling.cancel(seat, by=desk, reason="Motivo")
    with pytest.raises(ValidationError) as over:
        moving.move(seat, target, by=desk, reason="Motivo")

    assert (own.value.code, over.value.code) == ("own", "not_open")
    assert not target.enrollments.exists()


# Proposing --------------------------------------------------------------------------------------
def test_each_woman_proposed_decides(alicia: Member, beatriz: Member, desk: By) -> None:
    run, third = make.edition(seats=2), make.member()
    people = [alicia.person, beatriz.person, third.person]

    results = nominating.nominate(run, people, by=desk, reason="Oficio 12")
    again = nominating.nominate(run, people, by=desk, reason="Oficio 12")

    made = [result.enrollment for result in results if result.enrollment]
    assert [seat.state for seat in made] == [State.OFFERED, State.OFFERED, State.WAITING]
    assert [result.enrollment for result in again] == made
    assert mails() == [("nominated", person.address) for person in people]
    forget_mails()
    enrolling.accept_offer(made[0], by=by(alicia))
    enrolling.decline_offer(made[1], by=by(beatriz))
    assert mails() == [
        ("enrolled_confirmed", alicia.person.address),
        ("enrollment_cancelled", beatriz.person.address),
        ("offer", third.person.address),
    ]


def test_a_proposal_asks_the_rules_of_each_and_stops_for_nobody(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    run = change(make.edition(), manager_approval=True)
    membership.suspend(alicia, reason="Licencia", by=STAFF)
    enrol(run, beatriz)
    third = make.member()

    results = nominating.nominate(
        run, [alicia.person, beatriz.person, third.person], by=desk, reason="Oficio 12"
    )

    assert [result.refusals for result in results] == [
        ["Su membresía está suspendida. Escriba al Instituto para reactivarla."],
        ["Ya tiene una inscripción en esta edición: solicitada."],
        [],
    ]
    assert Nomination.objects.get().enrollment.state == State.OFFERED


def test_a_proposal_left_to_expire_goes_to_the_queue(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    run = make.edition(seats=1)
    nominating.nominate(run, [alicia.person], by=desk, reason="Oficio 12")
    enrol(run, beatriz)
    forget_mails()

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=49), tick=False):
        filling.expire_due_offers()

    assert mails() == [
        ("offer_expired", alicia.person.address),
        ("offer", beatriz.person.address),
    ]


def test_a_withdrawn_proposal_frees_its_seat(alicia: Member, beatriz: Member, desk: By) -> None:
    run = make.edition(seats=1)
    nominating.nominate(run, [alicia.person], by=desk, reason="Oficio 12")
    waiting = enrol(run, beatriz)
    forget_mails()
    seat = run.enrollments.get(person=alicia.person)

    nominating.withdraw(seat, by=desk, reason="Se equivocó la dependencia.")

    assert mails() == [
        ("enrollment_cancelled", alicia.person.address),
        ("offer", beatriz.person.address),
    ]
    assert FillRun.objects.filter(edition=run)[0].cause == "Se retiró una propuesta"
    for other, code in ((waiting, "not_nominated"),):
        with pytest.raises(ValidationError) as refusal:
            nominating.withdraw(other, by=desk, reason="Motivo")
        assert refusal.value.code == code


def test_who_already_accepted_is_not_withdrawn(alicia: Member, desk: By) -> None:
    run = make.edition()
    nominating.nominate(run, [alicia.person], by=desk, reason="Oficio 12")
    seat = run.enrollments.get()
    enrolling.accept_offer(seat, by=by(alicia))

    with pytest.raises(ValidationError) as refusal:
        nominating.withdraw(seat, by=desk, reason="Motivo")

    assert (refusal.value.code, state(seat)) == ("already_accepted", State.CONFIRMED)


# Waivers and the quota --------------------------------------------------------------------------
def test_the_quota_counts_the_areas_of_a_dependencia(desk: By) -> None:
    run = change(make.edition(), seats_per_department=1)
    works = make.department("Dirección de Obras")
    area = make.department("Unidad de Proyectos", parent=works)
    area.expects_liaison = False
    area.save()
    other_area = make.department("Unidad de Obra", parent=works)
    other_area.expects_liaison = False
    other_area.save()
    in_area, above, beside, elsewhere = (
        make.member(works_in=node)
        for node in (area, works, other_area, make.department("Tesorería"))
    )

    states = [enrol(run, member).state for member in (in_area, above, beside, elsewhere)]

    # Who waits for the quota is skipped, not moved: the one of Tesorería gets the seat at once.
    assert states == [State.CONFIRMED, State.WAITING, State.WAITING, State.OFFERED]


def test_staff_excuses_the_quota_and_the_dates_but_never_the_cupo(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    now = timezone.now()
    run = change(
        make.edition(seats=1),
        seats_per_department=0,
        enrollment_closes=now - datetime.timedelta(days=1),
    )

    seats = [
        enrolling.enrol(
            run,
            member.person,
            by=desk,
            waived=[Waiver.QUOTA, Waiver.WINDOW],
            waiver_reason="Acuerdo con la dependencia.",
        )
        for member in (alicia, beatriz)
    ]

    assert [seat.state for seat in seats] == [State.CONFIRMED, State.WAITING]


def test_staff_excuses_the_visto_bueno(alicia: Member, desk: By) -> None:
    run = change(make.edition(), manager_approval=True)

    seat = enrolling.enrol(
        run, alicia.person, by=desk, waived=[Waiver.APPROVAL], waiver_reason="Oficio 12"
    )

    assert seat.state == State.CONFIRMED
    assert mails() == [("enrolled_confirmed", alicia.person.address)]


# Writing to a group -----------------------------------------------------------------------------
def test_a_notice_reaches_each_one_once(
    alicia: Member, beatriz: Member, desk: By, fernanda: User
) -> None:
    run = make.edition(seats=1)
    enrol(run, alicia)
    enrol(run, beatriz)
    forget_mails()

    for _ in range(2):
        messaging.send(
            run, groups=[State.CONFIRMED], text="Traiga su gafete.", press="a" * 32, by=desk
        )

    assert mails() == [("group_message", alicia.person.address)]
    letter = QueuedMail.objects.get()
    assert letter.subject == "Aviso sobre su formación"
    assert "Traiga su gafete." in letter.text
    sent = GroupMessage.objects.get()
    assert (sent.groups, sent.recipients, sent.sent_by) == ("Confirmadas", 1, desk.user)


def test_a_notice_to_nobody_is_refused(desk: By) -> None:
    with pytest.raises(ValidationError) as refusal:
        messaging.send(
            make.edition(), groups=[State.WAITING], text="Hola.", press="b" * 32, by=desk
        )

    assert refusal.value.code == "nobody"
    assert not GroupMessage.objects.exists()


# Fill by hand of the staff ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"fill_automatically": False}, {"fill_automatically": True}),
        ({"seats_per_department": 0}, {"seats_per_department": None}),
    ],
)
def test_conditions_that_open_again_offer_the_seat_once(
    alicia: Member, beatriz: Member, before: dict[str, object], after: dict[str, object]
) -> None:
    run = make.edition(seats=1)
    seat = enrol(run, alicia)
    enrol(run, beatriz)
    change(run, **before)
    enrolling.cancel(seat, by=by(alicia))
    forget_mails()

    change(run, **after)
    for _ in range(2):
        filling.fill_if_widened(run, after, by=STAFF)

    assert mails() == [("offer", beatriz.person.address)]


@pytest.mark.parametrize(
    ("now", "accepted"),
    [("2026-12-31 23:59:59", True), ("2027-01-01 00:00:00", False), ("2027-01-01 00:00:01", False)],
)
def test_an_offer_ends_with_the_year(alicia: Member, now: str, accepted: bool) -> None:
    zone = timezone.get_current_timezone()
    end = datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=zone)
    with time_machine.travel(datetime.datetime(2026, 12, 30, 9, tzinfo=zone), tick=False):
        run = make.edition(seats=1, starts_in_days=20)
        seat = make.enrollment(run, alicia.person, State.OFFERED)
    Enrollment.objects.update(offer_expires_at=end)
    moment = datetime.datetime.fromisoformat(now).replace(tzinfo=zone)

    with time_machine.travel(moment, tick=False):
        assert bool(Enrollment.objects.offers_due(moment)) is not accepted
        if accepted:
            enrolling.accept_offer(seat, by=by(alicia))
        else:
            with pytest.raises(ValidationError):
                enrolling.accept_offer(seat, by=by(alicia))
            assert filling.expire_due_offers() == 1

    assert state(seat) == (State.CONFIRMED if accepted else State.OFFER_EXPIRED)
