"""What the courses are called: told by whoever teaches them, because the library knows only their keys."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from resources.models import Resource


@dataclass(frozen=True, slots=True)
class CourseLink:
    """A course that anybody may read about."""

    key: str
    title: str
    url: str


Finder = Callable[[Collection[str] | None], list[CourseLink]]

_finders: list[Finder] = []


def tell_courses(finder: Finder) -> Finder:
    """Register the function that returns the published courses with these keys, or all of them for None."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def courses_of(resource: Resource) -> list[CourseLink]:
    """Return the published courses in which an entry is studied."""
    keys = list(resource.related_courses.values_list("course_key", flat=True))
    return [course for find in _finders for course in find(keys)] if keys else []


def every_course() -> list[CourseLink]:
    """Return every course that an entry may lead to."""
    return [course for find in _finders for course in find(None)]
