"""The messages of the members app, one function each; subjects say nothing of what is inside."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from members.models import Application, InformationRequest, Member, Person
from red_genero.common import mail


def application_sent(application: Application) -> None:
    """Her solicitud arrived: folio and what comes next."""
    _send("application_sent", application.person, application, application=application)


def information_requested(question: InformationRequest) -> None:
    """The Instituto asks something and says until when."""
    application = question.application
    _send(
        "information_requested",
        application.person,
        application,
        expires_at=question.deadline,
        application=application,
        question=question,
    )


def information_reminder(question: InformationRequest) -> None:
    """Half of the time to answer has passed."""
    application = question.application
    _send(
        "information_reminder",
        application.person,
        application,
        expires_at=question.deadline,
        application=application,
        question=question,
    )


def application_approved(application: Application, member: Member) -> None:
    """Welcome: she belongs to the Red."""
    _send(
        "application_approved",
        application.person,
        application,
        application=application,
        member=member,
    )


def application_rejected(application: Application) -> None:
    """The decision, its reason, and that she may apply again."""
    _send("application_rejected", application.person, application, application=application)


def application_withdrawn(application: Application) -> None:
    """She withdrew it; proof for her."""
    _send("application_withdrawn", application.person, application, application=application)


def application_expired(application: Application) -> None:
    """Nobody answered in time, and how to apply again."""
    _send("application_expired", application.person, application, application=application)


def membership_suspended(member: Member, reason: str) -> None:
    """Her membership is suspended, why, and whom to ask."""
    _send("membership_suspended", member.person, member, member=member, reason=reason)


def membership_reinstated(member: Member) -> None:
    """Her membership is active again."""
    _send("membership_reinstated", member.person, member, member=member)


def membership_ended(member: Member, reason: str) -> None:
    """She left the Red: what stays hers."""
    _send("membership_ended", member.person, member, member=member, reason=reason)


def _send(
    kind: str, person: Person, about: models.Model, *, expires_at: Any = None, **context: Any
) -> None:
    """Queue one message to a person, if there is an address for her."""
    if not person.address:
        return
    mail.send(
        f"members/{kind}",
        to=person.address,
        about=about,
        expires_at=expires_at,
        context={
            "person": person,
            "application_url": settings.PORTAL_URL + reverse("members:application"),
            "panel_url": settings.PORTAL_URL + reverse("panel"),
            **context,
        },
    )
