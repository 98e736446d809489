"""A cache whose server is gone, silent or full is an empty one, and costs one wait in five seconds."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from kombu.exceptions import OperationalError

from config.broker import Tracker
from config.cache import METHODS, TIMEOUT_SECONDS, MissingCache, circuits
from config.circuit import SAY_AGAIN_SECONDS, Circuit, RestingError
from config.embedded.process import stop
from config.embedded.valkey import Valkey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    """A Valkey of our own, to be mistreated."""
    valkey = Valkey(tmp_path / "valkey", tmp_path, tmp_path / "valkey.log", durable=False)
    process = valkey.start()
    valkey.process = process  # type: ignore[attr-defined]
    circuits.clear()
    yield valkey
    process.send_signal(signal.SIGCONT)
    stop(process)


def cache_at(server: Valkey) -> MissingCache:
    return MissingCache(server.url, {"KEY_PREFIX": "tests"})


def kill(server: Any) -> None:
    server.process.kill()
    server.process.wait()


def freeze(server: Any) -> None:
    os.kill(server.process.pid, signal.SIGSTOP)


def fill(server: Any) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", 1)


# What Django's dummy cache answers, for each method that there is.
EMPTY = {
    "add": (("k", 1), True),
    "get": (("k", "default"), "default"),
    "set": (("k", 1), None),
    "touch": (("k",), False),
    "delete": (("k",), False),
    "get_many": ((["k"],), {}),
    "has_key": (("k",), False),
    "set_many": (({"k": 1},), []),
    "delete_many": ((["k"],), None),
    "clear": ((), None),
}


def test_every_method_that_asks_the_server_is_guarded() -> None:
    asking = {name for name in vars(MissingCache.__mro__[1]) if not name.startswith("_")}
    assert asking - {"get_backend_timeout"} == set(METHODS) == set(EMPTY) | {"incr"}


@pytest.mark.parametrize("fault", [kill, freeze])
def test_a_server_that_does_not_answer_is_an_empty_cache(server: Any, fault: Any) -> None:
    cache = cache_at(server)
    cache.set("k", "kept")
    assert cache.get("k") == "kept"
    fault(server)
    began = time.monotonic()
    for name, (arguments, answer) in EMPTY.items():
        assert getattr(cache, name)(*arguments) == answer, name
    with pytest.raises(ValueError, match="not found"):
        cache.incr("k")
    assert time.monotonic() - began < TIMEOUT_SECONDS + 1, "only the first call waits for an answer"


def test_a_server_without_room_still_reads(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    cache = cache_at(server)
    cache.set("k", "kept")
    fill(server)
    assert cache.set("other", 1) is None
    assert cache.add("other", 1) is True
    assert cache.get("k") == "kept", "it answers, so it goes on being asked"
    assert len([each for each in caplog.records if "does not answer as it should" in each.message]) == 1


def test_a_server_that_comes_back_is_used_again(server: Any) -> None:
    cache = cache_at(server)
    cache._circuit.rest = 0.1
    freeze(server)
    assert cache.get("k", "missed") == "missed"
    os.kill(server.process.pid, signal.SIGCONT)
    time.sleep(0.15)
    cache.set("k", "kept")
    assert cache.get("k") == "kept"


@pytest.mark.parametrize("fault", [kill, freeze])
def test_a_task_that_no_broker_takes_costs_a_person_seconds_and_then_nothing(server: Any, fault: Any) -> None:
    app = Tracker("elsewhere", set_as_current=False)
    app.conf.broker_url = f"redis+socket://{server.socket}?virtual_host=0"
    app.send_task("nobody.knows", queue="heavy")
    fault(server)
    took = []
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(OperationalError):
            app.send_task("nobody.knows", queue="heavy")
        took.append(time.monotonic() - began)
    assert took[0] < 5
    assert sum(took[1:]) < 0.5
    app.close()


def test_a_broker_without_room_says_so_in_the_same_words(server: Any) -> None:
    """Who asks for a task knows one way for it to fail."""
    app = Tracker("elsewhere", set_as_current=False)
    app.conf.broker_url = f"redis+socket://{server.socket}?virtual_host=0"
    app.send_task("nobody.knows", queue="heavy")
    fill(server)
    for _ in range(2):
        with pytest.raises(OperationalError):
            app.send_task("nobody.knows", queue="heavy")
    app.close()


def test_after_a_failure_one_call_in_five_seconds_tries_and_one_line_a_minute_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    circuit = Circuit("The server", (OSError,), rest=5, clock=lambda: now)

    def ask(fails: bool) -> str:
        try:
            with circuit.call():
                if fails:
                    raise OSError("no answer")
        except RestingError:
            return "rests"
        except OSError:
            return "failed"
        return "answered"

    assert [ask(True), ask(True), ask(False)] == ["failed", "rests", "rests"]
    now = 5
    with circuit.call():
        assert ask(False) == "rests", "one call is the trial; nobody waits with it"
    assert ask(True) == "failed"
    now = 6 + SAY_AGAIN_SECONDS
    assert ask(True) == "failed"
    lines = [each.message for each in caplog.records]
    assert lines == [
        "The server does not answer as it should: no answer",
        "The server answers again.",
        "The server does not answer as it should: no answer",
        "The server does not answer as it should: no answer",
    ]
