"""Every page of the accounts stands in our base, in Spanish, under the strict policy."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import get_user
from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from members.models import User
from red_genero.accounts import devices
from red_genero.accounts.urls import urlpatterns
from tests import make

ALLAUTH = Path(allauth.__file__).parent / "templates"
ENGLISH = re.compile(
    r"\b(Sign|Password|Email|Code|Your|Please|Verification|Security Key|Two-Factor)\b"
)
PAGES = sorted(
    str(path.relative_to(ALLAUTH))
    for folder in ("account", "mfa", "usersessions")
    for path in (ALLAUTH / folder).rglob("*")
    if path.suffix in {".html", ".txt"}
    and "/email/" not in path.as_posix()
    and not path.name.startswith("base")
    and "/snippets/" not in path.as_posix()
    and "phone" not in path.name
    and "signup_by_passkey" not in path.name
    and path.name != "signup_form.html"
)
NEEDS_MORE = {"account_confirm_login_code", "mfa_authenticate", "mfa_download_recovery_codes"}
"""Opened by the tests of the journeys, half way through a sign-in, or no page at all."""
OPEN = {
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
}


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """Start with no attempts counted."""
    cache.clear()


@pytest.fixture
def owner() -> User:
    """Somebody with every kind of second factor."""
    user = make.user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Llave 1", "credential": registered_key()},
    )
    return user


def registered_key() -> dict[str, object]:
    """Return what a browser sends when it makes a key."""
    public = ES256.from_cryptography_key(  # type: ignore[no-untyped-call]
        ec.generate_private_key(ec.SECP256R1()).public_key()
    )
    made = AttestedCredentialData.create(b"\0" * 16, b"key of the tests", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    seen = AuthenticatorData.create(sha256(b"testserver"), flags, 0, made)
    asked = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    name = websafe_encode(b"key of the tests")
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
            "clientDataJSON": websafe_encode(asked),
        },
    }


def reauthenticated(user: User) -> Client:
    """Return a client that has just typed the password again."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    request.user = get_user(request)
    record_authentication(request, request.user, "password", reauthenticated=True)
    request.session["account_authentication_methods_user"] = str(user.pk)
    request.session.save()
    return client


def assert_ours(page: str) -> None:
    """Check the frame, the language and the absence of inline code."""
    assert '<html lang="es-MX">' in page
    assert "css/portal.css" in page
    assert page.count("<h1") == 1
    assert not ENGLISH.search(re.sub(r"<[^>]+>", " ", page))
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))", page)
    assert not re.search(r"\sstyle=|\son[a-z]+=", page)


@pytest.mark.parametrize("name", PAGES)
def test_no_template_of_allauth_is_left(name: str) -> None:
    found = Path(str(get_template(name).origin))  # type: ignore[attr-defined]

    assert settings.BASE_DIR in found.parents, name


@pytest.mark.parametrize("name", sorted(OPEN))
def test_open_pages(client: Client, name: str) -> None:
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert_ours(answer.content.decode())


@pytest.mark.parametrize(
    "url", ["/cuenta/confirmar-correo/no-existe/", "/cuenta/contrasena/nueva/1-no-existe/"]
)
def test_links_that_do_not_work_say_so(client: Client, url: str) -> None:
    answer = client.get(url)

    assert "El enlace no es válido" in answer.content.decode()
    assert_ours(answer.content.decode())


def test_every_page_of_her_account(owner: User) -> None:
    client = reauthenticated(owner)
    key = Authenticator.objects.get(user=owner, type=Authenticator.Type.WEBAUTHN)
    seen = set()
    for pattern in urlpatterns:
        name = str(pattern.name)
        if (
            name in OPEN | NEEDS_MORE
            or "<key>" in str(pattern.pattern)
            or "uidb36" in str(pattern.pattern)
        ):
            continue
        args = [key.pk] if "<int:pk>" in str(pattern.pattern) else []
        answer = client.get(reverse(name, args=args))
        if answer.status_code == 302:
            continue
        assert answer.status_code == 200, name
        assert_ours(answer.content.decode())
        seen.add(name)

    assert seen == {
        "account_logout",
        "account_email",
        "account_change_password",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "usersessions_list",
    }


def test_pages_of_an_account_without_second_factor() -> None:
    user = make.user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = reauthenticated(user)

    for name in ("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200, name
        assert_ours(answer.content.decode())


def test_second_step_and_recovery_codes(owner: User) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": owner.email, "password": "clave-de-prueba"})
    page = client.get(reverse("mfa_authenticate"))
    assert page.status_code == 200
    assert_ours(page.content.decode())

    file = reauthenticated(owner).get(reverse("mfa_download_recovery_codes"))
    assert file.headers["Content-Type"].startswith("text/plain")
    assert len(re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE)) == 10


def test_code_page(client: Client) -> None:
    page = client.post(
        reverse("account_request_login_code"), {"email": "nadie@example.org"}, follow=True
    )

    assert_ours(page.content.decode())


def test_account_without_password_may_make_one() -> None:
    user = make.user()
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)

    answer = client.get(reverse("account_change_password"), follow=True)

    assert answer.redirect_chain == [(reverse("account_set_password"), 302)]
    assert_ours(answer.content.decode())


EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (EDGE, "Edge en Windows"),
        (IPHONE, "Safari en iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox en Linux",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/131.0 Mobile Safari/537.36", "Chrome en Android"),
        ("curl/8.0", devices.UNKNOWN),
        ("", devices.UNKNOWN),
    ],
)
def test_equipment_is_named_as_people_do(says: str, words: str) -> None:
    assert devices.named(says) == words


def test_her_open_sessions_name_the_equipment_and_the_menu_says_where_she_is() -> None:
    user = make.proven(make.user())
    client = Client(headers={"User-Agent": EDGE})
    client.post(reverse("account_login"), {"login": user.email, "password": "clave-de-prueba"})
    page = client.get(reverse("usersessions_list")).text
    assert "Edge en Windows" in page
    assert "Mozilla" not in page
    assert 'aria-current="page">Sesiones abiertas</a>' in page
