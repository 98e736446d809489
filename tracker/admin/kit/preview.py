"""A mark of what an editor was shown before they confirm it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.crypto import salted_hmac

from forecasts.boards.reads.would_score import Scored
from forecasts.models import Question


def seal(*, question: Question, given: dict[str, Any], scored: Sequence[Scored], more: Any = None) -> str:
    """Return a mark of what was previewed: it differs when anything of it does."""
    shown = {
        "question": question.pk,
        "deadline": question.deadline_at,
        "given": {name: value for name, value in given.items() if name != "previewed"},
        "scored": [
            (each.source.pk, [row.pk for row in each.said], each.score, each.low, each.high)
            for each in scored
        ],
        "more": more,
    }
    plain = json.dumps(shown, sort_keys=True, default=str)
    return salted_hmac("tracker.admin.preview", plain, algorithm="sha256").hexdigest()
