"""Write how a person wants to hear from us, and when they are away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from forecasts.models import Absence, Preferences, Reminder
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb, deputies_for
from forecasts.record.refusal import RefusedError
from forecasts.schedule import UnknownZoneError, zone_named

WISHES = (
    "zone", "language", "mode", "digest_hour", "digest_weekday", "working_days", "working_from",
    "working_until", "cap", "deputy",
)  # fmt: skip
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class PreferencesRefusedError(RefusedError):
    pass


class AbsenceRefusedError(RefusedError):
    field = "back_on"


@transaction.atomic
def set_preferences(*, user: User, wishes: Mapping[str, Any]) -> Preferences:
    """
    Set what the person wishes, of the names in WISHES; what is not named stays as it is.

    Raises PreferencesRefusedError with the field.
    """
    row = _held(user)
    for name, value in wishes.items():
        if name not in WISHES:
            raise PreferencesRefusedError(
                _("There is no preference “%(name)s”.") % {"name": name}, field=name
            )
        setattr(row, name, value)
    _check_place(row)
    _check_hours(row)
    _check_deputy(user=user, deputy=row.deputy)
    _check_columns(row)
    row.save()
    return row


def _held(user: User) -> Preferences:
    Preferences.objects.get_or_create(user=user)
    return Preferences.objects.select_for_update(of=("self",)).select_related("deputy").get(user=user)


def _check_place(row: Preferences) -> None:
    if row.zone:
        try:
            zone_named(row.zone)
        except UnknownZoneError as error:
            raise PreferencesRefusedError(str(error), field="zone") from error
    if row.language and row.language not in LANGUAGES:
        raise PreferencesRefusedError(
            _("We do not write in “%(language)s”. Use one of: %(known)s.")
            % {"language": row.language, "known": ", ".join(LANGUAGES)},
            field="language",
        )


def _check_hours(row: Preferences) -> None:
    if (row.working_from is None) != (row.working_until is None):
        raise PreferencesRefusedError(_("Give both ends of the hours, or neither."), field="working_until")
    if row.working_from is not None and row.working_from == row.working_until:
        raise PreferencesRefusedError(_("The hours end when they begin."), field="working_until")
    if row.working_days is not None:
        row.working_days = sorted(set(row.working_days))
        if not row.working_days:
            raise PreferencesRefusedError(_("Keep one day at least."), field="working_days")


def _check_deputy(*, user: User, deputy: User | None) -> None:
    """A deputy has to be somebody else who may answer."""
    if deputy is None:
        return
    if deputy == user:
        raise PreferencesRefusedError(_("Nobody is their own deputy."), field="deputy")
    if not deputies_for(user=user).filter(pk=deputy.pk).exists():
        raise PreferencesRefusedError(
            _("%(deputy)s can’t answer your desk’s questions. Choose an editor of it.") % {"deputy": deputy},
            field="deputy",
        )


def _check_columns(row: Preferences) -> None:
    """Raise for a value that its column does not take, with the column's own words."""
    try:
        row.clean_fields()
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise PreferencesRefusedError(" ".join(words), field=field) from error


@transaction.atomic
def leave_channel(*, user: User, channel: str) -> Preferences:
    """
    Send the person nothing more over that channel; a second time changes nothing.

    Nothing is lost: what waited for them finds their deputy, or the next one of the desk.
    """
    row = _held(user)
    if channel not in row.unsubscribed:
        row.unsubscribed = [*row.unsubscribed, channel]
        row.save(update_fields=["unsubscribed"])
        waiting = Reminder.objects.armed().filter(digest__recipient=user)
        waiting.filter(
            Q(digest__heartbeat_at=None) | Q(digest__heartbeat_at__lt=F("digest__claimed_at"))
        ).update(digest=None)
    return row


@transaction.atomic
def rejoin_channel(*, user: User, channel: str) -> Preferences:
    """Send the person messages over that channel again."""
    row = _held(user)
    row.unsubscribed = [each for each in row.unsubscribed if each != channel]
    row.save(update_fields=["unsubscribed"])
    return row


@transaction.atomic
def record_absence(
    *,
    user: User,
    away_from: date,
    back_on: date,
    by: User | None,
    deputy: User | None = None,
    note: str = "",
) -> Absence:
    """
    Record that the person is away, from a day up to the day they are back.

    Reminders go to the deputy meanwhile. People record their own; whoever leads a desk that somebody is
    on records theirs. Raises NotAllowedError, AbsenceRefusedError, PreferencesRefusedError.
    """
    _refuse_another(user=user, by=by)
    check_absence(user=user, away_from=away_from, back_on=back_on, deputy=deputy, but_for=None)
    return Absence.objects.create(
        user=user, away_from=away_from, back_on=back_on, deputy=deputy, note=note.strip()
    )


@transaction.atomic
def change_absence(
    *,
    absence: Absence,
    away_from: date,
    back_on: date,
    deputy: User | None,
    note: str,
    by: User | None,
) -> Absence:
    """Set an absence's days, its deputy and its note. Raises what `record_absence` raises."""
    _refuse_another(user=absence.user, by=by)
    check_absence(user=absence.user, away_from=away_from, back_on=back_on, deputy=deputy, but_for=absence.pk)
    absence.away_from, absence.back_on = away_from, back_on
    absence.deputy, absence.note = deputy, note.strip()
    absence.save()
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, on: date, by: User | None) -> None:
    """
    Let the person be back on that day; an absence that has not begun by then is taken back.

    Raises NotAllowedError.
    """
    _refuse_another(user=absence.user, by=by)
    if absence.away_from >= on:
        absence.delete()
    elif absence.back_on > on:
        absence.back_on = on
        absence.save(update_fields=["back_on"])


def _refuse_another(*, user: User, by: User | None) -> None:
    if by != user:
        refuse_unless_may(by=by, verb=Verb.SET_ABSENCES, of=user)


def check_absence(
    *, user: User, away_from: date, back_on: date, deputy: User | None, but_for: int | None
) -> None:
    """
    Raise AbsenceRefusedError or PreferencesRefusedError where somebody can't be away so.

    Two absences of one person do not overlap; `but_for` is the key of the one that is changed.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if back_on <= away_from:
        raise AbsenceRefusedError(_("The day back comes after the first day away."))
    _check_deputy(user=user, deputy=deputy)
    others = Absence.objects.filter(user=user, away_from__lt=back_on, back_on__gt=away_from)
    other = next((each for each in others if each.pk != but_for), None)
    if other:
        raise AbsenceRefusedError(
            _("These days overlap with an absence from %(away_from)s to %(back_on)s. End that first.")
            % {"away_from": other.away_from, "back_on": other.back_on},
            field="away_from",
            conflict=True,
        )
