"""A coordinator prints the list, captures it, closes the edición and issues its constancias."""

import re
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from members.models import Member, User
from red_genero.common.models import AccessLog, Job
from tests import make
from tests.conftest import signed_in
from tests.documents.reading import pages
from trainings import tasks
from trainings.models import (
    Attendance,
    Certificate,
    Edition,
    Enrollment,
    IssueBatch,
)

Mark = Attendance.Mark


@pytest.fixture
def run(carmen: User) -> Edition:
    """An edición of Carmen's whose two sessions are over: three people, no marks."""
    made = make.taught()
    made.coordinators.add(carmen)
    return made


@pytest.fixture
def desk(carmen: User) -> Client:
    """Carmen at her desk."""
    return signed_in(carmen)


def address(name: str, run: Edition, *more: object) -> str:
    return reverse(f"trainings:{name}", args=[run.key, *more])


def people(run: Edition) -> list[Enrollment]:
    return list(run.enrollments.order_by("pk"))


def text(response: object) -> str:
    return " ".join(getattr(response, "content").decode().split())  # noqa: B009


def test_the_whole_work_of_a_coordinator(desk: Client, run: Edition) -> None:
    three = people(run)[2]
    page = text(desk.get(reverse("trainings:coordination")))
    assert run.course.title in page
    assert "Cerrar la edición" in page

    for number in (1, 2):
        answer = desk.post(address("attendance_all_present", run, number), follow=True)
        assert "Se guardaron 3 marcas." in text(answer)
    answer = desk.post(
        address("attendance_capture", run, 2),
        {f"marca-{three.pk}": Mark.ABSENT, f"vista-{three.pk}": Mark.PRESENT},
        follow=True,
    )
    assert "Se guardó 1 marca." in text(answer)

    closing = text(desk.get(address("edition_close", run)))
    assert "6 de 6 horas, 100 %; el mínimo es 80 %." in closing
    assert "3 de 6 horas, 50 %; el mínimo es 80 %." in closing
    answer = desk.post(address("edition_close", run), follow=True)
    assert answer.redirect_chain == [(address("certificate_issue", run), HTTPStatus.FOUND)]

    preview = text(answer)
    assert "No hay firmantes vigentes hoy" in preview
    make.signatory()
    preview = text(desk.get(address("certificate_issue", run)))
    assert "Recibirán constancia: 2" in preview
    assert "No recibirán constancia nueva: 1" in preview
    assert "Emitir 2 constancias" in preview

    issuing = text(desk.post(address("certificate_issue", run), follow=True))
    assert '<meta http-equiv="refresh"' in issuing
    assert '<progress id="avance-barra" value="0" max="2">' in issuing
    tasks.issue_batch.call(IssueBatch.objects.get().pk)
    done = text(desk.get(address("certificate_issue", run)))
    assert '<progress id="avance-barra" value="2" max="2">' in done
    assert "refresh" not in done
    assert [row.state for row in people(run)] == ["concluida", "concluida", "no_concluida"]
    assert Certificate.objects.valid().count() == 2


def test_pressing_issue_twice_starts_one_batch(desk: Client, run: Edition, carmen: User) -> None:
    make.signatory()
    for number in (1, 2):
        desk.post(address("attendance_all_present", run, number))
    desk.post(address("edition_close", run))
    for _ in range(2):
        desk.post(address("certificate_issue", run))

    assert (IssueBatch.objects.count(), Job.objects.get().total) == (1, 3)


def test_two_coordinators_at_once_lose_nothing(desk: Client, run: Edition, fernanda: User) -> None:
    one, two, _ = people(run)
    other = signed_in(fernanda)
    screen = address("attendance_capture", run, 1)
    other.post(screen, {f"marca-{one.pk}": Mark.ABSENT, f"vista-{one.pk}": ""})
    answer = desk.post(
        screen,
        {
            f"marca-{one.pk}": Mark.PRESENT,
            f"vista-{one.pk}": "",
            f"marca-{two.pk}": Mark.PRESENT,
            f"vista-{two.pk}": "",
        },
    )

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Una marca no se guardó" in text(answer)
    assert "registró «Falta»" in text(answer)
    assert set(Attendance.objects.values_list("enrollment", "mark")) == {
        (one.pk, Mark.ABSENT),
        (two.pk, Mark.PRESENT),
    }


def test_a_double_send_changes_nothing(desk: Client, run: Edition) -> None:
    one = people(run)[0]
    sent = {f"marca-{one.pk}": Mark.LATE, f"vista-{one.pk}": ""}
    for _ in range(2):
        answer = desk.post(address("attendance_capture", run, 1), sent, follow=True)

    assert "No había cambios por guardar." in text(answer)
    assert Attendance.history.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"marca-1": "inventada"},
        {"marca-999999": "presente"},
        {"marca-0": "presente", "origin": "paloma_mensajera"},
    ],
)
def test_bad_marks_are_refused_whole(desk: Client, run: Edition, sent: dict[str, str]) -> None:
    answer = desk.post(address("attendance_capture", run, 1), sent)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("name", ["marca-", "marca-²", "marca-1e5", "marca-99999999999999999999"])
