"""Compute a board for a job that was begun, step by step."""

from __future__ import annotations

from django.utils import timezone

from forecasts.boards.reads.live import refresh
from forecasts.boards.writes.computations import done_with_board
from forecasts.jobs.writes import advance, at_step
from forecasts.models import Computation


def compute_board(job: Computation) -> None:
    """
    Compute and keep all that the board shows. A step that is kept already takes no time.

    Raises LeaseLostError where it was stopped or taken over.
    """
    for progress in refresh(board=job.board, now=timezone.now(), at=job.as_of):
        if progress.step - 1 > job.reached:
            advance(job=job, reached=progress.step - 1)
        at_step(job=job, step=progress.name)
    done_with_board(job=job, now=timezone.now())
