"""Who acts in the administration."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from members.models import User
from red_genero.common.states import By


def acting(request: HttpRequest) -> By:
    """Return the staff account behind a request."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return By.admin(request.user)
