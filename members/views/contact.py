"""Solicitudes de contacto: she writes to another integrante, answers who wrote to her, and sees where each stands."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import contacting
from members.forms import ContactMessageForm, SharingForm
from members.http import account, form_page, herself, refuse
from members.models import Assignment, ContactRequest, Member, Person
from red_genero.common.states import By

State = ContactRequest.State


@require_http_methods(["GET", "POST"])
def contact_ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write to somebody of the directory; who may not be written to does not exist."""
    sender = _writer(request)
    recipient = get_object_or_404(contacting.reachable().exclude(pk=sender.pk), contact_key=key)
    form = ContactMessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = contacting.ask(
                sender, recipient, form.cleaned_data["message"], by=By.web(account(request))
            )
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "not_reachable":
                raise Http404 from refusal
            refuse(form, refusal)
        else:
            messages.success(request, "Enviamos su solicitud. Aquí verá su respuesta.")
            return redirect("members:contact_detail", made.key)
    context = {
        "recipient": recipient,
        "post": _post(recipient),
        "sender": sender,
        "days": contacting.TERM.days,
    }
    return form_page(request, "members/contact_ask.html", form, context)


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    """What she received and what she sent."""
    person = herself(request)
    rows = ContactRequest.objects.visible_to(account(request))
    received = rows.filter(recipient=person).select_related("sender")
    sent = list(rows.filter(sender=person).select_related("recipient"))
    shown = _shown(sent)
    context = {
        "received": received,
        "sent": [(row, row.recipient_id in shown) for row in sent],
        "accepts": person.accepts_contact,
    }
    return render(request, "members/contact_list.html", context)


@require_safe
def contact_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One request: for her an answer to give, for who wrote where it stands."""
    row = _between(request, key)
    form = SharingForm(person=row.recipient)
    return render(request, "members/contact_detail.html", _page(request, row, form))


@require_POST
def contact_accept(request: HttpRequest, key: UUID) -> HttpResponse:
    """Share what she ticked."""
    row = _received(request, key)
    form = SharingForm(request.POST, person=row.recipient)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            contacting.accept(
                row,
                email=bool(chosen.get("email")),
                phone=bool(chosen.get("phone")),
                by=By.web(account(request)),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Compartió esos datos con quien le escribió.")
            return redirect("members:contact_detail", key)
    return form_page(request, "members/contact_detail.html", form, _page(request, row, form))


@require_POST
def contact_decline(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close it without a word."""
    row = _received(request, key)
    try:
        contacting.decline(row, by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("members:contact_detail", key)
    messages.success(request, "Cerró la solicitud sin compartir ningún dato. No se envía aviso.")
    return redirect("members:contact_list")


def _writer(request: HttpRequest) -> Person:
    """Return the active integrante who signed in; for anybody else the page does not exist."""
    person = herself(request)
    member: Member | None = getattr(person, "member", None)
    if member is None or member.state != Member.State.ACTIVE:
        raise Http404
    return person


def _between(request: HttpRequest, key: UUID) -> ContactRequest:
    """Return a request that she sent or received."""
    found = ContactRequest.objects.visible_to(account(request))
    return get_object_or_404(found.select_related("sender", "recipient"), key=key)


def _received(request: HttpRequest, key: UUID) -> ContactRequest:
    """Return a request that reached her."""
    found = ContactRequest.objects.received_by(account(request))
    return get_object_or_404(found.select_related("sender", "recipient"), key=key)


def _shown(rows: list[ContactRequest]) -> set[int]:
    """Return the recipients whose names the sender may still read."""
    keys = [row.recipient_id for row in rows]
    return set(contacting.still_shown().filter(pk__in=keys).values_list("pk", flat=True))


def _post(person: Person) -> Assignment | None:
    """Return where she works."""
    return Assignment.objects.open().filter(person=person).select_related("department").first()


def _page(request: HttpRequest, row: ContactRequest, form: SharingForm) -> dict[str, Any]:
    """Return what the page of a request shows to this reader."""
    hers = row.recipient.user_id == account(request).pk
    return {
        "row": row,
        "form": form,
        "hers": hers,
        "named": hers or row.recipient_id in _shown([row]),
        "sender_post": _post(row.sender) if hers else None,
        "answers": hers and ContactRequest.objects.open().filter(pk=row.pk).exists(),
    }
