"""She enrols: conditions before the press, the state after it, offers, and giving a seat up."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import membership
from members.models import Member
from red_genero.common.models import QueuedMail, Transition
from tests import make
from tests.conftest import signed_in
from tests.rules.seating import STAFF, by, change, enrol, mails, state
from trainings import enrolling
from trainings.models import Course, Edition, Enrollment

State = Enrollment.State


def at(name: str, run: Edition) -> str:
    """Return the address of a page of an edición."""
    return reverse(f"trainings:{name}", args=[run.course.key, run.key])


def client_of(member: Member) -> Client:
    assert member.person.user is not None
    return signed_in(member.person.user)


def words(html: bytes) -> str:
    """Return the text of a page in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


# Reading ----------------------------------------------------------------------------------------
def test_anybody_reads_the_catalogue_and_filters_it_by_url(client: Client, db: None) -> None:
    first = make.course("Sesgos cotidianos en la oficina pública")
    second = make.course("Presupuestos públicos")
    Course.objects.filter(pk=second.pk).update(format=Course.Format.SEMINAR)
    run = make.edition(first)

    page = client.get(reverse("trainings:course_list"))
    searched = client.get(reverse("trainings:course_list"), {"q": "SESGOS publica"})
    seminars = client.get(reverse("trainings:course_list"), {"formato": "seminario"})
    open_now = client.get(reverse("trainings:course_list"), {"abierta": "si"})

    assert [card.course for card in page.context["cards"]] == [first, second]
    assert [card.course for card in searched.context["cards"]] == [first]
    assert [card.course for card in seminars.context["cards"]] == [second]
    assert [card.next.edition for card in open_now.context["cards"]] == [run]
    assert "Quedan 20 lugares" in words(page.content)


def test_no_match_says_what_to_do(client: Client, db: None) -> None:
    page = client.get(reverse("trainings:course_list"), {"q": "astronomía"})

    assert page.status_code == 200
    assert "Ninguna formación coincide" in words(page.content)


@pytest.mark.parametrize("query", [{"area": "no-existe"}, {"formato": "x"}, {"q": "a\x00b"}])
def test_a_filter_that_does_not_exist_is_a_bad_request(
    client: Client, db: None, query: dict[str, str]
) -> None:
    assert client.get(reverse("trainings:course_list"), query).status_code == 400


def test_the_catalogue_turns_pages(client: Client, db: None) -> None:
    for _ in range(13):
        make.course()

    page = client.get(reverse("trainings:course_list"))
    last = client.get(reverse("trainings:course_list"), {"page": "2"})

    assert b'rel="next" href="?page=2"' in page.content
    assert b'rel="next"' not in last.content
    assert len(last.context["cards"]) == 1


def test_drafts_and_hidden_courses_do_not_exist_for_the_public(
    client: Client, fernanda: object, db: None
) -> None:
    draft = make.edition(state=Edition.State.DRAFT)
    hidden = make.edition()
    Course.objects.filter(pk=hidden.course_id).update(published=False)

    assert client.get(at("edition_detail", draft)).status_code == 404
    assert client.get(at("edition_detail", hidden)).status_code == 404
    assert client.get(f"/formacion/{hidden.course.key}/").status_code == 404
    assert client_for_staff(fernanda).get(at("edition_detail", draft)).status_code == 200


