"""The personnel's door: second factor of this session, short sessions, secrets encrypted."""

import time
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils import timezone
from pytest_django import Settings

from members.models import User
from red_genero.accounts import vault
from red_genero.common.http import staff_page
from red_genero.common.models import QueuedMail
from red_genero.urls import urlpatterns as portal
from tests import make

PASSWORD = "clave-de-prueba"

pytestmark = pytest.mark.django_db


@staff_page
def desk(request: HttpRequest) -> HttpResponse:
    """A page of the personnel."""
    return HttpResponse("mesa de trabajo")


urlpatterns = [*portal, path("mesa/", desk)]


@pytest.fixture(autouse=True)
def door(settings: Settings) -> None:
    """Require the second factor, with no attempts counted."""
    settings.REQUIRE_STAFF_MFA = True
    cache.clear()


def staff(*, superuser: bool = True) -> User:
    """Return staff whose mailbox is proven."""
    user = make.user(staff=True)
    user.is_superuser = superuser
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def with_totp(user: User) -> str:
    """Give her an application of codes; return its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    """Return what her application shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def log_in(user: User) -> Client:
    """Return a client that typed the password."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_the_admin_has_no_door_of_its_own(client: Client) -> None:
    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next=/admin/"
    assert (
        client.post(reverse("admin:login"), {"username": "x", "password": "y"}).status_code == 302
    )


def test_who_is_not_staff_finds_nothing(client: Client) -> None:
    client.force_login(make.user())

    assert client.get(reverse("admin:index"), follow=True).status_code == 404


def test_staff_without_second_factor_is_led_to_set_it_up() -> None:
    client = log_in(staff())

    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert "necesita un segundo factor" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_opens_the_admin() -> None:
    client = log_in(staff())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session[SECRET_SESSION_KEY]

    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})

    assert client.get(reverse("admin:index")).status_code == 200


def test_password_and_code_open_the_admin() -> None:
    user = staff()
    secret = with_totp(user)
    client = Client()

    half = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert half["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})

    assert client.get(reverse("admin:index")).status_code == 200


def test_only_this_sessions_proof_counts(client: Client) -> None:
    user = staff()
    secret = with_totp(user)
    client.force_login(user)

    asked = client.get(reverse("admin:index"), follow=True)
    assert asked.redirect_chain[-1][0] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    assert "confirme su identidad" in asked.content.decode()

    proven = client.post(
        f"{reverse('mfa_reauthenticate')}?next=/admin/",
        {"code": code(secret), "next": "/admin/"},
        follow=True,
    )
    assert proven.redirect_chain == [("/admin/", 302)]
    assert proven.status_code == 200


def test_a_factor_taken_away_closes_the_door() -> None:
    user = staff()
    secret = with_totp(user)
    client = log_in(user)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert client.get(reverse("admin:index")).status_code == 200

    Authenticator.objects.filter(user=user).delete()

    assert client.get(reverse("admin:index")).status_code == 302


def test_after_the_proof_she_goes_nowhere_else(client: Client) -> None:
    client.force_login(staff())

    answer = client.get(f"{reverse('admin:login')}?next=https://evil.example/")

    assert answer["Location"] == reverse("mfa_index")


def test_without_the_requirement_a_password_is_enough(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False

    assert log_in(staff()).get(reverse("admin:index")).status_code == 200


@override_settings(ROOT_URLCONF="tests.rules.test_staff_mfa")
def test_a_page_of_the_personnel_asks_for_it_too(carmen: User) -> None:
    EmailAddress.objects.create(user=carmen, email=carmen.email, verified=True, primary=True)
    client = log_in(carmen)
    assert client.get("/mesa/")["Location"] == reverse("mfa_index")

    member = Client()
    member.force_login(make.user())
    assert member.get("/mesa/").content == b"mesa de trabajo"


def test_secrets_are_encrypted_at_rest(settings: Settings) -> None:
    user = staff()
    secret = with_totp(user)
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert vault.decrypt(stored.data["secret"]) == secret

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "9" * 50
    assert vault.decrypt(stored.data["secret"]) == secret

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="No key"):
        vault.decrypt(stored.data["secret"])


def test_the_same_code_does_not_open_twice() -> None:
    user = staff()
    secret = with_totp(user)
    now = code(secret)
    first = log_in(user)
    first.post(reverse("mfa_authenticate"), {"code": now})

    second = log_in(user)
    answer = second.post(reverse("mfa_authenticate"), {"code": now})

    assert "El código no coincide" in answer.content.decode()


def test_a_recovery_code_opens_once() -> None:
    user = staff()
    with_totp(user)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    spare = RecoveryCodes.activate(user).get_unused_codes()[0]
    client = log_in(user)
    client.post(reverse("mfa_authenticate"), {"code": spare})
    assert client.get(reverse("admin:index")).status_code == 200

    again = log_in(user)
    assert again.post(reverse("mfa_authenticate"), {"code": spare}).status_code == 200


@pytest.mark.parametrize(
    ("visits", "open_at_the_end", "sentence"),
    [
        ([29, 58, 87], True, ""),
        ([31], False, "se cerró por inactividad"),
        ([25 * step for step in range(1, 20)], True, ""),
        ([25 * step for step in range(1, 21)], False, "más de ocho horas"),
    ],
)
def test_the_personnels_sessions_are_short(
    settings: Settings, visits: list[int], open_at_the_end: bool, sentence: str
) -> None:
    settings.REQUIRE_STAFF_MFA = False
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client = log_in(staff())
    for minutes in visits:
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            answer = client.get(reverse("admin:index"), follow=True)

    assert (answer.redirect_chain == []) is open_at_the_end
    assert sentence in answer.content.decode()


def test_a_members_session_lasts_fourteen_days() -> None:
    user = make.user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client = log_in(user)
    with time_machine.travel(start + timedelta(days=13), tick=False):
        assert client.get(reverse("account_email")).status_code == 200
    with time_machine.travel(start + timedelta(days=15), tick=False):
        assert client.get(reverse("account_email")).status_code == 302


def test_a_lost_factor_is_forgotten_by_command() -> None:
    user = staff()
    secret = with_totp(user)
    client = log_in(user)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    client.get(reverse("account_email"))

    call_command("forget_second_factor", user.email.upper(), verbosity=0, stdout=StringIO())

    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get(reverse("account_email")).status_code == 302
    assert QueuedMail.objects.get().subject == "Se quitó el segundo factor de su cuenta"
    with pytest.raises(CommandError, match="no tiene segundo factor"):
        call_command("forget_second_factor", user.email)
    with pytest.raises(CommandError, match="No hay una cuenta"):
        call_command("forget_second_factor", "nadie@example.org")
