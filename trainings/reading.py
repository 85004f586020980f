"""What the library may say of the courses: their title and their address."""

from collections.abc import Collection

from django.urls import reverse

from resources.relating import CourseLink, tell_courses
from trainings.models import Course


@tell_courses
def published(keys: Collection[str] | None) -> list[CourseLink]:
    """Return the published courses with these keys, or all of them."""
    found = Course.objects.published().order_by("title")
    if keys is not None:
        found = found.filter(key__in=keys)
    return [
        CourseLink(key, title, reverse("trainings:course_detail", args=[key]))
        for key, title in found.values_list("key", "title")
    ]
