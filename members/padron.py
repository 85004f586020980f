"""The padrón as it leaves: titles and rows that an import reads back."""

from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from members.importing import TITLES, TOLD
from members.models import Assignment, Member, User
from red_genero.common.exports import Cell

HEADER: Final = ["numero_integrante", *TITLES, *TOLD[1:]]


def rows(by: User) -> Iterator[list[Cell]]:
    """Yield one row per active integrante; two queries."""
    people = Member.objects.active().select_related("person").order_by("person__sort_name", "pk")
    posts = {
        post.person_id: post for post in Assignment.objects.open().select_related("department")
    }
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    for member in people:
        person, post = member.person, posts.get(member.person_id)
        yield [
            member.folio,
            person.given_names,
            person.first_surname,
            person.second_surname,
            person.treatment,
            person.institutional_email,
            person.alternate_email,
            person.office_phone,
            person.extension,
            person.mobile,
            person.employee_number,
            post.department.key if post else "",
            post.area if post else "",
            post.position if post else "",
            post.level if post else "",
            post.appointment if post else "",
            member.since.isoformat(),
            post.department.name if post else "",
            str(by),
            now,
        ]
