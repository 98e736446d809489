"""Every page, button and action of the desk, tried by each role of the row's desk, and of another."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.urls import reverse

from forecasts.models import Role
from forecasts.people.reads.roles import ROLES
from tests.tracker.admin.test_matrix import ACTIONS, DJANGOS, MODELS, PAGES, USUAL, named
from tests.tracker.admin.test_permissions import BUTTONS
from tests.tracker.rights.conftest import World
from tests.tracker.rights.record import ELSEWHERE, HOME, ON_NO_DESK, PEOPLE, PUBLIC, role_of
from tracker.admin.kit.pages import page_of
from tracker.notify.kit.signed_links import action_link

# Nouns of the house: a role on any desk will do.
HOUSE = {
    *("forecasts.source", "forecasts.topic", "forecasts.event", "forecasts.merge", "forecasts.entry"),
    *("forecasts.scale", "forecasts.term", "forecasts.board", "forecasts.computation"),
    *("forecasts.standing", "auth.group"),
}
# Pages that need no row of a desk.
OF_NO_ROW = {
    *("forecasts_board_preview", "forecasts_question_queue", "forecasts_reminder_mine"),
    *("forecasts_source_merge", "auth_user_token", "auth_user_mine"),
}
# A row of a person's is read by the person, and by who leads a desk that they are on.
PERSONAL = {"forecasts.absence", "forecasts.tie"}
# What a page of our own does when it is sent back: the form, and who may.
SENT: dict[str, tuple[dict[str, str], Role]] = {
    "forecasts_desk_links": ({"_replace": ""}, Role.LEAD),
    "auth_user_token": ({"_revoke_all": ""}, Role.ADMINISTRATOR),
    "forecasts_question_queue": ({"_assign": "", "chosen": "{question}"}, Role.EDITOR),
    "forecasts_reminder_act": ({"_snooze": "day"}, Role.EDITOR),
    "forecasts_reminder_mine": ({"_save": ""}, Role.VIEWER),
    "auth_user_mine": ({"_make": ""}, Role.VIEWER),
}
# What is read by the people of the desk alone, and by administrators: it holds what is secret.
OF_ITS_OWN = {"forecasts_desk_links"}
LOGIN, INDEX = "/admin/login/", "/admin/"


class Way(NamedTuple):
    """A way in: a page by its name, a method, and the button or action that is pressed on it."""

    page: str
    method: str
    pressed: str = ""


class Asks(NamedTuple):
    """
    What a way in asks for: at least this role (nobody has it where there is none), at home or anywhere.

    What is `own` is not for those who read along from another desk.
    """

    least: Role | None
    home: bool
    own: bool = False


def stem_of(model: Any) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def ways_in() -> Iterator[Way]:
    """Yield every way in: from the admin's addresses, its buttons and its actions."""
    for name in sorted(set(named(admin.site.get_urls())) - DJANGOS):
        yield Way(name, "get")
        yield Way(name, "post")
    for model, found in admin.site._registry.items():
        for button in getattr(found, "buttons", {}):
            yield Way(f"{stem_of(model)}_change", "post", button)
        for action in found.actions:
            yield Way(f"{stem_of(model)}_changelist", "post", action)


def what_it_asks(way: Way) -> Asks:
    """Return what the tables say of a way in. Raises KeyError where they say nothing."""
    if way.page in PAGES:
        least = SENT[way.page][1] if way.method == "post" and way.page in SENT else PAGES[way.page]
        home = way.page not in OF_NO_ROW or (way.page, way.method) == QUEUE
        return Asks(least, home=home, own=way.page in OF_ITS_OWN)
    label, page = label_of(way)
    reads, adds, changes, deletes = MODELS[label]
    seen = Role.LEAD if label in PERSONAL else reads
    by_button = {(noun, button): least for noun, button, least in BUTTONS}
    if way.pressed and page == "changelist":
        least = ACTIONS[label][way.pressed]
    elif way.pressed:
        least = by_button[label.partition(".")[2], way.pressed]
    elif page == "change" and way.method == "post":
        least = changes
    else:
        least = {"changelist": reads, "add": adds, "delete": deletes, "history": seen, "change": seen}[page]
    return Asks(least, home=label not in HOUSE and page not in ("changelist", "add"))


def label_of(way: Way) -> tuple[str, str]:
    """Return the label of the way's model, and the last word of its page."""
    app, noun, page = way.page.split("_", 2)
    return f"{app}.{noun}", page


WAYS = list(ways_in())
# What every role reads takes long to draw, and is tried by those who have the least role and by none.
READERS = {PUBLIC, ON_NO_DESK, f"{Role.VIEWER} of {HOME}", f"{Role.VIEWER} of {ELSEWHERE}"}
QUEUE = ("forecasts_question_queue", "post")
WITHOUT_A_ROW = {
    *("forecasts_board_preview", "forecasts_question_queue", "forecasts_reminder_mine", "auth_user_mine"),
}

UNSHOWN = {"forecasts_board_preview"}  # A form's answer: POST only.


