"""Odd ways into a seat and out of it: merged and blocked people, moved proposals, deadlines that cross, refusals without a lock."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members import forgetting, membership, merging, reorganising
from members.models import Member, User
from members.tree_rules import New, Order
from red_genero.common.states import By
from tests import make
from tests.rules.seating import STAFF, by, change, enrol, forget_mails, mails, state
from trainings import approving, enrolling, filling, moving, nominating, scheduling
from trainings.forms.edition import EditionForm
from trainings.models import Edition, Enrollment, FillRun, FillSkip, Nomination, Waiver

State = Enrollment.State
LOCKED, SHARED = "FOR UPDATE", "FOR KEY SHARE"


@pytest.fixture
def desk(fernanda: User) -> By:
    return By.web(fernanda)


# Who she is -------------------------------------------------------------------------------------
def test_a_merged_woman_keeps_the_seat_that_stands(alicia: Member, diana: User) -> None:
    run = make.edition(seats=1)
    seat = enrol(run, alicia)
    twin = make.person("Alicia", "Muñoz")
    make.enrollment(run, twin, State.CANCELLED)

    merging.merge(alicia.person, twin, chosen={}, reason="Es la misma", by=By.admin(diana))

    assert Enrollment.objects.latest_of(run, alicia.person.user) == seat
    assert filling.places_of(run).held == 1


def test_cancelled_data_free_the_seats_of_who_never_was_an_integrante(
    beatriz: Member, diana: User, desk: By
) -> None:
    run = change(make.edition(seats=1), open_to_non_members=True)
    visitor = make.person()
    assert visitor.user
    seat = enrolling.enrol(run, visitor, by=By.web(visitor.user))
    waiting = enrol(run, beatriz)
    address = visitor.address
    forget_mails()

    forgetting.block(visitor, by=By.admin(diana))

    assert (state(seat), state(waiting)) == (State.CANCELLED, State.OFFERED)
    assert mails() == [
        ("enrollment_cancelled", address),
        ("offer", beatriz.person.address),
    ]
    with pytest.raises(ValidationError) as refusal:
        enrolling.enrol(run, visitor, by=desk)
    assert [check.code for check in refusal.value.error_list] == ["data_cancelled"]


def test_who_is_blocked_takes_no_kept_seat_and_fill_passes_her_over(
    alicia: Member, beatriz: Member
) -> None:
    run = change(make.edition(seats=1), open_to_non_members=True)
    seat, waiting, third = (enrol(run, each) for each in (alicia, beatriz, make.member()))
    beatriz.person.blocked_at = timezone.now()
    beatriz.person.save()

    enrolling.cancel(seat, by=by(alicia))

    assert (state(waiting), state(third)) == (State.WAITING, State.OFFERED)
    assert "están cancelados" in FillSkip.objects.get().reasons


# Proposals --------------------------------------------------------------------------------------
@pytest.mark.parametrize("asks", [False, True])
def test_a_proposal_that_is_moved_still_waits_for_her_answer(
    alicia: Member, desk: By, asks: bool
) -> None:
    run, target = make.edition(), change(make.edition(), manager_approval=asks)
    nominating.nominate(run, [alicia.person], by=desk, reason="Oficio 12")
    forget_mails()

    made = moving.move(Enrollment.objects.get(), target, by=desk, reason="Horario")

    assert made.state == State.OFFERED
    assert made.waived == ([Waiver.APPROVAL] if asks else [])
    assert made.offer_expires_at
    assert Nomination.objects.get(enrollment=made).reason == "Oficio 12"
    assert mails() == [("enrollment_moved", alicia.person.address)]
    assert enrolling.accept_offer(made, by=by(alicia)).state == State.CONFIRMED


def test_a_proposal_moved_to_a_full_edition_waits_there(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    run, target = make.edition(), make.edition(seats=1)
    seat = enrol(target, beatriz)
    nominating.nominate(run, [alicia.person], by=desk, reason="Oficio 12")
    made = moving.move(
        Enrollment.objects.get(edition=run), target, by=desk, reason="Horario", may_wait=True
    )

    assert made.state == State.WAITING
    enrolling.cancel(seat, by=by(beatriz))
    assert state(made) == State.OFFERED


# Clocks that cross ------------------------------------------------------------------------------
@pytest.mark.parametrize("proposed", [False, True])
def test_an_offer_never_lasts_beyond_the_beginning(
    alicia: Member, beatriz: Member, desk: By, proposed: bool
) -> None:
    run = make.edition(seats=1, starts_in_days=1)
    change(run, enrollment_closes=run.begins_at + datetime.timedelta(days=3))
    if proposed:
        nominating.nominate(run, [alicia.person], by=desk, reason="Oficio")
        offered = Enrollment.objects.get()
    else:
        seat, offered = enrol(run, beatriz), enrol(run, alicia)
        enrolling.cancel(seat, by=STAFF, reason="Motivo")
        offered.refresh_from_db()

    assert (offered.state, offered.offer_expires_at) == (State.OFFERED, run.begins_at)


@pytest.mark.parametrize(("hours", "refused"), [(24, True), (49, False)])
def test_enrolment_does_not_close_before_what_was_offered(
    alicia: Member, hours: int, refused: bool
) -> None:
    run = make.edition(seats=1)
    make.enrollment(run, alicia.person, State.OFFERED)
    closes = timezone.now() + datetime.timedelta(hours=hours)

    typed = {key: value for key, value in model_to_dict(run).items() if value is not None}
    form = EditionForm({**typed, "enrollment_closes": closes}, instance=run)

    assert list(form.errors) == (["enrollment_closes"] if refused else [])
    if refused:
        assert "lugares ofrecidos hasta el" in str(form.errors)


def test_a_visto_bueno_finds_the_seat_whose_offer_is_over(
    alicia: Member, beatriz: Member, desk: By
) -> None:
    run = change(make.edition(seats=1, starts_in_days=20), manager_approval=True)
    asked = enrol(run, alicia)
    offered = make.enrollment(run, beatriz.person, State.OFFERED)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=49), tick=False):
        approving.approve_request(asked, by=desk, reason="Oficio")

    assert (state(asked), state(offered)) == (State.CONFIRMED, State.OFFER_EXPIRED)
    assert filling.places_of(run).held == 1


def test_a_round_that_finds_nothing_new_writes_nothing(alicia: Member, desk: By) -> None:
    run = make.edition(seats=2)
    enrol(run, alicia)
    waiting = make.enrollment(run, state=State.WAITING)
    membership.suspend(waiting.person.member, reason="Licencia", by=desk)

    for _ in range(3):
        scheduling.daily_round()
    assert (FillRun.objects.count(), FillSkip.objects.count()) == (1, 1)

    make_way = make.enrollment(run, state=State.WAITING)
    membership.end(make_way.person.member, reason="Baja", by=desk)
    other = make.enrollment(run, state=State.WAITING)
    membership.suspend(other.person.member, reason="Licencia", by=desk)
    scheduling.daily_round()
    assert FillSkip.objects.filter(run=FillRun.objects.first()).count() == 2


def test_nobody_starts_an_edition_weeks_before(alicia: Member, desk: By) -> None:
    run = make.edition(starts_in_days=20)

    with pytest.raises(ValidationError) as refusal:
        scheduling.start(run, by=desk)

    assert refusal.value.code == "not_begun"
    assert enrol(run, alicia).state == State.CONFIRMED
    with time_machine.travel(run.begins_at - datetime.timedelta(hours=9), tick=False):
        assert scheduling.start(run, by=desk).state == Edition.State.RUNNING


def test_each_seat_counts_for_one_dependencia_only(db: None) -> None:
    """A dirección with an enlace of its own takes no seat away from the coordinación above it."""
    run = change(make.edition(), seats_per_department=1)
    coordination = make.department("Coordinación General")
    below, beside = (make.department(name, parent=coordination) for name in ("Una", "Otra"))

    found = [
        enrol(run, make.member(works_in=node)).state
        for node in (below, coordination, beside, below)
    ]

    assert found == [State.CONFIRMED, State.CONFIRMED, State.CONFIRMED, State.WAITING]


def test_a_new_name_brings_no_new_seats(diana: User) -> None:
    run = change(make.edition(), seats_per_department=1)
    old = make.department("Mercados")
    assert enrol(run, make.member(works_in=old)).state == State.CONFIRMED
    order = Order(day=timezone.localdate(), source="Gaceta Municipal, tomo I")
    new = reorganising.rename(old, New(name="Abasto"), order=order, by=By.admin(diana))

    assert enrol(run, make.member(works_in=new)).state == State.WAITING
    assert enrol(run, make.member()).state != State.WAITING


@pytest.mark.parametrize("waiting", [False, True])
def test_the_visto_bueno_is_not_switched_off_under_who_waits_for_it(
    alicia: Member, waiting: bool
) -> None:
    run = change(make.edition(), manager_approval=True)
    if waiting:
        enrol(run, alicia)
    typed = {key: value for key, value in model_to_dict(run).items() if value is not None}

    form = EditionForm({**typed, "manager_approval": ""}, instance=run)

    assert list(form.errors) == (["manager_approval"] if waiting else [])


# Locks ------------------------------------------------------------------------------------------
def touched(run: Edition, captured: CaptureQueriesContext, clause: str) -> list[str]:
    """Return the queries that hold a row of the table of ediciones."""
    table = run._meta.db_table
    return [
        query["sql"]
        for query in captured.captured_queries
        if query["sql"].rstrip().endswith((clause, f'{clause} OF "{table}"'))
        and f'FROM "{table}"' in query["sql"]
    ]


def test_who_is_refused_meets_no_transaction_and_no_lock(alicia: Member) -> None:
    run = change(make.edition(seats=1), enrollment_closes=timezone.now())
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=2), tick=False):
        membership.suspend(alicia, reason="Licencia", by=STAFF)
        with CaptureQueriesContext(connection) as captured, pytest.raises(ValidationError):
            enrol(run, alicia)

    written = [query["sql"] for query in captured.captured_queries]
    assert [sql for sql in written if not sql.startswith("SELECT")] == []
    assert [sql for sql in written if " FOR " in sql] == []


def test_a_full_edition_is_shared_and_a_free_one_is_held(alicia: Member, beatriz: Member) -> None:
    run, vendor = make.edition(seats=1), connection.vendor
    with CaptureQueriesContext(connection) as taking:
        enrol(run, alicia)
    with CaptureQueriesContext(connection) as waiting:
        enrol(run, beatriz)

    held = int(vendor == "postgresql")
    assert (len(touched(run, taking, LOCKED)), len(touched(run, waiting, LOCKED))) == (held, 0)
    shared = [each for each in waiting.captured_queries if SHARED in each["sql"]]
    assert len(shared) == held
