"""The page of a board that no task has time for."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from forecasts.models import Computation
from tests.tracker.pages.conftest import make_rivals
from tracker import tasks


def _cut_off(**_given):
    raise SoftTimeLimitExceeded


def _cut_off_within_a_query(**_given):
    try:
        raise SoftTimeLimitExceeded
    finally:
        raise OperationalError("another command is already in progress")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("out_of_time", [_cut_off, _cut_off_within_a_query])
def test_a_board_that_takes_longer_than_a_task_may_says_so_and_is_not_asked_for_again(
    client, own_cache, large, monkeypatch, out_of_time
):
    make_rivals()
    client.get("/boards/all/?as_of=2020-02-01")
    monkeypatch.setattr("forecasts.boards.reads.live.board_history", out_of_time)
    for attempt in range(1, 6):
        tasks.refresh_past(**large[0][1])
        job = Computation.objects.get()
        # In the first it got as far as the history, and in none of the others any further.
        assert (job.attempts, job.reached, job.failure) == (min(attempt, 4), 2, "time")
        Computation.objects.update(due_at=timezone.now())
    page = client.get("/boards/all/?as_of=2020-02-01").content.decode()
    assert "takes longer than a task may" in page
    assert "data-waiting" not in page
    # By the reader, and by the first attempt, which got further; never again.
    assert len(large) == 2
    # The steps before are kept.
    assert "95% interval" in page
