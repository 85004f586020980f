"""What pages of an inscripción say of its surveys."""

from typing import Any

from django import template

from trainings import surveying
from trainings.models import Enrollment

register = template.Library()


@register.inclusion_tag("trainings/_surveys.html")
def pending_surveys(enrollment: Enrollment | None) -> dict[str, Any]:
    """List the surveys that she may answer now; nothing without an inscripción, or for an edición without any."""
    if enrollment is None:
        return {"surveys": [], "edition": None}
    return {"surveys": surveying.pending(enrollment), "edition": enrollment.edition}
