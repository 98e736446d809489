"""Every operation of the API, asked for by each role of the desk that the row is of, and of another."""

from collections.abc import Callable
from typing import Any

import pytest

from forecasts.models import Role
from forecasts.people.reads.roles import LEAST_ROLE, ROLES, Verb
from tests.tracker.api.endpoints import ANYWHERE, PUBLIC, WRITES
from tests.tracker.rights.conftest import World
from tests.tracker.rights.record import HOME, ON_NO_DESK, PEOPLE, filled, role_of
from tests.tracker.rights.record import PUBLIC as THE_PUBLIC


def may(person: str, verb: Verb, *, home: bool) -> bool:
    role = role_of(person, home=home)
    return role is not None and ROLES.index(role) >= ROLES.index(LEAST_ROLE[verb])


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_may_do_what_the_table_says_and_nothing_is_written_otherwise(
    world: World, ask: Callable[..., Any], person: str
) -> None:
    client, wrong = world.api_client(person), []
    for verb, method, path, body, status in WRITES:
        home = (method, path) not in ANYWHERE
        allowed = may(person, verb, home=home)
        # Where somebody may not even read a row, there is none for them.
        expected = {status} if allowed else {401} if person == THE_PUBLIC else {403, 404}
        address, given = f"/api/v1/{path.format(**world.names)}", filled(body, world.names)
        kind = "multipart" if path == "imports/" and body else "json"
        told = ask(lambda: getattr(client, method)(address, given, format=kind))  # noqa: B023 (called at once)
        # What is refused writes nothing, and what is granted is done.
        does = allowed and method != "get" and status < 300
        if told.status not in expected or (told.written > 0) != does:
            wrong.append((method, path, expected, told.status, told.written, told.response.content[:300]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("person", [THE_PUBLIC, ON_NO_DESK, f"{Role.EDITOR} of {HOME}"])
def test_everybody_reads_what_is_public(world: World, person: str) -> None:
    client = world.api_client(person)
    found = {path: client.get(f"/api/v1/{path.format(**world.names)}").status_code for path in PUBLIC}
    assert set(found.values()) == {200}, found
