"""Surveys: when they open, what is kept of an answer, what may be shown, and what the constancia asks."""

import datetime
import itertools
from collections import defaultdict

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import User
from red_genero.common.states import By
from tests import make
from tests.rules.surveys import answer_all, by, choice, questions, with_surveys
from trainings import attending, closing, previewing, survey_results, surveying
from trainings.models import (
    Attendance,
    Edition,
    Enrollment,
    Question,
    QuestionSet,
    Session,
    SurveyMark,
    SurveyResponse,
)

Moment = SurveyResponse.Moment
Cells = tuple[int | None, ...]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def run(db: None) -> Edition:
    return with_surveys(make.edition(sessions=2))


def test_each_opens_in_its_own_window(run: Edition) -> None:
    first, last = run.sessions.order_by("starts_at")
    before, after = surveying.window(run, Moment.BEFORE), surveying.window(run, Moment.AFTER)
    assert before
    assert after

    assert (before.opens, before.closes) == (run.enrollment_opens, first.ends_at)
    assert after.opens == last.starts_at
    closes = timezone.localtime(after.closes)
    assert (closes.date(), closes.time()) == (last.day + 15 * DAY, datetime.time(23, 59, 59))
    assert after.holds(after.closes + datetime.timedelta(microseconds=999_999))
    assert not after.holds(after.closes + datetime.timedelta(seconds=1))
    assert surveying.window(run, Moment.SATISFACTION) == after


