"""Who came without inscripción: written down by name, linked through the one door to the cupo, and unlinked again."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import Person, User
from red_genero.common.models import Transition
from red_genero.common.states import By
from red_genero.documents import render
from tests import make
from tests.documents import reading
from trainings import arriving, attending, closing, documents, records, tallying
from trainings.models import (
    Approval,
    Attendance,
    Edition,
    Enrollment,
    Session,
    Waiver,
    WalkIn,
)

Mark = Attendance.Mark
State = Enrollment.State
SCREEN = Attendance.Origin.SCREEN
WHY = "Mostró su credencial."


@pytest.fixture
def run(db: None) -> Edition:
    """An edición under way: three people, two sessions of three hours, no marks."""
    return make.taught()


@pytest.fixture
def by(carmen: User) -> By:
    """Who coordinates."""
    return By.web(carmen)


def session(run: Edition, number: int = 1) -> Session:
    return run.sessions.get(number=number)


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> set[str | None]:
    return {error.code for error in refused.value.error_list}


def test_a_name_enters_the_list_once_and_present(run: Edition, by: By) -> None:
    first = arriving.capture(session(run), " Itzel  Xóchitl ", by=by, department="DIF")
    again = arriving.capture(session(run), "ITZEL XOCHITL", by=by)

    assert (first.walk_in.name, first.walk_in.department) == ("Itzel Xóchitl", "DIF")
    assert again.walk_in == first.walk_in
    assert (first.marked.written, again.marked.written) == (1, 0)
    assert Attendance.objects.get().walk_in == first.walk_in


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "x" * 121, "…"])
def test_what_is_no_name_is_refused(run: Edition, by: By, name: str) -> None:
    with pytest.raises(ValidationError):
        arriving.capture(session(run), name, by=by)

    assert not WalkIn.objects.exists()
    assert not Attendance.objects.exists()


def test_linking_lends_her_marks_and_unlinking_takes_them_back(run: Edition, by: By) -> None:
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    seat = run.enrollments.order_by("pk")[0]
    for _ in range(2):
        assert arriving.link(arrival, seat.person, by=by, reason=WHY) == seat
    assert tallying.tally(seat).credited == 3
    assert [row.enrollment_id for row in arrival.marks.all()] == [seat.pk]

    for _ in range(2):
        arriving.unlink(arrival, by=by, reason="Era otra.")
    assert tallying.tally(seat).credited == 0
    assert [row.enrollment_id for row in arrival.marks.all()] == [None]
    seat.refresh_from_db()
    assert seat.state == State.CONFIRMED
    assert [line.reason for line in Transition.objects.about(seat)] == [
        "Se vinculó con «Ana Luna», que llegó sin inscripción. Mostró su credencial.",
        "Se deshizo el vínculo con quien llegó sin inscripción. Era otra.",
    ]


def test_who_has_no_seat_takes_a_free_one_and_gives_it_back(run: Edition, by: By) -> None:
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    person = make.member().person
    seat = arriving.link(arrival, person, by=by, reason=WHY)
    assert (seat.state, seat.person, seat.edition) == (State.CONFIRMED, person, run)

    arriving.unlink(arrival, by=by, reason="Era otra.")
    seat.refresh_from_db()
    assert seat.state == State.CANCELLED


def test_a_full_edition_gives_no_seat(run: Edition, by: By) -> None:
    Edition.objects.filter(pk=run.pk).update(seats=3)
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    with pytest.raises(ValidationError) as refused:
        arriving.link(arrival, make.member().person, by=by, reason=WHY)

    assert code_of(refused) == {"no_seat"}
    arrival.refresh_from_db()
    assert arrival.enrollment is None
    assert run.enrollments.count() == 3


def test_an_offered_seat_of_hers_serves_even_when_full(run: Edition, by: By) -> None:
    offered = make.enrollment(run, state=State.OFFERED)
    Edition.objects.filter(pk=run.pk).update(seats=4)
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    seat = arriving.link(arrival, offered.person, by=by, reason=WHY)

    offered.refresh_from_db()
    assert (offered.state, seat.state) == (State.CANCELLED, State.CONFIRMED)
    assert run.enrollments.holding().count() == 4


@pytest.mark.parametrize(
    ("who", "code"), [("stranger", "not_a_member"), ("herself", "own"), ("early", "not_begun")]
)
def test_the_rules_of_every_seat_hold(
    run: Edition, carmen: User, by: By, who: str, code: str
) -> None:
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    person: Person = make.member().person
    if who == "stranger":
        person = make.person()
    elif who == "herself":
        person = make.member(carmen.person).person
    else:
        ahead = timezone.now() + datetime.timedelta(days=3)
        run.sessions.update(starts_at=ahead, ends_at=ahead + datetime.timedelta(hours=3))
        Edition.objects.filter(pk=run.pk).update(state=Edition.State.PUBLISHED)
    with pytest.raises(ValidationError) as refused:
        arriving.link(arrival, person, by=by, reason=WHY)

    assert code_of(refused) == {code}


def test_that_she_came_does_not_stand_for_the_visto_bueno(run: Edition, by: By) -> None:
    Edition.objects.filter(pk=run.pk).update(manager_approval=True)
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    person = make.member().person
    excused = {"waived": [Waiver.APPROVAL], "waiver_reason": "Oficio 12/2026"}
    for waived, why, code in (
        ([], "", "approval_missing"),
        ([Waiver.WINDOW], "Oficio", "approval_missing"),
        ([Waiver.APPROVAL], " ", "reason_required"),
    ):
        with pytest.raises(ValidationError) as refused:
            arriving.link(arrival, person, by=by, reason=WHY, waived=waived, waiver_reason=why)
        assert code_of(refused) == {code}
    assert run.enrollments.count() == 3

    seat = arriving.link(arrival, person, by=by, reason=WHY, **excused)  # type: ignore[arg-type]

    assert (seat.state, seat.waived, seat.waiver_reason) == (
        State.CONFIRMED,
        [Waiver.APPROVAL],
        "Oficio 12/2026",
    )


def _with_approval(run: Edition, state: str, decision: str) -> Enrollment:
    """Return an inscripción about which her jefatura was asked."""
    Edition.objects.filter(pk=run.pk).update(manager_approval=True)
    seat, now = make.enrollment(run, state=state), timezone.now()
    Approval.objects.create(
        enrollment=seat,
        deadline=now + datetime.timedelta(days=5),
        decision=decision,
        decided_at=now if decision else None,
    )
    return seat


def test_the_visto_bueno_that_she_has_goes_with_her(run: Edition, by: By) -> None:
    waiting = _with_approval(run, State.WAITING, Approval.Decision.GIVEN)
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in

    seat = arriving.link(arrival, waiting.person, by=by, reason=WHY)

    assert (seat.state, seat.waived) == (State.CONFIRMED, [])


@pytest.mark.parametrize(
    ("state", "decision"),
    [
        (State.REQUESTED, ""),
        (State.WAITING, ""),
        (State.REJECTED, Approval.Decision.DECLINED),
    ],
)
def test_the_one_that_she_has_not_keeps_her_out(
    run: Edition, by: By, state: str, decision: str
) -> None:
    before = _with_approval(run, state, decision)
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in

    with pytest.raises(ValidationError) as refused:
        arriving.link(arrival, before.person, by=by, reason=WHY)

    assert code_of(refused) == {"approval_missing"}
    before.refresh_from_db()
    assert (before.state, run.enrollments.count()) == (state, 4)


def test_two_marks_of_one_sitting_are_not_both_hers(run: Edition, by: By) -> None:
    seat = run.enrollments.order_by("pk")[0]
    attending.mark(seat, session(run), Mark.LATE, by=by, origin=SCREEN)
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    with pytest.raises(ValidationError) as refused:
        arriving.link(arrival, seat.person, by=by, reason=WHY)

    assert code_of(refused) == {"marked_twice"}


def test_a_late_link_replaces_faltas_after_closing_and_can_be_undone(run: Edition, by: By) -> None:
    seat = run.enrollments.order_by("pk")[0]
    arrival = arriving.capture(session(run, 1), "Ana Luna", by=by).walk_in
    arriving.capture(session(run, 2), "Ana Luna", by=by)
    closing.close(run, by=by, missing_are_absent=True)
    seat.refresh_from_db()
    assert seat.state == State.NO_SHOW

    arriving.link(arrival, seat.person, by=by, reason=WHY)
    seat.refresh_from_db()
    assert seat.state == State.COMPLETED
    assert tallying.tally(seat).percentage == 100

    arriving.unlink(arrival, by=by, reason="Era otra.")
    seat.refresh_from_db()
    assert seat.state == State.NO_SHOW
    assert set(seat.marks.values_list("mark", flat=True)) == {Mark.ABSENT}
    assert arrival.marks.count() == 2


def test_after_closing_who_had_no_seat_gets_her_result(run: Edition, by: By) -> None:
    arrival = arriving.capture(session(run, 1), "Ana Luna", by=by).walk_in
    closing.close(run, by=by, missing_are_absent=True)
    seat = arriving.link(arrival, make.member().person, by=by, reason=WHY)

    seat.refresh_from_db()
    assert seat.state == State.NOT_COMPLETED
    assert sorted(seat.marks.values_list("mark", flat=True)) == [Mark.ABSENT, Mark.PRESENT]


def test_a_name_written_by_mistake_goes_and_a_linked_one_stays(run: Edition, by: By) -> None:
    arrival = arriving.capture(session(run), "Ana Luna", by=by).walk_in
    seat = run.enrollments.order_by("pk")[0]
    arriving.link(arrival, seat.person, by=by, reason=WHY)
    with pytest.raises(ValidationError) as refused:
        arriving.forget(arrival, by=by)
    assert code_of(refused) == {"linked"}

    arriving.unlink(arrival, by=by, reason="Era otra.")
    for _ in range(2):
        arriving.forget(arrival, by=by)
    assert not WalkIn.objects.exists()
    assert not Attendance.objects.exists()
    assert Attendance.history.filter(history_type="-").count() == 1


def test_she_is_on_the_next_list_and_in_the_acta_with_the_totals(run: Edition, by: By) -> None:
    arriving.capture(session(run), "Itzel Xóchitl", by=by, department="DIF")
    attending.all_present(session(run), by=by)
    listed = documents.attendance_list(run, [session(run, 2)]).context["sheets"][0]  # type: ignore[index]
    assert [row["name"] for row in listed["rows"]][-1] == "Itzel Xóchitl"

    text = " ".join(reading.pages(render(records.acta(run))))
    assert "4 Itzel Xóchitl DIF P —" in text
    assert "Presente 4 0" in text
    assert "Sin marca 0 4" in text
    assert "3 con inscripción, 1 sin inscripción" in text
