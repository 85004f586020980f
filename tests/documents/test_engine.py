"""The engine without Pango, its answers, and the arithmetic that fits texts to their boxes."""

import logging
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from red_genero.documents import (
    DocumentRefused,
    DocumentsUnavailable,
    checks,
    engine,
    plain,
    render,
    response,
)
from red_genero.documents.fitting import address_lines, fit
from red_genero.documents.fonts import load
from red_genero.documents.http import DocumentsMiddleware
from red_genero.documents.qr import qr_data_uri
from red_genero.documents.text import clean_context
from tests.documents.papers import certificate

pytestmark = pytest.mark.once

LADDER = ((44, 1), (30, 1), (30, 2), (18, 2), (13, 3), (9, 4))


def test_an_answer_is_a_private_download() -> None:
    answer = response(b"%PDF-1.7", "Constancia «Ñ».pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Constancia%20%C2%AB%C3%91%C2%BB.pdf"
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == b"%PDF-1.7"


def test_a_file_name_cannot_add_a_header() -> None:
    answer = response(b"%PDF", 'a"\r\nSet-Cookie: x=1\r\n/../b.pdf', inline=True)

    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("inline; filename")
    assert "/" not in answer["Content-Disposition"].removeprefix("inline; ")


def test_a_document_can_be_answered_directly() -> None:
    document = certificate()

    assert response(document, document.filename).content == render(document)


WITHOUT_PANGO = """
import ctypes.util, os, sys
import cffi
opens = cffi.FFI.dlopen
def closed(self, name, flags=0):
    if "pango" in str(name):
        raise OSError("cannot load library " + str(name))
    return opens(self, name, flags)
cffi.FFI.dlopen = closed
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from red_genero.documents import DocumentsUnavailable, render
from tests.documents.papers import certificate
try:
    render(certificate())
except DocumentsUnavailable:
    sys.exit(42)
"""


def test_the_portal_starts_without_pango_and_only_documents_are_unavailable() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANGO],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 42, ended.stderr


def test_importing_the_documents_does_not_import_weasyprint() -> None:
    program = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "django.setup(); import red_genero.documents;"
        "sys.exit('weasyprint' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


@pytest.mark.django_db
def test_without_pango_the_portal_says_so(client: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise AssertionError(request)

    request = RequestFactory().get("/")
    request.user = client.request().wsgi_request.user
    answer = DocumentsMiddleware(view).process_exception(request, DocumentsUnavailable("no pango"))

    assert answer is not None
    assert answer.status_code == 503
    assert "PDF no disponible" in answer.content.decode()


def test_other_errors_are_not_hidden() -> None:
    request = RequestFactory().get("/")

    assert DocumentsMiddleware(response).process_exception(request, DocumentRefused("x")) is None  # type: ignore[arg-type]


def test_a_healthy_machine_has_no_warnings() -> None:
    assert checks.check_documents(None) == []


def test_the_check_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PANGO", {"libpango-1.0.so.0": ("libabsent-1.0.so.0",)})

    (warning,) = checks.check_documents(None)

    assert warning.id == "documents.W001"
    assert warning.hint == (
        "Type: apt-get install --no-install-recommends "
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )


def test_the_check_misses_the_subsetter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SUBSET", ("libabsent.so.0",))

    (warning,) = checks.check_documents(None)

    assert warning.id == "documents.W002"
    assert "libharfbuzz-subset0" in str(warning.hint)


def test_system_fonts_are_not_seen() -> None:
    html = (
        '<!doctype html><html lang="es"><title>x</title><p style="font-family: DejaVu Sans">ñ</p>'
    )

    pdf = engine.press(html, ("css/documents/fonts.css",))

    assert b"DejaVu" not in pdf


def test_an_address_of_mail_is_broken_where_one_reads_it() -> None:
    assert address_lines("ana@guadalajara.gob.mx", ems=16.5) == ["ana@guadalajara.gob.mx"]
    assert address_lines("maria.guadalupe.ruiz@guadalajara.gob.mx", ems=16.5) == [
        "maria.guadalupe.ruiz",
        "@guadalajara.gob.mx",
    ]
    assert address_lines("ana@desarrollo-economico.guadalajara.gob.mx", ems=16.5) == [
        "ana",
        "@desarrollo-economico.guadalajara.",
        "gob.mx",
    ]
    assert address_lines("", ems=16.5) == []


@given(
    text=st.text(alphabet=st.sampled_from("WMiíñÑ aeoü-'’.ʼ"), min_size=1, max_size=120).filter(
        str.strip
    ),
    width=st.integers(min_value=300, max_value=700),
)
def test_any_text_is_fitted_whole_and_within_its_box(text: str, width: int) -> None:
    fitted = fit(text, face="title-semibold", width=width, ladder=LADDER)

    face = load("title-semibold")
    whole = "".join(text.split())
    assert "".join("".join(fitted.lines).split()) == whole
    assert all(face.width(line) * fitted.size <= width for line in fitted.lines)
    assert (fitted.size, True) in [(size, len(fitted.lines) <= lines) for size, lines in LADDER]


def test_a_longer_text_is_never_set_larger() -> None:
    sizes = [
        fit("María " * count, face="title-semibold", width=500, ladder=LADDER).size
        for count in range(1, 21)
    ]

    assert sizes == sorted(sizes, reverse=True)


def test_too_long_a_text_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        fit("x" * 121, face="text", width=500, ladder=LADDER)

    assert refusal.value.code == "too_long"
    assert refusal.value.messages == [
        f"«{'x' * 40}…» tiene 121 caracteres y en el documento caben 120. Acórtelo y vuelva a intentarlo."
    ]


@given(st.text(max_size=200))
def test_plain_text_is_one_visible_line(text: str) -> None:
    clean = plain(text)

    assert plain(clean) == clean
    assert all(char.isprintable() for char in clean)


def test_a_context_holds_plain_values_only() -> None:
    with pytest.raises(TypeError):
        clean_context({"person": object()}, exact=True)


def test_the_same_address_gives_the_same_code() -> None:
    assert qr_data_uri("https://a.example/") == qr_data_uri("https://a.example/")
    assert qr_data_uri("https://a.example/") != qr_data_uri("https://b.example/")


def test_warnings_are_not_logged_twice(caplog: pytest.LogCaptureFixture) -> None:
    html = '<!doctype html><html lang="es"><title>x</title><img src="ftp://x/y" alt="x">'

    with caplog.at_level(logging.WARNING), pytest.raises(DocumentRefused):
        engine.press(html, ())

    assert len([r for r in caplog.records if r.name == "red_genero.documents"]) == 1
