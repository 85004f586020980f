"""Her card as integrante, and how others see her."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import documents
from members.http import herself
from members.models import Assignment, Member, Person
from red_genero.documents import response as pdf_response


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Number, name, dependencia and since when; nothing else of hers."""
    member = _member(request)
    return render(request, "members/card.html", {"member": member, **documents.card_facts(member)})


@require_safe
def card_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    document = documents.card(_member(request))
    return pdf_response(document, document.filename)


@require_safe
def face(request: HttpRequest) -> HttpResponse:
    """Quién puede ver qué: her row as an integrante reads it, as anybody does, and what nobody reads."""
    person = herself(request)
    listed = Person.objects.listed().filter(pk=person.pk).exists()
    held = person.designations.current().select_related("department")
    context = {
        "person": person,
        "post": Assignment.objects.open()
        .filter(person=person)
        .select_related("department")
        .first(),
        "listed": listed,
        "public": Person.objects.with_public_contact().filter(pk=person.pk).exists(),
        "named_to_anyone": held.named_to(as_member=False),
        "named_to_members": held.named_to(as_member=True),
    }
    return render(request, "members/face.html", context)


def _member(request: HttpRequest) -> Member:
    """Return the active membership of who signed in."""
    member = (
        Member.objects.active().filter(person=herself(request)).select_related("person").first()
    )
    if member is None:
        raise Http404
    return member
