"""Formación changes and cancels sessions in the administration, and reads beforehand whom it reaches."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.models import Member, User
from red_genero.common.models import AccessLog, QueuedMail
from tests import make
from tests.conftest import signed_in
from tests.rules.seating import by, change, enrol, forget_mails, mails
from trainings import overlapping
from trainings.models import Edition, Enrollment, Instructor, Session

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def desk(fernanda: User) -> Client:
    return signed_in(fernanda)


def form_of(client: Client, run: Edition) -> dict[str, Any]:
    """Return what the change page would send back as it is."""
    page = client.get(reverse("admin:trainings_edition_change", args=[run.pk]))
    data: dict[str, Any] = {}
    form = page.context["adminform"].form
    for bound in [form, *(f for s in page.context["inline_admin_formsets"] for f in s.formset)]:
        for field in bound:
            value = field.value()
            name = field.html_name
            if isinstance(value, datetime.datetime):
                local = timezone.localtime(value)
                data[f"{name}_0"], data[f"{name}_1"] = local.date().isoformat(), f"{local:%H:%M:%S}"
            elif isinstance(value, list):
                data[name] = [str(getattr(each, "pk", each)) for each in value]
            elif value is True:
                data[name] = "on"
            elif value is not None and value is not False:
                data[name] = str(value)
    for inline in page.context["inline_admin_formsets"]:
        for field in inline.formset.management_form:
            data[field.html_name] = str(field.value())
    return data


def test_a_saved_change_tells_the_confirmed_once_and_saving_again_nobody(
    desk: Client, alicia: Member
) -> None:
    run = make.edition()
    seat = enrol(run, alicia)
    forget_mails()
    path = reverse("admin:trainings_edition_change", args=[run.pk])
    data = form_of(desk, run)
    told = desk.get(path).content.decode()
    place = next(name for name in data if name.endswith("-place"))
    data[place] = "Auditorio nuevo"

    saved = desk.post(path, data)
    again = desk.post(path, form_of(desk, run))

    assert "un solo correo a la persona con lugar confirmado" in re.sub(r"<[^>]+>", "", told)
    assert (saved.status_code, again.status_code) == (302, 302)
    assert run.sessions.filter(place="Auditorio nuevo").count() == 1
    assert mails() == [("sessions_changed", seat.person.address)]


def test_what_people_have_read_of_is_not_deleted(desk: Client, alicia: Member) -> None:
    run = make.edition()
    data = form_of(desk, run)
    data["sessions-0-DELETE"] = "on"

    desk.post(reverse("admin:trainings_edition_change", args=[run.pk]), data)

    assert run.sessions.count() == 2


def test_cancelling_a_session_shows_names_and_mails_before_the_press(
    desk: Client, fernanda: User, alicia: Member, beatriz: Member
) -> None:
    run = make.edition(seats=1)
    seat = enrol(run, alicia)
    enrol(run, beatriz)
    forget_mails()
    session = run.sessions.earliest("starts_at")
    path = reverse("admin:trainings_edition_cancel_session", args=[run.pk])

    asked = desk.get(path).content.decode()
    without = desk.post(path, {"session": session.pk, "reason": ""})
    done = desk.post(path, {"session": session.pk, "reason": "La sede se ocupó."})
    again = desk.post(path, {"session": session.pk, "reason": "La sede se ocupó."})

    assert "Alicia Muñoz Íñiguez" in asked
    assert "Beatriz" not in asked
    assert "saldrá 1 correo" in asked
    assert (without.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert mails() == [("session_cancelled", seat.person.address)]
    assert AccessLog.objects.filter(user=fernanda, rows=1).exists()
    shown = Client().get(reverse("trainings:edition_detail", args=[run.course.key, run.key]))
    assert "La sede se ocupó." in shown.content.decode()


def test_cancelling_the_edition_names_everybody_by_state(
    desk: Client, alicia: Member, beatriz: Member
) -> None:
    run = make.edition(seats=1)
    enrol(run, alicia)
    enrol(run, beatriz)

    page = desk.get(reverse("admin:trainings_edition_cancel_edition", args=[run.pk]))

    text = page.content.decode()
    for said in ("Confirmada: 1", "En espera: 1", "Alicia Muñoz", "Beatriz Güemes", "saldrán 2"):
        assert said in text


@pytest.mark.parametrize("name", ["publish", "start", "change_seats"])
def test_the_other_moves_say_that_no_mail_leaves(desk: Client, alicia: Member, name: str) -> None:
    run = make.edition(
        state="borrador" if name == "publish" else "publicada",
        starts_in_days=0 if name == "start" else 10,
    )
    make.enrollment(run, alicia.person, "en_espera")

    page = desk.get(reverse(f"admin:trainings_edition_{name}", args=[run.pk])).content.decode()

    assert "En espera: 1" in page
    assert "saldrán 0 correos" in page


def test_places_and_facilitadoras_that_coincide_warn_and_do_not_refuse(
    desk: Client, carmen: User
) -> None:
    mine, other = make.edition(), make.edition()
    teacher = Instructor.objects.create(name="Ximena Ugalde")
    for run in (mine, other):
        run.instructors.add(teacher)
    mine.coordinators.add(carmen)
    path = reverse("admin:trainings_edition_change", args=[mine.pk])

    saved = desk.post(path, form_of(desk, mine), follow=True).content.decode()
    listed = signed_in(carmen).get(reverse("trainings:overlap_list")).content.decode()

    for page in (saved, listed):
        assert "el lugar «Sala de capacitación»" in page
        assert "quien facilita, Ximena Ugalde" in page
    change(other, state=Edition.State.DRAFT)
    hidden = signed_in(carmen).get(reverse("trainings:overlap_list")).content.decode()
    assert other.key.upper() not in hidden
    assert "otra edición en preparación" in hidden


def test_what_only_touches_does_not_coincide(db: None) -> None:
    first, second = make.edition(sessions=1), make.edition(sessions=1)
    session = first.sessions.get()
    second.sessions.update(starts_at=session.ends_at, ends_at=session.ends_at + HOUR)
    assert overlapping.overlaps() == []
    second.sessions.update(starts_at=session.ends_at - HOUR, place="SALA de capacitacion")
    assert len(overlapping.overlaps()) == 1
    second.sessions.update(cancelled_at=session.starts_at)
    assert overlapping.overlaps() == []


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_list_of_coincidences_costs_the_same(
    rows: int, fernanda: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows + 1):
        make.edition(sessions=1)
    client = signed_in(fernanda)
    path = reverse("trainings:overlap_list")
    client.get(path)

    with django_assert_num_queries(8):
        client.get(path)


def test_her_own_overlapping_editions_warn_before_she_enrols(alicia: Member) -> None:
    enrol(make.edition(make.course("Derechos humanos")), alicia)
    other = make.edition()
    user = by(alicia).user
    assert isinstance(user, User)

    page = signed_in(user).get(reverse("trainings:enrollment", args=[other.course.key, other.key]))

    assert "Coincide en horario con «Derechos humanos»" in page.content.decode()
    enrol(other, alicia)
    assert Enrollment.objects.filter(person=alicia.person, state="confirmada").count() == 2


@pytest.mark.parametrize("hours", [25, 23])
def test_the_link_is_seen_by_the_confirmed_and_only_in_the_last_day(
    hours: int, alicia: Member, beatriz: Member, fernanda: User
) -> None:
    run = make.edition(seats=1, sessions=1)
    link = "https://reunion.example/secreta"
    Session.objects.filter(edition=run).update(link=link)
    enrol(run, alicia)
    enrol(run, beatriz)
    run.coordinators.add(fernanda)
    page = reverse("trainings:edition_detail", args=[run.course.key, run.key])

    with time_machine.travel(run.begins_at - hours * HOUR):
        seen = {
            name: link in client.get(page).content.decode()
            for name, client in {
                "visitor": Client(),
                "confirmed": signed_in(alicia.person.user),  # type: ignore[arg-type]
                "waiting": signed_in(beatriz.person.user),  # type: ignore[arg-type]
            }.items()
        }

    assert seen == {"visitor": False, "confirmed": hours < 24, "waiting": False}
    assert not any(link in bytes(m.mime).decode() for m in QueuedMail.objects.all())
