"""The search of the whole portal: each app is asked for what this reader may see."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from members.http import reads_as_member
from members.models import Department, Person, User
from red_genero.common.text import fold
from resources import searching
from resources.models import Resource
from trainings.models import Course

PER_GROUP: Final = 6

Reader = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    title: str
    url: str
    meta: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one part of the portal found; ``url`` is its own list with the same words."""

    title: str
    total: int
    hits: list[Hit]
    url: str
    sensitive: bool = False
    """Whether some of what is shown is about violence."""

    @property
    def more(self) -> bool:
        """Whether the list holds more than what is shown here."""
        return self.total > len(self.hits)


def groups(typed: str, reader: Reader) -> list[Group]:
    """Return what was found, without the empty groups; nothing when no word was typed."""
    if not fold(typed):
        return []
    found = [_departments(typed), _courses(typed), _entries(typed, reader), *_people(typed, reader)]
    return [group for group in found if group.total]


def _departments(typed: str) -> Group:
    """Find dependencias of today."""
    found = Department.objects.current().search(typed).select_related("kind")
    return Group(
        "Dependencias",
        found.count(),
        [
            Hit(row.name, reverse("members:department_detail", args=[row.key]), row.kind.name)
            for row in found[:PER_GROUP]
        ],
        _list("members:department_list", typed),
    )


def _courses(typed: str) -> Group:
    """Find courses of the catalogue."""
    found = Course.objects.published().search(typed).select_related("area")
    return Group(
        "Formación",
        found.count(),
        [
            Hit(
                row.title,
                reverse("trainings:course_detail", args=[row.key]),
                f"{row.get_format_display()} · {row.area.name}",
            )
            for row in found[:PER_GROUP]
        ],
        _list("trainings:course_list", typed),
    )


def _entries(typed: str, reader: Reader) -> Group:
    """Find entries of the library."""
    found = searching.find(Resource.objects.listed_for(reader), typed)
    rows = searching.in_order(found.ids[:PER_GROUP])
    return Group(
        "Biblioteca",
        len(found.ids),
        [
            Hit(
                row.title,
                row.get_absolute_url(),
                f"{row.get_kind_display()} · {row.get_scope_display()}",
            )
            for row in rows
        ],
        _list("resources:topic_list", typed),
        sensitive=any(row.topic.sensitive for row in rows),
    )


def _people(typed: str, reader: Reader) -> list[Group]:
    """Find people by name, only for who reads the directory of integrantes."""
    if not (isinstance(reader, User) and reads_as_member(reader)):
        return []
    found = Person.objects.listed().search_names(typed)
    url = _list("members:member_list", typed)
    hits = [
        Hit(row.full_name, _list("members:member_list", row.full_name)) for row in found[:PER_GROUP]
    ]
    return [Group("Integrantes", found.count(), hits, url)]


def _list(name: str, typed: str) -> str:
    """Return the address of a list filtered by the same words."""
    return f"{reverse(name)}?{urlencode({'q': typed})}"
