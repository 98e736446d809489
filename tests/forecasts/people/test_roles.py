"""Who may do what."""

from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, User
from django.contrib.contenttypes.models import ContentType

from forecasts.models import Desk, Membership, Question, Role, Tie
from forecasts.people.reads.ownership import HOUSE, WAYS, UnownedError, desks_of
from forecasts.people.reads.rights import NotAllowedError, refuse_unless_may
from forecasts.people.reads.roles import LEAST_ROLE, ROLES, Verb, covers, may, role_of, rows_where
from tests.records import NOW, make_desk, make_question, make_source, make_user


def test_every_verb_asks_for_a_role() -> None:
    assert set(LEAST_ROLE) == set(Verb)
    assert set(ROLES) == set(Role)


def test_each_role_may_all_that_the_one_below_may() -> None:
    allowed = [{verb for verb in Verb if covers(role=role, verb=verb)} for role in (None, *ROLES)]
    assert allowed[0] == set()
    assert allowed[-1] == set(Verb)
    for below, above in pairwise(allowed):
        assert below < above


def test_an_unknown_verb_is_an_error_and_not_a_no() -> None:
    with pytest.raises(ValueError, match="erase_history"):
        covers(role=Role.ADMINISTRATOR, verb="erase_history")


def test_the_highest_role_over_all_desks_counts(db: None) -> None:
    user = make_user("erin", Role.VIEWER, make_desk("weather"))
    Membership.objects.create(desk=make_desk("sport"), user=user, role=Role.LEAD)
    assert role_of(user=user) == Role.LEAD
    assert may(user=user, verb="merge_sources", of=HOUSE)
    assert not may(user=user, verb=Verb.EDIT_BOARDS, of=HOUSE)


def test_who_is_on_no_desk_signed_out_or_gone_has_no_role(db: None) -> None:
    assert role_of(user=make_user("olle", None)) is None
    assert role_of(user=AnonymousUser()) is None
    gone = make_user("gone", Role.EDITOR, make_desk())
    gone.is_active = False
    assert role_of(user=gone) is None
    staff = User.objects.create_user("staff", is_staff=True)
    assert not may(user=staff, verb=Verb.READ_DRAFTS, of=HOUSE)


def test_a_superuser_is_an_administrator(db: None) -> None:
    assert role_of(user=User.objects.create_superuser("root")) == Role.ADMINISTRATOR


def test_of_every_class_it_is_said_whose_its_rows_are() -> None:
    """A new class of row without a word on it fails here, before anybody asks for it."""
    assert set(WAYS) == {*apps.get_app_config("forecasts").get_models(), User, Group} - through_tables()
    for kind, ways in WAYS.items():
        for way in () if ways is HOUSE else ways:
            assert kind._default_manager.filter(**{f"{way}__in": [0]}).query, (kind, way)


def through_tables() -> set[type]:
    return {each for each in apps.get_app_config("forecasts").get_models() if each._meta.auto_created}


def test_a_row_of_nobody_knows_whose_is_an_error_and_not_a_yes(db: None) -> None:
    with pytest.raises(UnownedError, match=r"contenttypes\.ContentType"):
        may(user=make_user(), verb=Verb.READ_DRAFTS, of=ContentType.objects.first())


def test_what_a_person_has_is_of_all_their_desks(db: None) -> None:
    """Either desk's lead sets the ties of somebody who is on both; the lead of a third does not."""
    weather, sport, culture = (make_desk(name) for name in ("weather", "sport", "culture"))
    erin = make_user("erin", Role.EDITOR, weather)
    Membership.objects.create(desk=sport, user=erin, role=Role.VIEWER)
    tie = Tie.objects.create(
        user=erin, source=make_source(), since=NOW.date(), note="Sister.", created_at=NOW
    )
    assert desks_of(tie) == {weather.pk, sport.pk}
    leads = {desk.slug: make_user(f"lead-{desk.slug}", Role.LEAD, desk) for desk in (weather, sport, culture)}
    may_set = {name: may(user=lead, verb=Verb.SET_TIES, of=tie) for name, lead in leads.items()}
    assert may_set == {"weather": True, "sport": True, "culture": False}
    found = {
        name: list(rows_where(Tie.objects.all(), user=each, verb=Verb.SET_TIES))
        for name, each in leads.items()
    }
    assert found == {"weather": [tie], "sport": [tie], "culture": []}


@pytest.mark.parametrize("verb", [Verb.READ_DRAFTS, Verb.GIVE_VERDICT, Verb.ADJUDICATE, Verb.EDIT_PEOPLE])
@pytest.mark.parametrize("role", [None, *Role])
def test_rows_are_cut_as_each_row_is_asked(db: None, verb: Verb, role: Role | None) -> None:
    """The list of what somebody may do something to is what they may do it to, row by row."""
    own, other = make_desk("own"), make_desk("other")
    rows = [make_question(f"Is it {desk}?", desk=desk) for desk in (own, other)]
    user = make_user("erin", role, own)
    expected = [each for each in rows if may(user=user, verb=verb, of=each)]
    assert list(rows_where(Question.objects.order_by("pk"), user=user, verb=verb)) == expected
    desks = [each.desk for each in expected]
    assert list(rows_where(Desk.objects.order_by("pk"), user=user, verb=verb)) == desks


def test_a_refusal_says_the_role_and_the_desk(db: None) -> None:
    question = make_question(desk=make_desk("sport"))
    stranger = make_user("stig", Role.LEAD, make_desk("weather"))
    with pytest.raises(NotAllowedError, match="“head of desk” or higher on the desk “Sport”"):
        refuse_unless_may(by=stranger, verb=Verb.MOVE_DEADLINE, of=question)
    refuse_unless_may(by=None, verb=Verb.MOVE_DEADLINE, of=question)
