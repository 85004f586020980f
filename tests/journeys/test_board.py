"""The board of an edición: everybody in their list, verbs on the marked ones, notices, and the export."""

import csv
import io
import re
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from members.models import MailDomain, Member, User
from red_genero.common.exports import unguarded
from red_genero.common.models import AccessLog, QueuedMail
from tests import make
from tests.conftest import signed_in
from tests.rules.seating import change, enrol, forget_mails, mails, state
from trainings import boards
from trainings.forms import desk as desk_forms
from trainings.models import Edition, Enrollment, GroupMessage, Nomination

State = Enrollment.State


@pytest.fixture
def run(carmen: User) -> Edition:
    """An edición of Carmen's with two seats."""
    made = make.edition(seats=2)
    made.coordinators.add(carmen)
    return made


@pytest.fixture
def desk(carmen: User) -> Client:
    return signed_in(carmen)


def at(name: str, run: Edition, *more: object) -> str:
    return reverse(f"trainings:{name}", args=[run.key, *more])


def text(answer: object) -> str:
    html = getattr(answer, "content").decode()  # noqa: B009
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def crowd(run: Edition, *states: str) -> list[Enrollment]:
    return [make.enrollment(run, state=each) for each in states]


def test_everybody_is_in_her_list_and_fill_says_whom_it_skipped(
    desk: Client, run: Edition, alicia: Member
) -> None:
    change(run, seats=1, seats_per_department=1)
    first = enrol(run, alicia)
    works = first.department
    skipped = enrol(run, make.member(make.person("Zoila", "Ñu"), works_in=works))
    served = enrol(run, make.member())
    change(run, seats=2)
    desk.post(at("seats_act", run, "cancelar"), {"seat": [served.pk], "reason": "Motivo"})
    enrol(run, make.member())

    shown = text(desk.get(at("coordination_edition", run)))

    assert "1 con lugar ofrecido" in shown
    assert f"1. {skipped.person}" in shown
    assert "Cómo se repartieron los lugares" in shown
    assert f"Se saltó a {skipped.person}: Ya se ocuparon el lugar de su dependencia." in shown
    assert "1 inscripción" in shown
    assert AccessLog.objects.filter(what=f"Tablero de {run.key}").exists()


def test_a_bulk_verb_says_what_happened_to_each(desk: Client, run: Edition) -> None:
    confirmed, waiting, gone = crowd(run, State.CONFIRMED, State.WAITING, State.OFFER_EXPIRED)
    act = at("seats_act", run, "cancelar")
    marked = {"seat": [confirmed.pk, waiting.pk, gone.pk]}

    asked = text(desk.get(act, marked))
    silent = desk.post(act, {**marked, "reason": ""})
    done = text(desk.post(act, {**marked, "reason": "Se repite la sede."}))
    again = text(desk.post(act, {**marked, "reason": "Se repite la sede."}))

    assert "3 personas" in asked
    assert str(gone.person) in asked
    assert silent.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "2 de 3 hechas" in done
    assert f"{gone.person} Sin cambios No se puede pasar de" in done
    assert "2 de 3 hechas" in again
    assert [kind for kind, _ in mails()].count("enrollment_cancelled") == 2


@pytest.mark.parametrize("marks", [[], ["0"], ["x"], ["1", "999999999999999999999"]])
def test_marks_that_are_nobody_change_nothing(desk: Client, run: Edition, marks: list[str]) -> None:
    for press in (desk.get, desk.post):
        answer = press(at("seats_act", run, "cancelar"), {"seat": marks, "reason": "Motivo"})
        assert answer.headers["Location"] == at("coordination_edition", run)


def test_a_mark_of_another_edition_is_not_in_reach(desk: Client, run: Edition) -> None:
    foreign = make.enrollment(make.edition())

    desk.post(at("seats_act", run, "cancelar"), {"seat": [foreign.pk], "reason": "Motivo"})

    assert state(foreign) == State.CONFIRMED
    assert desk.get(at("seats_act", run, "inventado")).status_code == HTTPStatus.NOT_FOUND


