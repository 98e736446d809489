"""How far the computing of a board is."""

from __future__ import annotations

from forecasts.models import Board, Computation


def computation_of(*, board: Board, key: str, past: bool) -> Computation | None:
    """Return the row of a board as known now, or of a past version; None where nobody asked for it."""
    rows = Computation.objects.filter(board=board, as_of__isnull=not past)
    return (rows.filter(key=key) if past else rows).first()


def past_under_way() -> Computation | None:
    """Return the one past date that waits or is being computed."""
    return Computation.objects.armed().filter(as_of__isnull=False).first()
