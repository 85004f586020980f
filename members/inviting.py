"""People whom the Instituto brings in: invited to apply, or registered on their behalf.

Who is registered gets an account without password; she enters with a code that only her mailbox receives, and the aviso
and each consent are asked of her then. Nothing of hers is shown before.
"""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import emails, membership
from members.membership import Place
from members.models import Invitation, Member, Person, User
from red_genero.common.models.folio import hold_folios
from red_genero.common.states import By

QUIET: Final = datetime.timedelta(days=7)
"""An address is not written to again before so long."""


def invite(email: str, *, name: str = "", by: By) -> Invitation:
    """Write to somebody so that she applies; one invitation per address.

    Raises ValidationError (codes ``already_here``, ``already_invited``).
    """
    inviter = _staff(by)
    if User.objects.filter(email=email).exists():
        raise ValidationError(
            "Ese correo ya tiene cuenta en el portal: no necesita invitación.", code="already_here"
        )
    try:
        with transaction.atomic():
            invited = Invitation(email=email, name=name, invited_by=inviter)
            invited.full_clean()
            invited.save()
            _write(invited)
    except IntegrityError:
        raise ValidationError(
            "Ya se invitó a ese correo: abra su invitación.", code="already_invited"
        ) from None
    return invited


def remind(invited: Invitation, *, by: By) -> Invitation:
    """Write again to who was invited, at most once a week.

    Raises ValidationError (codes ``already_here``, ``too_soon``).
    """
    _staff(by)
    with transaction.atomic():
        invited = Invitation.objects.select_for_update().get(pk=invited.pk)
        if (
            invited.kind == Invitation.Kind.APPLY
            and User.objects.filter(email=invited.email).exists()
        ):
            raise ValidationError("Ya creó su cuenta: no necesita invitación.", code="already_here")
        if invited.sent_at and timezone.now() - invited.sent_at < QUIET:
            raise ValidationError(
                "Se le escribió hace menos de siete días. Espere para insistir.", code="too_soon"
            )
        _write(invited)
    return invited


def register(
    data: Mapping[str, Any],
    place: Place,
    *,
    reason: str,
    since: datetime.date | None = None,
    write: bool = True,
    by: By,
) -> Member:
    """Make an integrante of somebody who did not apply by herself, and say so in the history.

    ``data`` holds the columns of a person, already made even; ``institutional_email`` is where her account is opened.
    ``write=False`` queues no mail. Raises ValidationError (codes ``already_here``, ``already_member``, ``mail_missing``
    and those of the fields).
    """
    inviter = _staff(by)
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    email = data.get("institutional_email", "")
    if not email:
        raise ValidationError("Falta su correo institucional.", code="mail_missing")
    with transaction.atomic():
        one_at_a_time()
        account = _open_account(email)
        person = Person(user=account, **data)
        person.full_clean(exclude=["user"])
        person.save()
        line = f"Registrada por el Instituto: {reason.strip()}"
        member = membership.enter(person, place, reason=line, since=since, by=by)
        Invitation.objects.update_or_create(
            email=email,
            defaults={
                "name": person.full_name,
                "kind": Invitation.Kind.ENTER,
                "person": person,
                "invited_by": inviter,
                "sent_at": timezone.now() if write else None,
            },
        )
        if write:
            emails.membership_registered(member)
    return member


def one_at_a_time() -> None:
    """Let nobody else register people until the open transaction ends: two files of the same people would collide."""
    hold_folios("INT")


def _open_account(email: str) -> User:
    """Return a new account without password; its mailbox is not proven yet."""
    try:
        with transaction.atomic():
            account = User.objects.create_user(email)
            EmailAddress.objects.create(user=account, email=email, primary=True, verified=False)
    except IntegrityError:
        raise ValidationError(
            "Ese correo ya tiene cuenta. Pida a la persona que presente su solicitud.",
            code="already_here",
        ) from None
    return account


def _write(invited: Invitation) -> None:
    """Queue the mail of an invitation and note when."""
    invited.sent_at = timezone.now()
    invited.save(update_fields=["sent_at"])
    member = Member.objects.filter(person=invited.person).first() if invited.person else None
    if invited.kind == Invitation.Kind.ENTER and member is not None:
        emails.membership_registered(member)
    else:
        emails.invitation(invited)


def _staff(by: By) -> User:
    """Return who acts; refuse the clock."""
    if not isinstance(by.user, User):
        raise ValidationError("Invita y registra una persona.", code="needs_a_person")
    return by.user
