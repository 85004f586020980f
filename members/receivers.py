"""What members does when somebody signs in: notes the entry, and sees whether an aviso changed."""

from typing import Any, Final

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.dispatch import receiver
from django.http import HttpRequest

from members import privacy
from members.models import Person, SignIn, User

BROWSER: Final = 200


@receiver(user_logged_in, dispatch_uid="members.note_sign_in")
def note_sign_in(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    """Write the entry for its owner to recognise; mark the session when an aviso waits to be read."""
    if request is None or not isinstance(user, User):
        return
    SignIn.objects.create(
        user=user,
        address=_address(request),
        browser=request.headers.get("User-Agent", "")[:BROWSER].replace("\x00", ""),
    )
    person = Person.objects.filter(user=user).first()
    if person is not None and privacy.unread(person):
        request.session[privacy.NOTICE_WAITS] = True


def _address(request: HttpRequest) -> str | None:
    """Return the address of the network, behind as many proxies as the settings trust; nothing if it is none."""
    address = get_client_ip(request) or ""
    try:
        validate_ipv46_address(address)
    except ValidationError:
        return None
    return address
