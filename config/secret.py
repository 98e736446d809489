"""The signing key of a local installation, made once and readable by its owner only; and keys that seal."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32


def read_or_create_secret(path: Path) -> str:
    """Return the secret kept at `path`, making one of 64 characters when there is none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # Another process of the same start was quicker.
    return path.read_text(encoding="ascii").strip()


def sealing_keys(given: Sequence[str], signing: Sequence[str]) -> list[str]:
    """
    Return the keys that open what is sealed, the one that seals first.

    Those that sign come last, so that what was sealed before there were others can still be opened.
    """
    if any(len(key) < SHORTEST for key in given):
        raise ImproperlyConfigured(
            f"ENCRYPTION_KEYS has a key of fewer than {SHORTEST} characters. "
            "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return [*given, *signing]
