"""
The whole application at its most talkative: no secret is in what web, workers and beat write.

Real processes at LOG_LEVEL=DEBUG, the web server with its access log, are given every secret that
there is, by settings and by requests right and wrong.
"""

import base64
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from forecasts.desk.writes.desks import add_channel
from forecasts.desk.writes.invitations import invite_person
from forecasts.models import Message, Reminder, Role
from forecasts.questions.writes.lifecycle import assign_question
from tests.processes import Processes, answers, database_url, free_port, wait_until
from tests.records import addresses_of, make_desk, make_question, make_user, new_token
from tests.smtp import Sink, serve
from tracker.notify.kit.signed_links import action_link, invitation_link, leave_link

PASSWORD, TYPED = "correct-horse-battery", "a-wrong-horse-battery"
SETTINGS = {
    "SECRET_KEY": "signing-key-4f3a9c-of-this-test",
    "SECRET_KEY_FALLBACKS": "signing-key-7e1b2d-of-last-year",
    "ENCRYPTION_KEYS": "sealing-key-5d8c1e-of-this-test-32,sealing-key-9a0f3b-of-last-year-32",
}
DATABASE, MAIL, REDIS = "database-p%40ssword-6b2e", "mail-p%40ssword-1c7d", "redis-p%40ssword-3e9f"
HOOK = "chat-hook-0a1b2c3d4e5f"


@pytest.fixture
def secret_settings(transactional_db: None) -> dict[str, str]:
    """The environment of the processes. They know our key too, so that they read what we signed."""
    return {
        **SETTINGS,
        "SECRET_KEY_FALLBACKS": f"{SETTINGS['SECRET_KEY_FALLBACKS']},{settings.SECRET_KEY}",
        "DATABASE_URL": database_url().replace("@", f":{DATABASE}@", 1),
        "LOG_LEVEL": "DEBUG",
        "CHAT_INTERNAL_HOSTS": "127.0.0.1",
    }


