"""A desk's rules, its channels, its people and their turns."""

from datetime import date, time, timedelta

import pytest

from forecasts.desk.writes.desks import (
    CHANNELS_AT_MOST,
    ChannelKnownError,
    DeskRefusedError,
    NoSuchChannelError,
    add_channel,
    open_desk,
    remove_channel,
    set_desk,
)
from forecasts.desk.writes.members import (
    MemberRefusedError,
    TurnRefusedError,
    add_turn,
    change_turn,
    remove_member,
    set_member,
)
from forecasts.models import Desk, Membership, Role, Turn
from tests.records import NOW, make_desk, make_user

pytestmark = pytest.mark.django_db
MONDAY = date(2020, 1, 6)


def test_what_is_set_is_kept_in_order_and_the_rest_stays():
    desk = make_desk(blind=True)
    set_desk(
        desk=desk,
        rules={"stages": [3, -7, 3], "working_days": [4, 0], "escalate_after_days": None},
        by=None,
        now=NOW,
    )
    desk.refresh_from_db()
    assert (desk.stages, desk.working_days, desk.escalate_after_days) == ([-7, 3], [0, 4], None)
    assert (desk.blind, desk.repeat_days) == (True, 30)


@pytest.mark.parametrize(
    ("rules", "field", "told"),
    [
        ({"zone": "Europe/Raqqa"}, "zone", "There is no time zone"),
        ({"language": "xx"}, "language", "Use one of: en, sv"),
        ({"verdicts_required": 3}, "verdicts_required", "one verdict or for two"),
        ({"tolerance": 1}, "tolerance", "0.01 is 1%"),
        ({"stages": [400]}, "stages", "within 365 days"),
        ({"stages": list(range(21))}, "stages", "20 stages at most"),
        ({"repeat_days": 0}, "repeat_days", "after a day"),
        ({"escalate_after_days": 0}, "escalate_after_days", "Leave empty for never"),
        ({"working_days": []}, "working_days", "one working day at least"),
        ({"working_days": [7]}, "working_days", "0 is Monday"),
        ({"quiet_from": time(18)}, "quiet_until", "both ends"),
        ({"quiet_from": time(18), "quiet_until": time(18)}, "quiet_until", "end when they begin"),
        ({"name": ""}, "name", "blank"),
        ({"slug": "sports"}, "slug", "Choose another"),
        ({"channels": []}, "channels", "no such rule"),
    ],
)
def test_what_no_desk_could_work_by_is_refused_at_its_field(rules, field, told):
    desk, _other = make_desk(), make_desk("sports")
    before = Desk.objects.filter(pk=desk.pk).values().get()
    with pytest.raises(DeskRefusedError, match=told) as refused:
        set_desk(desk=desk, rules=rules, by=None, now=NOW)
    assert refused.value.field == field
    assert Desk.objects.filter(pk=desk.pk).values().get() == before


def test_whoever_opens_a_desk_leads_it_unless_they_may_edit_all():
    lena = make_user("lena", Role.LEAD, make_desk())
    desk = open_desk(rules={"name": "Local news"}, by=lena, now=NOW)
    assert (desk.slug, Membership.objects.get(desk=desk).role) == ("local-news", Role.LEAD)
    root = make_user("root", role=None, is_superuser=True)
    assert not open_desk(rules={"name": "Sports"}, by=root, now=NOW).memberships.exists()


def test_a_channel_is_added_once_and_removed():
    desk = add_channel(by=None, desk=make_desk(), url="slack://a/b/c")
    with pytest.raises(ChannelKnownError, match="already"):
        add_channel(by=None, desk=desk, url="slack://a/b/c")
    assert remove_channel(by=None, desk=desk, url="slack://a/b/c").channels == []
    with pytest.raises(NoSuchChannelError):
        remove_channel(by=None, desk=desk, url="slack://a/b/c")


def test_a_desk_has_so_many_channels_and_no_more():
    desk = make_desk(channels=[f"slack://a/b/{n}" for n in range(CHANNELS_AT_MOST)])
    with pytest.raises(ChannelKnownError, match="Remove one first"):
        add_channel(by=None, desk=desk, url="slack://a/b/c")


def test_nobody_gives_or_takes_a_role_above_their_own():
    desk = make_desk()
    lena, anna = make_user("lena", Role.LEAD, desk), make_user("anna", role=None)
    adam = make_user("adam", Role.ADMINISTRATOR, desk)
    assert set_member(desk=desk, user=anna, role=Role.LEAD, by=lena).role == Role.LEAD
    for attempt in (
        lambda: set_member(desk=desk, user=anna, role=Role.ADMINISTRATOR, by=lena),
        lambda: set_member(desk=desk, user=adam, role=Role.EDITOR, by=lena),
        lambda: remove_member(desk=desk, user=adam, by=lena),
    ):
        with pytest.raises(MemberRefusedError, match="above your own"):
            attempt()
    assert set_member(desk=desk, user=anna, role=Role.ADMINISTRATOR, by=adam).role == Role.ADMINISTRATOR


def test_whoever_leaves_a_desk_leaves_its_rota():
    desk, other = make_desk(), make_desk("sports")
    erin = make_user(desk=desk)
    set_member(desk=other, user=erin, role=Role.EDITOR, by=None)
    for each in (desk, other):
        add_turn(by=None, desk=each, given={"user": erin, "from_day": MONDAY})
    remove_member(desk=desk, user=erin, by=None)
    assert [turn.desk for turn in Turn.objects.all()] == [other]
    with pytest.raises(MemberRefusedError, match="not on this desk"):
        remove_member(desk=desk, user=erin, by=None)


def test_somebody_who_left_the_house_gets_no_role():
    gone = make_user("gone", role=None, is_active=False)
    with pytest.raises(MemberRefusedError, match="sign in"):
        set_member(desk=make_desk(), user=gone, role=Role.EDITOR, by=None)


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"until_day": MONDAY}, "until_day", "ends before it begins"),
        ({"weekdays": []}, "weekdays", "one weekday"),
        ({"weekdays": [9]}, "weekdays", "not a valid choice"),
        ({"every_weeks": 0}, "every_weeks", "every week"),
    ],
)
def test_a_turn_that_never_comes_is_refused_at_its_field(given, field, told):
    desk = make_desk()
    turn = add_turn(by=None, desk=desk, given={"user": make_user(desk=desk), "from_day": MONDAY})
    with pytest.raises(TurnRefusedError, match=told) as refused:
        change_turn(by=None, turn=turn, given=given)
    assert refused.value.field == field
    turn.refresh_from_db()
    assert (turn.until_day, turn.every_weeks, turn.weekdays) == (None, 1, list(range(7)))


def test_only_who_may_answer_takes_a_turn():
    desk = make_desk()
    for user in (make_user("vera", Role.VIEWER, desk), make_user("olof", desk=make_desk("sports"))):
        with pytest.raises(TurnRefusedError, match="Make them an editor"):
            add_turn(by=None, desk=desk, given={"user": user, "from_day": MONDAY})
    erin = make_user(desk=desk)
    turn = add_turn(by=None, desk=desk, given={"user": erin, "from_day": MONDAY, "weekdays": [2, 0]})
    assert change_turn(by=None, turn=turn, given={"until_day": MONDAY + timedelta(days=7)}).weekdays == [0, 2]
