"""A request for contact: one integrante writes to another, who shares her mail or telephone or says nothing.

Whoever may not be written to does not exist for who writes: hidden, not listed, without account, or not receiving.
Locks: both memberships, by key → the request.
"""

import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from members import emails
from members.models import ContactRequest, Designation, Member, Person
from members.models.contact import ContactRequestQuerySet
from members.models.person import PersonQuerySet
from red_genero.common import states
from red_genero.common.states import By

State = ContactRequest.State
TERM: Final = datetime.timedelta(days=15)
"""How long she may answer."""
SAME_AGAIN: Final = datetime.timedelta(days=90)
"""How long who was not answered waits before she writes to the same person."""
A_DAY: Final = datetime.timedelta(days=1)
PER_DAY: Final = 5
OPEN_AT_ONCE: Final = 10
ALREADY: Final = "Ya le escribió y todavía puede responder. Espere su respuesta."


def reachable() -> PersonQuerySet:
    """Return whom an integrante may write to: in the directory, or named as enlace to integrantes, and receiving."""
    named = Designation.objects.current().named_to(as_member=True)
    return (
        Person.objects.members()
        .filter(Q(show_in_directory=True) | Q(pk__in=named.values("person")))
        .filter(hidden=False, accepts_contact=True, blocked_at=None, user__is_active=True)
    )


def still_shown() -> PersonQuerySet:
    """Return whose name and data who wrote to them may go on reading: they are still shown to integrantes."""
    named = Designation.objects.current().named_to(as_member=True)
    shown = Q(show_in_directory=True) | Q(pk__in=named.values("person"))
    return Person.objects.members().filter(shown, hidden=False, blocked_at=None)


def ask(sender: Person, recipient: Person, message: str, *, by: By) -> ContactRequest:
    """Send a request; one mail tells her that something waits in the portal, not from whom.

    Raises ValidationError (codes ``not_reachable``, ``not_member``, ``already_asked``, ``asked_lately``,
    ``too_many``); pressing twice with the same words returns the same request.
    """
    with transaction.atomic():
        _hold(sender, recipient)
        if not reachable().filter(pk=recipient.pk).exclude(pk=sender.pk).exists():
            raise ValidationError("Esa persona no está en el directorio.", code="not_reachable")
        earlier = ContactRequest.objects.filter(sender=sender, recipient=recipient).first()
        if earlier is not None and earlier.state == State.SENT and earlier.message == message:
            return earlier
        if earlier is not None and earlier.state == State.SENT and _over(earlier):
            _expire(earlier, by=by)
        _check(sender, earlier)
        now = timezone.now()
        made = ContactRequest(sender=sender, recipient=recipient, message=message)
        made.sent_at, made.expires_at = now, now + TERM
        made.full_clean()
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise ValidationError(ALREADY, code="already_asked") from error
        states.append(made, from_state="", to_state=made.state, by=by)
        emails.contact_requested(made)
    return made


def accept(request: ContactRequest, *, email: bool, phone: bool, by: By) -> ContactRequest:
    """She shares what she chooses; who asked reads it in the portal."""
    _check_hers(request, by)
    with transaction.atomic():
        request = _locked(request)
        if request.state == State.ACCEPTED:
            return request
        _refuse_late(request)
        her = request.recipient
        request.shares_email = email and bool(her.institutional_email)
        request.shares_phone = phone and bool(her.office_phone)
        if not (request.shares_email or request.shares_phone):
            raise ValidationError(
                "Elija qué comparte: su correo o su teléfono. Si no quiere compartir nada, decline.",
                code="nothing_shared",
            )
        request.answered_at = timezone.now()
        touched = ("shares_email", "shares_phone", "answered_at")
        states.move(request, State.ACCEPTED, moves=ContactRequest.MOVES, by=by, touched=touched)
        emails.contact_accepted(request)
    return request


def decline(request: ContactRequest, *, by: By) -> ContactRequest:
    """She shares nothing; no reason is asked and no mail leaves."""
    _check_hers(request, by)
    with transaction.atomic():
        request = _locked(request)
        if request.state != State.DECLINED:
            _refuse_late(request)
            _close(request, State.DECLINED, by=by)
    return request


def receive(person: Person, *, accepts: bool, by: By) -> Person:
    """Say whether others may write to her; saying no declines, silently, what waits for her."""
    with transaction.atomic():
        _hold(person)
        holder = Person.objects.select_for_update().get(pk=person.pk)
        if holder.accepts_contact != accepts:
            holder.accepts_contact = accepts
            holder.save(update_fields=["accepts_contact"])
        if not accepts:
            for waiting in _each(ContactRequest.objects.waiting().filter(recipient=holder)):
                _close(waiting, State.DECLINED, by=by)
    return holder


