"""Names and addresses as columns: the check of a form and the constraint of a table."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.names import OF_THE_WEB, UNSEEN, is_of_the_web, is_plain

NAME_REFUSED = _("The name holds a character that is not seen, such as a line break. Type the name anew.")
ADDRESS_REFUSED = _("An address begins with https:// or http://. Copy it from the browser.")


def check_plain(name: str) -> None:
    """Raise ValidationError on a character that is not seen."""
    if not is_plain(name):
        raise ValidationError(NAME_REFUSED)


def check_of_the_web(url: str) -> None:
    """Raise ValidationError on an address that no browser reaches."""
    if not is_of_the_web(url):
        raise ValidationError(ADDRESS_REFUSED)


def name_is_plain(row: str) -> models.CheckConstraint:
    """Return the constraint on the name of such a row."""
    return models.CheckConstraint(
        name=f"{row}_name_is_plain",
        condition=~Q(name__regex=UNSEEN),
        violation_error_message=NAME_REFUSED,
    )


def address_is_of_the_web(row: str) -> models.CheckConstraint:
    """Return the constraint on the address of such a row."""
    return models.CheckConstraint(
        name=f"{row}_address_is_of_the_web",
        condition=Q(url="") | Q(url__regex=OF_THE_WEB),
        violation_error_message=ADDRESS_REFUSED,
    )
