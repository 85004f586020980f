"""To run an edición again: every date moves alike, nobody is copied, and the press comes after the dates."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from members.models import Holiday, User
from red_genero.common.models import Transition
from tests import make
from tests.conftest import signed_in
from tests.rules.seating import STAFF
from trainings import cloning
from trainings.models import Edition, Instructor, Session

NOON = datetime.datetime(2026, 12, 10, 18, tzinfo=datetime.UTC)
DAY = datetime.date(2027, 2, 1)


def source() -> Edition:
    """Return an edición that ran, with people, a cancelled sitting, and marks that froze its rules."""
    run = make.taught(people=2, sessions=3)
    run.sessions.filter(number=2).update(cancelled_at=timezone.now())
    run.sessions.filter(number=3).update(link="https://reunion.example.mx/sala", topic="Acuerdos")
    run.policy_frozen_at = timezone.now()
    run.seats_per_department, run.late_credit, run.offer_hours = 3, 50, 24
    run.save()
    run.instructors.add(Instructor.objects.create(name="Rosa María Ibáñez"))
    return run


def test_every_column_was_decided() -> None:
    """A new column of an edición is copied, moved or begun anew: write here which."""
    columns = [field.name for field in Edition._meta.concrete_fields]

    assert sorted(columns) == sorted([*cloning.COPIED, *cloning.SHIFTED, *cloning.FRESH])


@time_machine.travel(NOON, tick=False)
def test_every_date_moves_alike_and_nobody_is_copied(db: None) -> None:
    run = source()
    days = DAY - run.starts_on

    made = cloning.clone(run, starts_on=DAY, key="PG-nueva", by=STAFF)

    made.refresh_from_db()
    assert (made.key, made.state, made.starts_on) == ("pg-nueva", Edition.State.DRAFT, DAY)
    for name in cloning.COPIED:
        assert getattr(made, name) == getattr(run, name), name
    for name in cloning.SHIFTED:
        assert getattr(made, name) == getattr(run, name) + days, name
    assert made.policy_frozen_at is None
    assert not made.enrollments.exists()
    assert not made.instructors.exists()
    first, _, third = run.sessions.order_by("number")
    shown = made.sessions.order_by("number").values_list(
        "number", "starts_at", "ends_at", "hours", "topic", "place", "link"
    )
    assert list(shown) == [
        (1, first.starts_at + days, first.ends_at + days, first.hours, "", first.place, ""),
        (2, third.starts_at + days, third.ends_at + days, third.hours, "Acuerdos", third.place, ""),
    ]
    assert [line.reason for line in Transition.objects.about(made)] == [f"Copia de {run.key}."]


@time_machine.travel(NOON, tick=False)
def test_the_team_comes_along_when_it_is_asked(carmen: User) -> None:
    run = source()
    run.coordinators.add(carmen)

    made = cloning.clone(run, starts_on=DAY, key="pg-nueva", by=STAFF, with_team=True)

    assert [row.name for row in made.instructors.all()] == ["Rosa María Ibáñez"]
    assert [*made.coordinators.all()] == [carmen]


def test_the_hour_stays_across_the_summer_time_of_former_years(db: None) -> None:
    """A copy of a run of July 2022, when the city was at −05:00, begins at the same local hour."""
    run = make.edition(sessions=1)
    held = datetime.datetime(2022, 7, 5, 21, tzinfo=datetime.UTC)
    Session.objects.filter(edition=run).update(
        starts_at=held, ends_at=held + datetime.timedelta(hours=2)
    )
    Edition.objects.filter(pk=run.pk).update(
        starts_on=datetime.date(2022, 7, 5), ends_on=datetime.date(2022, 7, 5)
    )
    run.refresh_from_db()

    copy = cloning.preview(run, starts_on=DAY)

    assert copy.sessions[0].starts_at == datetime.datetime(2027, 2, 1, 22, tzinfo=datetime.UTC)


@time_machine.travel(NOON, tick=False)
def test_what_cannot_be_leaves_nothing_half_written(db: None) -> None:
    run = source()
    before = Edition.objects.count()

    for key, day in ((run.key, DAY), ("pg-nueva", datetime.date(2026, 12, 9)), ("", DAY)):
        with pytest.raises(ValidationError):
            cloning.clone(run, starts_on=day, key=key, by=STAFF)

    assert Edition.objects.count() == before
    assert cloning.clone(run, starts_on=datetime.date(2026, 12, 10), key="pg-hoy", by=STAFF)


@time_machine.travel(NOON, tick=False)
def test_the_proposed_day_keeps_the_days_of_the_week(db: None) -> None:
    past, ahead = source(), make.edition(starts_in_days=9)

    for run in (past, ahead):
        day = cloning.first_day(run)
        assert day > max(timezone.localdate(), run.starts_on)
        assert day.weekday() == run.starts_on.weekday()


@time_machine.travel(NOON, tick=False)
def test_holidays_and_weekends_are_told(db: None) -> None:
    run = make.edition(sessions=2)
    Holiday.objects.create(day=DAY, name="Aniversario de la Constitución")
    saturday = datetime.date(2027, 1, 30)

    holiday = cloning.preview(run, starts_on=DAY).warnings
    weekend = cloning.preview(run, starts_on=saturday).warnings

    assert holiday == [
        "La sesión 1 cae en lunes 1 de febrero de 2027, día inhábil: Aniversario de la Constitución."
    ]
    assert weekend == [
        "La sesión 1 cae en sábado 30 de enero de 2027.",
        "La sesión 2 cae en sábado 6 de febrero de 2027.",
    ]


@time_machine.travel(NOON, tick=False)
def test_staff_sees_the_dates_before_pressing(fernanda: User) -> None:
    run = source()
    client = signed_in(fernanda)
    address = reverse("admin:trainings_edition_clone", args=[run.pk])

    asked = client.get(address, {"starts_on": "2027-02-01"}).content.decode()
    odd = client.get(address, {"starts_on": "2027-02-31"})
    refused = client.post(address, {"starts_on": "2027-02-01", "key": run.key})
    done = client.post(address, {"starts_on": "2027-02-01", "key": "pg-nueva"}, follow=True)

    assert "lunes 1 de febrero de 2027" in asked
    assert "Los enlaces de las sesiones en línea no se copian" not in asked
    assert f'value="{run.course.key}-2027-1"' in asked
    assert odd.status_code == 200
    assert refused.status_code == 422
    assert "Ya existe una edición con esa clave." in refused.content.decode()
    made = Edition.objects.get(key="pg-nueva")
    assert reverse("admin:trainings_edition_change", args=[made.pk]) in done.content.decode()
