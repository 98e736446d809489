"""
What is kept so that the database alone can't say it: sealed by Fernet, under keys from the settings.

The first of ENCRYPTION_KEYS seals, each of them opens. Which keys those are, and that the one that
signs is the last of them, is said in the settings.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# How everything sealed begins: the version of Fernet's format, and the time's first bytes.
SEALED = "gAAAA"


class NoKeyError(Exception):
    """None of the keys opens it."""


def seal(text: str) -> str:
    """Return the text sealed under the first key; another time, it looks different."""
    return _sealer().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text that was sealed. Raises NoKeyError."""
    try:
        return _sealer().decrypt(sealed).decode()
    except InvalidToken as error:
        raise NoKeyError from error


def seal_anew(sealed: str) -> str:
    """Return the same text, sealed under the first key. Raises NoKeyError."""
    try:
        return _sealer().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise NoKeyError from error


def _sealer() -> MultiFernet:
    return _sealer_of(tuple(settings.ENCRYPTION_KEYS))


@lru_cache(maxsize=4)
def _sealer_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """Return the key that seals: derived, so that it is not the one that signs (RFC 5869)."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"forecasts.sealing")
    return urlsafe_b64encode(derive.derive(key.encode()))
