"""The one kind of exception that a service raises when it says no, and words for it that are used twice."""

from django.utils.translation import gettext_lazy

from forecasts.models.names import ADDRESS_REFUSED
from forecasts.names import is_of_the_web

NEEDS_BASIS = gettext_lazy("A deadline set by us needs its basis. Say how it was chosen.")


class RefusedError(Exception):
    """
    The request can't be carried out. Nothing was changed.

    `field` names what to mend; the message says what is wrong and what to do about it. It is a `conflict`
    where the state of the record stands in the way (somebody decided, answered or took the name before):
    another request first, or a look at the record, may help. Otherwise the request asks for what can't be.
    """

    field = ""
    conflict = False

    def __init__(self, message: str, *, field: str = "", conflict: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field or self.field
        if conflict is not None:
            self.conflict = conflict


class NotOfTheWebError(RefusedError):
    """An address that no browser reaches."""

    field = "url"


def refuse_address(url: str) -> None:
    """Raise NotOfTheWebError on an address that begins with neither https:// nor http://."""
    if not is_of_the_web(url):
        raise NotOfTheWebError(str(ADDRESS_REFUSED))
