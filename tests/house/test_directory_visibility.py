"""Who reads what of the tree and its people: every page beside every kind of reader, in one table."""

import csv
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Department, Member, Person, User
from red_genero.common import disclosure
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising

pytestmark = pytest.mark.once

SHOWN, HIDDEN, POST = "Mostrada", "Reservada", "Enlazada"
MAIL: Final = "mostrada@guadalajara.gob.mx"
DOUBT: Final = "Por confirmar"
SECRET: Final = {SHOWN, HIDDEN, POST, MAIL, DOUBT}
MEMBERS: Final = ("integrante", "hidden")
STAFF: Final = ("staff", "auditor", "direction")
INSIDE: Final = (*MEMBERS, *STAFF)
READS: Final = {
    "tree": {role: (200, {DOUBT}) for role in STAFF},
    "search": {role: (200, {DOUBT}) for role in STAFF},
    "list": {role: (200, {SHOWN, MAIL, POST}) for role in INSIDE},
    "page": {
        **{role: (200, {POST}) for role in MEMBERS},
        **{role: (200, {POST, DOUBT}) for role in STAFF},
    },
    "ask": {role: (200, {SHOWN}) for role in MEMBERS},
    "names": {role: (200, {POST}) for role in STAFF},
}
"""Status and words for who reads more than a visitor; the others read ``ELSE``."""
OPEN: Final = ("tree", "search", "page", "board", "board_csv", "figures", "figures_csv")
ELSE: Final = {**dict.fromkeys(OPEN, 200), **dict.fromkeys(("list", "ask", "names"), 404)}
ROLES: Final = ("visitor", "applicant", "coordinator", *INSIDE)


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
    made.verification = Department.Verification.PENDING
    made.save()
    return made


@pytest.fixture
def clients(
    place: Department, carmen: User, valentina: User, diana: User, alicia: Member
) -> dict[str, Client]:
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
        "auditor": make.user(staff=True, roles=("Auditoría",)),
        "direction": diana,
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
        "search": f"{reverse('members:department_list')}?q=mercados",
        "board": reverse("members:coverage"),
        "board_csv": reverse("members:coverage_csv"),
        "figures": reverse("department_figures"),
        "figures_csv": reverse("department_figures_csv"),
        "names": reverse("members:coverage_people"),
        "ask": reverse("members:contact_ask", args=[shown.contact_key]),
    }
    found, expected = {}, {}
    for role in ROLES:
        for name, path in paths.items():
            answer = clients[role].get(path)
            text = answer.content.decode()
            text = text.partition("<main")[2] or text
            said = {word for word in SECRET if word in text}
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


def test_few_people_are_a_number_only_for_who_reads_the_padron(
    place: Department, clients: dict[str, Client]
) -> None:
    """Three people are too few to be told; on the board, which everybody reads alike, to nobody."""
    figures = (
        reverse("department_figures") + f"?clave={place.key}",
        reverse("department_figures_csv") + f"?clave={place.key}",
    )
    for role in ROLES:
        page, table = (clients[role].get(path).content.decode() for path in figures)
        board = clients[role].get(reverse("members:coverage_csv")).content.decode()
        row = next(line for line in csv.reader(table.splitlines()) if place.key in line)
        told = "3" if role in STAFF else disclosure.HIDDEN
        assert row[3] == told, role
        assert f'data-label="Integrantes">{told}</td>' in page, role
        assert next(line for line in csv.reader(board.splitlines()) if place.name in line).count(
            disclosure.HIDDEN
        ), role
