"""She reads the calendar by month, subscribes to what is public, and keeps her own calendar private."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from members.models import Member
from tests import make
from tests.conftest import signed_in
from tests.rules.seating import STAFF, by, enrol
from trainings import enrolling, scheduling
from trainings.models import CalendarFeed, Course, Edition, Session

NOON = datetime.datetime(2026, 12, 10, 18, tzinfo=datetime.UTC)


def client_of(member: Member) -> Client:
    assert member.person.user is not None
    return signed_in(member.person.user)


def month(name: str) -> str:
    return reverse("trainings:calendar_month", args=[name])


def events(content: bytes) -> dict[str, Any]:
    """Return the events of a calendar file by their identity."""
    return {str(row["uid"]): row for row in Calendar.from_ical(content).walk("VEVENT")}


def own_address(member: Member) -> str:
    """Return her private address, opened by her."""
    client_of(member).post(reverse("trainings:my_calendar_open"))
    return reverse("trainings:own_feed", args=[CalendarFeed.objects.get().token])


def move(session: Session, when: datetime.datetime) -> None:
    Session.objects.filter(pk=session.pk).update(
        starts_at=when, ends_at=when + datetime.timedelta(hours=2)
    )


# The page ---------------------------------------------------------------------------------------
@time_machine.travel(NOON, tick=False)
def test_a_month_tells_its_days_in_order(client: Client, db: None) -> None:
    first = make.edition(sessions=2, starts_in_days=2)
    late = make.edition(sessions=1, starts_in_days=1)
    make.edition(state=Edition.State.DRAFT, starts_in_days=3)
    hidden = make.edition(starts_in_days=4)
    Course.objects.filter(pk=hidden.course_id).update(published=False)

    page = client.get(reverse("trainings:calendar"))

    days = [(day, [row.edition for row in rows]) for day, rows in page.context["days"]]
    assert days == [
        (datetime.date(2026, 12, 11), [late]),
        (datetime.date(2026, 12, 12), [first]),
        (datetime.date(2026, 12, 19), [first]),
    ]
    html = page.content.decode()
    assert "Calendario de diciembre de 2026" in html
    assert 'rel="prev" href="/formacion/calendario/2026-11/"' in html
    assert 'rel="next" href="/formacion/calendario/2027-01/"' in html


@time_machine.travel(NOON, tick=False)
def test_the_last_minute_of_a_year_belongs_to_it(client: Client, db: None) -> None:
    """23:59 of the 31st is December here, although it is January in UTC."""
    run = make.edition(sessions=2)
    first, second = run.sessions.order_by("number")
    move(first, datetime.datetime(2027, 1, 1, 5, 59, tzinfo=datetime.UTC))
    move(second, datetime.datetime(2027, 1, 1, 6, 0, tzinfo=datetime.UTC))

    december = client.get(month("2026-12")).context["days"]
    january = client.get(month("2027-01")).context["days"]

    assert [(day, rows) for day, rows in december] == [(datetime.date(2026, 12, 31), [first])]
    assert [(day, rows) for day, rows in january] == [(datetime.date(2027, 1, 1), [second])]


@time_machine.travel(NOON, tick=False)
def test_an_empty_month_says_when_the_next_sitting_is(client: Client, db: None) -> None:
    cancelled = make.edition(sessions=1, starts_in_days=40)
    scheduling.cancel_edition(cancelled, by=STAFF, reason="Falta de sede.")
    make.edition(make.course("Presupuestos públicos"), sessions=1, starts_in_days=70)

    page = client.get(month("2026-12"), {"modalidad": "presencial"}).content.decode()

    assert "No hay sesiones en diciembre de 2026" in page
    assert "La siguiente es el jueves 18 de febrero de 2027: Presupuestos públicos." in page
    assert 'href="/formacion/calendario/2027-02/?modalidad=presencial"' in page
    after = client.get(month("2027-03")).content.decode()
    assert "No hay sesiones en este mes ni fechas posteriores" in after


@time_machine.travel(NOON, tick=False)
def test_what_was_cancelled_says_so(client: Client, db: None) -> None:
    run = make.edition(sessions=2, starts_in_days=2)
    run.sessions.filter(number=1).update(cancelled_at=timezone.now())

    assert client.get(month("2026-12")).content.decode().count("Cancelada") == 1


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "1999-12", "diciembre", "2026-1"])
def test_what_is_no_month_is_not_found(client: Client, db: None, name: str) -> None:
    assert client.get(f"/formacion/calendario/{name}/").status_code == 404


def test_the_ends_of_the_century_have_no_further_month(client: Client, db: None) -> None:
    assert 'rel="prev"' not in client.get(month("2000-01")).content.decode()
    assert 'rel="next"' not in client.get(month("2099-12")).content.decode()


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_month_takes_four_queries(
    client: Client, db: None, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(number):
            make.edition(sessions=1, starts_in_days=3)

        with django_assert_num_queries(4):
            client.get(month("2026-12"))


# The filters of the catalogue that look at dates and seats -------------------------------------
@time_machine.travel(NOON, tick=False)
def test_the_catalogue_is_filtered_by_month_and_by_free_seats(
    client: Client, alicia: Member, beatriz: Member
) -> None:
    full, free, later = make.course("Llena"), make.course("Con lugares"), make.course("En enero")
    enrol(make.edition(full, seats=1, starts_in_days=5, sessions=1), alicia)
    enrol(make.edition(free, seats=2, starts_in_days=5, sessions=1), beatriz)
    make.edition(later, starts_in_days=30, sessions=1)

    def found(**query: str) -> list[Course]:
        page = client.get(reverse("trainings:course_list"), query)
        assert page.status_code == 200
        return [card.course for card in page.context["cards"]]

    assert found(mes="2026-12") == [full, free]
    assert found(mes="2027-01") == [later]
    assert found(abierta="cupo") == [free, later]
    assert found(mes="2026-12", abierta="cupo") == [free]
    assert found(mes="2020-02") == []
    enrol(Edition.objects.get(course=full), beatriz)
    enrolling.cancel(full.editions.get().enrollments.get(person=alicia.person), by=by(alicia))
    assert found(abierta="cupo") == [free, later]
    assert client.get(reverse("trainings:course_list"), {"mes": "nunca"}).status_code == 400


# The public feed --------------------------------------------------------------------------------
@time_machine.travel(NOON, tick=False)
def test_the_public_feed_tells_the_day_and_the_page_only(client: Client, db: None) -> None:
    run = make.edition(sessions=2, starts_in_days=2)
    run.sessions.update(place="Sala secreta", link="https://reunion.example.mx/sala")
    run.sessions.filter(number=2).update(cancelled_at=timezone.now())
    make.edition(state=Edition.State.DRAFT)

    answer = client.get(reverse("trainings:calendar_feed"))

    first, second = run.sessions.order_by("number")
    found = events(answer.content)
    assert [*found] == [f"sesion-{first.pk}@testserver", f"sesion-{second.pk}@testserver"]
    assert b"secreta" not in answer.content
    assert b"reunion" not in answer.content
    assert [str(event["status"]) for event in found.values()] == ["CONFIRMED", "CANCELLED"]
    start = found[f"sesion-{first.pk}@testserver"]["dtstart"].dt
    assert (start, start.utcoffset()) == (first.starts_at, datetime.timedelta(hours=-6))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_a_feed_that_says_the_same_is_not_sent_again(client: Client, db: None) -> None:
    run = make.edition(sessions=1)
    address = reverse("trainings:calendar_feed")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        etag = client.get(address).headers["ETag"]
        clock.shift(datetime.timedelta(hours=3))
        again = client.get(address, headers={"If-None-Match": etag})
        move(run.sessions.get(), run.sessions.get().starts_at + datetime.timedelta(days=1))
        changed = client.get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


def test_the_public_feed_is_filtered_as_its_page(client: Client, db: None) -> None:
    make.edition(sessions=1)
    address = reverse("trainings:calendar_feed")

    assert len(events(client.get(address, {"formato": "taller"}).content)) == 1
    assert events(client.get(address, {"formato": "diplomado"}).content) == {}
    assert client.get(address, {"formato": "x"}).status_code == 400


# Her own feed -----------------------------------------------------------------------------------
@time_machine.travel(NOON, tick=False)
def test_her_feed_holds_her_seats_and_cancels_what_was_cancelled(
    client: Client, alicia: Member, beatriz: Member
) -> None:
    kept, left, dropped, queued = (make.edition(sessions=1, seats=1) for _ in range(4))
    kept.sessions.update(link="https://reunion.example.mx/sala")
    for run in (kept, left, dropped):
        enrol(run, alicia)
    enrol(queued, beatriz)
    enrol(queued, alicia)
    address = own_address(alicia)
    before = events(client.get(address).content)

    enrolling.cancel(left.enrollments.get(person=alicia.person), by=by(alicia))
    scheduling.cancel_edition(dropped, by=STAFF, reason="Falta de sede.")
    answer = client.get(address)

    after = events(answer.content)
    identities = [f"sesion-{run.sessions.get().pk}@testserver" for run in (kept, left, dropped)]
    assert [*before] == [*after] == identities
    assert [str(event["status"]) for event in before.values()] == ["CONFIRMED"] * 3
    assert [str(event["status"]) for event in after.values()] == ["CONFIRMED", *["CANCELLED"] * 2]
    assert "Sala de capacitación" in str(after[identities[0]]["location"])
    assert b"reunion" not in answer.content
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_her_address_changes_and_ends_at_her_word(client: Client, alicia: Member) -> None:
    hers = client_of(alicia)
    first = own_address(alicia)
    assert own_address(alicia) == first

    hers.post(reverse("trainings:my_calendar_renew"))
    second = reverse("trainings:own_feed", args=[CalendarFeed.objects.get().token])

    assert second != first
    assert len(CalendarFeed.objects.get().token) >= 43
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    page = hers.get(reverse("trainings:my_calendar")).content.decode()
    assert f'value="http://testserver{second}"' in page
    assert f'href="webcal://testserver{second}"' in page
    for _ in range(2):
        hers.post(reverse("trainings:my_calendar_end"))
    assert client.get(second).status_code == 404
    assert "Crear mi dirección" in hers.get(reverse("trainings:my_calendar")).content.decode()


def test_a_closed_account_keeps_no_feed(client: Client, alicia: Member) -> None:
    address = own_address(alicia)
    assert alicia.person.user is not None
    alicia.person.user.is_active = False
    alicia.person.user.save()

    assert client.get(address).status_code == 404


def test_reading_her_page_opens_nothing(alicia: Member) -> None:
    assert client_of(alicia).get(reverse("trainings:my_calendar")).status_code == 200
    assert not CalendarFeed.objects.exists()


def test_an_account_without_a_person_has_no_seats_to_follow(db: None) -> None:
    client = signed_in(make.user())

    assert "Aún no tiene inscripciones" in client.get("/mi-calendario/").content.decode()
    assert client.post(reverse("trainings:my_calendar_open")).status_code == 404
