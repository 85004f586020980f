"""To run an edición again: the same conditions on other dates, with nobody in it."""

import datetime
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Holiday
from red_genero.common import states
from red_genero.common.states import By
from trainings.models import Edition, Session

COPIED: Final = (
    "course",
    "mode",
    "hours",
    "seats",
    "minimum_participants",
    "offer_hours",
    "seats_per_department",
    "manager_approval",
    "open_to_non_members",
    "fill_automatically",
    "priority_rule",
    "minimum_attendance",
    "late_credit",
    "excused_leaves",
    "self_check_in",
    "late_after",
    "knowledge_set",
    "satisfaction_set",
    "final_survey_required",
)
SHIFTED: Final = (
    "starts_on",
    "ends_on",
    "enrollment_opens",
    "enrollment_closes",
    "cancel_until",
)
FRESH: Final = ("id", "key", "state", "policy_frozen_at", "cancel_reason", "closed_at")
"""Every column of an edición is in one of the three lists: a new one is decided here."""
PEOPLE: Final = ("instructors", "coordinators")
SITTING: Final = ("hours", "topic", "place", "community")
WEEK: Final = 7
WEEKEND: Final = (5, 6)
DAY: Final = r"l j \d\e F \d\e Y"


@dataclass(frozen=True, slots=True)
class Clone:
    """What would be made, not yet written."""

    edition: Edition
    sessions: list[Session]
    copied_from: list[Session]
    warnings: list[str]

    @property
    def sittings(self) -> list[tuple[Session, Session]]:
        """Each sitting beside the one that it copies."""
        return list(zip(self.copied_from, self.sessions, strict=True))


def first_day(edition: Edition) -> datetime.date:
    """Return the day to propose: the first one to come that keeps the days of the week."""
    weeks = (timezone.localdate() - edition.starts_on).days // WEEK + 1
    return edition.starts_on + datetime.timedelta(weeks=max(1, weeks))


def preview(edition: Edition, *, starts_on: datetime.date, key: str = "") -> Clone:
    """Return the edición moved so that it begins on ``starts_on``: every date keeps its distance and its hour.

    Cancelled sittings and links of online ones stay behind. Three queries.
    """
    days = starts_on - edition.starts_on
    made = Edition(key=key.lower(), **{name: getattr(edition, name) for name in COPIED})
    for name in SHIFTED:
        setattr(made, name, _moved(getattr(edition, name), days))
    held = list(edition.sessions.held().select_related("community").order_by("starts_at", "number"))
    sessions = [
        Session(
            edition=made,
            number=number,
            starts_at=_moved(session.starts_at, days),
            ends_at=_moved(session.ends_at, days),
            **{name: getattr(session, name) for name in SITTING},
        )
        for number, session in enumerate(held, start=1)
    ]
    return Clone(made, sessions, held, _warnings(made, sessions, days))


def clone(
    edition: Edition, *, starts_on: datetime.date, key: str, by: By, with_team: bool = False
) -> Edition:
    """Write the copy as a draft and return it; ``with_team`` keeps who teaches and who coordinates.

    Raises ValidationError: what the columns refuse (a repeated clave, say), ``key_taken`` for a second press at the
    same instant, and ``past`` for dates already gone.
    """
    if starts_on < timezone.localdate():
        raise ValidationError(
            {"starts_on": ValidationError("Elija un día de hoy en adelante.", code="past")}
        )
    copy = preview(edition, starts_on=starts_on, key=key)
    try:
        return _write(copy, edition, by=by, with_team=with_team)
    except IntegrityError:
        sentence = "Ya hay una edición con esa clave: quizá se presionó dos veces."
        raise ValidationError({"key": ValidationError(sentence, code="key_taken")}) from None


def _write(copy: Clone, edition: Edition, *, by: By, with_team: bool) -> Edition:
    """Write what was previewed, whole."""
    with transaction.atomic():
        made = copy.edition
        made.full_clean()
        made.save()
        for session in copy.sessions:
            session.edition = made
            session.full_clean()
        Session.objects.bulk_create(copy.sessions)
        if with_team:
            for name in PEOPLE:
                getattr(made, name).set(getattr(edition, name).all())
        states.append(
            made, from_state="", to_state=made.state, by=by, reason=f"Copia de {edition.key}."
        )
        return made


def _moved(when: Any, days: datetime.timedelta) -> Any:
    """Return the same local hour, that many days later."""
    if not isinstance(when, datetime.datetime):
        return when + days
    return timezone.make_aware(timezone.localtime(when).replace(tzinfo=None) + days)


def _warnings(made: Edition, sessions: list[Session], days: datetime.timedelta) -> list[str]:
    """Return in sentences what to look at before publishing it."""
    closed = dict(
        Holiday.objects.filter(day__range=(made.starts_on, made.ends_on)).values_list("day", "name")
    )
    same_weekdays = days.days % WEEK == 0
    said = []
    for session in sessions:
        falls = f"La sesión {session.number} cae en {date_format(session.day, DAY)}"
        if session.day in closed:
            said.append(f"{falls}, día inhábil: {closed[session.day]}.")
        elif session.day.weekday() in WEEKEND and not same_weekdays:
            said.append(f"{falls}.")
    if any(not session.place for session in sessions):
        said.append("Los enlaces de las sesiones en línea no se copian: escriba los nuevos.")
    if not sessions:
        said.append("No hay sesiones que copiar: agréguelas antes de publicar.")
    return said


def free_key(edition: Edition, starts_on: datetime.date) -> str:
    """Return a clave to propose: the course, the year, and the first number that is free; one query."""
    stem = f"{edition.course.key}-{starts_on.year}-"
    taken = set(Edition.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for number in count(1) if (key := f"{stem}{number}") not in taken)
