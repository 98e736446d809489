"""Celery's tasks: ids in, one call, and nothing that may not run twice."""

import logging
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from kombu.exceptions import OperationalError

from forecasts.boards.writes.standings import keep_standing
from forecasts.delivery.writes.sending import Nudge
from forecasts.jobs.writes import when_waiting
from forecasts.models import Board, Computation, Digest, Entry, Import, Invitation, MissedChat, Reminder
from forecasts.people.reads.people import unsent_invitations
from forecasts.people.writes.guesses import sweep_guesses
from forecasts.people.writes.tokens import sweep_tokens
from forecasts.record.writes.repeats import sweep_answers
from forecasts.schedule import local_midnight
from tracker.computing.asking import ask_for_board
from tracker.computing.attempts import attempt
from tracker.computing.boards import compute_board
from tracker.computing.handing import MESSAGES, hand_on
from tracker.interchange.kit.refusals import UnreadableFileError
from tracker.interchange.taking_in.uploads import take_upload
from tracker.notify.delivery.invitation import send_invitation_mail
from tracker.notify.delivery.send import Claimed, send_claimed
from tracker.notify.delivery.sweep import Swept, claim_due, repair

INVITATIONS_AT_ONCE = 100


@shared_task
def sweep() -> None:
    """
    Hand on whatever waits without a worker, and whatever a worker was cut off at.

    Each claim is committed before its message is handed to a worker.
    """
    for claimed in claim_due(now=timezone.now(), swept=Swept()):
        hand_over(claimed)
    for kind in MESSAGES:
        hand_on(kind)
    ask_where_boards_lag()
    for invitation in unsent_invitations(now=timezone.now())[:INVITATIONS_AT_ONCE]:
        send_invitation.delay(invitation.pk)


def hand_over(claimed: Claimed) -> None:
    """Ask a worker to send what was claimed."""
    tasks: dict[type[Nudge], Any] = {
        Reminder: send_reminders,
        Digest: send_digests,
        MissedChat: tell_missed_chats,
    }
    tasks[claimed.kind].delay(list(claimed.keys), claim=str(claimed.claim))


@shared_task
def send_reminders(reminder_ids: list[int], *, claim: str) -> None:
    """Send claimed reminders. A second run of the same claim sends nothing."""
    send_and_hand_on(Claimed(Reminder, reminder_ids, uuid.UUID(claim)))


@shared_task
def send_invitation(invitation_id: int) -> None:
    """Send an invitation's mail, if it is due and nobody else is at it."""
    send_invitation_mail(invitation_id=invitation_id, clock=timezone.now)


@receiver(post_save, sender=Invitation, dispatch_uid="send-invitation")
def send_after(*, instance: Invitation, **_rest: Any) -> None:
    """Have a new link mailed once it is committed. The sweep asks again, so to ask twice does no harm."""
    if instance.sent_at is None and instance.claim is None and instance.ended_at is None:
        transaction.on_commit(partial(send_invitation.delay, instance.pk), robust=True)


@shared_task
def send_digests(digest_ids: list[int], *, claim: str) -> None:
    """Send claimed digests. A second run of the same claim sends nothing."""
    send_and_hand_on(Claimed(Digest, digest_ids, uuid.UUID(claim)))


@shared_task
def tell_missed_chats(missed_ids: list[int], *, claim: str) -> None:
    """Tell claimed chats what they missed. A second run of the same claim tells nothing."""
    send_and_hand_on(Claimed(MissedChat, missed_ids, uuid.UUID(claim)))


def send_and_hand_on(claimed: Claimed) -> None:
    """Send what there is time for, and let another task send the rest."""
    if left := send_claimed(claimed, clock=timezone.now).left:
        hand_over(replace(claimed, keys=left))


@shared_task
def arm_what_is_unarmed() -> None:
    """Arm the open questions that lack a reminder: none should, so this repairs."""
    repair(now=timezone.now())


MOVES_BOARDS = {"forecast", "resolution", "merge", "statement decision", "publication"}
REFRESH, REFRESHED, REFRESH_AFTER = "boards:refresh", "boards:refreshed", 1
LOST_SECONDS = 900
"""When a task is taken to be lost with the broker."""
logger = logging.getLogger(__name__)


@receiver(post_save, sender=Entry, dispatch_uid="refresh-boards")
def refresh_after(*, instance: Entry, **_rest: Any) -> None:
    """Ask for fresh boards when the fact is committed; a fact stands also where nobody can be asked."""
    if instance.kind in MOVES_BOARDS:
        transaction.on_commit(ask_for_fresh_boards, robust=True)


def ask_for_fresh_boards() -> None:
    """Ask once for however many facts come within a second."""
    if not cache.add(REFRESH, True, timeout=LOST_SECONDS):
        return
    try:
        refresh_boards.apply_async(countdown=REFRESH_AFTER)
    except OperationalError:
        cache.delete(REFRESH)
        raise


def ask_where_boards_lag() -> None:
    """Make good what nobody could be asked for when its fact was committed."""
    if cache.get(REFRESHED) != _last_move():
        ask_for_fresh_boards()


def _last_move() -> int:
    moves = Entry.objects.filter(kind__in=MOVES_BOARDS).order_by("-sequence")
    return moves.values_list("sequence", flat=True).first() or 0


@shared_task
def refresh_boards() -> None:
    """Have each board computed. What is recorded from here on asks anew."""
    cache.delete(REFRESH)
    cache.set(REFRESHED, _last_move(), None)
    for board_id in Board.objects.values_list("pk", flat=True):
        ask_for_board(board_id)


@shared_task
def refresh_board(*, board_id: int) -> None:
    """Compute a board, its intervals and the rest; from the cache where the ledger has not moved."""
    compute(Computation.objects.filter(board=board_id, as_of=None))


@shared_task
def refresh_past(*, board_id: int, at: str) -> None:
    """The same as known on a past date. The next date can be asked for when this one is done."""
    compute(Computation.objects.filter(board=board_id, as_of=datetime.fromisoformat(at)))


def compute(rows: QuerySet[Computation]) -> None:
    """Compute step by step. What was done when time ran out is kept, and the next task goes on there."""
    for pk in rows.values_list("pk", flat=True):
        if attempt(kind=Computation, pk=pk, work=compute_board):
            # What was asked for meanwhile is computed once more.
            hand_on(Computation, pk)


@shared_task
def import_upload(import_id: int) -> None:
    """Take an uploaded file in. One that takes longer than a task may goes on in another."""
    take = partial(take_upload, now=timezone.now())
    if attempt(kind=Import, pk=import_id, work=take, unreadable=(UnreadableFileError,)):
        # They come one after another: here is the turn of the next.
        hand_on(Import)


when_waiting(hand_on)


@shared_task
def keep_standings() -> None:
    """Keep what each board said when the day began, in the desk's zone. Once for each board and day."""
    now = timezone.now()
    as_of = local_midnight(on=timezone.localdate(now), zone=settings.TIME_ZONE) - timedelta(microseconds=1)
    for board in Board.objects.all():
        keep_standing(board=board, as_of=as_of, now=now)


@shared_task
def sweep_secrets() -> None:
    """
    Delete what was kept for a day: of wrong guesses, and of answers to requests that came with a key.

    Tokens go when they ended long ago.
    """
    now = timezone.now()
    sweep_guesses(now=now)
    sweep_answers(now=now)
    sweep_tokens(now=now)
