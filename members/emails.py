"""The messages of the members app, one function each; subjects say nothing of what is inside."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from members.models import (
    Application,
    Assignment,
    ContactRequest,
    Designation,
    DesignationRequest,
    GovernmentTerm,
    InformationRequest,
    Institute,
    Invitation,
    Member,
    Person,
    UnitPaper,
    UnitStep,
)
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


def membership_readscribed(member: Member, assignment: Assignment) -> None:
    """The Instituto recorded that she works elsewhere, or as something else."""
    _send("membership_readscribed", member.person, member, member=member, assignment=assignment)


def membership_registered(member: Member) -> None:
    """The Instituto registered her: how to enter, and that nothing is shown until she says so."""
    login = settings.PORTAL_URL + reverse("account_login")
    _send("membership_registered", member.person, member, member=member, login_url=login)


def invitation(invited: Invitation) -> None:
    """Somebody of the Instituto invites her to apply."""
    mail.send(
        "members/invitation",
        to=invited.email,
        about=invited,
        context={
            "invitation": invited,
            "signup_url": settings.PORTAL_URL + reverse("account_signup"),
            "notice_url": settings.PORTAL_URL + reverse("members:privacy"),
        },
    )


def designation_nominated(designation: Designation) -> None:
    """Her dependencia designates her: she accepts or declines in the portal."""
    _about_designation("designation_nominated", designation)


def designation_validated(designation: Designation) -> None:
    """She is enlace from a date on."""
    _about_designation("designation_validated", designation)


def designation_rejected(designation: Designation, reason: str) -> None:
    """Validación did not accept it, and why."""
    _about_designation("designation_rejected", designation, reason=reason)


def designation_ended(designation: Designation, reason: str) -> None:
    """She leaves the post, when and why."""
    _about_designation("designation_ended", designation, reason=reason)


def designation_expired(designation: Designation) -> None:
    """The period of the oficio is over; her titular may designate again."""
    _about_designation("designation_expired", designation)


def designation_ending(designation: Designation) -> None:
    """The period ends soon: one message to her, one to her titular, one to the Instituto."""
    _about_designation("designation_ending", designation)
    for address in {designation.titular_email, Institute.current().email} - {""}:
        mail.send(
            "members/designation_ending_office",
            to=address,
            about=designation,
            context={"designation": designation},
        )


def term_closed(designation: Designation, term: GovernmentTerm) -> None:
    """The government ended and with it her post; what stays hers, and how it may go on."""
    _about_designation("term_closed", designation, term=term)


def term_ending(designation: Designation, term: GovernmentTerm) -> None:
    """The government ends soon, and with it her post: to her, and to the titular who designated her."""
    _about_designation("term_ending", designation, term=term)
    if designation.titular_email:
        mail.send(
            "members/term_ending_titular",
            to=designation.titular_email,
            about=designation,
            context={"designation": designation, "term": term},
        )


def term_ending_office(term: GovernmentTerm) -> None:
    """The same to the Instituto, with where to prepare the change."""
    to = Institute.current().email
    if to:
        url = reverse("members:term_progress", args=[term.key])
        mail.send(
            "members/term_ending_office",
            to=to,
            about=term,
            context={"term": term, "term_url": settings.PORTAL_URL + url},
        )


def designation_requested(request: DesignationRequest, content: bytes) -> None:
    """The letter that asks for an enlace, with its PDF, to who was addressed."""
    if request.addressee_email:
        mail.send(
            "members/designation_requested",
            to=request.addressee_email,
            about=request,
            context={"request": request},
            attachments=[mail.Attachment(f"{request.folio}.pdf", content, "application/pdf")],
        )


def unit_step_validated(step: UnitStep, holders: Iterable[Designation]) -> None:
    """The unit stands on a new rung: to its enlace titular."""
    _about_unit("unit_step_validated", step, holders, step=step, department=step.unit.department)


def unit_step_observed(step: UnitStep, holders: Iterable[Designation]) -> None:
    """Something is missing in the evidence, and what: to its enlace titular."""
    _about_unit("unit_step_observed", step, holders, step=step, department=step.unit.department)


def unit_plan_ending(paper: UnitPaper, holders: Iterable[Designation]) -> None:
    """The annual plan ends soon: to the enlace titular, to the titular who designated her and to the Instituto."""
    context = {"paper": paper, "department": paper.unit.department}
    holders = list(holders)
    _about_unit("unit_plan_ending", paper, holders, **context)
    addresses = {Institute.current().email, *(row.titular_email for row in holders)}
    for address in sorted(addresses - {""}):
        mail.send("members/unit_plan_ending_office", to=address, about=paper, context=context)


def _about_unit(
    kind: str, about: models.Model, holders: Iterable[Designation], **context: Any
) -> None:
    """Queue one message to who holds the post, with the address of «Mi unidad»."""
    url = settings.PORTAL_URL + reverse("members:unit_list")
    for designation in holders:
        _send(kind, designation.person, about, unit_url=url, **context)


def contact_requested(request: ContactRequest) -> None:
    """Somebody of the Red wants to be in contact; who and why is read in the portal."""
    _about_contact("contact_requested", request.recipient, request, expires_at=request.expires_at)


def contact_accepted(request: ContactRequest) -> None:
    """She answered, and what she shares is read in the portal."""
    _about_contact("contact_accepted", request.sender, request)


def _about_contact(
    kind: str, person: Person, request: ContactRequest, *, expires_at: Any = None
) -> None:
    """Queue one message with the address of a request's page, which only the two of them open."""
    url = settings.PORTAL_URL + reverse("members:contact_detail", args=[request.key])
    _send(kind, person, request, expires_at=expires_at, request=request, contact_url=url)


def _about_designation(kind: str, designation: Designation, **context: Any) -> None:
    """Queue one message to the person of a designation, with the address of its page."""
    url = settings.PORTAL_URL + reverse("members:designation_detail", args=[designation.key])
    _send(
        kind,
        designation.person,
        designation,
        designation=designation,
        designation_url=url,
        **context,
    )


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
