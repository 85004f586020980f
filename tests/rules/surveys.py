"""What the tests of surveys share: questions, an edición that asks them, answers."""

import datetime

from red_genero.common.states import By
from tests import make
from trainings import surveying
from trainings.models import Edition, Enrollment, Question, QuestionSet


def questions(purpose: str, title: str = "") -> QuestionSet:
    """Return a set: one item with a right answer, or one scale and one open question."""
    made = QuestionSet.objects.create(title=title or f"Preguntas de {purpose}", purpose=purpose)
    if purpose == QuestionSet.Purpose.KNOWLEDGE:
        Question.objects.create(
            question_set=made,
            order=1,
            text="¿Qué es un sesgo?",
            kind=Question.Kind.CHOICE,
            options="Un atajo del juicio\nUna falta\nUn derecho",
            right=1,
        )
        return made
    Question.objects.create(
        question_set=made, order=1, text="Lo aplicaré en mi trabajo", kind=Question.Kind.SCALE
    )
    Question.objects.create(
        question_set=made, order=2, text="¿Qué mejoraría?", kind=Question.Kind.TEXT
    )
    return made


def with_surveys(run: Edition) -> Edition:
    """Return the edición with its three surveys."""
    run.knowledge_set = questions(QuestionSet.Purpose.KNOWLEDGE)
    run.satisfaction_set = questions(QuestionSet.Purpose.SATISFACTION)
    run.save()
    return run


def by(seat: Enrollment) -> By:
    """Return her, acting on her own pages."""
    assert seat.person.user is not None
    return By.web(seat.person.user)


def choice(run: Edition, moment: str, value: int) -> dict[int, surveying.Value]:
    """Return the same answer to every closed question."""
    asked = surveying.questions_of(run, moment)
    assert asked is not None
    closed = asked.questions.exclude(kind=Question.Kind.TEXT)
    return dict.fromkeys(closed.values_list("pk", flat=True), value)


def answer_all(
    run: Edition, moment: str, values: list[int], *, now: datetime.datetime
) -> list[Enrollment]:
    """Let one new person answer each value; return them."""
    seats = []
    works_in = make.department("Planeación")
    for value in values:
        seat = make.enrollment(run, make.member(works_in=works_in).person)
        surveying.answer(seat, moment, choice(run, moment, value), by=by(seat), now=now)
        seats.append(seat)
    return seats