def spellings(secret: str) -> set[str]:
    """Return what must not be found of it: as written, as meant, and most of it."""
    return {secret, urllib.parse.unquote(secret), secret[: max(12, len(secret) * 3 // 4)]}


class Visitor:
    """A browser of few words."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> int:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        headers = {"Referer": self.url, **headers}
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310
        try:
            return int(self.opener.open(request, timeout=20).status)
        except urllib.error.HTTPError as error:
            return error.code

    def sign_in(self, password: str) -> int:
        self.ask("/admin/login/")
        token = next(each.value for each in self.cookies if each.name == "csrftoken")
        form = {
            "username": "erin",
            "password": password,
            "csrfmiddlewaretoken": token or "",
            "next": "/admin/",
        }
        return self.ask("/admin/login/", form)


@pytest.mark.worker
@pytest.mark.slow
def test_no_secret_is_in_any_log(
    processes: Processes, secret_settings: dict[str, str], tmp_path: Path
) -> None:
    desk = make_desk()
    erin = make_user(desk=desk, is_staff=True)
    User.objects.filter(pk=erin.pk).update(is_superuser=True)
    erin.set_password(PASSWORD)
    erin.save()
    token = new_token(erin)
    port, sink = free_port(), Sink()
    mail_server, chat_port = serve(sink, port), free_port()
    add_channel(desk=desk, url=f"json://127.0.0.1:{chat_port}/hooks/{HOOK}", by=None)
    question = make_question(desk=desk, on=(timezone.now() - timedelta(days=1)).date())
    assign_question(question=question, assignee=erin, by=None, now=timezone.now())
    Reminder.objects.armed().update(due_at=timezone.now())

    web = start_web(processes, secret_settings)
    workers = {"SITE_URL": web.url, "EMAIL_URL": f"smtp://127.0.0.1:{port}", **secret_settings}
    processes.worker(**workers)
    processes.beat(SWEEP_SECONDS="1", **workers)
    wait_until(lambda: sink.accepted, seconds=60, what="the mail")
    wait_until(Message.objects.exists, what="its record")
    links = [action_link(reminder_id=Reminder.objects.first().pk), leave_link(user=erin)]  # type: ignore[union-attr]
    invited = {
        "email": "karl@example.org",
        "name": "Karl",
        "role": Role.EDITOR,
        "good_for": timedelta(days=1),
    }
    links.append(invitation_link(invitation=invite_person(desk=desk, by=None, now=timezone.now(), **invited)))
    links += [*addresses_of(erin).values(), *addresses_of(desk).values()]
    links += re.findall(r"https?://\S+?(?=[\s\"<>])", sink.accepted[0].as_string())
    secrets = [urllib.parse.urlsplit(each).path for each in links]
    sessions = visit(web.url, secrets, token)
    for failing in ({"DATABASE_URL": f"postgres://house:{DATABASE}@127.0.0.1:1/none"}, {}):
        broken = start_web(
            processes, {**secret_settings, **failing, "EMAIL_URL": f"smtp://a:{MAIL}@127.0.0.1:1"}
        )
        Visitor(broken.url).ask("/questions/")
    lost = processes.start(
        "celery",
        "-A",
        "config.celery",
        "worker",
        REDIS_URL=f"redis://house:{REDIS}@127.0.0.1:1/0",
        LOG_LEVEL="DEBUG",
    )
    wait_until(lambda: "127.0.0.1:1" in lost.log, what="the complaint about Redis")
    processes.stop()
    mail_server.stop()

    written = {each.log_path.name: each.log for each in processes.running}
    parts = [part for path in secrets for part in path.split("/") if re.search(r"[.:][\w-]{43}", part)]
    assert len(parts) >= 6
    told = [PASSWORD, TYPED, token, DATABASE, MAIL, REDIS, HOOK, *parts, *sessions]
    told += [key for each in SETTINGS.values() for key in each.split(",")]
    found = {
        (name, secret)
        for name, log in written.items()
        for secret in told
        for spelling in spellings(secret)
        if spelling in log
    }
    assert found == set()
    for name, log in written.items():
        assert " DEBUG " in log, f"{name} was not at its most talkative"
    assert "/calendar/****" in written[web.log_path.name], "the requests were logged"
    assert web.log.count("/calendar/****") > 4, "by the web server's own log as by Django"


def start_web(processes: Processes, env: dict[str, str]) -> Any:
    """Start the web server with the log that it has by itself, of every request."""
    url = f"http://127.0.0.1:{free_port()}"
    web = processes.start(
        *("granian", "--interface", "asgi", "--workers", "1", "--no-ws", "--log-level", "debug"),
        *("--access-log", "--port", url.rpartition(":")[2], "config.embedded.web:application"),
        **{"SITE_URL": url, **env},
    )
    web.url = url
    processes.wait(web, lambda: answers(f"{url}/healthz"), "the web server's answer")
    return web


def visit(url: str, secrets: list[str], token: str) -> list[str]:
    """Ask for everything secret, rightly, wrongly and cut off; return the secrets of the session."""
    visitor, basic = (
        Visitor(url),
        {
            password: "Basic " + base64.b64encode(f"erin:{password}".encode()).decode()
            for password in (PASSWORD, TYPED)
        },
    )
    assert visitor.ask("/api/v1/auth/me/", Authorization=f"Token {token}") == 200
    assert visitor.ask("/api/v1/auth/me/", Authorization=f"Token {token[:-5]}") == 401
    body = {"Content-Type": "application/json"}
    assert visitor.ask("/api/v1/auth/token/", {}, Authorization=basic[PASSWORD], **body) in {201, 400}
    for path in secrets:
        assert visitor.ask(path) < 500
        assert visitor.ask(path[:-3]) < 500
        assert visitor.ask(f"/nowhere/?next={urllib.parse.quote(path, safe='')}") == 404
    assert visitor.sign_in(PASSWORD) == 200
    assert visitor.sign_in(TYPED) in {200, 429}
    assert visitor.ask("/api/v1/auth/token/", {}, Authorization=basic[TYPED], **body) in {401, 429}
    return [each.value for each in visitor.cookies if each.value and len(each.value) > 20]
