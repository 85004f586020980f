"""«Mis datos»: what the portal holds about her, who sees it, and her consents."""

import json
from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members import contacting, documents, holdings, privacy
from members.forms import ContactForm, VisibilityForm
from members.http import account, form_page, refuse
from members.models import ChangeRequest, Consent, Person
from red_genero.common import typed
from red_genero.common.exports import csv_response
from red_genero.common.http import attachment
from red_genero.common.states import By
from red_genero.documents import response as pdf_response

SHOWN: Final = 10


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything about her, table by table."""
    user = account(request)
    person = Person.objects.filter(user=user).first()
    if person is None:
        return render(request, "members/my_data_empty.html")
    given = privacy.consents(person)
    context = {
        "person": person,
        "holdings": holdings.of(person),
        "consents": [
            {"purpose": purpose, "label": purpose.label, "given": given[purpose]}
            for purpose in privacy.CHOSEN
        ],
        "ledger": person.consents.select_related("notice").order_by("-at", "-pk"),
        "member": getattr(person, "member", None),
        "changes": person.changes.all()[:SHOWN],
        "change_kinds": ChangeRequest.Kind.choices,
        "requests": person.privacy_requests.all()[:SHOWN],
        "sign_ins": user.sign_ins.all()[:SHOWN],
        "second_factor": is_mfa_enabled(user),
    }
    return render(request, "members/my_data.html", context)


@require_safe
def my_data_json(request: HttpRequest) -> HttpResponse:
    """The same in a file."""
    person = _person(request)
    text = json.dumps(holdings.as_data(person), ensure_ascii=False, indent=2)
    name = f"mis-datos-{timezone.localdate():%Y-%m-%d}.json"
    return attachment(text.encode(), name, "application/json; charset=utf-8")


@require_safe
def my_data_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table: a line per datum."""
    lines = [
        (holding["title"], number, datum["label"], datum["shown"])
        for holding in holdings.of(_person(request))
        for number, row in enumerate(holding["rows"], start=1)
        for datum in row
        if datum["shown"]
    ]
    name = f"mis-datos-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, ("tabla", "registro", "dato", "valor"), lines)


@require_safe
def my_data_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    document = documents.my_data(_person(request))
    return pdf_response(document, document.filename)


@typed.keeps_typed("members:contact")
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Correct by herself what needs no review."""
    person = _person(request)
    kept = typed.take(request, request.path) if request.method == "GET" else None
    form = ContactForm(request.POST if request.method == "POST" else kept, instance=person)
    if request.method == "POST" and form.is_valid():
        privacy.correct(person, form, by=By.web(account(request)))
        messages.success(request, "Guardamos sus datos de contacto.")
        return redirect("members:my_data")
    context = {"typed_field": typed.FIELD, "typed_by": typed.signature(request)}
    return form_page(request, "members/contact.html", form, context)


@require_http_methods(["GET", "POST"])
def visibility(request: HttpRequest) -> HttpResponse:
    """Quién puede ver qué."""
    person = _person(request)
    form = VisibilityForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        by = By.web(account(request))
        try:
            with transaction.atomic():
                holder = Person.objects.get(pk=person.pk)
                contacting.receive(holder, accepts=chosen["accepts_contact"], by=by)
                privacy.show(
                    holder,
                    email=chosen["show_email"],
                    phone=chosen["show_phone"],
                    in_directory=chosen["show_in_directory"],
                    level=chosen["show_level"],
                    interests=chosen["show_interests"],
                    guides_in=chosen["guides_in"],
                    by=by,
                )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Guardamos quién puede ver sus datos.")
            return redirect("members:my_data")
    return form_page(request, "members/visibility.html", form, {"person": person})


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give one consent or withdraw it: the opposite of what stands is asked and pressed."""
    person = _person(request)
    if purpose not in privacy.CHOSEN:
        raise Http404
    given = privacy.consents(person)[purpose]
    label = Consent.Purpose(purpose).label
    if request.method == "GET":
        context = {"label": label, "given": given, "purpose": purpose}
        return render(request, "members/consent.html", context)
    wanted = request.POST.get("respuesta")
    if wanted not in {"otorgar", "retirar"}:
        messages.error(request, "Elija si otorga o retira su consentimiento.")
        return redirect("members:consent", purpose)
    try:
        privacy.choose(person, {purpose: wanted == "otorgar"}, by=By.web(account(request)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Quedó anotado en el registro de sus consentimientos.")
    return redirect("members:my_data")


def _person(request: HttpRequest) -> Person:
    """Return who signed in, as a person the portal knows."""
    person = Person.objects.filter(user=account(request)).first()
    if person is None:
        raise Http404
    return person
