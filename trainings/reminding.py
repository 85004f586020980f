"""What the calendar makes the portal say: reminders to who has a seat, notices to who coordinates. Each once.

What fell due while nothing ran is said if it still helps, and is never sent late: a week's notice not in the last two
days, a session's eve not once the session has begun, a deadline not once the edición has moved on.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import User
from red_genero.common.models import Transition
from trainings import session_emails, surveying
from trainings.models import Edition, EditionNotice, Enrollment, Reminder, Session, SurveyResponse
from trainings.models.edition import LAST_SECOND

WEEK: Final = datetime.timedelta(days=7)
EVE: Final = datetime.timedelta(days=1)
TOO_NEAR: Final = datetime.timedelta(days=2)
MINIMUM_WARNED: Final = datetime.timedelta(days=3)
Kind = EditionNotice.Kind
Moment = SurveyResponse.Moment
AHEAD: Final = (Edition.State.PUBLISHED, Edition.State.RUNNING)


def remind(now: datetime.datetime) -> int:
    """Remind of what begins in a week and of tomorrow's sessions; return how many messages."""
    due = Session.objects.held().filter(
        edition__state__in=AHEAD, starts_at__gt=now, starts_at__lte=now + WEEK
    )
    return sum(_remind_of(pk, now) for pk in _editions(due))


def invite_to_surveys(now: datetime.datetime) -> int:
    """Ask for what may be answered once the last session is over; return how many messages."""
    asking = Edition.objects.filter(
        Q(knowledge_set__isnull=False) | Q(satisfaction_set__isnull=False),
        state__in=surveying.UNDER_WAY,
        starts_on__lte=timezone.localdate(now),
        ends_on__gte=timezone.localdate(now) - surveying.OPEN_FOR,
    )
    return sum(_invite(pk, now) for pk in list(asking.order_by("pk").values_list("pk", flat=True)))


def warn_of_minimum(now: datetime.datetime) -> int:
    """Tell who coordinates, three days before enrolment closes, that the minimum is not reached."""
    near = Edition.objects.filter(
        state=Edition.State.PUBLISHED,
        minimum_participants__gt=0,
        enrollment_closes__gt=now - LAST_SECOND,
        enrollment_closes__lte=now + MINIMUM_WARNED,
    )

    def say(edition: Edition, to: list[User]) -> None:
        people = _seated(edition)
        for account in to if people < edition.minimum_participants else []:
            session_emails.minimum_at_risk(edition, account, people=people)

    short = _unannounced(near, Kind.MINIMUM, "enrollment_closes")
    return sum(
        _announce(short, pk, Kind.MINIMUM, say, _deadline)
        for pk, seated, least in _with_seats(short)
        if seated < least
    )


def tell_enrollment_closed(now: datetime.datetime) -> int:
    """Tell who coordinates, and who still waits, that enrolment ended, while the edición is to begin."""
    closed = Edition.objects.filter(
        state=Edition.State.PUBLISHED, enrollment_closes__lte=now - LAST_SECOND
    )

    def say(edition: Edition, to: list[User]) -> None:
        if edition.begins_at <= now:
            return
        queue = Enrollment.objects.filter(edition=edition).queue().select_related("person__user")
        for seat in queue:
            seat.edition = edition
            session_emails.queue_closed(seat)
        for account in to:
            session_emails.enrollment_closed(
                edition, account, people=_seated(edition), waiting=len(queue)
            )

    due = _unannounced(closed, Kind.ENROLLMENT_CLOSED, "enrollment_closes")
    return sum(
        _announce(due, pk, Kind.ENROLLMENT_CLOSED, say, _deadline) for pk, _, _ in _with_seats(due)
    )


def tell_to_close(now: datetime.datetime) -> int:
    """Tell who coordinates that the last session is over and the edición waits for its closing."""
    done = Edition.objects.to_close(now).annotate(last_end=_last_end())

    def say(edition: Edition, to: list[User]) -> None:
        for account in to:
            session_emails.edition_to_close(edition, account)

    due = _unannounced(done, Kind.TO_CLOSE, "last_end")
    return sum(_announce(due, pk, Kind.TO_CLOSE, say, _last) for pk, _, _ in _with_seats(due))


# Reminders ----------------------------------------------------------------------------------------
def _remind_of(pk: int, now: datetime.datetime) -> int:
    """Send what an edición owes its confirmed people now."""
    with transaction.atomic():
        edition = Edition.objects.locked(pk)
        if edition.state not in AHEAD:
            return 0
        sessions = list(edition.sessions.held().select_related("community"))
        first = min(session.starts_at for session in sessions)
        told = 0
        if first - WEEK <= now < first - TOO_NEAR:
            seats = _confirmed(edition, before=first - WEEK)
            told += _week(edition, sessions, seats)
        for day in _due_days(sessions, now):
            told += _eve(edition, day, sessions, now)
        return told


def _week(edition: Edition, sessions: list[Session], seats: Iterable[Enrollment]) -> int:
    day = min(session.day for session in sessions)
    owed = _owed(Reminder.Kind.WEEK, day, seats)
    for seat in owed:
        seat.edition = edition
        session_emails.reminder_week(seat, sessions=sessions, survey=_asks(seat, Moment.BEFORE))
    return len(owed)


def _eve(
    edition: Edition, day: datetime.date, sessions: list[Session], now: datetime.datetime
) -> int:
    """Remind of all that is left of one day."""
    of_day = [session for session in sessions if session.day == day and session.starts_at > now]
    owed = _owed(Reminder.Kind.DAY, day, _confirmed(edition))
    for seat in owed:
        seat.edition = edition
        survey = _asks(seat, Moment.BEFORE)
        session_emails.reminder_day(seat, sessions=of_day, survey=survey, now=now)
    return len(owed)


