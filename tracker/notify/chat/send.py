"""
A reminder into a desk's chat, by the address of an apprise service.

Such an address is a secret: whoever has it may write there. It is never shown, logged or recorded;
what stands for it is `masked`. Services that go over the web are taken, those that would run a
program, write to this machine or speak another protocol are not, and none reaches an address of our
own network unless CHAT_INTERNAL_HOSTS names its host.
"""

from __future__ import annotations

import logging
import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.conversion import convert_between
from apprise.manager_plugins import NotificationManager
from apprise.plugins.base import NotifyBase
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from forecasts.models import Desk
from forecasts.models.sealing import NoKeyError, unseal
from tracker.notify.kit.guard import is_public, public_only, resolved

CONNECT_SECONDS, READ_SECONDS = 5, 10
SCHEMA = re.compile(r"([a-z0-9][a-z0-9+.-]*)://", re.IGNORECASE)
# They run something here, write here, or do not go over the web.
REFUSED = frozenset({
    "dbus", "qt", "kde", "glib", "gio", "gnome", "macosx", "windows", "syslog", "blink1", "growl",
    "rsyslog", "aprs", "irc", "ircs", "mqtt", "mqtts", "amqp", "amqps", "smpp", "smpps", "xmpp", "xmpps",
    "mailto", "mailtos", "deltachat", "deltachats", "nostr", "vapid", "fcm", "session", "sessions", "sogs",
})  # fmt: skip
# Arguments by which a service would read a file of this machine.
READS_A_FILE = frozenset({"template", "keyfile", "subfile", "attach", "config", "include"})
SHORTEST_SECRET = 4

log = logging.getLogger("apprise")
_said: ContextVar[list[str] | None] = ContextVar("said", default=None)


class ChannelRefusedError(ValueError):
    """The address can't be used. The message says why, and never repeats it."""


class ChatFailedError(OSError):
    """The service did not take the message. The message says why, and never the address."""


class _Listener(logging.Handler):
    """Keeps what apprise says for whoever sends; it goes into no log, because addresses are in it."""

    def emit(self, record: logging.LogRecord) -> None:
        said = _said.get()
        if said is not None and record.levelno >= logging.WARNING:
            said.append(record.getMessage())


log.addHandler(_Listener())
log.setLevel(logging.WARNING)
log.propagate = False


def masked(url: str) -> str:
    """
    Return what stands for the address wherever it is shown: its service, and a mark to tell two apart.

    The mark is keyed with our own secret, so that nothing can be read from it.
    """
    found = SCHEMA.match(url)
    return f"{found[1].lower() if found else '?'}://…/**** ({mark_of(url)})"


def mark_of(url: str) -> str:
    """Return the six characters that tell the address from the desk's others, and say nothing of it."""
    return salted_hmac("tracker.notify.chat", url, algorithm="sha256").hexdigest()[:6]


@dataclass(frozen=True, slots=True)
class Channel:
    """What may be shown of a desk's channel, and what is kept of it: a secret."""

    mark: str
    shown: str
    kept: str = field(repr=False)


def channels_shown(desk: Desk) -> list[Channel]:
    """Return the desk's channels, those too that no key opens any more, so that they can be removed."""
    return [_shown(sealed) for sealed in desk.sealed_channels]


def _shown(sealed: str) -> Channel:
    try:
        url = unseal(sealed)
    except NoKeyError:
        mark = mark_of(sealed)
        return Channel(mark, _("can’t be read: its key is missing (%(mark)s)") % {"mark": mark}, sealed)
    return Channel(mark_of(url), masked(url), url)


def check_channel(url: str) -> None:
    """
    Raise ChannelRefusedError unless messages can be sent to that address and we would.

    Nothing is sent. A host whose name can't be found now is not refused for it.
    """
    service = _service(url)
    templates: tuple[str, ...] = service.templates
    if not any("{host}" in template for template in templates):
        return
    allowed = {str(each) for host in settings.CHAT_INTERNAL_HOSTS for each in resolved(host)}
    if not all(is_public(each) or str(each) in allowed for each in resolved(service.host or "")):
        raise ChannelRefusedError(
            _(
                "This address leads into an internal network. Use a public host, "
                "or have the operator name it in CHAT_INTERNAL_HOSTS."
            )
        )


