"""Write who is on a desk, in which role, and whose turn it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Desk, Membership, Role, Turn
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb, people_who_may, role_on, roles_up_to
from forecasts.record.refusal import RefusedError

OF_TURN = ("user", "from_day", "until_day", "weekdays", "every_weeks")


class MemberRefusedError(RefusedError):
    field = "role"


class TurnRefusedError(RefusedError):
    pass


@transaction.atomic
def set_member(*, desk: Desk, user: User, role: str, by: User | None) -> Membership:
    """
    Give somebody a role on a desk, or another role than the one they have.

    Nobody gives or takes away a role above their own. Raises MemberRefusedError, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=desk)
    held = Membership.objects.select_for_update().filter(desk=desk, user=user).first()
    check_reach(desk=desk, by=by, roles=[role, *([held.role] if held else [])])
    if not user.is_active:
        raise MemberRefusedError(
            _("%(name)s can’t sign in any more, so there is no role to give.") % {"name": user}, field="user"
        )
    return Membership.objects.update_or_create(desk=desk, user=user, defaults={"role": role})[0]


@transaction.atomic
def remove_member(*, desk: Desk, user: User, by: User | None) -> None:
    """
    Take somebody off a desk; what was assigned to them stays theirs until it is given to another.

    Their turns on the desk's rota end with it. Raises MemberRefusedError, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=desk)
    held = Membership.objects.select_for_update().filter(desk=desk, user=user).first()
    if held is None:
        raise MemberRefusedError(_("%(name)s is not on this desk.") % {"name": user}, field="user")
    check_reach(desk=desk, by=by, roles=[held.role])
    held.delete()
    Turn.objects.filter(desk=desk, user=user).delete()


def check_reach(*, desk: Desk, by: User | None, roles: list[str]) -> None:
    """Raise MemberRefusedError where one of the roles is above the one that `by` has on the desk."""
    if by is None:
        return
    reach = roles_up_to(role_on(user=by, of=desk))
    for role in roles:
        if role not in reach:
            raise MemberRefusedError(
                _("The role “%(role)s” is above your own. Somebody who has it gives it and takes it away.")
                % {"role": Role(role).label}
            )


@transaction.atomic
def add_turn(*, desk: Desk, given: Mapping[str, Any], by: User | None) -> Turn:
    """
    Put somebody on the desk's rota: `given` is what OF_TURN names.

    Raises TurnRefusedError with the field, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=desk)
    turn = Turn(desk=desk)
    _put(turn, given)
    turn.save(force_insert=True)
    return turn


@transaction.atomic
def change_turn(*, turn: Turn, given: Mapping[str, Any], by: User | None) -> Turn:
    """
    Change what OF_TURN names of a turn; the rest stays.

    Raises TurnRefusedError with the field, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=turn)
    row = Turn.objects.select_for_update(of=("self",)).select_related("desk", "user").get(pk=turn.pk)
    _put(row, given)
    row.save(update_fields=OF_TURN)
    return row


def remove_turn(*, turn: Turn, by: User | None) -> None:
    """Take a turn off the rota. It is a plan, not a fact. Raises NotAllowedError."""
    refuse_unless_may(by=by, verb=Verb.EDIT_DESK, of=turn)
    turn.delete()


def _put(turn: Turn, given: Mapping[str, Any]) -> None:
    for name in OF_TURN:
        if name in given:
            setattr(turn, name, given[name])
    check_turn(turn)
    turn.weekdays = sorted(set(turn.weekdays))


def check_turn(turn: Turn) -> None:
    """Raise TurnRefusedError, naming the field, where nobody could take this turn."""
    if turn.until_day is not None and turn.until_day <= turn.from_day:
        raise TurnRefusedError(
            _("The turn ends before it begins. The last day is the one before “until”."), field="until_day"
        )
    if not turn.weekdays:
        raise TurnRefusedError(_("Choose one weekday at least."), field="weekdays")
    if turn.every_weeks < 1:
        raise TurnRefusedError(_("A turn comes round every week at the soonest."), field="every_weeks")
    if not people_who_may(verb=Verb.GIVE_VERDICT, desk=turn.desk).filter(pk=turn.user.pk).exists():
        raise TurnRefusedError(
            _("%(name)s can’t answer this desk’s questions. Make them an editor of it first.")
            % {"name": turn.user},
            field="user",
        )
    try:
        turn.clean_fields()
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise TurnRefusedError(" ".join(words), field=field) from error
