"""Tokens are made with a password, kept as a hash, expire, and can be taken back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from forecasts.models import Desk, Membership

TOKEN, ME = "/api/v1/auth/token/", "/api/v1/auth/me/"


@pytest.fixture
def erin(seed: None) -> User:
    user = User.objects.create_user("erin", password="correct horse")
    Membership.objects.create(desk=Desk.objects.get(slug="foreign"), user=user, role="editor")
    return user


def basic(password: str = "correct horse") -> APIClient:  # noqa: S107
    client = APIClient()
    # "erin:correct horse" and "erin:wrong", as RFC 7617 writes them.
    encoded = {"correct horse": "ZXJpbjpjb3JyZWN0IGhvcnNl", "wrong": "ZXJpbjp3cm9uZw=="}[password]
    client.credentials(HTTP_AUTHORIZATION=f"Basic {encoded}")
    return client


def bearing(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_password_buys_a_token_that_works_until_it_is_revoked(erin: User) -> None:
    made = basic().post(TOKEN, {"days": 7}, format="json")
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    client = bearing(made.json()["token"])
    me = client.get(ME).json()
    assert (me["username"], me["role"]) == ("erin", "editor")
    assert "give_verdict" in me["verbs"]
    assert "merge_sources" not in me["verbs"]
    assert client.delete(TOKEN).status_code == 204
    assert client.get(ME).status_code == 401


def test_only_the_tokens_hash_is_kept(erin: User) -> None:
    token = basic().post(TOKEN, {}, format="json").json()["token"]
    kept = AuthToken.objects.get(user=erin)
    assert token not in str(vars(kept))
    assert abs(kept.expiry - timezone.now() - timedelta(days=90)) < timedelta(minutes=5)


def test_an_expired_token_is_refused(erin: User) -> None:
    _, token = AuthToken.objects.create(erin, timedelta(seconds=-1))
    assert bearing(token).get(ME).status_code == 401


def test_somebody_who_left_is_refused(erin: User) -> None:
    _, token = AuthToken.objects.create(erin)
    User.objects.filter(pk=erin.pk).update(is_active=False)
    assert bearing(token).get("/api/v1/sources/").status_code == 401


def test_a_token_does_not_outlive_the_membership(erin: User) -> None:
    _, token = AuthToken.objects.create(erin)
    given = {"name": "X", "kind": "person"}
    Membership.objects.filter(user=erin).delete()
    assert bearing(token).post("/api/v1/sources/", given, format="json").status_code == 403
    assert bearing(token).get(ME).json()["role"] is None


def test_the_password_revokes_every_token_of_that_person_alone(erin: User) -> None:
    other = User.objects.create_user("olle")
    for user in (erin, erin, other):
        AuthToken.objects.create(user)
    assert basic().delete(TOKEN).status_code == 204
    assert list(AuthToken.objects.values_list("user__username", flat=True)) == ["olle"]


def test_a_wrong_password_buys_nothing(erin: User) -> None:
    response = basic("wrong").post(TOKEN, {}, format="json")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic")
    assert not AuthToken.objects.exists()


def test_a_token_buys_no_longer_token(erin: User) -> None:
    _, token = AuthToken.objects.create(erin, timedelta(days=1))
    assert bearing(token).post(TOKEN, {"days": 366}, format="json").status_code == 403


def test_a_password_is_taken_nowhere_else(erin: User) -> None:
    assert basic().get(ME).status_code == 401
