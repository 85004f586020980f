"""She answers surveys in the portal; who coordinates reads the figures; Formación writes the questions."""

import csv
import datetime
import io

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from members.models import Member, User
from tests import make
from tests.conftest import signed_in
from tests.rules.surveys import answer_all, choice, questions, with_surveys
from trainings import surveying
from trainings.models import Edition, Question, QuestionSet, SurveyMark, SurveyResponse

Moment = SurveyResponse.Moment


@pytest.fixture
def run(db: None) -> Edition:
    return with_surveys(make.edition(sessions=1))


@pytest.fixture
def hers(run: Edition, alicia: Member) -> Client:
    make.enrollment(run, alicia.person)
    assert alicia.person.user
    return signed_in(alicia.person.user)


def address(run: Edition, moment: str) -> str:
    return reverse("trainings:survey", args=[run.course.key, run.key, moment])


def posted(run: Edition, moment: str, value: int) -> dict[str, str]:
    return {f"q{pk}": str(number) for pk, number in choice(run, moment, value).items()}


def test_she_finds_it_answers_once_and_reading_changes_nothing(run: Edition, hers: Client) -> None:
    path = address(run, Moment.BEFORE)
    page = reverse("trainings:enrollment", args=[run.course.key, run.key])

    found = hers.get(page).content.decode()
    assert path in hers.get(reverse("panel")).content.decode()
    for _ in range(3):
        asked = hers.get(path)
    incomplete = hers.post(path, {})
    first = hers.post(path, posted(run, Moment.BEFORE, 1))
    again = hers.post(path, posted(run, Moment.BEFORE, 2))

    assert path in found
    assert address(run, Moment.AFTER) not in found
    assert "¿Qué es un sesgo?" in asked.content.decode()
    assert [incomplete.status_code, first.status_code, again.status_code] == [422, 302, 200]
    assert "Ya contestó esta encuesta" in again.content.decode()
    assert (SurveyMark.objects.count(), SurveyResponse.objects.count()) == (1, 1)
    assert path not in hers.get(page).content.decode()
    assert path not in hers.get(reverse("panel")).content.decode()


