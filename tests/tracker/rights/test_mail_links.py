"""Every address with a secret in it, from a mail or a page, opened and sent by each person who holds it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.urls import URLPattern, get_resolver

from forecasts.models import Desk, Invitation, Role
from tests.records import addresses_of
from tests.tracker.rights.conftest import World
from tests.tracker.rights.record import PEOPLE
from tests.tracker.rights.test_desk import LOGIN, Asks, reaches
from tracker.notify.kit.signed_links import action_link, invitation_link, leave_link

SECRETS = {"token", "secret"}
ANYBODY = None


class Link(NamedTuple):
    """A link by the name of its address, what is sent to it ({} is a GET), and who it lets in."""

    name: str
    sent: dict[str, str]
    asks: Asks | None
    writes: bool = False


EDITS = Asks(Role.EDITOR, home=True)
LINKS = [
    Link("forecasts_reminder_act", {}, Asks(Role.VIEWER, home=True)),
    Link("forecasts_reminder_act", {"_snooze": "day"}, EDITS, writes=True),
    Link("forecasts_reminder_act", {"_give": "", "to": "{erik}"}, EDITS, writes=True),
    # Scanners follow the links of a mail, so opening one does nothing; whoever holds these is let in.
    Link("invitation_open", {}, ANYBODY),
    Link("leave", {}, ANYBODY),
    Link("leave", {"List-Unsubscribe": "One-Click"}, ANYBODY, writes=True),
    # That it was used is noted, so that its owner sees it.
    Link("calendar", {}, ANYBODY, writes=True),
    Link("due_by_link", {}, ANYBODY, writes=True),
]


def names_with_a_secret(patterns: Any) -> Iterator[str]:
    for pattern in patterns:
        if not isinstance(pattern, URLPattern):
            yield from names_with_a_secret(pattern.url_patterns)
        elif SECRETS & pattern.pattern.converters.keys():
            yield str(pattern.name)


@pytest.fixture
def addresses(world: World) -> dict[str, str]:
    """Return a good link of each name: of the home desk's reminder, invitation, person and calendar."""
    secret = addresses_of(Desk.objects.get(slug="foreign"))
    found = {
        "forecasts_reminder_act": action_link(reminder_id=world.names["reminder"]),
        "invitation_open": invitation_link(invitation=Invitation.objects.get(pk=world.names["invitation"])),
        "leave": leave_link(user=User.objects.get(username="erik")),
        "calendar": secret["calendar"],
        "due_by_link": secret["feed"],
    }
    return {name: urlsplit(each).path for name, each in found.items()}


def test_the_table_leaves_no_link_out(addresses: dict[str, str]) -> None:
    every = set(names_with_a_secret(get_resolver().url_patterns))
    assert every == set(addresses) == {each.name for each in LINKS}


@pytest.mark.parametrize("person", PEOPLE)
def test_a_link_does_for_whoever_holds_it_what_their_role_may(
    world: World, addresses: dict[str, str], ask: Callable[..., Any], person: str
) -> None:
    client, wrong = world.client(person), []
    erik = User.objects.get(username="erik").pk
    for link in LINKS:
        to, form = addresses[link.name], {name: each.format(erik=erik) for name, each in link.sent.items()}
        told = ask(lambda: client.post(to, form) if form else client.get(to))  # noqa: B023 (called at once)
        let_in = link.asks is ANYBODY or reaches(person, link.asks)
        refused = told.status == 403 or (told.status == 302 and told.response["Location"].startswith(LOGIN))
        done = told.status in (200, 302) and not refused
        if done != let_in or (told.written > 0) != (let_in and link.writes):
            wrong.append((*link, told.status, told.written))
    assert not wrong, "\n".join(map(str, wrong))
