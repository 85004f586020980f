"""The messages about sesiones, reminders and surveys, and those to whoever coordinates; one function each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from members.models import User
from red_genero.common import mail
from red_genero.common.mail import Attachment
from trainings import calendars, wording
from trainings.emails import edition_page
from trainings.models import Edition, Enrollment, Session, SurveyResponse

if TYPE_CHECKING:
    from trainings.rescheduling import Change


def sessions_changed(
    edition: Edition, seats: Iterable[Enrollment], *, changes: Sequence["Change"]
) -> None:
    """What is different, the sessions as they are now, and the calendar that replaces the former one.

    One message each; the edición is read once for all of them, who wait for its row.
    """
    sessions, page = list(edition.sessions.held()), edition_page(edition)
    extra = {
        "changes": changes,
        "changes_text": wording.changes(changes),
        "sessions": sessions,
        "sessions_text": wording.sittings(sessions),
    }
    _to_all(
        "sessions_changed",
        edition,
        seats,
        extra,
        lambda seat: calendars.confirmation(seat, page=page, sessions=sessions),
    )


def session_cancelled(session: Session, seats: Iterable[Enrollment]) -> None:
    """One session will not take place, and why; it leaves her calendar. One message each."""
    page = edition_page(session.edition)
    extra = {
        "session": session,
        "session_text": wording.cancelled_sitting(session),
        "reason": session.cancel_reason,
    }
    _to_all(
        "session_cancelled",
        session.edition,
        seats,
        extra,
        lambda seat: calendars.session_cancellation(seat, session, page=page),
    )


def reminder_week(enrollment: Enrollment, *, sessions: Sequence[Session], survey: bool) -> None:
    """It begins in a week; the link, if there is one, still does not show."""
    extra = {
        "sessions": sessions,
        "sessions_text": wording.sittings(sessions),
        **_diagnosis(enrollment.edition, asked=survey),
    }
    _to_her("reminder_week", enrollment, extra, expires_at=sessions[0].starts_at)


def reminder_day(
    enrollment: Enrollment, *, sessions: Sequence[Session], survey: bool, now: datetime
) -> None:
    """There is a session tomorrow: where, or by which link once it may be seen."""
    sittings = [(session, session.link if session.link_shows(now) else "") for session in sessions]
    extra = {
        "sittings": sittings,
        "sessions_text": wording.sittings_of_tomorrow(sittings),
        **_diagnosis(enrollment.edition, asked=survey),
    }
    _to_her("reminder_day", enrollment, extra, expires_at=sessions[-1].starts_at)


def surveys_open(
    enrollment: Enrollment, *, moments: Sequence[SurveyResponse.Moment], until: datetime
) -> None:
    """It ended: what she may still tell, until when, and whether the constancia waits for it."""
    edition = enrollment.edition
    required = edition.final_survey_required and SurveyResponse.Moment.AFTER in moments
    pages = [(moment.label, survey_page(edition, moment)) for moment in moments]
    extra = {
        "surveys": pages,
        "surveys_text": wording.surveys(pages),
        "until": until,
        "required": required,
        "voluntary_text": wording.voluntary(required=required),
    }
    _to_her("surveys_open", enrollment, extra, expires_at=until)


def queue_closed(enrollment: Enrollment) -> None:
    """Enrolment ended and no seat came free for her; she keeps her turn in case it opens again."""
    page = f"{settings.PORTAL_URL}{reverse('trainings:course_list')}?abierta=si"
    _to_her("queue_closed", enrollment, {"open_url": page}, expires_at=enrollment.edition.begins_at)


def minimum_at_risk(edition: Edition, to: User, *, people: int) -> None:
    """Fewer people than the minimum have a seat, and enrolment is about to end."""
    _to_desk("minimum_at_risk", edition, to, {"people": people})


def enrollment_closed(edition: Edition, to: User, *, people: int, waiting: int) -> None:
    """Enrolment ended with so many people; whether they reach the minimum."""
    extra = {
        "people": people,
        "waiting": waiting,
        "short": people < edition.minimum_participants,
        "result_text": wording.closed_with(
            people=people,
            seats=edition.seats,
            waiting=waiting,
            minimum=edition.minimum_participants,
        ),
    }
    _to_desk("enrollment_closed", edition, to, extra)


def edition_to_close(edition: Edition, to: User) -> None:
    """The last session is over: attendance to capture, edición to close."""
    _to_desk("edition_to_close", edition, to, {})


def _diagnosis(edition: Edition, *, asked: bool) -> dict[str, str]:
    """Return where the diagnóstica is answered, and the invitation in words; empty when it is not asked."""
    page = survey_page(edition, SurveyResponse.Moment.BEFORE) if asked else ""
    return {"survey_url": page, "survey_text": wording.before_the_first(page)}


def survey_page(edition: Edition, moment: str) -> str:
    """Return the whole address of a survey's page."""
    path = reverse("trainings:survey", args=[edition.course.key, edition.key, moment])
    return f"{settings.PORTAL_URL}{path}"


def _to_her(
    kind: str, enrollment: Enrollment, extra: Mapping[str, Any], *, expires_at: datetime | None
) -> None:
    """Queue one message about an inscripción; who has no address gets none."""
    person, edition = enrollment.person, enrollment.edition
    if not person.address:
        return
    context = {"name": person.given_names, **_of_edition(edition), **extra}
    mail.send(
        f"trainings/{kind}",
        to=person.address,
        context=context,
        about=enrollment,
        expires_at=expires_at,
    )


def _to_all(
    kind: str,
    edition: Edition,
    seats: Iterable[Enrollment],
    extra: Mapping[str, Any],
    file: Callable[[Enrollment], Attachment],
) -> None:
    """Queue one message, with her calendar, for each inscripción of an edición; who has no address gets none."""
    letters, shared = [], _of_edition(edition) | dict(extra)
    for seat in seats:
        seat.edition = edition
        if to := seat.person.address:
            context = {"name": seat.person.given_names, **shared}
            letters.append(mail.Announcement(to, context, seat, [file(seat)]))
    mail.announce(f"trainings/{kind}", letters)


def _of_edition(edition: Edition) -> dict[str, Any]:
    """Return what every message to her says of the edición."""
    path = reverse("trainings:enrollment", args=[edition.course.key, edition.key])
    return {
        "course": edition.course.title,
        "dates": edition.dates,
        "cancel_until": edition.cancel_until,
        "edition_url": edition_page(edition),
        "enrollment_url": f"{settings.PORTAL_URL}{path}",
    }


def _to_desk(kind: str, edition: Edition, to: User, extra: Mapping[str, Any]) -> None:
    """Queue one message to somebody who coordinates the edición; it names nobody."""
    path = reverse("trainings:coordination_edition", args=[edition.key])
    mail.send(
        f"trainings/{kind}",
        to=to.email,
        context={
            "course": edition.course.title,
            "dates": edition.dates,
            "minimum": edition.minimum_participants,
            "seats": edition.seats,
            "closes": edition.enrollment_closes,
            "desk_url": f"{settings.PORTAL_URL}{path}",
            **extra,
        },
        about=edition,
    )
