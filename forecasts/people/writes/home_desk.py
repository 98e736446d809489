"""The desk of whoever names none."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from forecasts.models import Desk
from forecasts.people.reads.roles import Verb, desks_where

HOME = "news"


def home_desk(*, by: User | None) -> Desk:
    """
    Return the desk of whoever names none: the first that they edit, or else the first of the house.

    A house without any desk gets one.
    """
    edited = desks_where(user=by, verb=Verb.OPEN_QUESTION) if by else Desk.objects.none()
    house = {"name": _("News desk"), "zone": settings.TIME_ZONE, "language": settings.LANGUAGE_CODE}
    first = edited.order_by("pk").first() or Desk.objects.order_by("pk").first()
    return first or Desk.objects.get_or_create(slug=HOME, defaults=house)[0]
