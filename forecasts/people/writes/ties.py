"""Write ties: say that an editor is tied to a source, and take it back."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from forecasts.models import Source, Tie
from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError


class TiedAlreadyError(RefusedError):
    field = "source"
    conflict = True


def declare_tie(*, user: User, source: Source, since: date, note: str, by: User | None, now: datetime) -> Tie:
    """
    Exclude an editor from verdicts on questions that the source has a forecast on.

    Editors declare their own; whoever leads a desk that somebody is on sets theirs. Raises NotAllowedError,
    TiedAlreadyError; RefusedError without a word on what ties them, or for a future date.
    """
    if by == user:
        refuse_unless_may(by=by, verb=Verb.DECLARE_TIE, of=HOUSE)
    else:
        refuse_unless_may(by=by, verb=Verb.SET_TIES, of=user)
    if not note.strip():
        raise RefusedError(_("State the conflict: family, employment, money."), field="note")
    if since > now.date():
        raise RefusedError(_("The conflict begins in the future. Declare it when it begins."), field="since")
    tie, created = Tie.objects.get_or_create(
        user=user,
        source=source.standing,
        defaults={"since": since, "note": note.strip(), "declared_by": by, "created_at": now},
    )
    if not created:
        raise TiedAlreadyError(
            _("A conflict of interest between %(editor)s and %(source)s is already declared.")
            % {"editor": user, "source": source.standing}
        )
    return tie


def end_tie(*, tie: Tie, by: User | None) -> None:
    """Take a tie back: the editor may answer again. Raises NotAllowedError."""
    refuse_unless_may(by=by, verb=Verb.SET_TIES, of=tie)
    tie.delete()
