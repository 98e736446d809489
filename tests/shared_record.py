"""A record that is made once for all tests of a module; each takes back what it changed, and the end all."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db import transaction

Made = TypeVar("Made")


def shared(blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """
    Yield what `make` returns, for a fixture of a module's scope; the tests themselves ask for `db`.

    Not for transactional tests: what they empty would be this, too.
    """
    outermost = transaction.atomic()
    with blocker.unblock():
        outermost.__enter__()
        made = make()
    yield made
    with blocker.unblock():
        transaction.set_rollback(True)
        outermost.__exit__(None, None, None)
