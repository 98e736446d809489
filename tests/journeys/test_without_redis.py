"""Redis gone, silent or full: every page still reads, and what is said is recorded. Real web, real Valkey."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.cache import TIMEOUT_SECONDS
from config.embedded.process import stop
from config.embedded.valkey import Valkey
from forecasts.models import Entry, Role, Source
from tests.config.requests import Raw, answer_of, connect, send
from tests.plugin_faults import Faults
from tests.processes import Processes
from tests.records import NOW, make_desk, make_user, new_token
from tests.tracker.pages.test_views import SEED_PAGES
from tracker.api.urls import router
from tracker.intake.seed import load_seed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FEEDS = ["/feeds/resolutions.atom", "/boards/all/changes.atom"]
PATIENCE = 10.0
"""For one page on a busy machine; a frozen Redis alone costs a second."""


@dataclass
class Broken:
    """A Redis that can be hurt, and the web in front of it."""

    valkey: Valkey
    process: Any
    url: str = ""

    def gone(self) -> None:
        self.process.kill()
        self.process.wait()

    def silent(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def full(self) -> None:
        with redis.Redis.from_url(self.valkey.url) as client:
            client.config_set("maxmemory", 1)


@pytest.fixture
def broken(processes: Processes, tmp_path: Path) -> Iterator[Broken]:
    valkey = Valkey(tmp_path / "valkey", tmp_path, tmp_path / "valkey.log", durable=False)
    broken = Broken(valkey, valkey.start())
    broken.url = processes.web(REDIS_URL=valkey.url, CACHE_REDIS_URL="").url
    yield broken
    broken.process.send_signal(signal.SIGCONT)
    stop(broken.process)


@pytest.fixture
def lead(transactional_db: None) -> dict[str, str]:
    """Headers of somebody who sees every list of the desk."""
    load_seed(folder=SEEDS, now=NOW.replace(year=2026))
    user = make_user(role=Role.LEAD, desk=make_desk("other"), is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    token = new_token(user)
    return {
        "Cookie": f"sessionid={client.cookies['sessionid'].value}",
        "Authorization": f"Token {token}",
    }


def _lists_of_the_desk() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]


def _lists_of_the_api() -> list[str]:
    """Every collection that the API has, by its own map."""
    return [f"/api/v1/{prefix}/" for prefix, view, _name in router.registry if hasattr(view, "list")]


def _get(url: str, path: str, headers: dict[str, str]) -> int:
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with connect(url, seconds=60) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{told}\r\n".encode())
        return answer_of(line)[0]


@pytest.mark.parametrize("fault", [Broken.gone, Broken.silent, Broken.full], ids=lambda each: each.__name__)
def test_everything_reads_and_a_fact_is_recorded(
    fault: Callable[[Broken], None], broken: Broken, lead: dict[str, str], faults: Faults
) -> None:
    paths = [*SEED_PAGES, *FEEDS, "/admin/", *_lists_of_the_desk(), *_lists_of_the_api(),
             "/api/v1/boards/all/standings/", "/api/v1/ledger/"]  # fmt: skip
    assert len(paths) > 60
    before = {path: _get(broken.url, path, lead) for path in paths}
    fault(broken)
    slow = {}
    for path in paths:
        began = time.monotonic()
        assert _get(broken.url, path, lead) == before[path], path
        slow[path] = time.monotonic() - began
    assert {status for status in before.values()} <= {200, 403, 404}, before
    assert max(slow.values()) < PATIENCE, max(slow, key=lambda path: slow[path])

    entries = Entry.objects.count()
    written = Raw("/api/v1/sources/", json.dumps({"name": "Said", "kind": "person"}).encode(),
                  "application/json", {"Authorization": lead["Authorization"]})  # fmt: skip
    began = time.monotonic()
    assert send(broken.url, written)[0] == 201
    assert time.monotonic() - began < PATIENCE
    said = Source.objects.filter(name="Said").values_list("name", flat=True)
    noted = faults.note("web", f"Redis {fault.__name__} while a fact is recorded", due=1, found=said)
    assert (noted.lost, noted.doubled) == (0, 0)
    assert Entry.objects.count() >= entries

    with connect(broken.url) as line:
        line.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        status, body = answer_of(line)
    assert (status, json.loads(body)["redis"], json.loads(body)["database"]) == (503, False, True)
    assert TIMEOUT_SECONDS <= 1