@pytest.mark.parametrize("editions", [1, 3, 9])
def test_what_she_may_answer_costs_the_same(
    alicia: Member, editions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = with_surveys(make.edition())
    make.enrollment(first, alicia.person)
    for _ in range(editions - 1):
        run = make.edition()
        run.knowledge_set, run.satisfaction_set = first.knowledge_set, first.satisfaction_set
        run.save()
        make.enrollment(run, alicia.person)

    with django_assert_num_queries(4):
        found = surveying.pending_of(alicia.person)

    assert [each.moment for _, each in found] == [Moment.BEFORE] * editions


def test_out_of_its_window_it_says_when(run: Edition, hers: Client) -> None:
    path = address(run, Moment.SATISFACTION)

    early = hers.get(path)
    pressed = hers.post(path, posted(run, Moment.SATISFACTION, 5))

    assert "Esta encuesta abre el" in early.content.decode()
    assert (early.status_code, pressed.status_code) == (200, 409)
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(("days", "said"), [(1, "Abierta hasta el"), (16, "Cerró el")])
@pytest.mark.usefixtures("hers")
def test_its_head_says_whether_it_is_over(
    run: Edition, alicia: Member, days: int, said: str
) -> None:
    moment = run.sessions.get().ends_at + datetime.timedelta(days=days)
    assert alicia.person.user
    with time_machine.travel(moment, tick=False):
        page = signed_in(alicia.person.user).get(address(run, Moment.AFTER))
    assert said in page.content.decode()


def test_an_open_question_comes_with_the_warning(run: Edition, hers: Client) -> None:
    with time_machine.travel(run.sessions.get().ends_at):
        page = hers.get(address(run, Moment.SATISFACTION)).content.decode()

    assert "Es anónima" in page
    assert "No escriba nombres ni narre casos" in page
    assert "Contraloría" in page


@pytest.mark.parametrize("moment", ["diagnostica", "no-existe"])
def test_without_a_seat_there_is_no_survey(run: Edition, beatriz: Member, moment: str) -> None:
    assert beatriz.person.user

    assert signed_in(beatriz.person.user).get(address(run, moment)).status_code == 404


def test_the_coordinator_reads_figures_and_the_file_says_the_same(
    run: Edition, carmen: User
) -> None:
    run.coordinators.add(carmen)
    open_for = surveying.window(run, Moment.SATISFACTION)
    assert open_for
    answer_all(run, Moment.SATISFACTION, [5] * 6 + [3] * 6, now=open_for.opens)
    page = reverse("trainings:survey_results", args=[run.key])
    file = reverse("trainings:survey_results_csv", args=[run.key])

    before = signed_in(carmen).get(page).content.decode()
    with time_machine.travel(open_for.closes + 2 * (open_for.closes - open_for.opens)):
        client = signed_in(carmen)
        after = client.get(page).content.decode()
        rows = list(csv.reader(io.StringIO(client.get(file).content.decode("utf-8-sig"))))

    assert "Contestaron 12 de 12 personas" in before
    assert "Promedio" not in before
    assert "Promedio: <strong>4 de 5</strong>" in after
    name = "Encuesta de satisfacción"
    assert [name, "Lo aplicaré en mi trabajo", "Promedio", "4 de 5"] in rows
    assert [name, "Personas que contestaron", "", "12"] in rows


@pytest.mark.parametrize("people", [1, 6, 12])
def test_results_cost_the_same_however_many_answered(
    run: Edition,
    people: int,
    fernanda: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    open_for = surveying.window(run, Moment.SATISFACTION)
    assert open_for
    answer_all(run, Moment.SATISFACTION, [4] * people, now=open_for.opens)
    page = reverse("trainings:survey_results", args=[run.key])

    with time_machine.travel(open_for.opens):
        client = signed_in(fernanda)
        client.get(page)
        with django_assert_num_queries(20):
            client.get(page)


def test_formation_writes_questions_and_a_new_version_once_answered(
    fernanda: User, run: Edition, alicia: Member
) -> None:
    desk = signed_in(fernanda)
    add = reverse("admin:trainings_questionset_add")
    form = {
        "title": "Satisfacción general",
        "purpose": "satisfaccion",
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "0",
        "questions-0-order": "1",
        "questions-0-text": "El ritmo fue adecuado",
        "questions-0-kind": "escala",
    }
    empty = desk.post(add, {**form, "questions-TOTAL_FORMS": "0"})
    made = desk.post(add, form)
    written = QuestionSet.objects.get(title="Satisfacción general")
    assert (empty.status_code, made.status_code) == (200, 302)
    assert [question.text for question in written.questions.all()] == ["El ritmo fue adecuado"]

    seat = make.enrollment(run, alicia.person)
    assert alicia.person.user
    client = signed_in(alicia.person.user)
    client.post(address(run, Moment.BEFORE), posted(run, Moment.BEFORE, 1))
    asked = run.knowledge_set
    assert asked
    asked.refresh_from_db()
    question = asked.questions.get()
    change = reverse("admin:trainings_questionset_change", args=[asked.pk])
    refused = desk.post(
        change,
        {**form, "questions-0-id": str(question.pk), "questions-INITIAL_FORMS": "1"},
    )
    renewed = desk.post(reverse("admin:trainings_questionset_renew", args=[asked.pk]))

    assert (refused.status_code, renewed.status_code) == (403, 302)
    assert Question.objects.get(pk=question.pk).text == "¿Qué es un sesgo?"
    assert QuestionSet.objects.get(replaces=asked).version == 2
    assert seat.survey_marks.count() == 1


def test_the_portal_tells_her_that_she_answered_and_never_what(
    run: Edition, hers: Client, alicia: Member
) -> None:
    hers.post(address(run, Moment.BEFORE), posted(run, Moment.BEFORE, 1))

    page = hers.get(reverse("members:my_data")).content.decode()

    assert "Encuesta diagnóstica" in page
    assert "Un atajo del juicio" not in page
    assert SurveyResponse.objects.get().pseudonym not in page


def test_a_set_without_questions_of_the_other_kind_is_not_offered(run: Edition) -> None:
    run.satisfaction_set = questions(QuestionSet.Purpose.KNOWLEDGE, "Otras")

    with pytest.raises(Exception, match="satisf") as refused:
        run.full_clean()

    assert "satisfaction_set" in str(refused.value)
