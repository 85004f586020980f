"""She opens an account, proves her mailbox, enters with a password or a code, and recovers her password."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from members.models import User
from red_genero.accounts.forms import _stamp
from red_genero.common import delivery
from red_genero.common.models import QueuedMail
from tests import make
from tests.smtp import PostOffice, post_office

PASSWORD = "jacaranda-lluvia-42"
ADDRESS = "lucia.pena@guadalajara.gob.mx"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """Start with no attempts counted."""
    cache.clear()


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    """A real mail server, to which the portal delivers."""
    with post_office() as made:
        settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield made


def with_account(address: str = ADDRESS, password: str = PASSWORD) -> User:
    """Return an account whose mailbox is proven."""
    user = make.user(address)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signup_data(address: str = ADDRESS, *, seconds: float = 30) -> dict[str, str]:
    """Return what a person sends who took her time."""
    with time_machine.travel(timezone.now() - timedelta(seconds=seconds), tick=False):
        stamp = _stamp()
    return {
        "email": address,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "website": "",
        "stamp": stamp,
    }


def link_in(text: str) -> str:
    """Return the path of the first link of the portal in a mail."""
    found = re.search(r"http://testserver(/cuenta/\S+)", text)
    assert found
    return found[1]


def test_signup_mail_and_proof_by_post(client: Client, office: PostOffice) -> None:
    answer = client.post(reverse("account_signup"), signup_data())
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert office.letters == []

    assert delivery.deliver_due().sent == 1

    letter = office.to(ADDRESS)[0]
    assert letter.message["Subject"] == "Confirme su correo"
    path = link_in(letter.text)
    page = client.get(path)
    assert page.status_code == 200
    assert not EmailAddress.objects.get(email=ADDRESS).verified

    answer = client.post(path)
    assert answer.status_code == 302
    assert EmailAddress.objects.get(email=ADDRESS).verified
    assert client.get(reverse("mfa_index")).status_code == 200


def test_proof_from_another_browser_leads_to_the_door(client: Client, office: PostOffice) -> None:
    client.post(reverse("account_signup"), signup_data())
    delivery.deliver_due()

    elsewhere = Client()
    answer = elsewhere.post(link_in(office.letters[0].text))

    assert EmailAddress.objects.get(email=ADDRESS).verified
    assert answer.status_code == 302
    assert elsewhere.get(reverse("mfa_index")).status_code == 302


def test_the_secret_text_is_wiped_once_sent(client: Client, office: PostOffice) -> None:
    client.post(reverse("account_signup"), signup_data())
    waiting = QueuedMail.objects.get()
    assert "/cuenta/confirmar-correo/" in waiting.text
    assert "/cuenta/" not in waiting.readable_text

    delivery.deliver_due()

    sent = QueuedMail.objects.get()
    assert sent.state == QueuedMail.State.SENT
    assert "/cuenta/" not in sent.text
    assert bytes(sent.mime) == b""


def test_nobody_enters_before_proving_her_mailbox(client: Client) -> None:
    client.post(reverse("account_signup"), signup_data())
    stranger = Client()

    answer = stranger.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})

    assert answer["Location"] == reverse("account_email_verification_sent")
    assert stranger.get(reverse("mfa_index")).status_code == 302


def test_signup_answers_the_same_for_a_known_address(client: Client, office: PostOffice) -> None:
    with_account("known@guadalajara.gob.mx")

    fresh = client.post(reverse("account_signup"), signup_data(), follow=True)
    known = Client().post(
        reverse("account_signup"), signup_data("KNOWN@guadalajara.gob.mx"), follow=True
    )

    assert (fresh.status_code, fresh.redirect_chain) == (known.status_code, known.redirect_chain)
    assert plain(fresh.content) == plain(known.content).replace(
        b"known@guadalajara.gob.mx", ADDRESS.encode()
    )
    assert User.objects.count() == 2
    delivery.deliver_due()
    assert [m.message["Subject"] for m in office.to("known@guadalajara.gob.mx")] == [
        "Su cuenta en el portal"
    ]


def test_reset_answers_the_same_for_an_unknown_address(client: Client) -> None:
    with_account()

    known = client.post(reverse("account_reset_password"), {"email": ADDRESS}, follow=True)
    unknown = Client().post(
        reverse("account_reset_password"), {"email": "nadie@example.org"}, follow=True
    )

    assert (known.status_code, known.redirect_chain) == (
        unknown.status_code,
        unknown.redirect_chain,
    )
    assert plain(known.content) == plain(unknown.content)


def test_login_answers_the_same_for_an_unknown_address(client: Client) -> None:
    with_account()

    known = client.post(reverse("account_login"), {"login": ADDRESS, "password": "otra-cosa-99"})
    unknown = Client().post(
        reverse("account_login"), {"login": "nadie@example.org", "password": "otra-cosa-99"}
    )

    assert known.status_code == unknown.status_code == 200
    assert plain(known.content) == plain(unknown.content).replace(
        b"nadie@example.org", ADDRESS.encode()
    )
    assert "El correo o la contraseña no coinciden" in known.content.decode()


def test_code_request_answers_the_same_for_an_unknown_address(client: Client) -> None:
    with_account()
    url = reverse("account_request_login_code")

    known = client.post(url, {"email": ADDRESS}, follow=True)
    unknown = Client().post(url, {"email": "nadie@example.org"}, follow=True)

    assert (known.status_code, known.redirect_chain) == (
        unknown.status_code,
        unknown.redirect_chain,
    )
    assert plain(known.content) == plain(unknown.content).replace(
        b"nadie@example.org", ADDRESS.encode()
    )


def test_login_by_code(client: Client, office: PostOffice) -> None:
    with_account()
    client.post(reverse("account_request_login_code"), {"email": ADDRESS})
    delivery.deliver_due()
    code = re.search(r"^    (\S+)$", office.to(ADDRESS)[0].text, re.MULTILINE)
    assert code, repr(office.to(ADDRESS)[0].text)

    wrong = client.post(reverse("account_confirm_login_code"), {"code": "ZZZZZZ"})
    assert "El código no coincide" in wrong.content.decode()
    right = client.post(reverse("account_confirm_login_code"), {"code": code[1].lower()})

    assert right.status_code == 302
    assert client.get(reverse("account_email")).status_code == 200


def test_new_password_by_mail(client: Client, office: PostOffice) -> None:
    user = with_account()
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    delivery.deliver_due()
    path = link_in(office.to(ADDRESS)[0].text)

    form = client.get(path, follow=True)
    assert form.status_code == 200
    done = client.post(
        form.redirect_chain[-1][0],
        {"password1": "otra-clave-larga-7", "password2": "otra-clave-larga-7"},
        follow=True,
    )

    assert done.status_code == 200
    user.refresh_from_db()
    assert user.check_password("otra-clave-larga-7")
    assert Client().get(path, follow=True).status_code == 200
    assert "El enlace no es válido" in Client().get(path, follow=True).content.decode()


def test_five_wrong_passwords_close_only_the_place_they_came_from(client: Client) -> None:
    with_account()
    url = reverse("account_login")
    for _ in range(5):
        client.post(url, {"login": ADDRESS, "password": "adivino-mal-1"}, REMOTE_ADDR="10.0.0.1")

    here = client.post(url, {"login": ADDRESS, "password": PASSWORD}, REMOTE_ADDR="10.0.0.1")
    assert "demasiados intentos" in here.content.decode()

    colleague = with_account("otra@guadalajara.gob.mx")
    next_desk = Client().post(
        url, {"login": colleague.email, "password": PASSWORD}, REMOTE_ADDR="10.0.0.1"
    )
    assert next_desk.status_code == 302

    at_home = Client().post(url, {"login": ADDRESS, "password": PASSWORD}, REMOTE_ADDR="10.0.0.2")
    assert at_home.status_code == 302

    by_code = Client().post(
        reverse("account_request_login_code"), {"email": ADDRESS}, REMOTE_ADDR="10.0.0.1"
    )
    assert by_code["Location"] == reverse("account_confirm_login_code")


def test_an_address_guessed_from_everywhere_is_limited_too(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_anywhere": "8/h/key"}
    with_account()
    for place in range(9):
        last = Client().post(
            reverse("account_login"),
            {"login": ADDRESS, "password": "adivino-mal-1"},
            REMOTE_ADDR=f"10.0.1.{place}",
        )

    assert "demasiados intentos" in last.content.decode()


def test_too_many_posts_of_one_place_get_our_429(settings: Settings, client: Client) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/m/ip"}
    for _ in range(3):
        answer = client.post(reverse("account_signup"), {"email": "x"})

    assert answer.status_code == 429
    assert "Demasiados intentos seguidos" in answer.content.decode()


def test_the_place_comes_through_the_trusted_proxy(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    with_account()
    url = reverse("account_login")
    for _ in range(6):
        blocked = Client(headers={"x-forwarded-for": "6.6.6.6, 10.0.0.1"}).post(
            url, {"login": ADDRESS, "password": "adivino-mal-1"}
        )
    assert "demasiados intentos" in blocked.content.decode()

    other = Client(headers={"x-forwarded-for": "6.6.6.6, 10.0.0.2"}).post(
        url, {"login": ADDRESS, "password": PASSWORD}
    )
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"website": "http://spam.example"}, "Borre lo que haya en este campo"),
        ({"stamp": ""}, "La página estuvo abierta demasiado tiempo"),
        ({"stamp": "forged"}, "La página estuvo abierta demasiado tiempo"),
        ({"email": "no-es-correo"}, "Escriba un correo completo"),
        ({"email": ""}, "Escriba su correo electrónico"),
        ({"password2": "otra-distinta-55"}, "Las dos contraseñas no son iguales"),
        ({"password1": "corta", "password2": "corta"}, "demasiado corta"),
    ],
)
def test_what_signup_refuses_is_said(client: Client, change: dict[str, str], sentence: str) -> None:
    answer = client.post(reverse("account_signup"), {**signup_data(), **change})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert User.objects.count() == 0
    assert QueuedMail.objects.count() == 0


def test_a_form_sent_too_fast_is_asked_again_and_then_passes(client: Client) -> None:
    data = signup_data(seconds=0)

    first = client.post(reverse("account_signup"), data)
    assert "demasiado rápido" in first.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        second = client.post(reverse("account_signup"), data)

    assert second.status_code == 302


def test_the_trap_is_hidden_until_something_falls_into_it(client: Client) -> None:
    empty = client.get(reverse("account_signup")).content.decode()
    assert re.search(r'<div[^>]*class="extra-field"[^>]*aria-hidden="true"', empty)
    assert re.search(r'name="website"[^>]*tabindex="-1"|tabindex="-1"[^>]*name="website"', empty)

    fallen = client.post(reverse("account_signup"), {**signup_data(), "website": "x"})

    assert 'class="extra-field"' not in fallen.content.decode()


def test_change_of_address_waits_for_its_proof(client: Client, office: PostOffice) -> None:
    user = with_account()
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("account_email"), {"email": "nueva@guadalajara.gob.mx", "action_add": "1"})
    user.refresh_from_db()
    assert user.email == ADDRESS
    delivery.deliver_due()
    client.post(link_in(office.to("nueva@guadalajara.gob.mx")[0].text))

    user.refresh_from_db()
    assert user.email == "nueva@guadalajara.gob.mx"
    assert list(
        EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")
    ) == [("nueva@guadalajara.gob.mx", True, True)]
    delivery.deliver_due()
    assert office.to(ADDRESS)[-1].message["Subject"] == "Cambió el correo de su cuenta"


def plain(page: bytes) -> bytes:
    """Return the page without what changes at every request."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)
    return re.sub(rb'name="stamp" value="[^"]+"', b"", page)


