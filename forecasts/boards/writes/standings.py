"""Write standings: what a board said on a date, kept like any other fact."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.boards.reads.standings import drawn_standings
from forecasts.models import Board, Standing
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.reads import ledger
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact


class KeptLaterError(RefusedError):
    field = "as_of"


@transaction.atomic
def keep_standing(*, board: Board, as_of: datetime, now: datetime, by: User | None = None) -> Standing:
    """
    Keep what the board says as known on `as_of`. Once for each board and date: the kept one is returned.

    Raises KeptLaterError for a date in the future, of which nobody knows anything yet; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_BOARDS, of=board)
    if as_of > now:
        raise KeptLaterError(_("A standing is kept for a date that has come. Choose an earlier date."))
    # Two at once wait for each other, and the second finds what the first kept.
    Board.objects.select_for_update().get(pk=board.pk)
    kept = Standing.objects.filter(board=board, as_of=as_of).first()
    if kept:
        return kept
    standing = Standing.objects.create(
        board=board,
        as_of=as_of,
        ledger_sequence=ledger.version(),
        public=board.public,
        rows=[row.as_dict() for row in drawn_standings(board=board, at=as_of)],
        recorded_at=now,
        recorded_by=by,
    )
    append_fact(fact=standing, now=now)
    return standing
