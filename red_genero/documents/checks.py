"""System checks: are the libraries and faces there that documents need?"""

import ctypes
from collections.abc import Sequence
from contextlib import suppress

from django.apps import AppConfig
from django.core import checks
from django.core.checks import CheckMessage

from red_genero.documents import fonts

PANGO = {
    "libpango-1.0.so.0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
}
SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib")
INSTALL_PANGO = (
    "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
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
    return [*_libraries(), *_faces()]


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
