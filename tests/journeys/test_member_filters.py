"""The list of integrantes: each filter finds only who lets that datum be known, and the personnel everybody."""

import pytest
from django.urls import reverse

from members import privacy
from members.models import ContentArea, Level, Member, Person, User
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in

PAGE = reverse("members:member_list")


@pytest.fixture
def area(alicia: Member, beatriz: Member) -> ContentArea:
    """Two who appear in the directory, of different nivel, both interested in the same."""
    made = ContentArea.objects.create(key="pg", name="Perspectiva de género")
    for member, level in ((alicia, Level.values[0]), (beatriz, Level.values[1])):
        member.person.show_in_directory = True
        member.person.save()
        member.person.assignments.update(level=level)
        member.person.interests.add(made)
    return made


def names(account: User, **query: str) -> set[str]:
    """Return whom the page lists, with what it counts."""
    answer = signed_in(account).get(PAGE, query)
    assert answer.status_code == 200
    page = answer.context["page_obj"]
    found = {str(person) for person in page.object_list}
    assert page.paginator.count == len(found)
    return found


def test_the_personnel_filters_by_nivel_and_by_interest(
    area: ContentArea, valentina: User, alicia: Member, beatriz: Member
) -> None:
    everybody = {str(alicia.person), str(beatriz.person)}
    assert names(valentina) == everybody
    assert names(valentina, nivel=Level.values[0]) == {str(alicia.person)}
    assert names(valentina, tema=area.key) == everybody


def test_another_integrante_finds_who_lets_it_be_known(
    area: ContentArea, alicia: Member, beatriz: Member
) -> None:
    reader = make.member().person.user
    assert reader is not None
    for query in ({"nivel": Level.values[0]}, {"tema": area.key}, {"orienta": area.key}):
        assert names(reader, **query) == set()
    html = signed_in(reader).get(PAGE).content.decode().partition('class="people"')[2]
    assert Level(Level.values[0]).label not in html
    assert area.name not in html

    make.notice()
    assert alicia.person.user is not None
    privacy.show(
        alicia.person,
        email=Person.Visibility.NOBODY,
        phone=Person.Visibility.NOBODY,
        in_directory=True,
        level=True,
        interests=True,
        guides_in=[area],
        by=By.web(alicia.person.user),
    )
    for query in ({"nivel": Level.values[0]}, {"tema": area.key}, {"orienta": area.key}):
        assert names(reader, **query) == {str(alicia.person)}
    assert names(reader, nivel=Level.values[1]) == set()
    html = signed_in(reader).get(PAGE).content.decode().partition('class="people"')[2]
    assert f"Puede orientar en</span> {area.name}" in " ".join(html.split())

    Person.objects.filter(pk=alicia.person.pk).update(hidden=True)
    for query in ({}, {"nivel": Level.values[0]}, {"tema": area.key}, {"orienta": area.key}):
        assert str(alicia.person) not in names(reader, **query)