def test_rows_that_are_no_rows_are_ignored(desk: Client, run: Edition, name: str) -> None:
    answer = desk.post(address("attendance_capture", run, 1), {name: "presente"}, follow=True)

    assert "No había cambios por guardar." in text(answer)


def test_her_own_row_is_not_hers_to_mark(desk: Client, run: Edition, carmen: User) -> None:
    own = make.enrollment(run, make.member(carmen.person).person)
    assert "su asistencia la debe registrar otra persona" in text(
        desk.get(address("attendance_capture", run, 1))
    )
    answer = desk.post(
        address("attendance_capture", run, 1),
        {f"marca-{own.pk}": "presente", f"vista-{own.pk}": ""},
    )

    assert answer.status_code == HTTPStatus.CONFLICT
    assert not own.marks.exists()


def test_a_future_session_says_so(desk: Client, carmen: User) -> None:
    run = make.edition()
    run.coordinators.add(carmen)
    make.enrollment(run)
    assert "a partir del día de la sesión" in text(desk.get(address("attendance_capture", run, 1)))
    answer = desk.post(address("attendance_all_present", run, 1), follow=True)
    assert "a partir del día de la sesión" in text(answer)
    assert not Attendance.objects.exists()


def test_the_capture_leads_to_the_last_session_that_began(desk: Client, run: Edition) -> None:
    answer = desk.get(address("attendance_capture", run))
    assert answer["Location"] == address("attendance_capture", run, 2)


def test_a_correction_after_closing_keeps_what_was_chosen_when_the_reason_is_missing(
    desk: Client, run: Edition
) -> None:
    one = people(run)[0]
    for number in (1, 2):
        desk.post(address("attendance_all_present", run, number))
    desk.post(address("edition_close", run))
    sent = {f"marca-{one.pk}": Mark.ABSENT, f"vista-{one.pk}": Mark.PRESENT}
    answer = desk.post(address("attendance_capture", run, 1), sent)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert re.search(rf'name="marca-{one.pk}" value="falta"[^>]* checked', text(answer))
    assert "escriba el motivo de la corrección" in text(answer)
    desk.post(address("attendance_capture", run, 1), {**sent, "reason": "Firma de otra persona"})
    one.refresh_from_db()
    assert one.state == Enrollment.State.NOT_COMPLETED


def test_marks_survive_the_end_of_the_session(desk: Client, run: Edition, carmen: User) -> None:
    one = people(run)[0]
    screen = address("attendance_capture", run, 1)
    found = re.search(r'name="quien_escribe" value="([^"]+)"', text(desk.get(screen)))
    assert found is not None
    desk.logout()
    answer = desk.post(
        screen, {f"marca-{one.pk}": "retardo", f"vista-{one.pk}": "", "quien_escribe": found[1]}
    )
    assert answer["Location"].startswith(reverse("account_login"))
    desk.force_login(carmen)

    assert re.search(rf'name="marca-{one.pk}" value="retardo"[^>]* checked', text(desk.get(screen)))
    assert not Attendance.objects.exists()


def test_closing_with_missing_marks_wants_the_tick(desk: Client, run: Edition) -> None:
    answer = desk.post(address("edition_close", run))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Faltan 6 marcas de asistencia." in text(answer)

    desk.post(address("edition_close", run), {"missing_are_absent": "on"})
    run.refresh_from_db()
    assert run.state == Edition.State.CLOSED


def test_the_list_to_sign_names_everybody_and_is_logged(
    desk: Client, run: Edition, carmen: User
) -> None:
    answer = desk.get(address("attendance_list_pdf", run))
    sheets = pages(answer.content)

    assert answer["Content-Type"] == "application/pdf"
    assert len(sheets) == 2
    for number, sheet in enumerate(sheets, start=1):
        assert f"Sesión {number} de 2" in sheet
        for seat in people(run):
            assert f"{seat.person.first_surname} Íñiguez, Ñeca" in sheet
            assert seat.person.address not in sheet
    log = AccessLog.objects.get()
    assert (log.user, log.rows) == (carmen, 3)


@pytest.mark.parametrize(
    ("asked", "sheets"),
    [("sesion=2", 1), ("sesion=2&orientacion=vertical&renglones=0", 1), ("renglones=", 2)],
)
def test_the_list_can_be_asked_otherwise(
    desk: Client, run: Edition, asked: str, sheets: int
) -> None:
    answer = desk.get(f"{address('attendance_list_pdf', run)}?{asked}")
    assert len(pages(answer.content)) == sheets


@pytest.mark.parametrize(
    "asked", ["sesion=9", "sesion=x", "orientacion=diagonal", "renglones=61", "renglones=-1"]
)
def test_a_bad_wish_for_the_list_is_explained(desk: Client, run: Edition, asked: str) -> None:
    answer = desk.get(f"{address('attendance_list_pdf', run)}?{asked}")

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "error-summary" in text(answer)
    assert AccessLog.objects.get().what == f"Tablero de {run.key}"


