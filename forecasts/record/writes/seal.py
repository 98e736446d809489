"""Seal everything that is sealed anew, after the keys were changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from forecasts.models import Desk
from forecasts.models.sealing import NoKeyError, seal_anew


@dataclass(slots=True)
class Resealed:
    """How many channels were sealed anew, and how many none of the keys opens."""

    sealed: int = 0
    unreadable: int = 0


def reseal() -> Resealed:
    """
    Seal each desk's channels under the first key, so that the others can be given up.

    What none of the keys opens stays as it is: the right key may be found again.
    """
    done = Resealed()
    for pk in list(Desk.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            desk = Desk.objects.select_for_update().get(pk=pk)
            desk.sealed_channels = [_anew(each, done) for each in desk.sealed_channels]
            desk.save(update_fields=["sealed_channels"])
    return done


def _anew(sealed: str, done: Resealed) -> str:
    try:
        fresh = seal_anew(sealed)
    except NoKeyError:
        done.unreadable += 1
        return sealed
    done.sealed += 1
    return fresh
