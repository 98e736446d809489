"""Write desks: their rules for verdicts and reminders, and the channels that they hear by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecasts.desk.writes.publishing_rules import SET, record_desk_rule
from forecasts.models import Desk, Membership, Role
from forecasts.models.desk import all_week
from forecasts.models.sealing import NoKeyError, seal, unseal
from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb, role_of
from forecasts.questions.writes.blind import record_switch
from forecasts.record.refusal import RefusedError
from forecasts.schedule import UnknownZoneError, zone_named

RULES = (
    "name", "slug", "zone", "language", "verdicts_required", "blind", "tolerance", "stages", "repeat_days",
    "escalate_after_days", "working_days", "quiet_from", "quiet_until", "publishes_with_forecast",
    "shows_whole_text",
)  # fmt: skip
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
CHANNELS_AT_MOST = 10
STAGES_AT_MOST = 20
FURTHEST_STAGE = 365


class DeskRefusedError(RefusedError):
    pass


class ChannelKnownError(RefusedError):
    field = "url"
    conflict = True


class NoSuchChannelError(RefusedError):
    field = "url"


@transaction.atomic
def open_desk(*, rules: Mapping[str, Any], by: User | None, now: datetime) -> Desk:
    """
    Open a desk with these rules, of the names in RULES; what is not named is the usual.

    Whoever opens it leads it, unless they may edit every desk anyway: a desk that nobody leads could
    be mended by nobody at hand. Raises DeskRefusedError with the field, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=HOUSE)
    desk = Desk()
    _put(desk, {"slug": slugify(str(rules.get("name", "")))[:100], **rules})
    desk.save(force_insert=True)
    if desk.blind:
        record_switch(desk=desk, by=by, now=now)
    if _publishing(desk) != _publishing(Desk()):
        record_desk_rule(desk=desk, by=by, now=now)
    if by is not None and role_of(user=by) != Role.ADMINISTRATOR:
        Membership.objects.create(desk=desk, user=by, role=Role.LEAD)
    return desk


