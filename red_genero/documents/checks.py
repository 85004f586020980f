"""System checks: are the libraries, the faces and the key there that documents need?"""

import ctypes
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.apps import AppConfig
from django.core import checks
from django.core.checks import CheckMessage

from red_genero.documents import fonts, signing

PANGO = {
    "libpango-1.0.so.0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
}
SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib")
INSTALL_PANGO = (
    "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
RENEW = timedelta(days=60)
INSTALL_SUBSET = "apt-get install --no-install-recommends libharfbuzz-subset0"


def loads(names: Sequence[str]) -> bool:
    """Tells whether one of the shared libraries can be loaded, without importing WeasyPrint."""
    for name in names:
        with suppress(OSError):
            ctypes.CDLL(name)
            return True
    return False


@checks.register
def check_documents(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Warns about what is missing, with the line to type; without it the portal runs and PDF answers 503."""
    return [*_libraries(), *_faces(), *_key()]


def _libraries() -> list[CheckMessage]:
    missing = [name for name, names in PANGO.items() if not loads(names)]
    if missing:
        return [
            checks.Warning(
                f"PDF documents are unavailable: {', '.join(missing)} cannot be loaded.",
                hint=f"Type: {INSTALL_PANGO}",
                id="documents.W001",
            )
        ]
    if not loads(SUBSET):
        return [
            checks.Warning(
                "libharfbuzz-subset cannot be loaded: PDF documents are slow to make and large.",
                hint=f"Type: {INSTALL_SUBSET}",
                id="documents.W002",
            )
        ]
    return []


def _faces() -> list[CheckMessage]:
    missing = []
    for face, name in fonts.FACES.items():
        try:
            fonts.path(face)
        except FileNotFoundError:
            missing.append(name)
    if not missing:
        return []
    return [
        checks.Warning(
            f"Font files of the documents are missing: {', '.join(missing)}.",
            hint="They are part of the repository, in static/fonts/.",
            id="documents.W003",
        )
    ]


def _key() -> list[CheckMessage]:
    """Tells of a key that cannot sign, today or soon: without it no constancia gets its file."""
    try:
        key = signing.configured()
    except signing.KeyUnusable as reason:
        return [
            checks.Error(
                f"SIGNING_P12 cannot be used: {reason}",
                hint="Give its path, readable for web and worker, and SIGNING_PASSWORD; or leave it empty.",
                id="documents.E004",
            )
        ]
    today = datetime.now(UTC)
    if key is None or (key.valid_at(today) and key.valid_at(today + RENEW)):
        return []
    first, last = key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc
    words = f"The certificate of SIGNING_P12 is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if key.valid_at(today):
        hint = "Renew it in time: see docs/operators/signing.md."
        return [checks.Warning(f"{words}.", hint=hint, id="documents.W005")]
    hint = "No constancia gets its file until it is renewed: see docs/operators/signing.md."
    return [checks.Error(f"{words}, not today.", hint=hint, id="documents.E005")]
