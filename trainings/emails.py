"""The messages of trainings, one function each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import floatformat
from django.urls import reverse

from red_genero.common import mail
from red_genero.common.mail import Attachment
from red_genero.common.models import QueuedMail
from trainings import calendars, wording
from trainings.models import Approval, ApprovalLink, Certificate, Edition, Enrollment


class Letter:
    """The confirmation of a seat, written before the lock and queued inside it.

    If the edición changed in between, it is written again: nobody gets yesterday's hours.
    """

    def __init__(self, enrollment: Enrollment) -> None:
        self._facts = facts(enrollment.edition)
        self._message = _confirmation(enrollment)

    def queue(self, enrollment: Enrollment) -> None:
        """Queue it about the inscripción that got the seat."""
        if self._message is None:
            return
        if self._facts != facts(enrollment.edition):
            enrolled_confirmed(enrollment)
            return
        mail.enqueue(self._message, kind="trainings/enrolled_confirmed", about=enrollment)


def enrolled_confirmed(enrollment: Enrollment) -> None:
    """The seat is hers; with the sittings for her calendar."""
    message = _confirmation(enrollment)
    if message is not None:
        mail.enqueue(message, kind="trainings/enrolled_confirmed", about=enrollment)


def _confirmation(enrollment: Enrollment) -> EmailMultiAlternatives | None:
    """Write the confirmation; who has no address gets none."""
    person, edition = enrollment.person, enrollment.edition
    if not person.address:
        return None
    return mail.compose(
        "trainings/enrolled_confirmed",
        to=person.address,
        context=_context(enrollment) | _sittings(edition),
        attachments=[calendars.confirmation(enrollment, page=edition_page(edition))],
    )


def _sittings(edition: Edition) -> dict[str, Any]:
    """Return what a confirmed person reads of the edición."""
    sessions = list(edition.sessions.held())
    return {
        "sessions": sessions,
        "sessions_text": wording.sittings(sessions),
        "cancel_until": edition.cancel_until,
    }


def facts(edition: Edition) -> list[Any]:
    """Return what a letter tells of an edición, to see whether it changed."""
    columns = ("pk", "starts_at", "ends_at", "place", "link")
    sessions = edition.sessions.held().order_by("pk").values_list(*columns)
    return [edition.cancel_until, edition.starts_on, edition.ends_on, *sessions]


def enrollment_requested(enrollment: Enrollment) -> None:
    """Her request waits for the visto bueno of her jefatura; to whom the portal wrote, and until when."""
    petition = Approval.objects.filter(enrollment=enrollment).first()
    links = list(petition.links.all()) if petition else []
    deadline = petition.deadline if petition else None
    extra = {"deadline": deadline, "links": links, "asked_text": wording.asked(links, deadline)}
    _send("enrollment_requested", enrollment, extra)


def approval_asked(link: ApprovalLink, *, reminder: bool = False) -> None:
    """Ask her jefatura, without account; the text opens an answer, so staff never reads it."""
    seat = link.approval.enrollment
    path = reverse("trainings:approval", args=[link.key])
    mail.send(
        "trainings/approval_asked",
        to=link.email,
        context={
            "woman": seat.person.full_name,
            "department": seat.department,
            "course": seat.edition.course.title,
            "dates": seat.edition.dates,
            "hours": floatformat(seat.edition.hours),
            "deadline": link.approval.deadline,
            "reminder": reminder,
            "substitute": link.role == ApprovalLink.Role.SUBSTITUTE,
            "intro": wording.reminded(
                reminder=reminder, substitute=link.role == ApprovalLink.Role.SUBSTITUTE
            ),
            "approval_url": f"{settings.PORTAL_URL}{path}",
        },
        about=seat,
        expires_at=link.approval.deadline,
        secret=True,
    )


def approval_expired(enrollment: Enrollment) -> None:
    """Nobody of her jefatura answered in time; how to ask again."""
    _send("approval_expired", enrollment)


def enrollment_moved(before: Enrollment, after: Enrollment, *, reason: str, had_seat: bool) -> None:
    """Staff moved her to another edición: one message takes the old dates and gives the new ones."""
    files = []
    if had_seat:
        files.append(calendars.cancellation(before, page=edition_page(before.edition)))
    confirmed = after.state == Enrollment.State.CONFIRMED
    if confirmed:
        files.append(calendars.confirmation(after, page=edition_page(after.edition)))
    facts = _sittings(after.edition)
    extra = {
        "old_dates": before.edition.dates,
        "old_course": before.edition.course.title,
        "reason": reason,
        "state": after.state,
        "confirmed": confirmed,
        "deadline": after.offer_expires_at,
        "next_step": wording.after_moving(after, facts["sessions"]),
        **facts,
    }
    _send("enrollment_moved", after, extra, attachments=files)


def nominated(enrollment: Enrollment) -> None:
    """Her dependencia put her forward: a seat is kept for her, or she is in the queue; she decides."""
    extra = {
        "offered": enrollment.state == Enrollment.State.OFFERED,
        "deadline": enrollment.offer_expires_at,
        "offer_hours": enrollment.edition.offer_hours,
        "next_step": wording.after_nominating(enrollment),
    }
    _send("nominated", enrollment, extra)


def group_message(enrollment: Enrollment, *, text: str) -> None:
    """Pass on what the coordination wrote to a group; the subject tells nothing."""
    _send("group_message", enrollment, {"text": text})


def enrollment_rejected(enrollment: Enrollment, *, reason: str) -> None:
    """Her jefatura did not give the visto bueno, and why."""
    _send("enrollment_rejected", enrollment, {"reason": reason})


def enrolled_waiting(enrollment: Enrollment) -> None:
    """She is in the queue; what happens next."""
    _send("enrolled_waiting", enrollment, {"offer_hours": enrollment.edition.offer_hours})


def offer(enrollment: Enrollment) -> None:
    """A seat is kept for her until a deadline; the link only opens the page that asks."""
    deadline = enrollment.offer_expires_at
    _send("offer", enrollment, {"deadline": deadline}, expires_at=deadline)


def offer_expired(enrollment: Enrollment) -> None:
    """The deadline passed and the seat went to the next person."""
    _send("offer_expired", enrollment, {"deadline": enrollment.offer_expires_at})


def enrollment_cancelled(enrollment: Enrollment, *, reason: str, had_seat: bool) -> None:
    """Her inscripción was cancelled; a seat she had leaves her calendar too."""
    page = edition_page(enrollment.edition)
    files = [calendars.cancellation(enrollment, page=page)] if had_seat else []
    _send("enrollment_cancelled", enrollment, {"reason": reason}, attachments=files)


def certificates_issued(certificates: Sequence[Certificate]) -> None:
    """Each one's constancia is ready; the file stays in the portal, where only she opens it."""
    mail.announce(
        "trainings/certificate_issued",
        [
            mail.Announcement(certificate.person.address, _issued(certificate), certificate)
            for certificate in certificates
            if certificate.person.address
        ],
    )


