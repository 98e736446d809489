"""Somebody is asked to a desk by a link that works once, and is let in by it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from forecasts.delivery.writes.invitations import (
    record_invitation_failed,
    record_invitation_sent,
    take_invitation,
)
from forecasts.delivery.writes.sending import MOST_ATTEMPTS
from forecasts.desk.writes.invitations import (
    InvitationClosedError,
    InvitationRefusedError,
    accept_invitation,
    free_username,
    invite_person,
    renew_invitation,
    revoke_invitation,
)
from forecasts.desk.writes.members import MemberRefusedError, remove_member
from forecasts.models import Invitation, InvitationState, Membership, Role
from forecasts.people.reads.people import invitations_seen_by, people_seen_by
from forecasts.people.reads.rights import NotAllowedError
from forecasts.people.writes.people import PersonRefusedError, change_person
from forecasts.record.refusal import RefusedError
from tests.records import NOW, make_desk, make_user

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
PASSWORD = "seventeen grey geese"


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def lena(desk):
    return make_user("lena", Role.LEAD, desk)


def invite(desk, by, **given):
    told = {"email": "asa@example.org", "name": "Åsa Ek", "role": Role.EDITOR, **given}
    return invite_person(desk=desk, by=by, now=NOW, good_for=WEEK, **told)


def accept(invitation, **given):
    told = {"link": invitation.links, "username": "asa", "password": PASSWORD, "now": NOW, **given}
    return accept_invitation(invitation=invitation, **told)


def test_the_invited_person_comes_in_with_that_role_on_that_desk(desk, lena):
    invitation = invite(desk, lena)
    assert (invitation.invited_by, invitation.expires_at) == (lena, NOW + WEEK)
    person = accept(invitation)
    assert (person.get_full_name(), person.email) == ("Åsa Ek", "asa@example.org")
    assert person.is_active
    assert person.is_staff
    assert person.check_password(PASSWORD)
    assert Membership.objects.get(user=person, desk=desk).role == Role.EDITOR
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.state(NOW)) == (person, InvitationState.ACCEPTED)
    assert invitation.ended_because == "accepted"  # No link is mailed after that.


def used(invitation, lena):
    accept(invitation)


def revoked(invitation, lena):
    revoke_invitation(invitation=invitation, by=lena, now=NOW)


def renewed(invitation, lena):
    renew_invitation(invitation=invitation, by=lena, now=NOW, good_for=WEEK)


def inviter_left(invitation, lena):
    remove_member(desk=invitation.desk, user=lena, by=None)


def inviter_demoted(invitation, lena):
    Membership.objects.filter(user=lena).update(role=Role.EDITOR)


def inviter_deactivated(invitation, lena):
    change_person(person=lena, given={"is_active": False}, by=None)


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (used, "used already"),
        (revoked, "was revoked"),
        (renewed, "newer link"),
        (inviter_left, "can’t do so any more"),
        (inviter_demoted, "can’t do so any more"),
        (inviter_deactivated, "can’t do so any more"),
    ],
)
def test_a_link_that_is_not_good_any_more_lets_nobody_in(desk, lena, done, told):
    invitation = invite(desk, lena)
    done(invitation, lena)
    people = User.objects.count()
    with pytest.raises(InvitationClosedError, match=told):
        accept(invitation, link=1, username="other")
    assert User.objects.count() == people


def test_a_link_is_good_until_it_expires_and_a_new_one_begins_anew(desk, lena):
    invitation = invite(desk, lena)
    with pytest.raises(InvitationClosedError, match="expired"):
        accept(invitation, now=NOW + WEEK)
    later = NOW + WEEK
    renewed = renew_invitation(invitation=invitation, by=lena, now=later, good_for=WEEK)
    assert (renewed.links, renewed.due_at) == (2, later)
    assert accept(renewed, now=later + WEEK - timedelta(seconds=1)).username == "asa"


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"username": "lena"}, "username", "exists"),
        ({"username": "LENA"}, "username", "Somebody has this name"),
        ({"username": "å sa"}, "username", "valid username"),
        ({"username": ""}, "username", "blank"),
        ({"password": "short"}, "password", "too short"),
        ({"password": "password123"}, "password", "too common"),
        ({"password": "4583750192847"}, "password", "numeric"),
        ({"password": "asa@example.org"}, "password", "too similar"),
    ],
)
def test_a_name_or_password_that_will_not_do_is_refused_at_its_field(desk, lena, given, field, told):
    invitation = invite(desk, lena)
    with pytest.raises(RefusedError, match=told) as caught:
        accept(invitation, **given)
    assert caught.value.field == field
    assert Invitation.objects.get().state(NOW) == InvitationState.WAITING
    assert accept(invitation).is_active


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "lena@EXAMPLE.org"}, "email"),
        ({"email": "gone@example.org"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "Åsa\u202eEk"}, "name"),
    ],
)
def test_who_can_not_be_invited_is_refused_and_nothing_is_kept(desk, lena, given, field):
    make_user("gone", None, is_active=False)
    with pytest.raises(InvitationRefusedError) as caught:
        invite(desk, lena, **given)
    assert caught.value.field == field
    assert not Invitation.objects.exists()


def test_an_address_is_invited_once_at_a_time_to_a_desk(desk, lena):
    invitation = invite(desk, lena)
    with pytest.raises(InvitationRefusedError, match="Resend that invitation"):
        invite(desk, lena, email="ASA@example.org")
    revoke_invitation(invitation=invitation, by=lena, now=NOW)
    assert invite(desk, lena).pk != invitation.pk


def test_whoever_is_asked_to_two_desks_is_on_both_by_either_link(desk, lena):
    sports = make_desk("sports")
    nils = make_user("nils", Role.LEAD, sports)
    to_weather, _to_sports = invite(desk, lena), invite(sports, nils, role=Role.LEAD)
    person = accept(to_weather)
    held = {each.desk: each.role for each in person.memberships.all()}
    assert held == {desk: Role.EDITOR, sports: Role.LEAD}
    assert not Invitation.objects.filter(accepted_at=None).exists()


@pytest.mark.parametrize(
    ("role", "there", "offered", "may"),
    [
        (Role.VIEWER, True, Role.VIEWER, False),
        (Role.EDITOR, True, Role.EDITOR, False),
        (Role.LEAD, True, Role.LEAD, True),
        (Role.LEAD, True, Role.ADMINISTRATOR, False),
        (Role.LEAD, False, Role.VIEWER, False),
        (Role.ADMINISTRATOR, True, Role.ADMINISTRATOR, True),
        (Role.ADMINISTRATOR, False, Role.ADMINISTRATOR, True),
    ],
)
def test_a_head_invites_to_the_own_desk_up_to_the_own_role_and_an_administrator_to_any(
    desk, role, there, offered, may
):
    by = make_user("per", role, desk if there else make_desk("elsewhere"))
    if may:
        assert invite(desk, by, role=offered).role == offered
        return
    # Who may not invite there at all is not allowed; who may is refused a role above their own.
    refused = MemberRefusedError if there and role == Role.LEAD else NotAllowedError
    with pytest.raises(refused):
        invite(desk, by, role=offered)
    made = invite(desk, None, role=offered)
    for verb, more in ((renew_invitation, {"good_for": WEEK}), (revoke_invitation, {})):
        with pytest.raises(refused):
            verb(invitation=made, by=by, now=NOW, **more)
    assert not invitations_seen_by(user=by).filter(role=Role.ADMINISTRATOR).exists()


def test_a_head_sees_the_people_and_invitations_of_the_own_desk(desk, lena):
    sports = make_desk("sports")
    nils, olof = make_user("nils", Role.LEAD, sports), make_user("olof", desk=sports, is_active=False)
    here, there = invite(desk, lena), invite(sports, nils)
    assert list(people_seen_by(user=nils)) == [nils, olof]
    assert list(invitations_seen_by(user=nils)) == [there]
    assert set(invitations_seen_by(user=make_user("adele", Role.ADMINISTRATOR, desk))) == {here, there}
    assert not people_seen_by(user=make_user("erin", Role.EDITOR, desk)).exists()


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("Åsa von Ek", "asa@example.org", "asa.von.ek"),
        ("Lena", "x@example.org", "lena2"),
        ("张伟", "zhang.wei@example.org", "zhangwei"),
        ("张伟", "张伟@example.org", "editor"),
    ],
)
def test_a_free_name_is_offered(lena, name, email, expected):
    assert free_username(name=name, email=email) == expected


def test_the_mail_is_taken_once_tried_again_and_given_up(desk, lena):
    invitation, now = invite(desk, lena), NOW
    for attempt in range(1, MOST_ATTEMPTS + 1):
        held = take_invitation(invitation_id=invitation.pk, now=now)
        assert held.attempts == attempt
        assert take_invitation(invitation_id=invitation.pk, now=now) is None
        record_invitation_failed(invitation=held, error="550 No such user", now=now)
        now += timedelta(hours=12)
        if attempt == MOST_ATTEMPTS // 2:
            Invitation.objects.update(expires_at=NOW + timedelta(days=99))  # An outage of days.
    invitation.refresh_from_db()
    assert (invitation.dead_at is not None, invitation.error) == (True, "550 No such user")
    renew_invitation(invitation=invitation, by=lena, now=now, good_for=WEEK)
    held = take_invitation(invitation_id=invitation.pk, now=now)
    record_invitation_sent(invitation=held, now=now)
    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.error, invitation.dead_at) == (now, "", None)


def test_a_link_made_while_a_mail_was_on_its_way_is_mailed_too(desk, lena):
    invitation = invite(desk, lena)
    held = take_invitation(invitation_id=invitation.pk, now=NOW)
    renew_invitation(invitation=invitation, by=lena, now=NOW, good_for=WEEK)
    record_invitation_sent(invitation=held, now=NOW)
    assert take_invitation(invitation_id=invitation.pk, now=NOW).links == 2


def test_a_mail_whose_link_is_no_longer_good_is_not_sent(desk, lena):
    assert take_invitation(invitation_id=invite(desk, lena).pk, now=NOW + WEEK) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "lena@example.org"}, "email"),
        ({"email": "no address"}, "email"),
        ({"username": "LENA"}, "username"),
    ],
)
def test_a_change_of_a_person_that_will_not_do_is_refused(desk, lena, given, field):
    erin = make_user("erin", Role.EDITOR, desk)
    with pytest.raises(PersonRefusedError) as caught:
        change_person(person=erin, given=given, by=None)
    assert caught.value.field == field


def test_an_administrator_deactivates_others_and_nobody_themselves(desk, lena):
    adele, erin = make_user("adele", Role.ADMINISTRATOR, desk), make_user("erin", Role.EDITOR, desk)
    change_person(person=erin, given={"is_active": False}, by=adele)
    erin.refresh_from_db()
    assert not erin.is_active
    assert Membership.objects.filter(user=erin).exists()  # They hold again when she is back.
    for person, by in ((adele, adele), (erin, lena)):
        with pytest.raises(PersonRefusedError):
            change_person(person=person, given={"is_active": not person.is_active}, by=by)


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_use_a_link_at_once_one_comes_in(desk, lena):
    invitation = invite(desk, lena)

    def come(number):
        try:
            accept(invitation, username=f"asa{number}")
        except InvitationClosedError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(come, range(10))) == 1
    assert User.objects.filter(email="asa@example.org").count() == 1
