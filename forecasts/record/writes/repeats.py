"""Keep what a request with a key was answered, so that the same request again is answered alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from forecasts.models import KeptAnswer
from forecasts.record.refusal import RefusedError

KEPT = timedelta(days=1)


class KeyUsedError(RefusedError):
    """The key came with another request before."""

    field = "Idempotency-Key"


def take_key(*, by: User, key: str, request_sha256: str, now: datetime) -> KeptAnswer:
    """
    Return the answer kept under that person's key, or take the key for the answer to come.

    Where the same request is being answered at this moment, waits until its transaction ends. A new
    row has no `status` yet. Raises KeyUsedError where the key came with another request.
    """
    KeptAnswer.objects.filter(user=by, key=key, created_at__lte=now - KEPT).delete()
    told = {"request_sha256": request_sha256, "created_at": now}
    kept, _new = KeptAnswer.objects.get_or_create(user=by, key=key, defaults=told)
    if kept.request_sha256 != request_sha256:
        raise KeyUsedError(_("This key came with another request before. Send this one with a new key."))
    return kept


def keep_answer(*, kept: KeptAnswer, status: int, body: Any) -> None:
    """Keep the answer under the key that was taken for it."""
    KeptAnswer.objects.filter(pk=kept.pk).update(status=status, body=body)


def sweep_answers(*, now: datetime) -> int:
    """Delete what is older than a day, and return how many rows that were."""
    return KeptAnswer.objects.filter(created_at__lte=now - KEPT).delete()[0]
