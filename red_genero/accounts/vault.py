"""Secrets at rest: encrypted with a key derived from SECRET_KEY, readable with its fallbacks."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"red_genero.accounts.vault"


def encrypt(text: str) -> str:
    """Return the text encrypted with today's key."""
    return _vault().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text; raises ValueError when no key opens it."""
    try:
        return _vault().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("No key of this portal opens this secret.") from error


def _vault() -> MultiFernet:
    return _keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _keys(*secrets: str) -> MultiFernet:
    """Build the vault once per set of keys; the first one encrypts, all of them decrypt."""
    return MultiFernet([Fernet(_derive(secret)) for secret in secrets])


def _derive(secret: str) -> bytes:
    key = hashlib.scrypt(secret.encode(), salt=PURPOSE, n=2**14, r=8, p=1, dklen=32)
    return base64.urlsafe_b64encode(key)