def client_for_staff(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_an_edition_is_not_found_under_another_course(client: Client, db: None) -> None:
    run, other = make.edition(), make.course()

    assert client.get(f"/formacion/{other.key}/{run.key}/").status_code == 404


def test_the_link_is_only_for_confirmed_people_from_the_day_before(
    client: Client, alicia: Member, beatriz: Member
) -> None:
    run = make.edition(seats=1)
    session = run.sessions.get(number=1)
    session.link = "https://reunion.example.mx/sala"
    session.save()
    enrol(run, alicia)
    enrol(run, beatriz)

    def sees(someone: Client, before: datetime.timedelta) -> bool:
        with time_machine.travel(session.starts_at - before, tick=False):
            pages = [someone.get(at(name, run)) for name in ("edition_detail", "enrollment")]
            found = [b"reunion.example.mx" in page.content for page in pages]
            assert found[0] is found[1]
            return found[0]

    one_day = datetime.timedelta(days=1)
    hers, waiting = client_of(alicia), client_of(beatriz)
    assert not sees(hers, one_day + datetime.timedelta(seconds=1))
    assert sees(hers, one_day)
    assert not sees(waiting, one_day)
    assert not sees(client, one_day)


@pytest.mark.parametrize("number", [1, 3, 12])
def test_the_catalogue_takes_seven_queries(
    client: Client, db: None, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make.enrollment(make.edition())

    with django_assert_num_queries(7):
        client.get(reverse("trainings:course_list"))


@pytest.mark.parametrize("number", [1, 3, 12])
def test_a_course_takes_eleven_queries(
    client: Client, db: None, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make.course()
    for _ in range(number):
        make.enrollment(make.edition(course))
        course.prerequisites.add(make.course())

    with django_assert_num_queries(11):
        client.get(reverse("trainings:course_detail", args=[course.key]))


@pytest.mark.parametrize("number", [1, 3, 12])
def test_an_edition_takes_six_queries(
    client: Client, db: None, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = make.edition(sessions=number)
    for _ in range(number):
        make.enrollment(run)

    with django_assert_num_queries(6):
        client.get(at("edition_detail", run))


# Enrolling --------------------------------------------------------------------------------------
def test_whoever_has_not_signed_in_signs_in_and_comes_back(client: Client, db: None) -> None:
    run = make.edition()

    for name in ("enrollment", "enrollment_cancel", "offer_accept", "offer_decline"):
        answer = client.post(at(name, run))
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{reverse('account_login')}?next={at(name, run)}"


def test_she_reads_the_conditions_presses_and_reads_what_comes_next(alicia: Member) -> None:
    run, client = make.edition(seats=2), client_of(alicia)

    page = client.get(at("enrollment", run))
    assert "Es para integrantes de la Red con membresía activa." in words(page.content)
    assert "16:00 a 19:00" in words(page.content)
    assert not Enrollment.objects.exists()

    answer = client.post(
        at("enrollment", run),
        {"adjustments": "Material en letra grande", "care_needs": ""},
        follow=True,
    )

    assert answer.redirect_chain == [(at("enrollment", run), 302)]
    assert "Su inscripción está confirmada." in words(answer.content)
    seat = Enrollment.objects.get()
    assert (seat.state, seat.adjustments) == (State.CONFIRMED, "Material en letra grande")


def test_the_confirmation_brings_the_sessions_and_the_cancellation_takes_them(
    alicia: Member,
) -> None:
    run, client = make.edition(), client_of(alicia)
    client.post(at("enrollment", run))
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=5)):
        client.post(at("enrollment_cancel", run))

    sent, taken = (calendar_of(mail) for mail in QueuedMail.objects.order_by("pk"))
    assert sent["METHOD"] == ["REQUEST"]
    assert taken["METHOD"] == ["CANCEL"]
    assert len(sent["UID"]) == 2
    assert sent["UID"] == taken["UID"]
    assert int(taken["SEQUENCE"][0]) > int(sent["SEQUENCE"][0])
    assert taken["STATUS"] == ["CANCELLED"] * 2
    first = run.sessions.get(number=1)
    local = timezone.localtime(first.starts_at)
    assert sent["DTSTART;TZID=America/Mexico_City"][0] == f"{local:%Y%m%dT%H%M%S}"


def calendar_of(mail: QueuedMail) -> dict[str, list[str]]:
    """Return the lines of the calendar file of a message by name, those of its events."""
    from email import message_from_bytes

    part = next(
        part
        for part in message_from_bytes(bytes(mail.mime)).walk()
        if part.get_content_type() == "text/calendar"
    )
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = re.sub(r"BEGIN:VTIMEZONE.*END:VTIMEZONE", "", payload.decode(), flags=re.DOTALL)
    found: dict[str, list[str]] = {}
    for line in text.replace("\r\n ", "").splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name, []).append(value)
    return found


def test_all_the_reasons_stand_where_the_button_would(alicia: Member) -> None:
    run = change(make.edition(), state=Edition.State.RUNNING)
    run.course.prerequisites.add(make.course("Antes de esto"))
    membership.suspend(alicia, reason="Licencia", by=STAFF)
    client = client_of(alicia)

    page = client.get(at("enrollment", run))
    answer = client.post(at("enrollment", run))

    for answered, status in ((page, 200), (answer, 409)):
        assert answered.status_code == status
        assert "Por ahora no puede inscribirse" in words(answered.content)
        assert "Su membresía está suspendida." in words(answered.content)
        assert "Antes debe concluir «Antes de esto»." in words(answered.content)
        assert b'type="submit"' not in answered.content.split(b"<main")[1]
    assert not Enrollment.objects.exists()


def test_an_account_without_a_solicitud_learns_what_is_missing(db: None) -> None:
    run, client = make.edition(), signed_in(make.user())

    assert "Antes envíe su solicitud de ingreso." in words(
        client.get(at("enrollment", run)).content
    )
    assert client.post(at("enrollment", run)).status_code == 409


def test_a_text_too_long_is_kept_and_explained(alicia: Member) -> None:
    run, client = make.edition(), client_of(alicia)

    answer = client.post(at("enrollment", run), {"adjustments": "a" * 501})

    assert answer.status_code == 422
    assert b"a" * 501 in answer.content
    assert not Enrollment.objects.exists()


def test_she_sees_her_place_in_the_queue_and_leaves_it(alicia: Member, beatriz: Member) -> None:
    run = make.edition(seats=1)
    enrol(run, make.member())
    enrol(run, alicia)
    client = client_of(beatriz)

    client.post(at("enrollment", run))
    page = client.get(at("enrollment", run))
    assert "Ocupa el lugar 2 de la lista de espera." in words(page.content)

    left = client.post(at("enrollment_cancel", run), follow=True)
    assert "Su inscripción quedó cancelada." in words(left.content)


# Offers -----------------------------------------------------------------------------------------
@pytest.fixture
def offered(alicia: Member, beatriz: Member) -> Enrollment:
    """A seat offered to Beatriz."""
    run = make.edition(seats=1)
    seat, waiting = enrol(run, alicia), enrol(run, beatriz)
    enrolling.cancel(seat, by=by(alicia))
    waiting.refresh_from_db()
    return waiting


def test_opening_an_offer_a_hundred_times_changes_nothing(
    offered: Enrollment, beatriz: Member
) -> None:
    run, client = offered.edition, client_of(beatriz)
    before = (list(Enrollment.objects.values()), Transition.objects.count(), mails())
    [link] = re.findall(r"http://testserver(/formacion/\S+)", QueuedMail.objects.latest("pk").text)
    assert link == at("enrollment", run)

    for _ in range(100):
        assert client.get(link).status_code == 200
    for name in ("offer_accept", "offer_decline", "enrollment_cancel"):
        assert client.get(at(name, run)).status_code == 405

    assert (list(Enrollment.objects.values()), Transition.objects.count(), mails()) == before


def test_she_accepts_once(offered: Enrollment, beatriz: Member) -> None:
    client = client_of(beatriz)

    answers = [client.post(at("offer_accept", offered.edition)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert state(offered) == State.CONFIRMED
    assert [kind for kind, _ in mails()].count("enrolled_confirmed") == 2


def test_she_declines(offered: Enrollment, beatriz: Member) -> None:
    answer = client_of(beatriz).post(at("offer_decline", offered.edition), follow=True)

    assert "Declinó el lugar." in words(answer.content)
    assert state(offered) == State.CANCELLED


def test_a_late_acceptance_says_why_and_changes_nothing(
    offered: Enrollment, beatriz: Member
) -> None:
    deadline = offered.offer_expires_at
    assert deadline is not None
    with time_machine.travel(deadline + datetime.timedelta(seconds=1), tick=False):
        answer = client_of(beatriz).post(at("offer_accept", offered.edition))

    assert answer.status_code == 409
    assert "El plazo para aceptar el lugar terminó" in words(answer.content)
    assert state(offered) == State.OFFERED


def test_nobody_presses_for_somebody_else(offered: Enrollment) -> None:
    stranger = client_of(make.member())

    for name in ("offer_accept", "offer_decline", "enrollment_cancel"):
        assert stranger.post(at(name, offered.edition)).status_code == 404
    assert state(offered) == State.OFFERED


@pytest.mark.parametrize("waiting", [1, 3, 12])
def test_her_page_takes_the_same_queries_however_many_wait(
    alicia: Member, waiting: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = make.edition(seats=1)
    make.enrollment(run)
    for _ in range(waiting):
        make.enrollment(run, None, State.WAITING)
    make.enrollment(run, alicia.person, State.WAITING)
    client = client_of(alicia)
    client.get(at("enrollment", run))

    with django_assert_num_queries(14):
        client.get(at("enrollment", run))
