"""Surveys of the demonstration: asked of the induction and answered by who took it, and ahead in another edición."""

import datetime
from typing import Final

from members.models import User
from red_genero.common.states import By
from trainings import surveying
from trainings.models import Edition, Enrollment, Question, QuestionSet, SurveyResponse

Kind = Question.Kind
Moment = SurveyResponse.Moment
Asked = tuple[str, Kind, str, int | None]

KNOWLEDGE: Final[tuple[Asked, ...]] = (
    (
        "¿Qué quiere decir que la igualdad sea sustantiva?",
        Kind.CHOICE,
        "Que está escrita en la ley\nQue se ejerce en los hechos\nQue todas las personas reciben lo mismo",
        2,
    ),
    (
        "¿A quién corresponde incorporar la perspectiva de género en la administración municipal?",
        Kind.CHOICE,
        "Solo al Instituto\nA las Unidades de Género\nA todas las dependencias",
        3,
    ),
    ("Puedo explicar qué hace la Red en mi dependencia", Kind.SCALE, "", None),
)
SATISFACTION: Final[tuple[Asked, ...]] = (
    ("Lo que vimos me sirve en mi trabajo", Kind.SCALE, "", None),
    ("El ritmo fue adecuado", Kind.SCALE, "", None),
    ("¿Qué mejoraría?", Kind.TEXT, "", None),
)
BEFORE: Final = ((1, 1, 2), (2, 2, 3), (1, 3, 2), (3, 1, 1), (2, 3, 3), (1, 2, 2), (3, 3, 3), (2, 1, 2), (1, 2, 3))  # fmt: skip
AFTER: Final = ((2, 3, 4), (2, 3, 4), (1, 3, 4), (2, 1, 3), (2, 2, 4), (1, 2, 4), (3, 3, 5), (1, 1, 3), (3, 2, 4))  # fmt: skip
SATISFIED: Final = ((5, 4), (4, 4), (4, 3), (5, 4), (4, 5), (3, 4), (5, 3), (4, 4), (4, 4))
WISHES: Final = ("Más tiempo para el ejercicio final.", "Entregar antes el material.", "Que haya una segunda parte.", "Más ejemplos de trámites municipales.", "Grupos más pequeños.")  # fmt: skip


def ask(edition: Edition) -> Edition:
    """Give an edición its three surveys."""
    edition.knowledge_set = _questions("Perspectiva de género: lo básico", QuestionSet.Purpose.KNOWLEDGE, KNOWLEDGE)  # fmt: skip
    edition.satisfaction_set = _questions("Satisfacción", QuestionSet.Purpose.SATISFACTION, SATISFACTION)  # fmt: skip
    edition.full_clean()
    edition.save()
    return edition


def answer(edition: Edition) -> None:
    """Let everybody with a seat answer the three surveys on the day of each."""
    before, after = (surveying.window(edition, moment) for moment in (Moment.BEFORE, Moment.AFTER))
    if before is None or after is None:
        raise ValueError(f"{edition} asks nothing.")
    seats = edition.enrollments.attending().select_related("person__user").order_by("pk")
    for number, seat in enumerate(seats):
        _answer(seat, Moment.BEFORE, BEFORE[number], before.opens)
        _answer(seat, Moment.AFTER, AFTER[number], after.opens)
        wish = WISHES[number : number + 1]
        _answer(seat, Moment.SATISFACTION, (*SATISFIED[number], *wish), after.opens)


def _answer(
    seat: Enrollment, moment: str, values: tuple[int | str, ...], now: datetime.datetime
) -> None:
    asked = surveying.questions_of(seat.edition, moment)
    account = seat.person.user
    if asked is None or not isinstance(account, User):
        raise ValueError(f"{seat} cannot answer.")
    keys = asked.questions.values_list("pk", flat=True)
    given = dict(zip(keys, values, strict=False))
    surveying.answer(seat, moment, given, by=By.web(account), now=now)


def _questions(title: str, purpose: str, asked: tuple[Asked, ...]) -> QuestionSet:
    """Return the set, written once."""
    made, fresh = QuestionSet.objects.get_or_create(
        title=title, version=1, defaults={"purpose": purpose}
    )
    for order, (text, kind, options, right) in enumerate(asked if fresh else (), start=1):
        question = Question(
            question_set=made, order=order, text=text, kind=kind, options=options, right=right
        )
        question.full_clean()
        question.save()
    return made
