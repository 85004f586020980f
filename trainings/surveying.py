"""Surveys of an edición: when each is open, to answer one, and a new version of the questions.

What somebody answers is kept apart from who she is. The mark that she answered has no moment; the answers have no name,
no moment, and are written again in another order each time one arrives, so that neither tells of the other.
"""

import datetime
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.models import Person
from red_genero.common.states import By
from trainings.eligibility import moment as in_words
from trainings.models import (
    Edition,
    Enrollment,
    Question,
    QuestionSet,
    SurveyClosing,
    SurveyMark,
    SurveyResponse,
)
from trainings.models.edition import passed

Moment = SurveyResponse.Moment
State = Enrollment.State
Value = int | str
OPEN_FOR: Final = datetime.timedelta(days=15)
LAST_TIME: Final = datetime.time(23, 59, 59)
TEXT_LENGTH: Final = 500
MAY_ANSWER: Final[Mapping[str, tuple[str, ...]]] = {
    Moment.BEFORE: (State.CONFIRMED,),
    Moment.AFTER: (State.CONFIRMED, State.COMPLETED, State.NOT_COMPLETED),
    Moment.SATISFACTION: (State.CONFIRMED, State.COMPLETED, State.NOT_COMPLETED),
}
UNDER_WAY: Final = (Edition.State.PUBLISHED, Edition.State.RUNNING, Edition.State.CLOSED)
_shuffled: Final = random.SystemRandom()


class Window(NamedTuple):
    """When a survey may be answered; ``closes`` is its last second."""

    opens: datetime.datetime
    closes: datetime.datetime

    def over(self, now: datetime.datetime) -> bool:
        """Whether nobody can answer any more."""
        return passed(self.closes, now)

    def holds(self, now: datetime.datetime) -> bool:
        """Whether it may be answered now."""
        return self.opens <= now and not self.over(now)


@dataclass(frozen=True, slots=True)
class Pending:
    """A survey that she may answer now."""

    moment: SurveyResponse.Moment
    window: Window
    required: bool


def questions_of(edition: Edition, moment: str) -> QuestionSet | None:
    """Return what is asked; the same before and after."""
    return edition.knowledge_set if moment in SurveyResponse.KNOWLEDGE else edition.satisfaction_set


def window(edition: Edition, moment: str) -> Window | None:
    """Return when it may be answered, or None without questions or sessions; one query, or none if at hand."""
    set_id = (
        edition.knowledge_set_id
        if moment in SurveyResponse.KNOWLEDGE
        else edition.satisfaction_set_id
    )
    sessions = [each for each in edition.sessions.all() if not each.cancelled_at] if set_id else []
    if not sessions:
        return None
    if moment == Moment.BEFORE:
        first = min(sessions, key=lambda session: session.starts_at)
        return Window(edition.enrollment_opens, first.ends_at)
    last = max(sessions, key=lambda session: session.ends_at)
    day = timezone.localdate(last.ends_at) + OPEN_FOR
    return Window(last.starts_at, timezone.make_aware(datetime.datetime.combine(day, LAST_TIME)))


def refusal(enrollment: Enrollment, moment: str, now: datetime.datetime) -> str:
    """Return why she cannot answer now, or nothing."""
    edition = enrollment.edition
    open_for = window(edition, moment)
    if open_for is None or edition.state not in UNDER_WAY:
        return "Esta edición no tiene esa encuesta."
    if enrollment.state not in MAY_ANSWER[moment]:
        return "Esta encuesta es para quien tiene un lugar confirmado en la edición."
    if now < open_for.opens:
        return f"Esta encuesta abre el {in_words(open_for.opens)}."
    if open_for.over(now):
        return f"Esta encuesta cerró el {in_words(open_for.closes)}."
    if any(closing.moment == moment for closing in edition.survey_closings.all()):
        return "Esta encuesta ya cerró: se mostraron sus resultados."
    return ""


def pending(enrollment: Enrollment, now: datetime.datetime | None = None) -> list[Pending]:
    """Return the surveys that she may answer now and has not; no query for an edición without any."""
    edition = enrollment.edition
    if not (edition.knowledge_set_id or edition.satisfaction_set_id):
        return []
    when = now or timezone.now()
    done = {mark.moment for mark in enrollment.survey_marks.all()}
    found = []
    for moment in Moment:
        open_for = window(edition, moment)
        if moment not in done and open_for and not refusal(enrollment, moment, when):
            required = edition.final_survey_required and moment == Moment.AFTER
            found.append(Pending(moment, open_for, required))
    return found


def pending_of(
    person: Person, now: datetime.datetime | None = None
) -> list[tuple[Enrollment, Pending]]:
    """Return every survey that a person may answer now; four queries at most."""
    when = now or timezone.now()
    today = timezone.localdate(when)
    asks = Q(edition__knowledge_set__isnull=False) | Q(edition__satisfaction_set__isnull=False)
    seats = (
        Enrollment.objects.filter(
            asks,
            person=person,
            state__in=MAY_ANSWER[Moment.AFTER],
            edition__state__in=UNDER_WAY,
            edition__ends_on__gte=today - OPEN_FOR,
        )
        .select_related("edition__course")
        .prefetch_related("edition__sessions", "edition__survey_closings", "survey_marks")
        .order_by("edition__starts_on", "pk")
    )
    return [(seat, each) for seat in seats for each in pending(seat, when)]