@transaction.atomic
def set_desk(*, desk: Desk, rules: Mapping[str, Any], by: User | None, now: datetime) -> Desk:
    """
    Set these rules of a desk, of the names in RULES; what is not named stays as it is.

    They hold from the next reminder and the next verdict on. Whether it answers blind is a fact: who
    set it, and when, decides whether a verdict was given blind. So is how it publishes. Raises
    DeskRefusedError with the field, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=desk)
    row = Desk.objects.select_for_update().get(pk=desk.pk)
    was_blind, published = row.blind, _publishing(row)
    _put(row, rules)
    row.save(update_fields=RULES)
    if row.blind != was_blind:
        record_switch(desk=row, by=by, now=now)
    if _publishing(row) != published:
        record_desk_rule(desk=row, by=by, now=now)
    return row


def _publishing(desk: Desk) -> list[bool]:
    return [getattr(desk, name) for name in SET]


def check_desk(desk: Desk) -> None:
    """Raise DeskRefusedError, naming the field, where a desk could not work by its rules."""
    _check_place(desk)
    _check_verdicts(desk)
    _check_stages(desk)
    _check_hours(desk)
    try:
        desk.clean_fields(exclude={"sealed_channels"})
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise DeskRefusedError(" ".join(words), field=field) from error
    if Desk.objects.filter(slug=desk.slug).exclude(pk=desk.pk).exists():
        raise DeskRefusedError(
            _("Another desk has this short name. Choose another."), field="slug", conflict=True
        )


def _put(desk: Desk, rules: Mapping[str, Any]) -> None:
    for name, value in rules.items():
        if name not in RULES:
            raise DeskRefusedError(_("There is no such rule: “%(name)s”.") % {"name": name}, field=name)
        setattr(desk, name, value)
    check_desk(desk)
    desk.stages = sorted(set(desk.stages))
    desk.working_days = sorted(set(desk.working_days))


def _check_place(desk: Desk) -> None:
    try:
        zone_named(desk.zone)
    except UnknownZoneError as error:
        raise DeskRefusedError(str(error), field="zone") from error
    if desk.language not in LANGUAGES:
        raise DeskRefusedError(
            _("We do not write in “%(language)s”. Use one of: %(known)s.")
            % {"language": desk.language, "known": ", ".join(LANGUAGES)},
            field="language",
        )


def _check_verdicts(desk: Desk) -> None:
    if desk.verdicts_required not in (1, 2):
        raise DeskRefusedError(_("A desk asks for one verdict or for two."), field="verdicts_required")
    if not 0 <= desk.tolerance < 1:
        raise DeskRefusedError(
            _("The tolerance is a share: 0.01 is 1%. Write 0 or more, and less than 1."), field="tolerance"
        )


def _check_stages(desk: Desk) -> None:
    if len(desk.stages) > STAGES_AT_MOST or any(abs(day) > FURTHEST_STAGE for day in desk.stages):
        raise DeskRefusedError(
            _("Name %(most)d stages at most, each within %(days)d days of the deadline.")
            % {"most": STAGES_AT_MOST, "days": FURTHEST_STAGE},
            field="stages",
        )
    if desk.repeat_days < 1:
        raise DeskRefusedError(_("A reminder comes again after a day at the earliest."), field="repeat_days")
    if desk.escalate_after_days is not None and desk.escalate_after_days < 1:
        raise DeskRefusedError(
            _("The head of desk is told a day after the deadline at the earliest. Leave empty for never."),
            field="escalate_after_days",
        )


def _check_hours(desk: Desk) -> None:
    if not desk.working_days or not set(desk.working_days) <= set(all_week()):
        raise DeskRefusedError(
            _("Keep one working day at least: 0 is Monday, and 6 is Sunday."), field="working_days"
        )
    if (desk.quiet_from is None) != (desk.quiet_until is None):
        raise DeskRefusedError(_("Give both ends of the quiet hours, or neither."), field="quiet_until")
    if desk.quiet_from is not None and desk.quiet_from == desk.quiet_until:
        raise DeskRefusedError(_("The quiet hours end when they begin."), field="quiet_until")


def check_new_channel(*, desk: Desk, url: str) -> None:
    """Raise ChannelKnownError where the desk has the channel, or as many as it may."""
    if url in desk.channels:
        raise ChannelKnownError(_("The desk has this channel already."))
    if len(desk.sealed_channels) >= CHANNELS_AT_MOST:
        raise ChannelKnownError(
            _("A desk has %(count)d channels at most. Remove one first.") % {"count": CHANNELS_AT_MOST}
        )


@transaction.atomic
def add_channel(*, desk: Desk, url: str, by: User | None) -> Desk:
    """
    Let a desk hear by one more channel, which the caller has found fit to be sent to.

    The address is a secret: it is kept, and nothing gives it out. Raises ChannelKnownError, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=desk)
    row = Desk.objects.select_for_update().get(pk=desk.pk)
    check_new_channel(desk=row, url=url)
    row.sealed_channels = [*row.sealed_channels, seal(url)]
    row.save(update_fields=["sealed_channels"])
    return row


@transaction.atomic
def remove_channel(*, desk: Desk, url: str, by: User | None) -> Desk:
    """Let a desk hear no more by a channel. Raises NoSuchChannelError, NotAllowedError."""
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=desk)
    row = Desk.objects.select_for_update().get(pk=desk.pk)
    left = [each for each in row.sealed_channels if not _is(each, url)]
    if left == row.sealed_channels:
        raise NoSuchChannelError(_("The desk has no such channel."))
    row.sealed_channels = left
    row.save(update_fields=["sealed_channels"])
    return row


def _is(sealed: str, url: str) -> bool:
    """Return whether that is the channel; one that can't be read goes by what is kept of it."""
    try:
        return unseal(sealed) == url
    except NoKeyError:
        return sealed == url