def close_all_of(person: Person, *, by: By) -> int:
    """Close what she sent and what waits for her: she leaves, or her data are blocked."""
    hers = Q(sender=person) | Q(recipient=person)
    closed = 0
    for waiting in _each(ContactRequest.objects.waiting().filter(hers)):
        _close(waiting, State.EXPIRED, by=by)
        closed += 1
    return closed


def expire_due(*, by: By) -> list[ContactRequest]:
    """Close those that nobody answered in time; doing it again finds nothing."""
    done = []
    for key in ContactRequest.objects.due().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            found = ContactRequest.objects.select_for_update(of=("self",)).filter(pk=key)
            request = found.waiting().first()
            if request is not None:
                _expire(request, by=by)
                done.append(request)
    return done


def become_one(kept: Person, gone: Person) -> None:
    """Before two rows become one: forget what one wrote to the other, and leave one open to each third person."""
    between = Q(sender=kept, recipient=gone) | Q(sender=gone, recipient=kept)
    ContactRequest.objects.filter(between).delete()
    mine = ContactRequest.objects.waiting()
    for hers in ContactRequest.objects.waiting().filter(Q(sender=gone) | Q(recipient=gone)):
        same = (
            mine.filter(sender=kept, recipient=hers.recipient_id)
            if hers.sender_id == gone.pk
            else mine.filter(sender=hers.sender_id, recipient=kept)
        )
        if same.exists():
            hers.delete()


def _check(sender: Person, earlier: ContactRequest | None) -> None:
    """Refuse who insists and who writes to many; counted by account, never by the address of the network."""
    now = timezone.now()
    if earlier is not None and earlier.state == State.SENT:
        raise ValidationError(ALREADY, code="already_asked")
    if earlier is not None and earlier.state == State.ACCEPTED:
        raise ValidationError(
            "Ya le compartió cómo comunicarse: lo encuentra en «Solicitudes de contacto».",
            code="already_answered",
        )
    if earlier is not None and earlier.sent_at > now - SAME_AGAIN:
        raise ValidationError(
            f"Ya le escribió hace poco. Puede volver a hacerlo {SAME_AGAIN.days} días después de esa vez.",
            code="asked_lately",
        )
    hers = ContactRequest.objects.filter(sender=sender)
    if hers.since(now - A_DAY).count() >= PER_DAY or hers.open().count() >= OPEN_AT_ONCE:
        raise ValidationError(
            f"Puede enviar hasta {PER_DAY} solicitudes al día y tener {OPEN_AT_ONCE} en espera. "
            "Espere respuesta o vuelva mañana.",
            code="too_many",
        )


def _over(request: ContactRequest) -> bool:
    return request.expires_at <= timezone.now()


def _expire(request: ContactRequest, *, by: By) -> None:
    _close(request, State.EXPIRED, by=by)


def _close(request: ContactRequest, to: str, *, by: By) -> None:
    """Pass through the one door without sharing anything."""
    request.answered_at = timezone.now()
    states.move(request, to, moves=ContactRequest.MOVES, by=by, touched=("answered_at",))


def _each(found: ContactRequestQuerySet) -> list[ContactRequest]:
    """Return the rows, held until the end of the transaction."""
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def _hold(*people: Person) -> None:
    """Hold their memberships: two presses, a baja or a change of mind wait for each other."""
    held = Member.objects.select_for_update().filter(person__in=people).order_by("pk")
    found = {member.person_id: member for member in held}
    writer = found.get(people[0].pk)
    if len(people) > 1 and (writer is None or writer.state != Member.State.ACTIVE):
        raise ValidationError("Solo escriben las integrantes activas de la Red.", code="not_member")


def _locked(request: ContactRequest) -> ContactRequest:
    """Return the row as it is now, held until the end of the transaction."""
    return (
        ContactRequest.objects.select_for_update(of=("self",))
        .select_related("recipient__user", "sender__user")
        .get(pk=request.pk)
    )


def _refuse_late(request: ContactRequest) -> None:
    """Refuse an answer after the term; the round closes it."""
    if request.state == State.SENT and _over(request):
        raise ValidationError("Terminó el plazo para responder esta solicitud.", code="expired")
    if request.state != State.SENT:
        raise ValidationError(
            "Esta solicitud ya está cerrada. Actualice la página para ver su estado.", code="closed"
        )


def _check_hers(request: ContactRequest, by: By) -> None:
    """Only who was asked answers."""
    if by.user is None or request.recipient.user_id != by.user.pk:
        raise ValidationError("Solo responde la persona a quien le escribieron.", code="not_hers")
