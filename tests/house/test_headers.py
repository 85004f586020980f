"""What every answer carries, the strict policy, and pages that ask nothing of anybody else."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.house.crawl import Page, reading

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.no_cover,
    pytest.mark.xdist_group("pages"),
]

POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CARRIED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}
PERSONAL: Final = (
    "account_",
    "mfa_",
    "trainings:verify",
)
"""Pages that may hold somebody's data although nobody has signed in."""
HANDLERS: Final = re.compile(r"^on[a-z]+$")
FETCHED: Final = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
    "source": "src",
    "video": "src",
    "audio": "src",
    "use": "href",
    "image": "href",
    "link": "href",
    "form": "action",
}
ON_THE_WIRE: Final = """
import json, django
from django.conf import settings
django.setup()
settings.MIGRATION_MODULES = {app.label: None for app in django.apps.apps.get_app_configs()}
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
call_command("createcachetable", verbosity=0)
from allauth.account.models import EmailAddress
from django.test import Client
from members.models import User
user = User.objects.create_user("alguien@guadalajara.gob.mx", "clave-de-prueba")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
client = Client(SERVER_NAME="red.example.org")
plain = client.get("/cuenta/ingresar/")
page = client.get("/cuenta/ingresar/", secure=True)
entered = client.post("/cuenta/ingresar/", {"login": user.email, "password": "clave-de-prueba"}, secure=True)
panel = client.get("/panel/", secure=True)
left = client.post("/cuenta/salir/", secure=True)
cookies = {}
for answer in (page, entered, panel, left):
    for name, morsel in answer.cookies.items():
        cookies.setdefault(name, {key: morsel[key] for key in ("secure", "httponly", "samesite", "path", "domain")})
print("ANSWER" + json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "hsts": page.headers.get("Strict-Transport-Security"),
    "entered": entered.status_code,
    "panel": panel.status_code,
    "cookies": cookies,
}))
"""


def test_every_answer_carries_the_policy_to_the_letter(
    crawled: tuple[list[Page], list[str]],
) -> None:
    wrong = {}
    for page in crawled[0]:
        sent = page.headers.get("Content-Security-Policy", "")
        parts = dict(part.strip().split(" ", 1) for part in sent.split(";") if part.strip())
        if parts != POLICY:
            wrong[str(page)] = sent

    assert wrong == {}


@pytest.mark.parametrize("header", CARRIED)
def test_every_answer_carries(crawled: tuple[list[Page], list[str]], header: str) -> None:
    wrong = {
        str(page): page.headers.get(header)
        for page in crawled[0]
        if page.headers.get(header) != carried(page, header)
    }

    assert wrong == {}


def carried(page: Page, header: str) -> str:
    """Return what the page must say: the one that reads codes may ask its own reader for the camera."""
    told = CARRIED[header]
    reads_codes = page.path.endswith("/codigos/") and page.status in {200, 422}
    return told.replace("camera=()", "camera=(self)") if reads_codes else told


def test_no_cache_keeps_what_is_personal(crawled: tuple[list[Page], list[str]]) -> None:
    wrong = [
        str(page)
        for page in crawled[0]
        if (page.role != "visitor" or (page.html and page.name.startswith(PERSONAL)))
        and not {"no-store", "private"} <= set(re.split(r",\s*", page.headers["Cache-Control"]))
    ]

    assert wrong == []


def test_pages_about_somebody_are_not_indexed(crawled: tuple[list[Page], list[str]]) -> None:
    robots = {
        page.headers.get("X-Robots-Tag")
        for page in crawled[0]
        if page.name.startswith("trainings:verify")
    }

    assert robots == {"noindex, nofollow"}


def test_pages_hold_no_code_and_no_style_of_their_own(pages: list[Page]) -> None:
    wrong = []
    for page in pages:
        for tag, given in reading(page.html).tags:
            inline = tag == "script" and "src" not in given and "json" not in given.get("type", "")
            handled = any(HANDLERS.match(name) for name in given)
            scripted = any(value.lower().startswith("javascript:") for value in given.values())
            if inline or handled or scripted or tag == "style" or "style" in given:
                wrong.append((str(page), tag, given))

    assert wrong == []


def test_pages_ask_nothing_of_other_hosts(pages: list[Page]) -> None:
    """Links may lead outside; what a browser fetches or sends by itself stays here."""
    wrong = []
    for page in pages:
        for tag, given in reading(page.html).tags:
            asked = [given.get(FETCHED.get(tag, ""), ""), given.get("srcset", "")]
            if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
                asked.append(given.get("content", "").partition("url=")[2])
            wrong += [
                (str(page), tag, url)
                for url in asked
                if urlsplit(url).netloc or urlsplit(url).scheme not in {"", "data"}
            ]

    assert wrong == []


def test_links_that_open_elsewhere_tell_nothing_of_where_one_comes_from(pages: list[Page]) -> None:
    wrong = [
        (str(page), given["href"])
        for page in pages
        for tag, given in reading(page.html).tags
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in given.get("rel", "")
    ]

    assert wrong == []


def test_over_https_cookies_and_transport_are_strict(tmp_path: Path) -> None:
    """In a process of its own: the settings are read once."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "HTTPS": "1",
        "ALLOWED_HOSTS": "red.example.org",
        "PORTAL_URL": "https://red.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'red.sqlite3'}",
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ON_THE_WIRE],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]

    told = json.loads(done.stdout.partition("ANSWER")[2])
    strict = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
    assert told["plain"] == [301, "https://red.example.org/cuenta/ingresar/"]
    assert told["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert (told["entered"], told["panel"]) == (302, 200)
    assert set(told["cookies"]) == {"__Host-csrf", "__Host-sesion", "messages"} & set(
        told["cookies"]
    )
    assert {"__Host-csrf", "__Host-sesion"} <= set(told["cookies"])
    assert all(given == strict for given in told["cookies"].values()), told["cookies"]
