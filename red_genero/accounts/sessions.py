"""How long a session lasts, and whether it proved a second factor."""

import time
from collections.abc import Callable
from typing import Any, Final

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from red_genero.common.typed import page_behind

STARTED: Final = "session_started"
SEEN: Final = "session_seen"
PERSONNEL: Final = "session_personnel"
SEEN_EVERY: Final = {True: 60, False: 300}
"""Seconds between two notes of activity, of the personnel and of the others: not every page may write."""


def is_personnel(request: HttpRequest) -> bool:
    """Whether this session belongs to somebody who works with other people's data."""
    return request.user.is_authenticated and bool(
        request.user.is_staff or request.session.get(PERSONNEL, False)
    )


def has_second_factor(request: HttpRequest) -> bool:
    """Whether *this session* proved a second factor that her account still has."""
    if not request.user.is_authenticated:
        return False
    proven: bool | None = getattr(request, "_second_factor", None)
    if proven is None:
        proven = _proved(request)
        setattr(request, "_second_factor", proven)  # noqa: B010
    return proven


def _proved(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    used = [record["id"] for record in records if record.get("method") == "mfa" and "id" in record]
    if not used:
        return False
    return bool(Authenticator.objects.filter(user_id=request.user.pk, pk__in=used).exists())


def second_factor_missing(request: HttpRequest) -> bool:
    """Whether the door must stay shut until she proves a second factor."""
    return bool(settings.REQUIRE_STAFF_MFA) and not has_second_factor(request)


def lead_to_second_factor(request: HttpRequest, then: str) -> HttpResponseRedirect:
    """Send her to prove her second factor, or to set one up, saying why."""
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        messages.info(request, "Para entrar aquí confirme su identidad con su segundo factor.")
        totp = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        name = "mfa_reauthenticate" if totp else "mfa_reauthenticate_webauthn"
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': then})}")
    messages.warning(
        request,
        "Quien trabaja con datos de otras personas necesita un segundo factor. Actívelo aquí: toma dos minutos y "
        "después podrá entrar.",
    )
    return HttpResponseRedirect(reverse("mfa_index"))


class SessionsMiddleware:
    """Ends the personnel's sessions in time, notes activity, and asks for the second factor where a page wants it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Close the session that lasted too long, note the activity of the others."""
        if request.user.is_authenticated:
            reason = _over(request)
            if reason:
                logout(request)
                messages.info(request, reason)
            else:
                _note_activity(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask for the second factor on pages marked by ``staff_page``."""
        if not getattr(view, "staff_page", False) or not request.user.is_authenticated:
            return None
        if not is_personnel(request) and not _became_personnel(request):
            return None
        if not second_factor_missing(request):
            return None
        pressed = request.method == "POST"
        then = page_behind(request) if pressed else ""
        return lead_to_second_factor(request, then or request.get_full_path())


def _became_personnel(request: HttpRequest) -> bool:
    """Whether she got a role after signing in; from then on her session is as short as the others'."""
    if not request.user.groups.exists():
        return False
    request.session[PERSONNEL] = True
    return True


def _over(request: HttpRequest) -> str:
    """Return why the session is over, or nothing."""
    now = time.time()
    started = request.session.setdefault(STARTED, now)
    seen = request.session.setdefault(SEEN, now)
    if now - started > settings.SESSION_COOKIE_AGE:
        return "Su sesión llegó a catorce días. Ingrese de nuevo para continuar."
    if not is_personnel(request):
        return ""
    if now - started > settings.STAFF_SESSION_AGE:
        return "Su jornada en el portal duró más de ocho horas. Ingrese de nuevo para continuar."
    if now - seen > settings.STAFF_SESSION_IDLE:
        return "Su sesión se cerró por inactividad. Ingrese de nuevo para continuar."
    return ""


def _note_activity(request: HttpRequest) -> None:
    """Write now and then that she is here: the list of open sessions shows it, and idleness is counted from it."""
    now = time.time()
    if now - request.session.get(SEEN, 0.0) < SEEN_EVERY[is_personnel(request)]:
        return
    request.session[SEEN] = now
    UserSession.objects.create_from_request(request)


@receiver(user_logged_in)
def note_start(request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> None:
    """Write down when the session began and whose it is."""
    if request is None or user is None:
        return
    now = time.time()
    request.session[STARTED] = now
    request.session[SEEN] = now
    request.session[PERSONNEL] = bool(user.is_staff or user.groups.exists())


@receiver(authenticator_added)
def count_activation_as_proof(
    request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any
) -> None:
    """She has just typed its code or used its key: this session proved it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