def test_a_coordinator_moves_people_only_to_ediciones_of_hers(
    desk: Client, run: Edition, carmen: User
) -> None:
    mine, foreign = make.edition(), make.edition()
    mine.coordinators.add(carmen)
    (seat,) = crowd(run, State.CONFIRMED)
    act, data = at("seats_act", run, "mover"), {"seat": [seat.pk], "reason": "Horario"}

    page = desk.get(act, {"seat": [seat.pk]}).content.decode()
    refused = desk.post(act, {**data, "target": foreign.pk})
    done = text(desk.post(act, {**data, "target": mine.pk}))

    assert mine.key.upper() in page
    assert foreign.key.upper() not in page
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "1 de 1 hechas" in done
    assert mine.enrollments.get().moved_from == seat


def test_she_sees_only_her_board(desk: Client) -> None:
    foreign = make.edition()
    names = ("enrol_person", "nominate", "group_message", "board_csv")

    found = [desk.get(at(name, foreign)).status_code for name in names]
    found.append(desk.get(at("seats_act", foreign, "cancelar")).status_code)

    assert found == [HTTPStatus.NOT_FOUND] * 5


def test_she_enrols_with_a_waiver_and_its_reason(
    desk: Client, run: Edition, alicia: Member
) -> None:
    run.course.prerequisites.add(make.course("Antes"))
    data = {"email": alicia.person.address}

    refused = desk.post(at("enrol_person", run), data)
    half = desk.post(at("enrol_person", run), {**data, "waived": ["requisitos"]})
    done = desk.post(
        at("enrol_person", run),
        {**data, "waived": ["requisitos"], "waiver_reason": "Impartió el curso."},
        follow=True,
    )

    assert "Antes debe concluir «Antes»." in text(refused)
    assert "Escriba por qué se dispensa." in text(half)
    assert f"{alicia.person}: confirmada." in text(done)
    assert run.enrollments.get().waiver_reason == "Impartió el curso."


def test_she_proposes_several_and_reads_the_result_of_each(
    desk: Client, run: Edition, alicia: Member, beatriz: Member
) -> None:
    enrol(run, beatriz)
    addresses = f"{alicia.person.address.upper()}\n{beatriz.person.address}, \n"

    wrong = desk.post(at("nominate", run), {"emails": "nadie@x.example z", "reason": "Oficio 1"})
    done = text(desk.post(at("nominate", run), {"emails": addresses, "reason": "Oficio 1"}))

    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "«z» no es un correo." in text(wrong)
    assert "Ninguna persona del portal tiene el correo nadie@x.example." in text(wrong)
    assert "1 de 2 hechas" in done
    assert Nomination.objects.get().enrollment.state == State.OFFERED
    assert "Propuesta de su dependencia." in text(desk.get(at("coordination_edition", run)))


def test_a_notice_is_seen_before_it_leaves_and_leaves_once(
    desk: Client, run: Edition, carmen: User
) -> None:
    crowd(run, State.CONFIRMED, State.CONFIRMED, State.WAITING)
    typed = {"groups": ["confirmada"], "text": "Traigan su gafete.\nGracias."}

    seen = desk.post(at("group_message", run), typed)
    assert "Lo recibirán 2 personas" in text(seen)
    assert mails() == []
    correcting = desk.post(f"{at('group_message', run)}?corregir=1", typed)
    assert "Traigan su gafete." in text(correcting)
    press = re.search(r'name="press" value="([0-9a-f]{32})"', seen.content.decode())
    assert press
    for _ in range(2):
        sent = desk.post(at("group_message_send", run), {**typed, "press": press[1]}, follow=True)
        assert "El aviso se envió a 2 personas." in text(sent)

    assert [kind for kind, _ in mails()] == ["group_message"] * 2
    assert GroupMessage.objects.get().sent_by == carmen
    assert "Traigan su gafete.\nGracias." in QueuedMail.objects.all()[0].text.replace("\r", "")
    assert "Confirmadas: 2 personas" in text(desk.get(at("coordination_edition", run)))


