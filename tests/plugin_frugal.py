"""
Leaves out work that no test looks at, and that each would pay for.

Named with `-p` in pyproject.toml, so that it knows the settings before the first test. The processes that
tests start are as they are in production.
"""

import gc
import os
import sys
from collections.abc import Generator
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import client

from tests.plugin_fast import function_of, listed

# By which coverage.py tells a process that it is to be traced.
TRACED_CHILDREN = "COVERAGE_PROCESS_CONFIG"
# What goes long ways through all that there is, of which others test each piece.
WALKS = (
    "tests/journeys/",
    "tests/tracker/rights/",
    "tests/tracker/api/test_schema.py",
    "tests/forecasts/scoring/test_simulated_worlds.py",
    "tests/forecasts/verdicts/test_state_matrix.py",
)
store_rendered_templates = client.store_rendered_templates


class QuickHash(PBKDF2PasswordHasher):
    """Django's own hash, worked out once instead of a million times; a process of ours can check it."""

    iterations = 1


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Come after pytest-django, whose hook of this name reads the settings."""
    yield
    from django.conf import settings  # noqa: PLC0415

    settings.PASSWORD_HASHERS = [f"{__name__}.QuickHash"]
    # Static files are looked for when they are asked for, not all of them by each client that is made.
    settings.WHITENOISE_AUTOREFRESH = True
    client.store_rendered_templates = store_whole_pages


def store_whole_pages(store: Any, signal: Any, sender: Any, template: Any, context: Any, **rest: Any) -> None:
    """Keep `response.context` of a page, not a copy of it for each piece of the page."""
    if context.template is template:
        store_rendered_templates(store, signal, sender, template, context, **rest)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count in the coverage what the first of many slow cases runs: the others run much the same."""
    seen, slow = set(), listed()
    for item in items:
        name = function_of(item.nodeid)
        if name.startswith(WALKS) or (name in seen and name in slow):
            item.add_marker(pytest.mark.untraced)
        seen.add(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Trace nothing where nothing is counted, nor the processes that are started there: it costs a third."""
    if not item.get_closest_marker("untraced"):
        return (yield)
    tracer, told = sys.gettrace(), os.environ.pop(TRACED_CHILDREN, None)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        if told is not None:
            os.environ[TRACED_CHILDREN] = told


def pytest_collection_finish() -> None:
    """Look no more for garbage among what lasts until the end, and seldom among the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
