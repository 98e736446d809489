"""Tokens are made with a password, kept as a hash, do what their scope says, and end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from forecasts.models import Desk, Ended, Guess, Guessed, Membership, Token
from forecasts.people.reads.tokens import digest_of
from forecasts.people.writes.guesses import FREE
from forecasts.people.writes.tokens import (
    KEPT_AFTER_ITS_END,
    PREFIX,
    TOKENS_AT_MOST,
    TokenRefusedError,
    end_tokens,
    make_token,
    note_use,
    sweep_tokens,
)
from tests.records import new_token
from tests.tracker.api.conftest import bearing

TOKEN, TOKENS, ME = "/api/v1/auth/token/", "/api/v1/auth/tokens/", "/api/v1/auth/me/"
SOURCES = "/api/v1/sources/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def erin(seed: None) -> User:
    user = User.objects.create_user("erin", password="correct horse", is_staff=True)
    Membership.objects.create(desk=Desk.objects.get(slug="foreign"), user=user, role="editor")
    return user


def basic(password: str = "correct horse") -> APIClient:  # noqa: S107
    client = APIClient()
    # "erin:correct horse" and "erin:wrong", as RFC 7617 writes them.
    encoded = {"correct horse": "ZXJpbjpjb3JyZWN0IGhvcnNl", "wrong": "ZXJpbjp3cm9uZw=="}[password]
    client.credentials(HTTP_AUTHORIZATION=f"Basic {encoded}")
    return client


def test_a_password_buys_a_token_that_works_until_it_is_revoked(erin: User) -> None:
    made = basic().post(TOKEN, {"name": "Dashboard", "days": 7}, format="json")
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert made.json()["token"].startswith(PREFIX)
    client = bearing(made.json()["token"])
    me = client.get(ME).json()
    assert (me["username"], me["role"]) == ("erin", "editor")
    assert "give_verdict" in me["verbs"]
    assert "merge_sources" not in me["verbs"]
    assert client.delete(TOKEN).status_code == 204
    gone = client.get(ME)
    assert (gone.status_code, gone.json()["detail"]) == (401, "This token has ended: revoked.")


def test_only_the_tokens_hash_is_kept(erin: User) -> None:
    token = basic().post(TOKEN, {}, format="json").json()["token"]
    kept = Token.objects.get(user=erin)
    assert not [value for value in vars(kept).values() if token[len(PREFIX) :][:8] in str(value)]
    assert (kept.name, kept.scope) == ("API", "write")


def test_a_token_is_good_for_as_long_as_the_house_has_it_or_its_holder_says(
    erin: User, settings: Any
) -> None:
    settings.API_TOKEN_DAYS = 30
    for given, days in (({}, 30), ({"days": 7}, 7)):
        basic().post(TOKEN, given, format="json")
        kept = Token.objects.first()
        assert kept is not None
        assert kept.ends_at - kept.made_at == timedelta(days=days)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"days": 0}, "days"), ({"days": 367}, "days"), ({"scope": "all"}, "scope"), ({"name": ""}, "name")],
)
def test_what_is_no_token_is_refused_at_its_field(erin: User, given: dict[str, Any], field: str) -> None:
    refused = basic().post(TOKEN, given, format="json")
    assert refused.status_code == 400
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert not Token.objects.exists()


def test_an_expired_token_says_that_it_was_good(erin: User) -> None:
    token = new_token(erin, days=1, now=timezone.now() - timedelta(days=2))
    refused = bearing(token).get(ME)
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Token"
    assert "was good until" in refused.json()["detail"]


def by_form(user: User, client: Client) -> None:
    page = reverse("admin:auth_user_change", args=[user.pk])
    shown = client.get(page).context
    formsets = [each.formset for each in shown["inline_admin_formsets"]]
    forms = [shown["adminform"].form, *(each.management_form for each in formsets)]
    forms += [form for each in formsets for form in each.initial_forms]
    given = {field.html_name: field.value() for form in forms for field in form}
    unticked = {
        name: value for name, value in given.items() if value not in (None, False) and name != "is_active"
    }
    assert client.post(page, unticked).status_code == 302


def by_new_password_form(user: User, client: Client) -> None:
    page = reverse("admin:auth_user_password_change", args=[user.pk])
    given = {"password1": "a new horse 7", "password2": "a new horse 7", "usable_password": "true"}
    assert client.post(page, given).status_code == 302


def by_taking_the_password(user: User, client: Client) -> None:
    page = reverse("admin:auth_user_password_change", args=[user.pk])
    assert client.post(page, {"usable_password": "false", "unset-password": ""}).status_code == 302


def by_update(user: User, client: Client) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def by_own_page(user: User, client: Client) -> None:
    own = Client()
    own.force_login(user)
    given = {"old_password": "correct horse", "new_password1": "new horse 7", "new_password2": "new horse 7"}
    assert own.post(reverse("admin:password_change"), given).status_code == 302


def by_command(user: User, client: Client) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: "a new horse 7")
        call_command("changepassword", user.username)


ENDS = [
    (by_form, Ended.DEACTIVATED, "an administrator unticks “active”"),
    (by_update, Ended.DEACTIVATED, "and nobody's form has to remember it"),
    (by_new_password_form, Ended.PASSWORD, "an administrator sets another password"),
    (by_taking_the_password, Ended.PASSWORD, "or takes it away"),
    (by_own_page, Ended.PASSWORD, "its owner changes it"),
    (by_command, Ended.PASSWORD, "somebody does on the command line"),
]


@pytest.mark.parametrize(("way", "because", "why"), ENDS, ids=[each[0].__name__ for each in ENDS])
def test_a_token_dies_with_the_account_and_with_the_password(
    erin: User, way: Callable[..., None], because: str, why: str
) -> None:
    olle = User.objects.create_user("olle", is_superuser=True, is_staff=True)
    token, other = new_token(erin), new_token(olle)
    client = Client()
    client.force_login(olle)
    way(erin, client)
    assert bearing(token).get(SOURCES).status_code == 401, why
    assert Token.objects.get(user=erin).ended_because == because
    assert bearing(other).get(ME).status_code == 200
    User.objects.filter(pk=erin.pk).update(is_active=True)
    assert bearing(token).get(SOURCES).status_code == 401, "what died does not come to life again"


def test_a_password_that_is_only_hashed_anew_ends_no_token(erin: User, settings: Any) -> None:
    """A new version of Django hashes each password anew when it is next typed."""
    token = new_token(erin)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "tests.plugin_frugal.QuickHash",
    ]
    before = erin.password
    assert basic().post(TOKEN, {}, format="json").status_code == 201
    erin.refresh_from_db()
    assert erin.password != before
    assert bearing(token).get(ME).status_code == 200


def test_a_token_does_not_outlive_the_membership(erin: User) -> None:
    token = new_token(erin)
    given = {"name": "X", "kind": "person"}
    Membership.objects.filter(user=erin).delete()
    assert bearing(token).post(SOURCES, given, format="json").status_code == 403
    assert bearing(token).get(ME).json()["role"] is None
    assert basic().post(TOKEN, {}, format="json").status_code == 422, "nor is another one made"


def test_the_password_revokes_every_token_of_that_person_alone(erin: User) -> None:
    olle = User.objects.create_user("olle", is_superuser=True)
    for user in (erin, erin, olle):
        new_token(user)
    assert basic().delete(TOKEN).status_code == 204
    assert list(Token.objects.filter(ended_at=None).values_list("user__username", flat=True)) == ["olle"]


def test_a_wrong_password_buys_nothing(erin: User) -> None:
    response = basic("wrong").post(TOKEN, {}, format="json")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic")
    assert not Token.objects.exists()


def test_a_token_buys_no_longer_token(erin: User) -> None:
    assert bearing(new_token(erin, days=1)).post(TOKEN, {"days": 366}, format="json").status_code == 403


def test_a_password_is_taken_nowhere_else(erin: User) -> None:
    assert basic().get(ME).status_code == 401


def test_the_list_says_what_each_is_for_and_one_can_be_revoked(erin: User) -> None:
    new_token(User.objects.create_user("olle", is_superuser=True))
    old = new_token(erin, days=1, now=timezone.now() - timedelta(days=2))
    kept, gone = new_token(erin, scope="read"), new_token(erin)
    listed = bearing(kept).get(TOKENS).json()
    assert [(each["name"], each["scope"]) for each in listed] == [("tests", "write"), ("tests", "read")]
    assert [each["last_used_at"] is None for each in listed] == [True, False]
    assert set(listed[0]) == {"id", "name", "scope", "made_at", "expires_at", "last_used_at"}
    assert bearing(gone).delete(f"{TOKENS}{listed[0]['id']}/").status_code == 204
    assert bearing(gone).get(ME).status_code == 401
    assert bearing(kept).get(ME).status_code == 200
    assert bearing(old).get(ME).status_code == 401


def test_nobody_revokes_anothers_token(erin: User) -> None:
    olle = User.objects.create_user("olle", is_superuser=True)
    new_token(olle)
    other = Token.objects.get(user=olle)
    assert bearing(new_token(erin)).delete(f"{TOKENS}{other.pk}/").status_code == 404
    other.refresh_from_db()
    assert other.ended_at is None


def test_a_use_is_noted_once_a_minute(erin: User) -> None:
    token, _secret = make_token(user=erin, name="tests", scope="read", days=1, now=NOW)
    for seconds, queries, used in ((0, 1, 0), (30, 0, 0), (59, 0, 0), (60, 1, 60), (61, 0, 60)):
        token.refresh_from_db()
        with CaptureQueriesContext(connection) as asked:
            note_use(token=token, now=NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert (len(asked), token.last_used_at) == (queries, NOW + timedelta(seconds=used))


def test_a_token_costs_one_query(erin: User) -> None:
    client = bearing(new_token(erin))
    client.get(ME)
    with CaptureQueriesContext(connection) as signed_in:
        client.get(ME)
    assert len([each for each in signed_in if "forecasts_token" in each["sql"]]) == 1


def test_made_up_tokens_are_guesses_and_ended_ones_are_not(erin: User) -> None:
    """A dashboard that still sends an ended token must not make its whole house wait."""
    token = new_token(erin)
    end_tokens(user=erin, because=Ended.REVOKED, now=timezone.now())
    for _ in range(FREE[Guessed.SECRET] + 3):
        assert bearing(token).get(ME).status_code == 401
    assert not Guess.objects.exists()
    tries = [bearing(f"{PREFIX}{n}").get(ME).status_code for n in range(FREE[Guessed.SECRET] + 2)]
    assert tries == [401] * (FREE[Guessed.SECRET] + 1) + [429]
    assert bearing(new_token(erin)).get(ME).status_code == 200, "nor does somebody else's guessing"


@pytest.mark.parametrize("header", ["Token", "Token ", "Token å", "Token a b", "Bearer x", "Token \x00"])
def test_a_strange_header_is_no_fault_of_ours(erin: User, header: str) -> None:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=header)
    assert client.get(ME).status_code == 401


def test_nobody_has_more_tokens_than_they_can_look_through(erin: User) -> None:
    made = {"user": erin, "scope": "read", "made_at": NOW, "ends_at": NOW + timedelta(days=1)}
    Token.objects.bulk_create(Token(name="x", digest=f"{n}", **made) for n in range(TOKENS_AT_MOST))
    with pytest.raises(TokenRefusedError, match="Revoke one first"):
        make_token(user=erin, name="one more", scope="read", days=1, now=NOW)
    assert make_token(user=erin, name="another", scope="read", days=1, now=NOW + timedelta(days=1))


def test_what_ended_is_deleted_in_the_end(erin: User) -> None:
    new_token(erin, days=1, now=NOW)
    end = NOW + timedelta(days=1) + KEPT_AFTER_ITS_END
    assert sweep_tokens(now=end - timedelta(seconds=1)) == 0
    assert sweep_tokens(now=end) == 1


def test_the_tokens_of_an_older_database_go_on_working(erin: User) -> None:
    """As knox kept them: the SHA-512 of a token, its first characters, and perhaps an end."""
    tomorrow, yesterday = (timezone.now() + timedelta(days=days) for days in (1, -1))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE knox_authtoken (digest varchar(128) PRIMARY KEY, token_key varchar(25) NOT NULL,"
            " user_id integer NOT NULL, created timestamptz NOT NULL, expiry timestamptz)"
        )
        for token, expiry in (("a" * 64, None), ("b" * 64, tomorrow), ("c" * 64, yesterday)):
            kept = [digest_of(token), token[:15], erin.pk, timezone.now() - timedelta(days=9), expiry]
            cursor.execute("INSERT INTO knox_authtoken VALUES (%s, %s, %s, %s, %s)", kept)
        cursor.execute(import_module("forecasts.migrations.0019_api_tokens").FROM_KNOX)
    assert [bearing(each * 64).get(ME).status_code for each in "abc"] == [200, 200, 401]
    endless, ending = Token.objects.order_by("digest").filter(user=erin).order_by("-ends_at")
    assert endless.ends_at - timezone.now() > timedelta(days=365)
    assert (ending.name, ending.ends_at) == ("API bbbb", tomorrow)
    assert "knox_authtoken" not in connection.introspection.table_names()