def test_a_notice_without_its_mark_is_shown_again(desk: Client, run: Edition) -> None:
    crowd(run, State.CONFIRMED)
    typed = {"groups": ["confirmada"], "text": "Hola."}

    answers = [
        desk.post(at("group_message_send", run), typed | {"press": press}).status_code
        for press in ("", "x", "g" * 32)
    ]

    assert answers == [HTTPStatus.OK] * 3
    assert mails() == []


def test_the_export_tells_order_and_who_took_it(desk: Client, run: Edition, carmen: User) -> None:
    crowd(run, State.CONFIRMED, State.WAITING, State.WAITING, State.CANCELLED)

    answer = desk.get(at("board_csv", run))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]

    assert [(unguarded(line[2]), line[3]) for line in lines] == [
        ("Confirmada", ""),
        ("En espera", "1"),
        ("En espera", "2"),
        ("Cancelada", ""),
    ]
    assert {line[10] for line in lines} == {str(carmen)}
    log = AccessLog.objects.get(what__startswith="Exportación del tablero")
    assert (log.rows, log.user) == (4, carmen)


@pytest.mark.once
@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_board_takes_as_many_queries_for_all(
    number: int,
    desk: Client,
    run: Edition,
    carmen: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    MailDomain.objects.create(domain="guadalajara.gob.mx")
    for _ in range(number):
        crowd(run, *State.values[:7])
        GroupMessage.objects.create(
            edition=run,
            press=make.user().email[:32],
            groups="x",
            text="x",
            recipients=1,
            sent_by=carmen,
        )
    desk.get(at("coordination_edition", run))

    with django_assert_num_queries(23):
        desk.get(at("coordination_edition", run))


def test_long_lists_turn_pages_and_are_acted_upon_whole(
    desk: Client, run: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "PER_LIST", 2)
    monkeypatch.setattr(desk_forms, "MOST_AT_ONCE", 3)
    queue = [make.member(make.person(f"Ana {letter}", "Ruiz")).person for letter in "ABCDE"]
    seats = [make.enrollment(run, person, state=State.WAITING) for person in queue]
    board, act = at("coordination_edition", run), at("seats_act", run, "cancelar")

    first, last = (desk.get(board, {"en_espera": page}).content.decode() for page in ("0", "99"))
    asked = desk.get(act, {"lista": "en_espera"}).content.decode()
    chosen = [seat.pk for seat in seats[:3]]
    step = {"lista": "en_espera", "despues": seats[2].pk, "reason": "Motivo", "seat": chosen}
    done = desk.post(act, step).content.decode()
    rest = desk.get(act, {"lista": "en_espera", "despues": str(seats[2].pk)}).content.decode()

    assert "1 a 2 de 5" in first
    assert str(seats[0].person) in first
    assert str(seats[4].person) not in first
    assert "5 a 5 de 5" in last
    assert str(seats[4].person) in last
    assert "3 personas" in asked
    assert "seguir con 2 más" in asked
    assert "3 de 3 hechas" in done
    assert "Seguir con 2 más" in done
    assert [seat.pk for seat in seats if f'value="{seat.pk}"' in rest] == [
        seat.pk for seat in seats[3:]
    ]
    assert [state(seat) for seat in seats] == [State.CANCELLED] * 3 + [State.WAITING] * 2


@pytest.mark.parametrize("asked", ["", "x", "-1", "²", "9" * 30])
def test_a_page_that_is_none_shows_the_nearest(desk: Client, run: Edition, asked: str) -> None:
    crowd(run, State.WAITING)
    answer = desk.get(at("coordination_edition", run), {"en_espera": asked, "confirmada": asked})
    assert answer.status_code == HTTPStatus.OK


def test_the_press_of_two_desks_at_once_is_harmless(
    desk: Client, run: Edition, fernanda: User
) -> None:
    (seat,) = crowd(run, State.REQUESTED)
    forget_mails()
    data = {"seat": [seat.pk], "reason": "Oficio 3"}

    for client in (desk, signed_in(fernanda)):
        assert "1 de 1 hechas" in text(client.post(at("seats_act", run, "visto-bueno"), data))

    assert [kind for kind, _ in mails()] == ["enrolled_confirmed"]
