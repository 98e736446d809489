"""Write how a desk or an outlet is published: by itself or by hand, in part or whole."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from forecasts.models import Desk, PublishingRule, Source
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.writes.ledger import append_fact

SET = ("publishes_with_forecast", "shows_whole_text")


def record_desk_rule(*, desk: Desk, by: User | None, now: datetime) -> PublishingRule:
    """Record how the desk publishes from now on, in an open transaction."""
    rule = PublishingRule.objects.create(
        desk=desk, **{name: getattr(desk, name) for name in SET}, recorded_at=now, recorded_by=by
    )
    append_fact(fact=rule, now=now)
    return rule


@transaction.atomic
def set_outlet(*, outlet: Source, shows_whole_text: bool, by: User | None, now: datetime) -> Source:
    """
    Show an outlet's articles whole from now on, or no longer. What is so already is left alone.

    Raises NotAllowedError.
    """
    row = Source.objects.select_for_update().get(pk=outlet.pk)
    if row.shows_whole_text != shows_whole_text:
        refuse_unless_may(by=by, verb=Verb.UNPUBLISH, of=outlet)
        row.shows_whole_text = shows_whole_text
        row.save(update_fields=["shows_whole_text"])
        rule = PublishingRule.objects.create(
            outlet=row, shows_whole_text=shows_whole_text, recorded_at=now, recorded_by=by
        )
        append_fact(fact=rule, now=now)
    outlet.shows_whole_text = row.shows_whole_text
    return row
