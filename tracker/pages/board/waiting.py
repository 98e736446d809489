"""What a board's page says while a worker still computes a part of it."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.live import Progress
from forecasts.models import Computation
from tracker.computing.asking import Asked


def waiting_words(asked: Asked, progress: Progress | None, *, past: bool) -> str:
    """Return how far it is, and whether the page will bring itself up to date."""
    if asked.ours:
        said = [_past() if past else _now(), _step(progress) if progress else "", _by_itself()]
        return " ".join(each for each in said if each)
    if asked.another:
        return _(
            "Another past date is being computed; this one is next as soon as it is done. What is missing "
            "here appears by itself."
        )
    minutes = math.ceil(asked.seconds / 60)
    return ngettext(
        "You have had many past dates computed. What is missing here can be asked for in %(n)d minute.",
        "You have had many past dates computed. What is missing here can be asked for in %(n)d minutes.",
        minutes,
    ) % {"n": minutes}


def too_large_words() -> str:
    return _(
        "What is missing here takes longer than a task may, for a ranking of this size. Whoever runs "
        "the server can have it computed with manage.py standings."
    )


def _now() -> str:
    return _("Updating. Missing figures will appear shortly; those shown are current.")


def _past() -> str:
    return _("What is missing here is being computed from what was known then; what is shown is complete.")


def _by_itself() -> str:
    return _("It appears by itself in a moment.")


def _step(progress: Progress) -> str:
    what = Computation.STEPS[progress.name]
    return _("Step %(step)d of %(of)d: %(what)s.") % {"step": progress.step, "of": progress.of, "what": what}
