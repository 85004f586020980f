"""The portal as the benchmark of seats serves it: the tests' settings, and its two more addresses."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
