"""What a name and an address may be made of. Plain Python, so that files are read by the same rule."""

from __future__ import annotations

import re

# Control characters, and those that turn the direction of what follows: none is seen, and with one a
# name looks like another. PostgreSQL and Python read the class alike.
UNSEEN = r"[\u0001-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
OF_THE_WEB = r"^[hH][tT][tT][pP][sS]?://"


def is_plain(name: str) -> bool:
    r"""
    Return whether every character of the name is seen.

    >>> is_plain("Åsa Östlund"), is_plain("Anna\u202egro.live"), is_plain("Anna\nEk")
    (True, False, False)
    """
    return re.search(UNSEEN, name) is None


def is_of_the_web(url: str) -> bool:
    """
    Return whether a browser reaches the address. None at all will do.

    >>> is_of_the_web("https://example.org/a"), is_of_the_web(""), is_of_the_web("ftp://example.org/a")
    (True, True, False)
    """
    return not url or re.match(OF_THE_WEB, url) is not None
