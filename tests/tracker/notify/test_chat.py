"""Messages into chat channels, received by a real server."""

import json
import logging
import socket

import pytest

from tracker.notify.chat.send import ChannelRefusedError, ChatFailedError, check_channel, deliver, masked
from tracker.notify.kit.guard import InternalAddressError, public_only

TOKEN = "c0ffee0123456789"


@pytest.fixture
def address(room, settings):
    settings.CHAT_INTERNAL_HOSTS = ["127.0.0.1"]
    return f"json://127.0.0.1:{room.server_port}/hooks/{TOKEN}"


def send(url, **rest):
    deliver(**{"url": url, "title": "Answer due", "text": "As text", "markdown": "*As Markdown*", **rest})


def test_a_message_arrives_once_as_the_service_reads_it(room, address):
    send(address)
    [(path, body)] = room.received
    assert path == f"/hooks/{TOKEN}"
    assert json.loads(body)["title"] == "Answer due"
    assert json.loads(body)["message"] == "*As Markdown*"
    send(address + "?format=text")
    assert json.loads(room.received[1][1])["message"] == "As text"
    send(address + "?format=html")
    assert "<em>As Markdown</em>" in json.loads(room.received[2][1])["message"]


@pytest.mark.parametrize("answer", [400, 404, 500, 503])
def test_a_service_that_refuses_is_a_failure_with_its_reason(room, address, answer):
    room.answer = answer
    with pytest.raises(ChatFailedError, match=str(answer)) as failed:
        send(address)
    assert TOKEN not in str(failed.value)
    assert "hooks" not in str(failed.value)


def test_a_service_that_is_away_is_a_failure_without_its_address(address, room, caplog):
    room.shutdown()
    room.server_close()
    with caplog.at_level(logging.DEBUG), pytest.raises(ChatFailedError) as failed:
        send(address)
    assert "Connection error" in str(failed.value)
    for told in (str(failed.value), caplog.text):
        assert TOKEN not in told


def test_a_service_that_never_answers_is_given_up(settings, monkeypatch):
    monkeypatch.setattr("tracker.notify.chat.send.READ_SECONDS", 0.2)
    settings.CHAT_INTERNAL_HOSTS = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ChatFailedError):
        send(f"json://127.0.0.1:{silent.getsockname()[1]}/{TOKEN}?rto=600")


def test_a_redirect_is_not_followed(room, address):
    room.answer = 307
    with pytest.raises(ChatFailedError):
        send(address + "?redirect=yes")
    assert [path for path, _ in room.received] == [f"/hooks/{TOKEN}"]


@pytest.mark.parametrize(
    "url",
    [
        "json://{port}/x",
        "xml://{port}/x",
        "form://{port}/x",
        "ntfy://{port}/topic",
        "gotify://{port}/AbCdEfGhIjKlMnO",
        "json://localhost:{bare}/x",
        "json://2130706433:{bare}/x",
        "json://0x7f.1:{bare}/x",
        "json://[::1]:{bare}/x",
        "json://[::ffff:127.0.0.1]:{bare}/x",
    ],
)
def test_an_internal_address_is_refused_when_saved_and_again_when_sent(room, settings, url):
    settings.CHAT_INTERNAL_HOSTS = []
    url = url.format(port=f"127.0.0.1:{room.server_port}", bare=room.server_port)
    with pytest.raises(ChannelRefusedError):
        check_channel(url)
    with pytest.raises(ChatFailedError):
        send(url)
    assert room.received == []


@pytest.mark.parametrize(
    "host",
    ["10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[fd00::1]"],  # noqa: S104
)
def test_no_private_network_is_taken(settings, host):
    settings.CHAT_INTERNAL_HOSTS = []
    with pytest.raises(ChannelRefusedError, match="internal network"):
        check_channel(f"json://{host}/x")


def test_a_name_is_judged_by_where_it_leads_when_it_connects(room, monkeypatch, settings):
    """A name that was public when it was checked, and is ours by the time it is asked."""
    settings.CHAT_INTERNAL_HOSTS = []
    real = socket.getaddrinfo
    asked = []

    def rebinding(host, *args, **rest):
        if host != "chat.example.org":
            return real(host, *args, **rest)
        asked.append(host)
        return real("93.184.215.14" if len(asked) == 1 else "127.0.0.1", *args, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    url = f"json://chat.example.org:{room.server_port}/x"
    check_channel(url)
    with pytest.raises(ChatFailedError, match="internal network"):
        send(url)
    assert room.received == []


def test_the_guard_holds_for_its_own_stretch_only(room):
    where = ("127.0.0.1", room.server_port)
    with public_only() as watch, pytest.raises(InternalAddressError):
        socket.create_connection(where)
    assert watch.refused
    with public_only(except_hosts=["127.0.0.1"]):
        socket.create_connection(where).close()
    socket.create_connection(where).close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nosuch://host/x", "There is no service “nosuch”"),
        ("hello", "Write the address as service://"),
        ("https://hooks.slack.com/services/x", None),
        ("slack://short", "can’t read this address"),
        ("syslog://", "not taken"),
        ("dbus://", "not taken"),
        ("gnome://", "not taken"),
        ("windows://", "not taken"),
        ("macosx://", "not taken"),
        ("glib://", "not taken"),
        ("rsyslog://logs.example.org", "not taken"),
        ("mailto://user:pass@example.org", "not taken"),
        ("mqtt://broker.example.org/topic", "not taken"),
        ("fcm://project/token?keyfile=/etc/passwd", "not taken"),
        ("workflows://host.example.org/w/s?template=/etc/passwd", "may not read a file"),
        ("file:///etc/passwd", "There is no service"),
        ("python://x", "There is no service"),
    ],
)
def test_what_is_not_a_web_service_is_refused_with_a_remedy(url, words):
    with pytest.raises(ChannelRefusedError, match=words) as refused:
        check_channel(url)
    assert "passwd" not in str(refused.value)
    assert "user:pass" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        f"slack://T1JJ3T3L2/A1BRTD4JD/{TOKEN}TIiajkdnl",
        f"discord://4174216298/{TOKEN}",
        f"tgram://123456789:{TOKEN}abcdefghijklmnopqrst/12315544",
        f"mmosts://chat.example.org/{TOKEN}abcdefgh",
        f"matrixs://user:{TOKEN}@matrix.example.org/#room",
    ],
)
def test_a_chat_service_is_taken_and_its_address_is_masked(url, monkeypatch):
    monkeypatch.setattr("tracker.notify.chat.send.resolved", lambda _host: [])
    check_channel(url)
    shown = masked(url)
    assert shown.startswith(url.partition("://")[0] + "://…/****")
    assert TOKEN not in shown
    assert shown == masked(url) != masked(url + "x")