def _issued(certificate: Certificate) -> dict[str, Any]:
    """Return what the message of an issued constancia says."""
    verify = reverse("trainings:verify_code", args=[certificate.code])
    return {
        "name": certificate.person.given_names,
        "course": certificate.course_title,
        "paper": certificate.get_kind_display().lower(),
        "folio": certificate.folio,
        "replaces": getattr(certificate, "replaces", None),
        "list_url": f"{settings.PORTAL_URL}{reverse('trainings:certificate_list')}",
        "verify_url": f"{settings.PORTAL_URL}{verify}",
    }


def certificate_revoked(certificate: Certificate) -> None:
    """Her constancia no longer stands, with the public reason and nothing of the internal one."""
    person = certificate.person
    if not person.address:
        return
    verify = reverse("trainings:verify_code", args=[certificate.code])
    mail.send(
        "trainings/certificate_revoked",
        to=person.address,
        context={
            "name": person.given_names,
            "course": certificate.course_title,
            "paper": certificate.get_kind_display().lower(),
            "folio": certificate.folio,
            "reason": certificate.get_revocation_display().lower(),
            "verify_url": f"{settings.PORTAL_URL}{verify}",
        },
        about=certificate,
    )


def edition_page(edition: Edition) -> str:
    """Return the whole address of the edición's page."""
    path = reverse("trainings:edition_detail", args=[edition.course.key, edition.key])
    return f"{settings.PORTAL_URL}{path}"


def _send(
    kind: str,
    enrollment: Enrollment,
    extra: Mapping[str, Any] | None = None,
    *,
    attachments: Sequence[Attachment] = (),
    expires_at: datetime | None = None,
) -> None:
    """Queue one message about an inscripción; who has no address gets none."""
    mail.enqueue_all(
        written(kind, enrollment, extra, attachments=attachments, expires_at=expires_at)
    )


def written(
    kind: str,
    enrollment: Enrollment,
    extra: Mapping[str, Any] | None = None,
    *,
    attachments: Sequence[Attachment] = (),
    expires_at: datetime | None = None,
) -> list[QueuedMail]:
    """Write one message about an inscripción, to be stored later; none for who has no address."""
    if not enrollment.person.address:
        return []
    name = f"trainings/{kind}"
    message = mail.compose(
        name,
        to=enrollment.person.address,
        context=_context(enrollment) | dict(extra or {}),
        attachments=attachments,
    )
    return mail.written(message, kind=name, about=enrollment, expires_at=expires_at)


def _context(enrollment: Enrollment) -> dict[str, Any]:
    """Return what every message about an inscripción says."""
    edition = enrollment.edition
    path = reverse("trainings:enrollment", args=[edition.course.key, edition.key])
    return {
        "name": enrollment.person.given_names,
        "course": edition.course.title,
        "dates": edition.dates,
        "edition_url": edition_page(edition),
        "enrollment_url": f"{settings.PORTAL_URL}{path}",
        "catalog_url": f"{settings.PORTAL_URL}{reverse('trainings:course_list')}",
    }