class CountingHasher(MD5PasswordHasher):
    """A hasher that remembers how often it worked."""

    worked = 0

    def encode(self, password: str, salt: str) -> str:
        """Count, then work."""
        type(self).worked += 1
        return super().encode(password, salt)


def hashes(url: str, data: dict[str, str]) -> int:
    """Return how many passwords are hashed to answer: what takes nearly all the time."""
    before = CountingHasher.worked
    Client().post(url, data)
    return CountingHasher.worked - before


def test_known_and_unknown_addresses_take_the_same_work(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.journeys.test_accounts.CountingHasher"]
    with_account()
    login, signup = reverse("account_login"), reverse("account_signup")

    assert hashes(login, {"login": ADDRESS, "password": "x"}) == 1
    assert hashes(login, {"login": "nadie@example.org", "password": "x"}) == 1
    assert hashes(signup, signup_data()) == 1
    assert hashes(signup, signup_data("otra@example.org")) == 1


def test_a_password_with_three_faults_is_one_datum_to_correct(client: Client) -> None:
    data = {**signup_data(), "password1": "123", "password2": "123"}

    page = client.post(reverse("account_signup"), data).text

    assert "Falta corregir un dato" in page
    for words in ("demasiado corta", "demasiado común", "completamente numérica"):
        assert words in page