def address(way: Way, world: World) -> str:
    if way.page == "forecasts_reminder_act":
        return urlsplit(action_link(reminder_id=world.names["reminder"])).path
    label, page = label_of(way)
    has_none = page in ("changelist", "add") or way.page in WITHOUT_A_ROW
    return reverse(f"admin:{way.page}", args=[] if has_none else [world.rows[label].pk])


def body(way: Way, world: World) -> dict[str, Any]:
    """Return a form that says which button, and nothing that could be recorded."""
    if way.page in SENT:
        keys = {"question": world.rows["forecasts.question"].pk}
        return {name: value.format(**keys) for name, value in SENT[way.page][0].items()}
    label, page = label_of(way)
    if way.pressed and page == "changelist":
        return {"action": way.pressed, "_selected_action": world.rows[label].pk, "index": 0}
    return {way.pressed: ""} if way.pressed else {"nonsense": ""}


def is_let_in(way: Way, told: Any) -> bool:
    """Return whether the page was shown, or did what was asked: no login, no 403, no "there is none"."""
    if told.status == 302:
        to = told.response["Location"]
        return bool(told.written) or not (to.startswith(LOGIN) or to == INDEX)
    # An action that is not offered leaves the list as it is.
    return bool(told.status == 200 and not (way.page.endswith("_changelist") and way.pressed))


def test_every_row_of_the_desk_is_there_to_be_tried(world: World) -> None:
    assert set(world.rows) == {model._meta.label_lower for model in admin.site._registry}


def test_the_tables_say_what_every_way_in_asks_for() -> None:
    asked = {way: what_it_asks(way) for way in WAYS}
    assert {page.rpartition("_")[2] for page, _method, _pressed in asked if page not in PAGES} == USUAL


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_gets_in_where_the_tables_say_and_writes_nothing_elsewhere(
    world: World, ask: Callable[..., Any], person: str
) -> None:
    client, wrong = world.client(person), []
    for way in WAYS:
        asks = what_it_asks(way)
        if is_read_by_all(way, asks) and person not in READERS:
            continue
        page, form = address(way, world), body(way, world)
        told = ask(lambda: getattr(client, way.method)(page, form))  # noqa: B023 (called at once)
        if told.status == 405 and not told.written:
            continue
        may_write = reaches(person, asks._replace(home=True)) or is_of_the_house(way)
        right = is_let_in(way, told) == reaches(person, asks) and (may_write or not told.written)
        if told.status >= 500 or not right:
            wrong.append((*way, asks, told.status, told.written))
    assert not wrong, "\n".join(map(str, wrong))


def is_read_by_all(way: Way, asks: Asks) -> bool:
    shows = way.method == "get" or way.page.endswith(("_changelist", "_history"))
    return asks.least == Role.VIEWER and shows and not (way.pressed or asks.own)


def is_of_the_house(way: Way) -> bool:
    return way.page in OF_NO_ROW or label_of(way)[0] in HOUSE


def reaches(person: str, asks: Asks) -> bool:
    role = role_of(person, home=asks.home)
    if role is None or asks.least is None or (asks.own and is_stranger(person)):
        return False
    return ROLES.index(role) >= ROLES.index(asks.least)


def is_stranger(person: str) -> bool:
    """Return whether the person is of another desk, and no administrator, who is one of every desk."""
    return person.endswith(f" of {ELSEWHERE}") and not person.startswith(Role.ADMINISTRATOR)


FORM = re.compile(r"<form([^>]*)>(.*?)</form>", re.DOTALL)
ACTION = re.compile(r'action="([^"]*)"')
LINK = re.compile(r'href="(/admin/[^"#?]*)')
BUTTON = re.compile(r'<button[^>]* name="(_[a-z]+)"')
WALKERS = [
    *(f"{role} of {HOME}" for role in (Role.VIEWER, Role.EDITOR, Role.LEAD)),
    f"{Role.LEAD} of {ELSEWHERE}",
]


@pytest.mark.parametrize("person", WALKERS)
def test_whatever_somebody_is_shown_answers_them(world: World, ask: Callable[..., Any], person: str) -> None:
    """Every link of every page leads somewhere, and every button that is shown may be pressed."""
    client = world.client(person)
    pages = {reverse(f"admin:{name}"): None for name in ("index", *sorted(WITHOUT_A_ROW - UNSHOWN))}
    pages |= dict.fromkeys(page_of(row) for row in world.rows.values())
    pages[address(Way("forecasts_reminder_act", "get"), world)] = None
    tried, wrong, drawn = set(pages), [], 0
    for page in pages:
        response = client.get(page)
        drawn += response.status_code == 200
        html = response.content.decode()
        for options, form in FORM.findall(html):
            to = urljoin(page, "".join(ACTION.findall(options)))
            for button in BUTTON.findall(form):
                told = ask(lambda: client.post(to, {button: ""}))  # noqa: B023 (called at once)
                if told.status in (403, 404):
                    wrong.append((to, button))
        for link in sorted(set(LINK.findall(html)) - tried):
            tried.add(link)
            if "/logout" not in link and ask(lambda: client.get(link)).status in (403, 404):  # noqa: B023
                wrong.append((page, link))
    assert not wrong, "\n".join(map(str, wrong))
    assert drawn > 30
