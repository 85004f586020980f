"""What surveys say, without pointing at anybody: nothing under five people, nothing that can be worked out.

Three habits keep it so. Figures appear when the survey has closed, and showing them closes it for good, so that nobody
compares two days. Counts pass through ``disclosure.suppressed``. An average stands only where no count does, and not near its ends, where it would
say how many answered otherwise.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from django.utils import timezone

from red_genero.common.disclosure import SMALLEST_SHOWN, suppressed
from trainings import surveying
from trainings.models import Edition, Question, QuestionSet, SurveyResponse
from trainings.models.survey import SCALE
from trainings.surveying import Window

Moment = SurveyResponse.Moment
Answers = Mapping[str, Any]
Row = tuple[str, str, str, str | int]
TOP: Final = max(SCALE)
BOTTOM: Final = min(SCALE)


@dataclass(frozen=True, slots=True)
class Line:
    """One question: how many chose each answer, or the average, or nothing; texts apart."""

    question: Question
    cells: list[tuple[str, int | None]] = field(default_factory=list)
    mean: Fraction | None = None
    texts: list[str] = field(default_factory=list)

    @property
    def mean_text(self) -> str:
        """«4.2 de 5»."""
        return "" if self.mean is None else f"{tenths(self.mean)} de {TOP}"

    @property
    def reserved(self) -> bool:
        """Whether nothing of it may be shown."""
        shown = any(count is not None for _, count in self.cells)
        return not (shown or self.mean is not None or self.texts)


@dataclass(frozen=True, slots=True)
class Item:
    """One question asked before and after; percentages of right answers, or averages from 1 to 5."""

    question: Question
    before: Fraction | None
    after: Fraction | None

    @property
    def gain(self) -> Fraction | None:
        """The difference, when both may be shown."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def texts(self) -> tuple[str, str, str]:
        """Before, after and gain in words; «reservada» what may not be shown."""
        unit = "" if self.question.kind == Question.Kind.SCALE else " %"
        sign = "+" if self.gain is not None and self.gain > 0 else ""
        return (
            _figure(self.before, unit),
            _figure(self.after, unit),
            sign + _figure(self.gain, "" if not unit else " puntos"),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """One survey: how many answered, and each question once it has closed."""

    moment: SurveyResponse.Moment
    questions: QuestionSet
    window: Window
    over: bool
    asked: int
    answered: int
    lines: list[Line]
    figures: list[tuple[str, str]]

    @property
    def enough(self) -> bool:
        """Whether so many answered that something may be shown."""
        return self.answered >= SMALLEST_SHOWN


@dataclass(frozen=True, slots=True)
class Gain:
    """Before and after, side by side; ``paired`` when the score follows the same people."""

    items: list[Item]
    score: Item | None
    paired: bool


def sections(edition: Edition, now: datetime.datetime | None = None) -> list[Section]:
    """Return the surveys of an edición, each with what may be shown of it."""
    when = now or timezone.now()
    shut = _shut(edition)
    found = []
    for moment in Moment:
        asked = surveying.questions_of(edition, moment)
        open_for = surveying.window(edition, moment)
        if asked is None or open_for is None:
            continue
        over = moment in shut or open_for.over(when)
        given = _shown(edition, moment, shut) if over else _answers(edition, moment)
        lines: list[Line] = []
        figures: list[tuple[str, str]] = []
        if over and len(given) >= SMALLEST_SHOWN:
            if moment == Moment.SATISFACTION:
                lines = [line(each, list(given.values())) for each in asked.questions.all()]
            elif moment == Moment.BEFORE:
                figures = _known_before(asked, given)
        people = edition.enrollments.filter(state__in=surveying.MAY_ANSWER[moment]).count()
        found.append(
            Section(
                moment, asked, open_for, over, max(people, len(given)), len(given), lines, figures
            )
        )
    return found


def gain(edition: Edition, now: datetime.datetime | None = None) -> Gain | None:
    """Return what changed between diagnóstica and final once the latter closed; None before."""
    asked = edition.knowledge_set
    open_for = surveying.window(edition, Moment.AFTER)
    if asked is None or open_for is None:
        return None
    shut = _shut(edition)
    if Moment.AFTER not in shut and not open_for.over(now or timezone.now()):
        return None
    before, after = (_shown(edition, each, shut) for each in (Moment.BEFORE, Moment.AFTER))
    if min(len(before), len(after)) < SMALLEST_SHOWN:
        return None
    questions = [each for each in asked.questions.all() if each.kind != Question.Kind.TEXT]
    marked = [each for each in questions if each.right]
    items = [
        Item(each, figure(each, before.values()), figure(each, after.values()))
        for each in questions
        if each.right or each.kind == Question.Kind.SCALE
    ]
    if any(item.before is None or item.after is None for item in items if item.question.right):
        items = [item for item in items if not item.question.right]
    common = before.keys() & after.keys()
    apart = (len(before) - len(common), len(after) - len(common))
    paired = len(common) >= SMALLEST_SHOWN and all(
        number == 0 or number >= SMALLEST_SHOWN for number in apart
    )
    if paired:
        before = {word: before[word] for word in common}
        after = {word: after[word] for word in common}
    return Gain(items, _score(marked, before, after), paired)


def line(question: Question, given: Sequence[Answers]) -> Line:
    """Return what may be shown of one question; ``given`` are at least five people's answers."""
    values = [each[str(question.pk)] for each in given if str(question.pk) in each]
    if question.kind == Question.Kind.TEXT:
        texts = sorted(map(str, values), key=str.casefold) if len(values) >= SMALLEST_SHOWN else []
        return Line(question, texts=texts)
    counts = Counter(values)
    shown = suppressed({str(number): counts[number] for number, _ in question.choices})
    cells = [(label, shown[str(number)]) for number, label in question.choices]
    if question.kind != Question.Kind.SCALE:
        return Line(question, cells=cells)
    if all(count is not None for _, count in cells):
        return Line(question, cells=cells, mean=_mean(values))
    return Line(question, mean=safe_mean(values))


def figure(question: Question, given: Iterable[Answers]) -> Fraction | None:
    """Return the percentage of right answers, or the average of a scale; None when it may not be shown."""
    values = [each[str(question.pk)] for each in given if str(question.pk) in each]
    if question.kind == Question.Kind.SCALE:
        return safe_mean(values)
    right = sum(value == question.right for value in values)
    if min(right, len(values) - right) < SMALLEST_SHOWN:
        return None
    return Fraction(100 * right, len(values))


def safe_mean(values: Sequence[int]) -> Fraction | None:
    """Return an average that lets nobody work out how many gave one answer."""
    if len(values) < SMALLEST_SHOWN:
        return None
    from_top = sum(TOP - value for value in values)
    from_bottom = sum(value - BOTTOM for value in values)
    return _mean(values) if min(from_top, from_bottom) >= SMALLEST_SHOWN else None


def tenths(value: Fraction) -> str:
    """Return a figure with one decimal, or none when it is whole."""
    rounded = round(value * 10)
    return f"{rounded / 10:.1f}" if rounded % 10 else str(rounded // 10)


def rows(edition: Edition, now: datetime.datetime | None = None) -> list[Row]:
    """Return the same figures as a table: survey, question, answer, figure."""
    found: list[Row] = []
    for section in sections(edition, now):
        name = section.moment.label
        found.append((name, "Personas que contestaron", "", answered(section)))
        found += [(name, text, "Aciertos o promedio", said) for text, said in section.figures]
        for each in section.lines:
            found += _line_rows(name, each)
    compared = gain(edition, now)
    if compared:
        for item in [*compared.items, *([compared.score] if compared.score else [])]:
            labels = ("Antes", "Después", "Avance")
            found += [
                ("Diagnóstica y final", item.question.text, label, text)
                for label, text in zip(labels, item.texts, strict=True)
            ]
    return found


def answered(section: Section) -> str | int:
    """Return how many answered, or that they are few."""
    return section.answered if section.enough else f"menos de {SMALLEST_SHOWN}"


def _known_before(asked: QuestionSet, given: Mapping[str, Answers]) -> list[tuple[str, str]]:
    """Return what the group brings, for whoever teaches: each item, or the whole when one is reserved."""
    questions = list(asked.questions.all())
    marked = [each for each in questions if each.right]
    shares = [(each.text, figure(each, given.values())) for each in marked]
    if any(share is None for _, share in shares):
        whole = _score(marked, given, {})
        shares = [(whole.question.text, whole.before)] if whole else []
    scales = [each for each in questions if each.kind == Question.Kind.SCALE]
    return [(text, _figure(share, " % de aciertos")) for text, share in shares] + [
        (each.text, _figure(figure(each, given.values()), f" de {TOP}")) for each in scales
    ]


def _line_rows(name: str, each: Line) -> list[Row]:
    text = each.question.text
    if each.reserved:
        return [(name, text, "", "reservada")]
    found: list[Row] = [
        (name, text, label, "reservada" if count is None else count) for label, count in each.cells
    ]
    if each.mean is not None:
        found.append((name, text, "Promedio", each.mean_text))
    return found + [(name, text, "Comentario", said) for said in each.texts]


def _shut(edition: Edition) -> set[str]:
    """Return the surveys whose figures were shown before."""
    return set(edition.survey_closings.values_list("moment", flat=True))


def _shown(edition: Edition, moment: str, shut: set[str]) -> dict[str, Answers]:
    """Return the answers of a survey that is over; if something of them may be shown, it is closed for good first."""
    given = _answers(edition, moment)
    if len(given) < SMALLEST_SHOWN or moment in shut:
        return given
    surveying.close_for_good(edition, moment)
    return _answers(edition, moment)


def _answers(edition: Edition, moment: str) -> dict[str, Answers]:
    """Return the answers by pseudonym, or by row where there is none; in no order that means anything."""
    found = SurveyResponse.objects.filter(edition=edition, moment=moment).order_by("key")
    return {row.pseudonym or str(row.key): row.answers for row in found}


def _score(
    marked: Sequence[Question], before: Mapping[str, Answers], after: Mapping[str, Answers]
) -> Item | None:
    """Return the percentage of right answers over all the items that have one."""
    if not marked:
        return None
    label = Question(text="Aciertos en total", kind=Question.Kind.CHOICE)
    return Item(label, _share(marked, before.values()), _share(marked, after.values()))


def _share(marked: Sequence[Question], given: Iterable[Answers]) -> Fraction | None:
    people = list(given)
    right = sum(
        each.get(str(question.pk)) == question.right for each in people for question in marked
    )
    total = len(people) * len(marked)
    if min(right, total - right) < SMALLEST_SHOWN:
        return None
    return Fraction(round(Fraction(100 * right, total)))


def _mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def _figure(value: Fraction | None, unit: str) -> str:
    return "reservada" if value is None else f"{tenths(value)}{unit}"
