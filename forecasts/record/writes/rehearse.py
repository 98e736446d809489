"""Do something, look at what came of it, and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

Found = TypeVar("Found")


def rehearse(service: Callable[[], Found]) -> Found:
    """Run a service, take back all that it wrote, and return what it did. Raises what the service raises."""
    with transaction.atomic():
        found = service()
        transaction.set_rollback(True)
    return found
