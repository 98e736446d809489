"""
What is logged, and where: one stream, out of which secrets are taken at the last moment.

They are taken out of the finished line, so that it makes no difference whether one stood in a message,
in its arguments or in a traceback, nor which library wrote it. Known secrets are found by what they
are, all others by where they stand: in an address, a header, or behind a name.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote, urlsplit

TAKEN_OUT = "****"
# The parts of the site whose addresses go on with a secret. A test walks all addresses that have one.
SECRET_PATHS = (
    "calendar",
    "feeds/due",
    "unsubscribe",
    "admin/forecasts/reminder/act",
    "admin/invitation",
)
# Shorter ones would take words out of every line.
SHORTEST = 8

PATTERNS = (
    # An address that begins as one of those, cut off or not.
    rf"(?P<path>/(?:{'|'.join(SECRET_PATHS)})/)[^\s/?\"'<>]+",
    # What is signed ends with 43 characters that nobody can guess, or with most of them.
    r"(?P<signed>[\w=-]+[.:])[\w-]{40,43}(?![\w-])",
    # Tokens of the API, by their first characters or behind the word in a header.
    r"(?P<token>\bft_)[\w-]+",
    r"(?P<header>(?i:\b(?:token|bearer|basic)\s+))(?=[^\s\"']{16})[^\s\"',;]+",
    # Credentials in an address, as in redis://name:password@host.
    r"(?P<url>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)",
    # What stands behind such a name, in a form, a cookie, a header, or a piece of code.
    r"(?P<named>(?i:\b(?:\w*password\w*|\w*secret\w*|sessionid|csrf\w*|known_browser|authorization|cookie))"
    r"[\"']?\s*(?:[=:]|%3D)\s*(?:b?[\"'])?(?i:(?:token|bearer|basic)\s+)?)(?!\*{4})[^\s\"'&;,)]+",
)
PATTERN = re.compile("|".join(PATTERNS))


class Redacting(logging.Formatter):
    """Writes a line without the secrets that it knows, and without what looks like one."""

    def __init__(self, *args: Any, secrets: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        known = {form for each in secrets for form in (each, quote(each, safe=""))}
        found = sorted((each for each in known if len(each) >= SHORTEST), key=len, reverse=True)
        self.known = re.compile("|".join(map(re.escape, found))) if found else None

    def format(self, record: logging.LogRecord) -> str:
        return self.redacted(super().format(record))

    def redacted(self, line: str) -> str:
        """
        Return the line without its secrets.

        >>> Redacting().redacted("GET /calendar/p1-0.c2VjcmV0.ics?x=1 by redis://house:pass@host:6379/0")
        'GET /calendar/****?x=1 by redis://house:****@host:6379/0'
        """
        if self.known is not None:
            line = self.known.sub(TAKEN_OUT, line)
        return PATTERN.sub(lambda found: f"{found[found.lastgroup or 0]}{TAKEN_OUT}", line)


def passwords_in(*urls: str) -> list[str]:
    """
    Return the passwords in addresses of servers, as they are and as they are written there.

    >>> passwords_in("postgres://house:p%40ss@host/name", "unix:///run/valkey.sock", "")
    ['p%40ss', 'p@ss']
    """
    written = [urlsplit(url).password or "" for url in urls]
    return [form for each in written if each for form in dict.fromkeys((each, unquote(each)))]


def logging_settings(*, level: str, secrets: Iterable[str]) -> dict[str, Any]:
    """Return Django's LOGGING. To stderr, because commands print what they found to stdout."""
    ours = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "config.logs.Redacting",
                "fmt": "{asctime} {levelname} {name} {message}",
                "style": "{",
                "secrets": [each for each in secrets if each],
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {**ours, "level": level},
            "django.server": {**ours, "level": level},
            # At lower levels it writes down each query with its values.
            "django.db.backends": {"level": "INFO"},
            # The web server's own, in the processes that answer.
            "_granian": {**ours, "level": level},
            "granian.access": {**ours, "level": "INFO"},
            # At lower levels it writes down the address asked for, which may be a secret.
            "urllib3": {"level": "ERROR"},
        },
    }
