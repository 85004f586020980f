"""Who reads what of the tree and its people: every page beside every kind of reader, in one table."""

from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Department, Member, Person, User
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising

pytestmark = pytest.mark.once

SHOWN, HIDDEN, POST = "Mostrada", "Reservada", "Enlazada"
MAIL: Final = "mostrada@guadalajara.gob.mx"
INSIDE: Final = ("integrante", "hidden", "staff")
READS: Final = {
    "list": {role: (200, {SHOWN, MAIL, POST}) for role in INSIDE},
    "page": {role: (200, {POST}) for role in INSIDE},
    "ask": {"integrante": (200, {SHOWN}), "hidden": (200, {SHOWN})},
    "names": {"staff": (200, {POST})},
}
"""Status and words for who reads more than a visitor; the others read ``ELSE``."""
ELSE: Final = {"list": 404, "page": 200, "board": 200, "tree": 200, "ask": 404, "names": 404}
ROLES: Final = ("visitor", "applicant", "coordinator", "integrante", "hidden", "staff")


@pytest.fixture
def place(valentina: User) -> Department:
    """A dependencia with somebody listed, somebody hidden who chose to show everything, and an enlace."""
    made = make.department("Dirección de Mercados")
    shown, hidden, post = (
        make.member(make.person(name, "Ruiz", ""), works_in=made).person
        for name in (SHOWN, HIDDEN, POST)
    )
    everybody = Person.Visibility.MEMBERS
    Person.objects.filter(pk__in=[shown.pk, hidden.pk, post.pk]).update(
        show_in_directory=True, show_email=everybody
    )
    Person.objects.filter(pk=shown.pk).update(institutional_email=MAIL)
    liaising.in_force(made, post, by=valentina, show_name=everybody)
    Person.objects.filter(pk=hidden.pk).update(hidden=True)
    return made


@pytest.fixture
def clients(place: Department, carmen: User, valentina: User, alicia: Member) -> dict[str, Client]:
    """One browser for each kind of reader."""
    hidden = Person.objects.get(given_names=HIDDEN).user
    assert hidden is not None
    assert alicia.person.user is not None
    applicant = make.application().person.user
    assert applicant is not None
    accounts = {
        "applicant": applicant,
        "coordinator": carmen,
        "integrante": alicia.person.user,
        "hidden": hidden,
        "staff": valentina,
    }
    return {"visitor": Client(), **{role: signed_in(one) for role, one in accounts.items()}}


def test_each_page_says_to_each_reader_only_what_she_may_know(
    place: Department, clients: dict[str, Client]
) -> None:
    shown = Person.objects.get(given_names=SHOWN)
    secret = Person.objects.get(given_names=HIDDEN)
    paths = {
        "tree": reverse("members:department_list"),
        "page": reverse("members:department_detail", args=[place.key]),
        "list": f"{reverse('members:member_list')}?dependencia={place.key}",
        "board": reverse("members:coverage"),
        "names": reverse("members:coverage_people"),
        "ask": reverse("members:contact_ask", args=[shown.contact_key]),
    }
    found, expected = {}, {}
    for role in ROLES:
        for name, path in paths.items():
            answer = clients[role].get(path)
            html = answer.content.decode().partition("<main")[2]
            said = {word for word in (SHOWN, HIDDEN, POST, MAIL) if word in html}
            status = 404 if answer.status_code == 302 else answer.status_code
            found[role, name] = (status, said)
            expected[role, name] = READS.get(name, {}).get(role, (ELSE[name], set()))
        gone = clients[role].get(reverse("members:contact_ask", args=[secret.contact_key]))
        assert gone.status_code in {302, 404}, role
    assert found == expected


def test_no_count_gives_the_hidden_away(place: Department, clients: dict[str, Client]) -> None:
    counts = {
        role: clients[role].get(reverse("members:member_list")).context["page_obj"].paginator.count
        for role in ("integrante", "hidden", "staff")
    }
    assert counts == {"integrante": 2, "hidden": 2, "staff": 2}