def deliver(*, url: str, title: str, text: str, markdown: str) -> None:
    """
    Send one message: as Markdown where the service reads it, else as text.

    Raises ChatFailedError, within CONNECT_SECONDS and READ_SECONDS for each silence.
    """
    try:
        service = _service(url)
    except ChannelRefusedError as error:
        raise ChatFailedError(str(error)) from error
    service.socket_connect_timeout, service.socket_read_timeout = CONNECT_SECONDS, READ_SECONDS
    service.redirects = False
    said: list[str] = []
    token = _said.set(said)
    try:
        with public_only(except_hosts=settings.CHAT_INTERNAL_HOSTS) as watch:
            taken = service.notify(title=title, **_body(service, text=text, markdown=markdown))
    finally:
        _said.reset(token)
    if watch.refused:
        raise ChatFailedError(_("The channel leads into an internal network, and nothing was sent there."))
    if not taken:
        raise ChatFailedError(scrubbed(" ".join(said), url=url) or _("The service did not take the message."))


def _body(service: NotifyBase, *, text: str, markdown: str) -> dict[str, Any]:
    form = service.resolve_format(NotifyFormat.MARKDOWN)
    written = {
        NotifyFormat.TEXT: text,
        NotifyFormat.MARKDOWN: markdown,
        NotifyFormat.HTML: convert_between(NotifyFormat.MARKDOWN, NotifyFormat.HTML, markdown),
    }
    return {"body": written[form], "body_format": form}


def scrubbed(words: str, *, url: str) -> str:
    """
    Return the words with every part of the address taken out.

    >>> scrubbed("POST /T0AAA/B0BBB failed: error=404", url="slack://T0AAA/B0BBB/c0ffee")
    'POST /****/**** failed: error=404'
    """
    rest = url.partition("://")[2]
    parts = {each for form in (rest, unquote(rest)) for each in re.split(r"[/?&=:@#+,;\s]+", form)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= SHORTEST_SECRET:
            words = words.replace(part, "****")
    return words


def _service(url: str) -> NotifyBase:
    """Return the service that the address names. Raises ChannelRefusedError."""
    url = url.strip()
    schema = _schema(url)
    if READS_A_FILE & {name.lower() for name in parse_qs(urlsplit(url).query, keep_blank_values=True)}:
        raise ChannelRefusedError(_("A channel may not read a file. Take the argument out of the address."))
    token = _said.set([])
    try:
        service = Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
    finally:
        _said.reset(token)
    if not isinstance(service, NotifyBase):
        raise ChannelRefusedError(
            _("The service “%(schema)s” can’t read this address. Compare it with apprise’s page on it.")
            % {"schema": schema}
        )
    if not _goes_over_the_web(type(service)):
        raise _not_taken(schema)
    return service


def _schema(url: str) -> str:
    found = SCHEMA.match(url)
    if found is None:
        raise ChannelRefusedError(_("Write the address as service://…, as in slack:// or json://."))
    schema = found[1].lower()
    if schema in REFUSED:
        raise _not_taken(schema)
    if schema not in NotificationManager():
        raise ChannelRefusedError(
            _("There is no service “%(schema)s”. Apprise’s list of services names those that there are.")
            % {"schema": schema}
        )
    return schema


def _not_taken(schema: str) -> ChannelRefusedError:
    return ChannelRefusedError(
        _("“%(schema)s” is not taken: only services that are reached over the web are.") % {"schema": schema}
    )


def _goes_over_the_web(service: type[NotifyBase]) -> bool:
    """Return whether the service ships with apprise and sends by HTTP."""
    modules = [base.__module__ for base in service.__mro__ if base.__module__.startswith("apprise.plugins.")]
    return any(hasattr(sys.modules[module], "requests") for module in modules)


def _asset() -> AppriseAsset:
    asset = AppriseAsset(plugin_paths=[], allow_templates=False)
    asset.app_id = asset.app_desc = "Forecast Tracker"
    asset.app_url = settings.SITE_URL
    asset.http_redirects = False
    asset.async_mode = False
    return asset