def test_only_she_answers_once_with_every_question(run: Edition, fernanda: User) -> None:
    seat = make.enrollment(run)
    right = choice(run, Moment.BEFORE, 1)

    with pytest.raises(ValidationError) as not_hers:
        surveying.answer(seat, Moment.BEFORE, right, by=By.web(fernanda))
    with pytest.raises(ValidationError) as incomplete:
        surveying.answer(seat, Moment.BEFORE, {}, by=by(seat))
    with pytest.raises(ValidationError) as invented:
        surveying.answer(seat, Moment.BEFORE, dict.fromkeys(right, 9), by=by(seat))
    with pytest.raises(ValidationError) as early:
        surveying.answer(seat, Moment.AFTER, right, by=by(seat))

    codes = [error.value.code for error in (not_hers, incomplete, invented, early)]
    assert codes == ["not_hers", "survey_incomplete", "survey_incomplete", "survey_closed"]
    assert not SurveyMark.objects.exists()
    assert surveying.answer(seat, Moment.BEFORE, right, by=by(seat))
    assert not surveying.answer(seat, Moment.BEFORE, right, by=by(seat))
    assert (SurveyMark.objects.count(), SurveyResponse.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", ["solicitada", "en_espera", "ofrecida", "cancelada"])
def test_who_has_no_confirmed_seat_answers_nothing(run: Edition, state: str) -> None:
    seat = make.enrollment(run, state=state)

    assert surveying.refusal(seat, Moment.BEFORE, timezone.now()).startswith(
        "Esta encuesta es para"
    )
    assert surveying.pending(seat) == []


def test_an_answer_keeps_no_person_no_moment_and_no_order(run: Edition) -> None:
    seats = [make.enrollment(run) for _ in range(8)]
    after = surveying.window(run, Moment.SATISFACTION)
    assert after
    for number, seat in enumerate(seats):
        given = choice(run, Moment.SATISFACTION, number % 5 + 1)
        surveying.answer(seat, Moment.SATISFACTION, given, by=by(seat), now=after.opens)

    names = {field.name for field in SurveyResponse._meta.get_fields()}
    marks = {field.name for field in SurveyMark._meta.get_fields()}
    assert names == {"key", "edition", "moment", "pseudonym", "answers"}
    assert marks == {"key", "enrollment", "moment"}
    assert set(SurveyResponse.objects.values_list("pseudonym", flat=True)) == {""}


def test_every_answer_stirs_those_that_were_there(run: Edition) -> None:
    seats = [make.enrollment(run) for _ in range(3)]
    for seat in seats:
        surveying.answer(seat, Moment.BEFORE, choice(run, Moment.BEFORE, 1), by=by(seat))
    keys = set(SurveyResponse.objects.values_list("key", flat=True))
    another = make.enrollment(run)

    surveying.answer(another, Moment.BEFORE, choice(run, Moment.BEFORE, 1), by=by(another))

    assert SurveyResponse.objects.count() == 4
    assert not keys & set(SurveyResponse.objects.values_list("key", flat=True))


def test_the_database_refuses_a_named_satisfaction(run: Edition) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyResponse.objects.create(
            edition=run, moment=Moment.SATISFACTION, pseudonym="x", answers={}
        )


def test_what_was_answered_is_asked_otherwise_only_in_a_new_version(run: Edition) -> None:
    seat = make.enrollment(run)
    surveying.answer(seat, Moment.BEFORE, choice(run, Moment.BEFORE, 1), by=by(seat))
    asked = run.knowledge_set
    assert asked
    asked.refresh_from_db()
    run.refresh_from_db()

    made = surveying.new_version(asked)

    assert asked.frozen
    assert (made.version, made.frozen, made.replaces) == (2, False, asked)
    assert made.questions.count() == asked.questions.count()
    assert surveying.new_version(asked) == made
    run.knowledge_set = made
    with pytest.raises(ValidationError) as refused:
        run.full_clean()
    assert set(refused.value.message_dict) == {"knowledge_set"}


def test_an_edition_cannot_ask_for_a_survey_that_it_has_not(db: None) -> None:
    run = make.edition()
    run.final_survey_required = True

    with pytest.raises(ValidationError) as refused:
        run.full_clean()

    assert set(refused.value.message_dict) == {"knowledge_set"}


@pytest.mark.parametrize(
    ("kind", "options", "right", "wrong"),
    [
        ("opcion", "Una", None, "options"),
        ("opcion", "Una\nDos", 3, "right"),
        ("escala", "Una\nDos", None, "options"),
        ("texto", "", 1, "options"),
    ],
)
def test_a_question_that_cannot_be_counted_is_refused(
    db: None, kind: str, options: str, right: int | None, wrong: str
) -> None:
    asked = questions(QuestionSet.Purpose.KNOWLEDGE)
    question = Question(question_set=asked, text="¿?", kind=kind, options=options, right=right)

    with pytest.raises(ValidationError) as refused:
        question.full_clean()

    assert set(refused.value.message_dict) == {wrong}


# The constancia -----------------------------------------------------------------------------------
def _closed(*, required: bool, staff: User) -> tuple[Edition, list[Enrollment]]:
    run = with_surveys(make.taught(people=2, sessions=1))
    Edition.objects.filter(pk=run.pk).update(final_survey_required=required)
    make.signatory()
    for session in run.sessions.all():
        attending.all_present(session, by=By.web(staff), origin=Attendance.Origin.PAPER)
    closing.close(run, by=By.web(staff))
    return Edition.objects.get(pk=run.pk), list(run.enrollments.order_by("pk"))


def test_a_survey_is_no_condition_of_the_constancia(fernanda: User) -> None:
    run, _ = _closed(required=False, staff=fernanda)

    assert len(previewing.Preview(run).receiving) == 2


def test_unless_the_edition_says_so_and_only_while_it_is_open(fernanda: User) -> None:
    run, (diligent, other) = _closed(required=True, staff=fernanda)
    surveying.answer(diligent, Moment.AFTER, choice(run, Moment.AFTER, 2), by=by(diligent))

    preview = previewing.Preview(run)

    assert [candidate.enrollment for candidate in preview.receiving] == [diligent]
    assert [candidate.enrollment for candidate in preview.others] == [other]
    assert "encuesta final" in preview.others[0].reason
    open_for = surveying.window(run, Moment.AFTER)
    assert open_for
    assert surveying.owing(run, open_for.closes) == {other.pk}
    assert surveying.owing(run, open_for.closes + datetime.timedelta(seconds=1)) == frozenset()


# What may be shown --------------------------------------------------------------------------------
def test_nothing_is_shown_of_four_nor_before_it_closes(run: Edition) -> None:
    open_for = surveying.window(run, Moment.SATISFACTION)
    assert open_for
    answer_all(run, Moment.SATISFACTION, [5, 4, 4, 3], now=open_for.opens)
    after = open_for.closes + DAY

    (few,) = [s for s in survey_results.sections(run, after) if s.moment == Moment.SATISFACTION]
    answer_all(run, Moment.SATISFACTION, [2], now=open_for.opens)
    (early,) = [
        s for s in survey_results.sections(run, open_for.closes) if s.moment == Moment.SATISFACTION
    ]
    (shown,) = [s for s in survey_results.sections(run, after) if s.moment == Moment.SATISFACTION]

    assert (few.lines, survey_results.answered(few)) == ([], "menos de 5")
    assert early.lines == []
    assert shown.answered == 5
    assert [line.mean_text for line in shown.lines][:1] == ["3.6 de 5"]


def test_gain_compares_the_same_items(run: Edition) -> None:
    before, after = surveying.window(run, Moment.BEFORE), surveying.window(run, Moment.AFTER)
    assert before
    assert after
    seats = answer_all(run, Moment.BEFORE, [1] * 6 + [2] * 6, now=before.opens)
    for number, seat in enumerate(seats):
        given = choice(run, Moment.AFTER, 2 if number % 12 < 5 else 1)
        surveying.answer(seat, Moment.AFTER, given, by=by(seat), now=after.opens)

    (known,) = [s for s in survey_results.sections(run, after.opens) if s.moment == Moment.BEFORE]
    assert known.figures == [("¿Qué es un sesgo?", "50 % de aciertos")]
    assert survey_results.gain(run, after.closes) is None
    compared = survey_results.gain(run, after.closes + DAY)

    assert compared
    assert compared.paired
    assert [item.texts for item in compared.items] == [("50 %", "58.3 %", "+8.3 puntos")]
    assert compared.score
    assert compared.score.texts == ("50 %", "58 %", "+8 puntos")


def test_one_person_apart_is_not_worked_out_of_the_pairs(run: Edition) -> None:
    before, after = surveying.window(run, Moment.BEFORE), surveying.window(run, Moment.AFTER)
    assert before
    assert after
    seats = answer_all(run, Moment.BEFORE, [1] * 6 + [2] * 6, now=before.opens)
    for number, seat in enumerate(seats[1:]):
        given = choice(run, Moment.AFTER, 2 if number < 5 else 1)
        surveying.answer(seat, Moment.AFTER, given, by=by(seat), now=after.opens)

    compared = survey_results.gain(run, after.closes + DAY)

    assert compared
    assert not compared.paired


def test_figures_that_were_shown_take_no_answer_more_even_if_a_session_is_added(
    run: Edition, fernanda: User
) -> None:
    """Five answers shown, a sixth one given, six shown: the difference would be hers."""
    open_for = surveying.window(run, Moment.SATISFACTION)
    assert open_for
    answer_all(run, Moment.SATISFACTION, [5, 4, 4, 3, 2], now=open_for.opens)
    late = make.enrollment(run)
    after = open_for.closes + DAY
    shown = survey_results.rows(run, after)
    Session.objects.create(
        edition=run,
        number=3,
        starts_at=after + DAY,
        ends_at=after + DAY + datetime.timedelta(hours=1),
        hours=1,
        place="Sala",
    )
    run = Edition.objects.get(pk=run.pk)
    again = surveying.window(run, Moment.SATISFACTION)
    assert again
    assert again.holds(after + DAY)

    with pytest.raises(ValidationError) as refused:
        surveying.answer(
            late,
            Moment.SATISFACTION,
            choice(run, Moment.SATISFACTION, 1),
            by=by(late),
            now=after + DAY,
        )

    assert refused.value.code == "survey_closed"
    assert surveying.pending(late, after + DAY) == [
        each for each in surveying.pending(late, after + DAY) if each.moment == Moment.AFTER
    ]
    assert [row for row in survey_results.rows(run, after + 2 * DAY) if row in shown] == shown


@pytest.mark.once
@pytest.mark.parametrize("kind", [Question.Kind.SCALE, Question.Kind.CHOICE])
def test_no_hidden_count_can_be_worked_out(kind: Question.Kind) -> None:
    """Somebody who knows how many answered and all that is shown still sees two values for each hidden cell."""
    question = Question(pk=1, text="¿?", kind=kind, options="a\nb\nc\nd")
    size = len(question.choices)
    for people in range(5, 13):
        seen: dict[tuple[Cells, str], list[tuple[int, ...]]] = defaultdict(list)
        for counts in _shares(people, size):
            given = [
                {"1": number} for number, times in enumerate(counts, start=1) for _ in range(times)
            ]
            line = survey_results.line(question, given)
            seen[(tuple(count for _, count in line.cells), line.mean_text)].append(counts)
        for (cells, _), possible in seen.items():
            for place in range(size):
                hidden = not cells or cells[place] is None
                values = {counts[place] for counts in possible}
                assert not hidden or len(values) > 1, (kind, people, cells, possible)


def _shares(people: int, size: int) -> list[tuple[int, ...]]:
    """Return every way in which so many people spread over so many answers."""
    bars = itertools.combinations(range(people + size - 1), size - 1)
    return [
        tuple(
            right - left - 1 for left, right in itertools.pairwise((-1, *chosen, people + size - 1))
        )
        for chosen in bars
    ]
