"""The list of integrantes: its filters tell nobody what its pages do not show."""

import pytest
from django.urls import reverse

from members.models import ContentArea, Level, Member, User
from tests import make
from tests.conftest import signed_in


@pytest.fixture
def listed(alicia: Member, beatriz: Member) -> ContentArea:
    """Two who appear in the directory, of different nivel, one of them interested in something."""
    for member, level in ((alicia, Level.values[0]), (beatriz, Level.values[1])):
        member.person.show_in_directory = True
        member.person.save()
        member.person.assignments.update(level=level)
    area = ContentArea.objects.create(key="pg", name="Perspectiva de género")
    beatriz.person.interests.add(area)
    return area


def names(account: User, **query: str) -> set[str]:
    """Return whom the page lists."""
    answer = signed_in(account).get(reverse("members:member_list"), query)
    assert answer.status_code == 200
    return {str(person) for person in answer.context["page_obj"].object_list}


def test_the_personnel_filters_by_nivel_and_by_interest(
    listed: ContentArea, valentina: User, alicia: Member, beatriz: Member
) -> None:
    assert names(valentina) == {str(alicia.person), str(beatriz.person)}
    assert names(valentina, nivel=Level.values[0]) == {str(alicia.person)}
    assert names(valentina, tema=listed.key) == {str(beatriz.person)}


def test_another_integrante_cannot_ask_who_has_which(
    listed: ContentArea, alicia: Member, beatriz: Member
) -> None:
    account = make.user()
    alicia.person.user = account
    alicia.person.save()
    everybody = {str(alicia.person), str(beatriz.person)}

    assert names(account, nivel=Level.values[0]) == everybody
    assert names(account, tema=listed.key) == everybody