def _due_days(sessions: list[Session], now: datetime.datetime) -> list[datetime.date]:
    """Return the days whose first session begins within 24 hours, one still to come."""
    by_day: dict[datetime.date, list[datetime.datetime]] = defaultdict(list)
    for session in sessions:
        by_day[session.day].append(session.starts_at)
    return sorted(day for day, starts in by_day.items() if min(starts) - EVE <= now < max(starts))


def _asks(seat: Enrollment, moment: str) -> bool:
    """Whether she may still answer that survey."""
    return any(each.moment == moment for each in surveying.pending(seat))


def _invite(pk: int, now: datetime.datetime) -> int:
    """Ask whoever has something to answer."""
    with transaction.atomic():
        edition = Edition.objects.locked(pk)
        open_for = surveying.window(edition, Moment.AFTER) or surveying.window(
            edition, Moment.SATISFACTION
        )
        last = _last(edition)
        if open_for is None or last is None or now < last or open_for.over(now):
            return 0
        seats = edition.enrollments.filter(
            state__in=surveying.MAY_ANSWER[Moment.AFTER]
        ).select_related("person__user")
        told = 0
        for seat in _owed(Reminder.Kind.SURVEYS, timezone.localdate(last), seats):
            seat.edition = edition
            moments = [each.moment for each in surveying.pending(seat, now)]
            if moments:
                session_emails.surveys_open(seat, moments=moments, until=open_for.closes)
                told += 1
        return told


def _owed(kind: str, day: datetime.date, seats: Iterable[Enrollment]) -> list[Enrollment]:
    """Write that these are reminded of ``day``, and return those who had not been; the edición is held."""
    people = list(seats)
    done = set(
        Reminder.objects.sent(kind, day, [seat.pk for seat in people]).values_list(
            "enrollment", flat=True
        )
    )
    owed = [seat for seat in people if seat.pk not in done]
    Reminder.objects.bulk_create(Reminder(enrollment=seat, kind=kind, day=day) for seat in owed)
    return owed


def _confirmed(
    edition: Edition, *, before: datetime.datetime | None = None
) -> models.QuerySet[Enrollment]:
    """Return who has a confirmed seat; ``before`` leaves out who was told all of it since then."""
    seats = Enrollment.objects.filter(edition=edition, state=Enrollment.State.CONFIRMED)
    if before is not None:
        moves = Transition.objects.filter(
            content_type=ContentType.objects.get_for_model(Enrollment),
            object_id=OuterRef("pk"),
            to_state=Enrollment.State.CONFIRMED,
        )
        latest = moves.order_by().values("object_id").annotate(last=Max("at")).values("last")
        seats = seats.annotate(since=Coalesce(Subquery(latest), "requested_at")).filter(
            since__lt=before
        )
    return seats.select_related("person__user").order_by("pk")


# Notices ------------------------------------------------------------------------------------------
def _announce(
    editions: models.QuerySet[Edition],
    pk: int,
    kind: str,
    say: Callable[[Edition, list[User]], None],
    due: Callable[[Edition], datetime.datetime | None],
) -> int:
    """Write the notice and send it; 0 when somebody was faster."""
    with transaction.atomic():
        edition = Edition.objects.locked(pk)
        when = due(edition)
        if when is None or not editions.filter(pk=pk).exists():
            return 0
        _, fresh = EditionNotice.objects.get_or_create(edition=edition, kind=kind, due=when)
        if fresh:
            say(edition, _desk_of(edition))
        return int(fresh)


def _unannounced(
    editions: models.QuerySet[Edition], kind: str, due: str
) -> models.QuerySet[Edition]:
    told = EditionNotice.objects.filter(edition=OuterRef("pk"), kind=kind, due=OuterRef(due))
    return editions.filter(~Exists(told))


def _with_seats(editions: models.QuerySet[Edition]) -> list[tuple[int, int, int]]:
    """Return (id, people with a seat, minimum) of each."""
    found = list(editions.order_by("pk"))
    places = Enrollment.objects.places(found)
    return [(each.pk, places[each.pk].held, each.minimum_participants) for each in found]


def _desk_of(edition: Edition) -> list[User]:
    """Return who coordinates it; without anybody, who may coordinate every edición."""
    hers = list(edition.coordinators.filter(is_active=True).order_by("pk"))
    if hers:
        return hers
    may = Q(groups__permissions__codename="coordinate_every_edition") | Q(
        user_permissions__codename="coordinate_every_edition"
    )
    return list(User.objects.filter(may, is_active=True).distinct().order_by("pk"))


def _seated(edition: Edition) -> int:
    return Enrollment.objects.filter(edition=edition).holding().count()


def _deadline(edition: Edition) -> datetime.datetime:
    return edition.enrollment_closes


def _last(edition: Edition) -> datetime.datetime | None:
    last: datetime.datetime | None = edition.sessions.held().aggregate(last=Max("ends_at"))["last"]
    return last


def _last_end() -> Subquery:
    held = Session.objects.held().filter(edition=OuterRef("pk")).order_by()
    return Subquery(held.values("edition").annotate(last=Max("ends_at")).values("last"))


def _editions(sessions: models.QuerySet[Session]) -> list[int]:
    return list(sessions.order_by("edition").values_list("edition", flat=True).distinct())