def test_private_needs_are_seen_by_its_coordinator_only(
    desk: Client, run: Edition, fernanda: User
) -> None:
    Enrollment.objects.filter(pk=people(run)[0].pk).update(adjustments="Intérprete de LSM")

    assert "Intérprete de LSM" in text(desk.get(address("coordination_edition", run)))
    assert "Intérprete de LSM" not in text(
        signed_in(fernanda).get(address("coordination_edition", run))
    )


def test_the_queue_is_shown_in_its_order(desk: Client, run: Edition) -> None:
    first = make.enrollment(
        run, make.member(make.person("Primera", "Luna")).person, Enrollment.State.WAITING
    )
    late = make.enrollment(
        run, make.member(make.person("Prioritaria", "Luna")).person, Enrollment.State.WAITING
    )
    Enrollment.objects.filter(pk=late.pk).update(priority=1)
    board = text(desk.get(address("coordination_edition", run)))

    assert board.index("Prioritaria Luna") < board.index("Primera Luna")
    assert first.state == Enrollment.State.WAITING


PAGES = [
    "coordination_edition",
    "attendance_list_pdf",
    "attendance_capture",
    "edition_close",
    "certificate_issue",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_coordinator_of_another_edition_finds_nothing(desk: Client, name: str) -> None:
    others = make.taught(people=1)
    assert desk.get(address(name, others)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", PAGES)
def test_an_integrante_finds_nothing(alicia: Member, run: Edition, name: str) -> None:
    assert alicia.person.user is not None
    answer = signed_in(alicia.person.user).get(address(name, run))
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_asked_to_sign_in(client: Client, run: Edition, name: str) -> None:
    answer = client.get(address(name, run))
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["attendance_capture", "attendance_all_present"])
def test_nobody_else_writes_marks(alicia: Member, run: Edition, name: str) -> None:
    assert alicia.person.user is not None
    one = people(run)[0]
    answer = signed_in(alicia.person.user).post(
        address(name, run, 1), {f"marca-{one.pk}": "presente", f"vista-{one.pk}": ""}
    )

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert not Attendance.objects.exists()


def test_issuing_wants_its_own_permission(desk: Client, run: Edition, carmen: User) -> None:
    make.signatory()
    for number in (1, 2):
        desk.post(address("attendance_all_present", run, number))
    desk.post(address("edition_close", run))
    group = carmen.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="issue_certificate"))

    assert "<button" not in text(desk.get(address("certificate_issue", run))).split("<main")[1]
    assert desk.post(address("certificate_issue", run)).status_code == HTTPStatus.NOT_FOUND
    assert not IssueBatch.objects.exists()


def test_the_desk_is_only_for_who_coordinates(alicia: Member, fernanda: User, run: Edition) -> None:
    assert alicia.person.user is not None
    desk = reverse("trainings:coordination")

    assert signed_in(alicia.person.user).get(desk).status_code == HTTPStatus.NOT_FOUND
    assert run.course.title in text(signed_in(fernanda).get(desk))


def test_the_desk_filters_by_address(desk: Client, run: Edition, carmen: User) -> None:
    other = make.edition(make.course("Masculinidades y corresponsabilidad"))
    other.coordinators.add(carmen)
    base = reverse("trainings:coordination")

    assert run.course.title not in text(desk.get(f"{base}?q=MASCULINIDÁDES"))
    assert other.course.title not in text(desk.get(f"{base}?estado=en_curso"))
    assert "Ninguna edición coincide" in text(desk.get(f"{base}?q=nada"))
    assert desk.get(f"{base}?estado=inventado&page=x").status_code == HTTPStatus.OK


@pytest.mark.parametrize("number", [1, 3, 12])
def test_the_desk_takes_as_many_queries_for_all(
    desk: Client, carmen: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        made = make.edition()
        made.coordinators.add(carmen)
        make.enrollment(made)
    desk.get(reverse("trainings:coordination"))
    with django_assert_num_queries(8):
        desk.get(reverse("trainings:coordination"))


@pytest.mark.parametrize("number", [1, 3, 12])
def test_each_page_of_the_desk_takes_as_many_queries_for_all(
    desk: Client, carmen: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = make.taught(people=number)
    for enrollment in people(run):
        enrollment.department = make.department()
        enrollment.save()
    run.coordinators.add(carmen)
    desk.post(address("attendance_all_present", run, 1))
    with django_assert_num_queries(16):
        desk.get(address("coordination_edition", run))
    with django_assert_num_queries(17):
        desk.get(address("attendance_capture", run, 1))
    with django_assert_num_queries(14):
        desk.get(address("edition_close", run))
    desk.post(address("edition_close", run), {"missing_are_absent": "on"})
    make.signatory()
    with django_assert_num_queries(19):
        desk.get(address("certificate_issue", run))
