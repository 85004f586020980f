"""The portal's settings as the tests run them: plain static files, fast passwords, own data folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DEMO"] = os.environ["DEBUG"] = "0"
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "0123456789" * 4)
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("PORTAL_URL", "http://testserver")
os.environ.setdefault("REQUIRE_STAFF_MFA", "0")
os.environ["DATA_DIR"] = str(
    Path(tempfile.gettempdir()) / f"red-genero-tests-{os.getuid()}-{os.getpid()}"
)

from red_genero.settings import *  # noqa: F403
from red_genero.settings import DATA_DIR, DATABASES, STORAGES, TEMPLATES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]

TEMPLATE = os.environ.get("TEST_TEMPLATE", "")
"""A migrated database to begin from: a file of SQLite or the name of one in the same PostgreSQL."""

atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: threads of a race must meet real locks, not a shared memory.
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}
    if TEMPLATE and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
        shutil.copyfile(TEMPLATE, DATA_DIR / f"tests.sqlite3_{worker}")
elif TEMPLATE:
    DATABASES["default"]["TEST"] = {"TEMPLATE": TEMPLATE}
