"""Secret addresses have an age, and change when somebody leaves who could read them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forecasts.desk.writes.links import link_of
from forecasts.desk.writes.members import remove_member, set_member
from forecasts.models import Guess, Membership, Role, SecretLink
from forecasts.people.writes.tokens import make_token
from tests.records import addresses_of, make_desk, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]


@pytest.fixture
def head(desk):
    return make_user("head", role=Role.ADMINISTRATOR, desk=desk, is_staff=True)


@pytest.fixture
def erin(desk, head):
    return make_user(desk=desk)


def by_service(erin, desk, head):
    remove_member(desk=desk, user=erin, by=head)


def by_api(erin, desk, head):
    token = make_token(user=head, name="tests", scope="write", days=1, now=timezone.now())[1]
    path = f"/api/v1/desks/{desk.slug}/members/erin/"
    assert Client().delete(path, headers={"Authorization": f"Token {token}"}).status_code == 204


def by_delete(erin, desk, head):
    Membership.objects.filter(user=erin).delete()


def by_another_in_their_row(erin, desk, head):
    Membership.objects.filter(user=erin).update(user=User.objects.create_user("olle"))


def by_deactivation(erin, desk, head):
    User.objects.filter(pk=erin.pk).update(is_active=False)


def by_removal(erin, desk, head):
    User.objects.filter(pk=erin.pk).delete()


WAYS = [by_service, by_api, by_delete, by_another_in_their_row, by_deactivation, by_removal]


@pytest.mark.parametrize("way", WAYS)
def test_whoever_leaves_takes_no_address_along(client, desk, erin, head, way):
    """Neither their own nor the desk's, which they could read; everybody else's stay as they are."""
    karl, sports = make_user("karl", desk=desk), make_desk("sports")
    gone = [*addresses_of(erin).values(), *addresses_of(desk).values()]
    kept = [*addresses_of(karl).values(), *addresses_of(sports).values()]
    assert {client.get(each).status_code for each in gone + kept} == {200}
    way(erin, desk, head)
    assert {client.get(each).status_code for each in gone} == {404}
    assert {client.get(each).status_code for each in kept} == {200}
    assert client.get(addresses_of(desk)["calendar"]).status_code == 200


@pytest.mark.parametrize("way", [by_service, by_deactivation])
def test_an_administrator_could_read_those_of_every_desk(client, desk, erin, head, way):
    sports = addresses_of(make_desk("sports"))["calendar"]
    set_member(desk=desk, user=erin, role=Role.ADMINISTRATOR, by=head)
    way(erin, desk, head)
    assert client.get(sports).status_code == 404


def test_another_role_on_the_same_desk_changes_nothing(client, desk, erin, head):
    address = addresses_of(desk)["calendar"]
    set_member(desk=desk, user=erin, role=Role.VIEWER, by=head)
    assert client.get(address).status_code == 200


def test_a_desk_s_addresses_are_shown_to_its_own_people(client, desk, erin, head):
    sports = make_desk("sports")
    page = reverse("admin:forecasts_desk_links", args=[sports.pk])
    for user, status in ((erin, 403), (head, 200)):
        User.objects.filter(pk=user.pk).update(is_staff=True)
        client.force_login(User.objects.get(pk=user.pk))
        assert client.get(page).status_code == status


def test_an_address_ends_with_its_age_and_is_renewed_by_a_press(client, desk, erin, settings):
    settings.SECRET_LINK_DAYS = 30
    address = addresses_of(erin)["calendar"]
    for days, status in ((29, 200), (30, 404)):
        SecretLink.objects.filter(user=erin).update(made_at=timezone.now() - timedelta(days=days))
        assert client.get(address).status_code == status
    User.objects.filter(pk=erin.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=erin.pk))
    page = reverse("admin:forecasts_reminder_mine")
    assert "and lead nowhere" in client.get(page).content.decode()
    client.post(page, {"_replace_link": ""})
    assert "and lead nowhere" not in client.get(page).content.decode()
    assert client.get(addresses_of(erin)["calendar"]).status_code == 200
    assert not Guess.objects.exists(), "a calendar program that still asks guesses at nothing"


def test_a_house_may_let_them_last(client, erin, settings):
    settings.SECRET_LINK_DAYS = 0
    address = addresses_of(erin)["calendar"]
    SecretLink.objects.filter(user=erin).update(made_at=timezone.now() - timedelta(days=3650))
    assert client.get(address).status_code == 200


def test_a_use_is_noted_once_a_minute(client, erin):
    address, link = addresses_of(erin)["calendar"], link_of(owner=erin, now=timezone.now())
    assert link.last_used_at is None
    client.get(address)
    link.refresh_from_db()
    first = link.last_used_at
    assert timezone.now() - first < timedelta(minutes=1)
    client.get(address)
    link.refresh_from_db()
    assert link.last_used_at == first
    SecretLink.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get(address)
    link.refresh_from_db()
    assert link.last_used_at >= first
