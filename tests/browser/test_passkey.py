"""A passkey is made and used in a real browser, under the strict policy."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from members.models import User
from tests import make

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(settings: Settings) -> User:
    """Staff with a proven mailbox; the tests' server speaks plain HTTP on this machine."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.REQUIRE_STAFF_MFA = True
    cache.clear()
    user = make.user(staff=True)
    user.is_superuser = True
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def key(page: Page) -> None:
    """A key inside the browser that always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about: refused scripts and styles among it."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_passkey_from_making_to_the_administration(
    page: Page, owner: User, key: None, complaints: list[str]
) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("Correo electrónico").fill(owner.email)
    page.get_by_label("Contraseña").fill("clave-de-prueba")
    page.get_by_role("button", name="Ingresar").click()
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Contraseña").fill("clave-de-prueba")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Nombre de la llave").fill("Oficina")
    page.get_by_label("Usarla también para ingresar sin contraseña").check()
    page.get_by_role("button", name="Agregar").click()
    page.wait_for_url(re.compile("/cuenta/segundo-factor/respaldo/"))
    assert Authenticator.objects.filter(user=owner, type=Authenticator.Type.WEBAUTHN).count() == 1

    page.context.clear_cookies()
    page.goto(reverse("account_login") + "?next=/admin/")
    page.get_by_role("button", name="Usar mi llave de acceso").click()
    page.wait_for_url(re.compile(r"^http://[^/]+/admin/$"))
    expect(page.locator("h1").first).to_contain_text("Administración")
    assert complaints == []


def test_without_a_key_it_says_what_else_can_be_done(page: Page, owner: User) -> None:
    page.add_init_script(
        "navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    page.goto(reverse("account_login"))

    page.get_by_role("button", name="Usar mi llave de acceso").click()

    expect(page.get_by_role("alert")).to_contain_text("No se pudo usar la llave")
