"""The messages of trainings, one function each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from red_genero.common import mail
from red_genero.common.mail import Attachment
from trainings import calendars
from trainings.models import Certificate, Edition, Enrollment


def enrolled_confirmed(enrollment: Enrollment) -> None:
    """The seat is hers; with the sittings for her calendar."""
    page = edition_page(enrollment.edition)
    file = calendars.confirmation(enrollment, page=page)
    extra = {
        "sessions": list(enrollment.edition.sessions.filter(cancelled_at__isnull=True)),
        "cancel_until": enrollment.edition.cancel_until,
    }
    _send("enrolled_confirmed", enrollment, extra, attachments=[file])


def enrollment_requested(enrollment: Enrollment) -> None:
    """Her request waits for the visto bueno of her jefatura."""
    _send("enrollment_requested", enrollment)


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


def edition_cancelled(enrollment: Enrollment, *, reason: str, had_seat: bool) -> None:
    """The whole edición was cancelled, and why."""
    page = edition_page(enrollment.edition)
    files = [calendars.cancellation(enrollment, page=page)] if had_seat else []
    _send("edition_cancelled", enrollment, {"reason": reason}, attachments=files)


def certificate_issued(certificate: Certificate) -> None:
    """Her constancia is ready; the file stays in the portal, where only she opens it."""
    person = certificate.person
    if not person.address:
        return
    verify = reverse("trainings:verify_code", args=[certificate.code])
    mail.send(
        "trainings/certificate_issued",
        to=person.address,
        context={
            "name": person.given_names,
            "course": certificate.course_title,
            "paper": certificate.get_kind_display().lower(),
            "folio": certificate.folio,
            "replaces": getattr(certificate, "replaces", None),
            "list_url": f"{settings.PORTAL_URL}{reverse('trainings:certificate_list')}",
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
    person, edition = enrollment.person, enrollment.edition
    if not person.address:
        return
    path = reverse("trainings:enrollment", args=[edition.course.key, edition.key])
    context = {
        "name": person.given_names,
        "course": edition.course.title,
        "dates": edition.dates,
        "edition_url": edition_page(edition),
        "enrollment_url": f"{settings.PORTAL_URL}{path}",
        **(extra or {}),
    }
    mail.send(
        f"trainings/{kind}",
        to=person.address,
        context=context,
        about=enrollment,
        attachments=attachments,
        expires_at=expires_at,
    )
