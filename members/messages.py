"""The messages about her changes and her rights, one function each; subjects say nothing of what is inside."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from members.models import ChangeRequest, Institute, Person, PrivacyRequest
from red_genero.common import mail


def change_requested(change: ChangeRequest) -> None:
    """Her request of a change arrived."""
    _send("change_requested", change.person, change, change=change)


def change_approved(change: ChangeRequest) -> None:
    """The change was made."""
    _send("change_approved", change.person, change, change=change)


def change_refused(change: ChangeRequest) -> None:
    """The change was not made, and why."""
    _send("change_refused", change.person, change, change=change)


def privacy_request_received(request: PrivacyRequest) -> None:
    """Her solicitud ARCO arrived: folio and deadline."""
    _send("privacy_request_received", request.person, request, request=request)


def privacy_request_extended(request: PrivacyRequest) -> None:
    """The deadline was extended, once, and why."""
    _send("privacy_request_extended", request.person, request, request=request)


def privacy_request_answered(request: PrivacyRequest) -> None:
    """There is an answer; it is read in the portal."""
    _send("privacy_request_answered", request.person, request, request=request)


def privacy_request_due(request: PrivacyRequest) -> None:
    """The deadline is near: to who attends it, and to the Instituto."""
    handler = request.handler.email if request.handler else ""
    for address in sorted({handler, Institute.current().email} - {""}):
        mail.send(
            "members/privacy_request_due",
            to=address,
            about=request,
            context={"request": request, "panel_url": settings.PORTAL_URL + reverse("panel")},
        )


def person_blocked(person: Person) -> None:
    """Her data are blocked; what follows."""
    _send("person_blocked", person, None)


def _send(kind: str, person: Person, about: models.Model | None, **context: Any) -> None:
    """Queue one message to a person, if there is an address for her."""
    if not person.address:
        return
    mail.send(
        f"members/{kind}",
        to=person.address,
        about=about,
        context={
            "person": person,
            "panel_url": settings.PORTAL_URL + reverse("panel"),
            "my_data_url": settings.PORTAL_URL + reverse("members:my_data"),
            **context,
        },
    )
