"""The staff of Formación plans an edición, publishes it, changes it and cancels it in the admin."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Member, User
from tests import make
from tests.conftest import signed_in
from tests.rules.seating import by, change, enrol, forget_mails, mails, state
from trainings import enrolling
from trainings.models import Course, Edition, Enrollment, FillRun

State = Enrollment.State
FIRST = datetime.date(2027, 2, 3)


@pytest.fixture
def desk(fernanda: User) -> Client:
    """Fernanda, of Formación, in the admin."""
    return signed_in(fernanda)


def typed(course: Course, **changes: Any) -> dict[str, Any]:
    """Return what she types for an edición of one sitting."""
    moments = {
        "enrollment_opens": (FIRST - datetime.timedelta(days=30), "08:00"),
        "enrollment_closes": (FIRST - datetime.timedelta(days=2), "23:59"),
        "cancel_until": (FIRST - datetime.timedelta(days=3), "23:59"),
        "sessions-0-starts_at": (FIRST, "16:00"),
        "sessions-0-ends_at": (FIRST, "19:30"),
    }
    data: dict[str, Any] = {
        "course": course.pk,
        "key": "PG-02-2027-1",
        "mode": "",
        "hours": "",
        "minimum_attendance": "",
        "starts_on": FIRST.isoformat(),
        "ends_on": FIRST.isoformat(),
        "seats": "12",
        "minimum_participants": "0",
        "offer_hours": "48",
        "fill_automatically": "on",
        "priority_rule": "llegada",
        "late_credit": "100",
        "late_after": "15",
        "excused_leaves": "on",
        "sessions-TOTAL_FORMS": "1",
        "sessions-INITIAL_FORMS": "0",
        "sessions-0-number": "1",
        "sessions-0-hours": "",
        "sessions-0-place": "Sala de capacitación",
    }
    for name, (day, hour) in moments.items():
        data |= {f"{name}_0": day.isoformat(), f"{name}_1": hour}
    return data | changes


def test_what_she_leaves_empty_comes_from_the_course(desk: Client) -> None:
    course = make.course()

    unnumbered = typed(course, **{"sessions-0-number": ""})
    answer = desk.post(reverse("admin:trainings_edition_add"), unnumbered)

    assert answer.status_code == 302, answer.context["errors"]
    run = Edition.objects.get()
    session = run.sessions.get()
    assert session.number == 1
    assert (run.key, run.state) == ("pg-02-2027-1", Edition.State.DRAFT)
    assert (run.mode, run.hours, run.minimum_attendance) == (course.mode, course.hours, 80)
    assert timezone.localtime(run.enrollment_closes).time() == datetime.time(23, 59, 59)
    assert session.hours == 3.5


def test_a_sitting_outside_the_dates_is_refused_in_words(desk: Client) -> None:
    late = {"sessions-0-starts_at_0": "2027-03-01", "sessions-0-ends_at_0": "2027-03-01"}

    answer = desk.post(reverse("admin:trainings_edition_add"), typed(make.course(), **late))

    assert answer.status_code == 200
    assert "queda fuera de las fechas de la edición" in answer.content.decode()
    assert not Edition.objects.exists()


def test_it_is_published_and_cancelled_by_buttons_that_say_whom_they_touch(
    desk: Client, alicia: Member
) -> None:
    run = make.edition(state=Edition.State.DRAFT)
    desk.post(reverse("admin:trainings_edition_publish", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == Edition.State.PUBLISHED
    enrol(run, alicia)
    forget_mails()
    cancel = reverse("admin:trainings_edition_cancel_edition", args=[run.pk])

    asked = desk.get(cancel)
    without = desk.post(cancel, {"reason": ""})
    done = desk.post(cancel, {"reason": "La sede se ocupó."})

    assert "confirmada: 1" in asked.content.decode()
    assert (without.status_code, done.status_code) == (422, 302)
    run.refresh_from_db()
    assert (run.state, run.cancel_reason) == (Edition.State.CANCELLED, "La sede se ocupó.")
    assert mails() == [("edition_cancelled", alicia.person.address)]


def test_a_raised_cupo_reaches_the_queue(desk: Client, alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    enrol(run, alicia)
    waiting = enrol(run, beatriz)

    desk.post(reverse("admin:trainings_edition_change_seats", args=[run.pk]), {"seats": "2"})

    assert state(waiting) == State.OFFERED
    assert FillRun.objects.latest("pk").cause == "Cambio de cupo: de 1 a 2"


def test_saving_the_form_does_not_undo_what_a_verb_did(desk: Client) -> None:
    run = make.edition(sessions=1)
    page = reverse("admin:trainings_edition_change", args=[run.pk])
    session = run.sessions.get()
    local = timezone.localtime(session.starts_at)
    data = typed(
        run.course,
        starts_on=run.starts_on.isoformat(),
        ends_on=run.ends_on.isoformat(),
        mode=run.mode,
        hours=str(run.hours),
        minimum_attendance="70",
        **{
            "sessions-INITIAL_FORMS": "1",
            "sessions-0-id": session.pk,
            "sessions-0-edition": run.pk,
            "sessions-0-starts_at_0": local.date().isoformat(),
            "sessions-0-ends_at_0": local.date().isoformat(),
            "enrollment_opens_0": "2026-01-01",
            "enrollment_closes_0": run.starts_on.isoformat(),
            "cancel_until_0": run.starts_on.isoformat(),
        },
    )

    answer = desk.post(page, {**data, "state": "cancelada", "seats": "99"})

    assert answer.status_code == 302, answer.context["errors"]
    run.refresh_from_db()
    assert (run.state, run.seats, run.minimum_attendance) == (Edition.State.PUBLISHED, 20, 70)


def test_she_enrols_somebody_with_a_dispensa(desk: Client, alicia: Member) -> None:
    run = make.edition()
    run.course.prerequisites.add(make.course())
    address = reverse("admin:trainings_edition_enrol_person", args=[run.pk])
    email = alicia.person.address

    refused = desk.post(address, {"email": email})
    unknown = desk.post(address, {"email": "nadie@guadalajara.gob.mx"})
    half = desk.post(address, {"email": email, "waived": "requisitos"})
    done = desk.post(
        address, {"email": email, "waived": "requisitos", "waiver_reason": "Lo impartió."}
    )

    assert [answer.status_code for answer in (refused, unknown, half, done)] == [422] * 3 + [302]
    assert Enrollment.objects.get().waiver_reason == "Lo impartió."


def test_inscriptions_are_read_and_moved_by_buttons_only(desk: Client, alicia: Member) -> None:
    run = change(make.edition(), manager_approval=True)
    seat = enrol(run, alicia)
    seat.adjustments = "Material en letra grande"
    seat.save()
    page = reverse("admin:trainings_enrollment_change", args=[seat.pk])

    assert "letra grande" not in desk.get(page).content.decode()
    assert desk.post(page, {"state": "confirmada"}).status_code == 403
    approve = reverse("admin:trainings_enrollment_approve", args=[seat.pk])
    assert desk.post(approve, {"reason": ""}).status_code == 422
    desk.post(approve, {"reason": "Oficio 12."})
    assert state(seat) == State.CONFIRMED
    desk.post(reverse("admin:trainings_enrollment_cancel", args=[seat.pk]), {"reason": "Motivo"})
    assert state(seat) == State.CANCELLED


def test_staff_without_the_permission_moves_nothing(valentina: User, alicia: Member) -> None:
    seat = enrol(make.edition(), alicia)

    answer = signed_in(valentina).post(
        reverse("admin:trainings_enrollment_cancel", args=[seat.pk]), {"reason": "Motivo"}
    )

    assert answer.status_code in {403, 404}
    assert state(seat) == State.CONFIRMED


def test_the_log_of_fill_is_readable(desk: Client, alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    seat = enrol(run, alicia)
    enrol(run, beatriz)
    enrolling.cancel(seat, by=by(alicia))

    page = desk.get(reverse("admin:trainings_fillrun_changelist"))

    assert "Se ofreció 1 lugar." in page.content.decode()


@pytest.mark.parametrize("name", ["course", "edition", "enrollment", "instructor", "fillrun"])
def test_every_list_and_form_opens(desk: Client, alicia: Member, name: str) -> None:
    enrol(make.edition(), alicia)

    assert (
        desk.get(reverse(f"admin:trainings_{name}_changelist"), {"q": "alicia"}).status_code == 200
    )
    if name in {"course", "edition", "instructor"}:
        assert desk.get(reverse(f"admin:trainings_{name}_add")).status_code == 200
