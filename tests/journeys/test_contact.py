"""One integrante writes to another, who shares a telephone or nothing; the page never tells an address."""

import re
import uuid

import pytest
from django.urls import reverse

from members.models import ContactRequest, Member, Person, User
from tests import make
from tests.conftest import signed_in

LIST = reverse("members:member_list")
WORDS = "Quisiera conocer cómo organizaron su plan de trabajo."


@pytest.fixture
def bea(beatriz: Member) -> Person:
    """Who is in the directory and shows nothing."""
    who = beatriz.person
    who.show_in_directory, who.office_phone = True, "3312345678"
    who.save()
    return who


def account_of(person: Person) -> User:
    """Return who signs in."""
    assert person.user is not None
    return person.user


def test_from_the_directory_to_her_answer(alicia: Member, bea: Person) -> None:
    sender, her = signed_in(account_of(alicia.person)), signed_in(account_of(bea))
    listed = sender.get(LIST).content.decode()
    (path,) = set(re.findall(r'href="(/directorio/integrantes/[^"]+/contacto/)"', listed))
    page = sender.get(path).content.decode()
    assert "no es un buzón de quejas" in page
    assert bea.institutional_email not in listed + page

    short = sender.post(path, {"message": "Hola"})
    assert (short.status_code, ContactRequest.objects.count()) == (422, 0)
    assert "Cuente en una o dos frases" in short.content.decode()
    sent = sender.post(path, {"message": WORDS}, follow=True)
    assert "Aquí verá su respuesta" in sent.content.decode()
    again = sender.post(path, {"message": f"{WORDS} Gracias."})
    assert (again.status_code, ContactRequest.objects.count()) == (422, 1)
    row = ContactRequest.objects.get()

    assert "Una integrante le escribió" in her.get("/panel/").content.decode()
    detail = reverse("members:contact_detail", args=[row.key])
    read = her.get(detail).content.decode()
    assert WORDS in read
    assert alicia.person.institutional_email not in read
    accept = reverse("members:contact_accept", args=[row.key])
    assert her.post(accept).status_code == 422
    assert sender.post(accept, {"phone": "on"}).status_code == 404
    her.post(accept, {"phone": "on"})
    shared = sender.get(detail).content.decode()
    assert "33 1234 5678" in shared
    assert bea.institutional_email not in shared
    assert her.post(accept, {"email": "on"}).status_code in {302, 422}
    row.refresh_from_db()
    assert (row.shares_email, row.shares_phone) == (False, True)
    Person.objects.filter(pk=bea.pk).update(hidden=True)
    for path in (detail, reverse("members:contact_list")):
        html = sender.get(path).content.decode()
        assert "33 1234 5678" not in html
        assert "Güemes" not in html


def test_declining_says_nothing_more(alicia: Member, bea: Person) -> None:
    sender, her = signed_in(account_of(alicia.person)), signed_in(account_of(bea))
    sender.post(reverse("members:contact_ask", args=[bea.contact_key]), {"message": WORDS})
    row = ContactRequest.objects.get()
    her.post(reverse("members:contact_decline", args=[row.key]))
    html = sender.get(reverse("members:contact_detail", args=[row.key])).content.decode()
    assert "Cerrada sin compartir datos" in html
    assert her.get(reverse("members:contact_decline", args=[row.key])).status_code == 405


def test_the_hidden_and_the_unknown_answer_alike(alicia: Member, bea: Person) -> None:
    sender = signed_in(account_of(alicia.person))
    hidden = make.member(make.person("Oculta", "Reservada")).person
    Person.objects.filter(pk=hidden.pk).update(show_in_directory=True, hidden=True)
    Person.objects.filter(pk=bea.pk).update(accepts_contact=False)
    unknown = sender.get(reverse("members:contact_ask", args=[uuid.uuid4()]))
    for who in (hidden, bea, alicia.person):
        path = reverse("members:contact_ask", args=[who.contact_key])
        for answer in (sender.get(path), sender.post(path, {"message": WORDS})):
            assert answer.status_code == unknown.status_code == 404
            assert len(answer.content) == len(unknown.content)
    assert not ContactRequest.objects.exists()
    assert "Pedir contacto" not in sender.get(LIST).content.decode()


def test_she_stops_receiving_on_her_page_of_visibility(alicia: Member, bea: Person) -> None:
    make.notice()
    signed_in(account_of(alicia.person)).post(
        reverse("members:contact_ask", args=[bea.contact_key]), {"message": WORDS}
    )
    chosen = {"show_in_directory": "on", "show_email": "nadie", "show_phone": "nadie"}
    signed_in(account_of(bea)).post(reverse("members:visibility"), chosen)
    bea.refresh_from_db()
    assert (bea.accepts_contact, bea.show_in_directory) == (False, True)
    assert ContactRequest.objects.get().state == ContactRequest.State.DECLINED