def answer(
    enrollment: Enrollment,
    moment: str,
    given: Mapping[int, Value],
    *,
    by: By,
    now: datetime.datetime | None = None,
) -> bool:
    """Keep what she answers (question id to number or text); False when she had answered already.

    Raises ValidationError: ``not_hers``, ``survey_closed``, ``survey_incomplete``.
    """
    if by.user is None or by.user.pk != enrollment.person.user_id:
        raise ValidationError("Solo ella puede contestar su encuesta.", code="not_hers")
    with transaction.atomic():
        edition = Edition.objects.locked(enrollment.edition_id)
        seat = Enrollment.objects.get(pk=enrollment.pk)
        seat.edition = edition
        if SurveyMark.objects.filter(enrollment=seat, moment=moment).exists():
            return False
        if why_not := refusal(seat, moment, now or timezone.now()):
            raise ValidationError(why_not, code="survey_closed")
        answers = _checked(_frozen(edition, moment), given)
        SurveyMark.objects.create(enrollment=seat, moment=moment)
        _keep(edition, moment, _pseudonym(seat, moment), answers)
    return True


def close_for_good(edition: Edition, moment: str) -> None:
    """Write that the figures of a survey are shown from now on: it takes no answer any more.

    Whoever is answering at that instant is waited for. Closed already, it changes nothing.
    """
    with transaction.atomic():
        locked = Edition.objects.locked(edition.pk)
        SurveyClosing.objects.get_or_create(edition=locked, moment=moment)


def owing(edition: Edition, now: datetime.datetime | None = None) -> frozenset[int]:
    """Return the inscripciones without the final survey that this edición asks for, while it is open."""
    if not edition.final_survey_required:
        return frozenset()
    open_for = window(edition, Moment.AFTER)
    if open_for is None or open_for.over(now or timezone.now()):
        return frozenset()
    done = SurveyMark.objects.filter(enrollment__edition=edition, moment=Moment.AFTER)
    asked = edition.enrollments.filter(state__in=MAY_ANSWER[Moment.AFTER])
    return frozenset(asked.exclude(pk__in=done.values("enrollment")).values_list("pk", flat=True))


def owed_sentence(edition: Edition) -> str:
    """Say of the final survey that it is missing, and until when."""
    open_for = window(edition, Moment.AFTER)
    until = in_words(open_for.closes) if open_for else ""
    return (
        "Falta que conteste la encuesta final, que esta edición pide. Puede hacerlo hasta el "
        f"{until}; después ya no es condición."
    )


def new_version(questions: QuestionSet) -> QuestionSet:
    """Return a copy that may be edited; asked again, the same copy."""
    with transaction.atomic():
        held = QuestionSet.objects.select_for_update().get(pk=questions.pk)
        made = QuestionSet.objects.filter(replaces=held).first()
        if made:
            return made
        made = QuestionSet(
            title=held.title, purpose=held.purpose, version=held.version + 1, replaces=held
        )
        made.full_clean()
        made.save()
        Question.objects.bulk_create(
            Question(
                question_set=made,
                order=question.order,
                text=question.text,
                kind=question.kind,
                options=question.options,
                right=question.right,
            )
            for question in held.questions.all()
        )
        return made


def _frozen(edition: Edition, moment: str) -> QuestionSet:
    """Hold the questions and write that they change no more."""
    asked = questions_of(edition, moment)
    if asked is None:
        raise ValidationError("Esta edición no tiene esa encuesta.", code="survey_closed")
    held = QuestionSet.objects.select_for_update().get(pk=asked.pk)
    if not held.frozen:
        held.frozen = True
        held.save(update_fields=["frozen"])
    return held


def _checked(asked: QuestionSet, given: Mapping[int, Value]) -> dict[str, Value]:
    """Return the answers as they are stored; every question but the open ones must have one."""
    kept: dict[str, Value] = {}
    for question in asked.questions.all():
        value = given.get(question.pk)
        if question.kind == Question.Kind.TEXT:
            if text := str(value or "").strip()[:TEXT_LENGTH]:
                kept[str(question.pk)] = text
        elif value in dict(question.choices):
            kept[str(question.pk)] = int(value)
        else:
            raise ValidationError(
                "Faltan respuestas. Revise las preguntas sin contestar.", code="survey_incomplete"
            )
    return kept


def _pseudonym(seat: Enrollment, moment: str) -> str:
    """Return the word that joins before and after; nothing for the anonymous one."""
    if moment == Moment.SATISFACTION:
        return ""
    told = f"{seat.edition_id}:{seat.pk}"
    return salted_hmac("trainings.encuestas", told, algorithm="sha256").hexdigest()


def _keep(edition: Edition, moment: str, pseudonym: str, answers: dict[str, Value]) -> None:
    """Write all the responses of a survey again, in an order that nobody chose."""
    kept = list(SurveyResponse.objects.filter(edition=edition, moment=moment))
    SurveyResponse.objects.filter(edition=edition, moment=moment).delete()
    rows = [(row.pseudonym, row.answers) for row in kept] + [(pseudonym, answers)]
    _shuffled.shuffle(rows)
    SurveyResponse.objects.bulk_create(
        SurveyResponse(
            key=uuid.uuid4(), edition=edition, moment=moment, pseudonym=word, answers=said
        )
        for word, said in rows
    )
