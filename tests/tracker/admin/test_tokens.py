"""My API tokens at the desk: made and shown once, listed, revoked; those of others only revoked."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forecasts.models import Role, Token
from forecasts.people.writes.tokens import PREFIX, make_token
from tests.records import make_user

MINE = "/admin/auth/user/tokens/"
NEW = {"_make": "", "name": "Election dashboard", "scope": "read", "days": "30"}


def shown_in(page):
    return re.findall(PREFIX + r"[\w-]{43}", page.content.decode())


@pytest.fixture
def robot(desk):
    return make_user("robot", role=Role.EDITOR, desk=desk)


def test_a_token_is_shown_once_and_opens_no_page_of_the_desk(editor):
    made = editor.post(MINE, NEW)
    [token] = shown_in(made)
    assert "no-store" in made["Cache-Control"]
    page = editor.get(MINE)
    assert not shown_in(page)
    assert "Election dashboard" in page.content.decode()
    assert "Not used yet." in page.content.decode()
    documents = reverse("admin:forecasts_document_changelist")
    header = {"Authorization": f"Token {token}"}
    assert Client().get(documents, headers=header).status_code == 302
    assert Client().get("/api/v1/auth/me/", headers=header).json()["username"] == Role.EDITOR
    assert "Last used" in editor.get(MINE).content.decode()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"days": "0"}, {"days": "9999"}, {"scope": "all"}])
def test_what_is_no_token_is_said_at_its_field(editor, wrong):
    page = editor.post(MINE, {**NEW, **wrong})
    assert list(page.context["form"].errors) == list(wrong)
    assert not Token.objects.exists()


def test_one_is_revoked_or_all(editor):
    for _ in range(3):
        editor.post(MINE, NEW)
    one = Token.objects.first()
    assert editor.post(MINE, {"_revoke": one.pk}).status_code == 302
    assert Token.objects.filter(ended_at=None).count() == 2
    editor.post(MINE, {"_revoke_all": ""})
    assert not Token.objects.filter(ended_at=None).exists()
    assert editor.post(MINE, {"_revoke": "x"}).status_code == 403


def test_only_its_holder_revokes_a_token_and_an_administrator(sign_in, editor, robot):
    make_token(user=robot, name="robot", scope="write", days=1, now=timezone.now())
    held, theirs = Token.objects.get(), reverse("admin:auth_user_token", args=[robot.pk])
    editor.post(MINE, {"_revoke": held.pk})
    assert editor.post(theirs, {"_revoke": held.pk}).status_code == 403
    assert Token.objects.filter(ended_at=None).exists()
    administrator = sign_in(Role.ADMINISTRATOR)
    assert "robot" in administrator.get(theirs).content.decode()
    administrator.post(theirs, NEW)
    assert Token.objects.count() == 1, "nobody makes a token in another's name"
    administrator.post(theirs, {"_revoke": held.pk})
    assert not Token.objects.filter(ended_at=None).exists()
